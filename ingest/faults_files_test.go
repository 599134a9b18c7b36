package ingest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
)

// monthly is a contract whose rows are of a month.
const monthly = `encoding: auto
shape: long
key: [anio, mes]
period: {year: anio, month: mes}
revision: {policy: instantanea}
columns:
  - {name: anio, type: entero, required: true}
  - {name: mes, type: entero, max: 12}
  - {name: eventos, type: entero}
`

// The bad inputs that need a contract, a name or a size of their own.
func TestNumberedFaultsOfFiles(t *testing.T) {
	encoded := func(as string) string {
		return strings.Replace(ingesttest.Events, "encoding: auto", "encoding: "+as, 1)
	}
	b := newJob(t, ingesttest.Declarations(t, map[string]string{
		"prueba-utf8": encoded("utf-8"), "prueba-latin": encoded("latin-1"), "prueba-utf16": encoded("utf-16"), "prueba-meses": monthly,
		"prueba-vacio": strings.Replace(ingesttest.Events, "encoding:", "allow_empty: true\nencoding:", 1),
	}))
	b.run(b.drop("prueba-registro", "antes.csv", "folio,fecha,entidad,edad\nUPM-0001,2024-01-31,7,5\n"))
	b.run(b.drop("prueba-eventos", "antes.csv", goodEvents))
	const good = "1,Chiapas,5\n"
	for _, c := range []struct {
		fault            int
		dataset, name    string
		content, outcome string
		problems         string // LINE:COLUMN RULE, in order; "*" for any
		says             string // part of the last problem's line, or of the encoding
	}{
		{4, "prueba-vacio", "a.csv", head, whole, "", ""},
		{11, "prueba-eventos", "gzip.csv", packed(t, head+good), refused, "0:0 R004", "gzip"},
		{11, "prueba-eventos", "zip.csv", "PK\x03\x04\x14\x00\x06\x00", refused, "0:0 R004", "XLSX"},
		{11, "prueba-eventos", "pdf.csv", "%PDF-1.7\n%\xe2\xe3\n", refused, "0:0 R004", "PDF"},
		{11, "prueba-eventos", "html.csv", "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n", refused, "0:0 R004", "HTML"},
		{12, "prueba-eventos", "bomba.csv.gz", packed(t, strings.Repeat("0", 64<<20)), refused, "0:0 R004", "sin comprimir"},
		{13, "prueba-eventos", "bom.csv", "\ufeff" + head + "2,Chiapas,5\n", whole, "", "utf-8-bom"},
		{14, "prueba-eventos", "le.csv", wide16(head+good, false), refused, "0:0 R005", "utf-16le"},
		{14, "prueba-eventos", "be.csv", wide16(head+good, true), refused, "0:0 R005", "utf-16be"},
		{14, "prueba-utf16", "be.csv", wide16(head+good, true), whole, "", "utf-16be"},
		{15, "prueba-utf8", "byte.csv", head + good + "2,M\xe9xico,5\n", part, "3:3 R024", "byte 2"},
		{15, "prueba-utf8", "bytes.csv", head + good + strings.Repeat("2,M\xe9xico,5\n", 20), refused, "*", "parecen windows-1252: guarde el archivo como CSV UTF-8, o declare encoding: latin-1"},
		{16, "prueba-latin", "utf8.csv", "mes,entidad,eventos,texto\n1,Chiapas,5,a\n2,Chiapas,5,México\n", part, "3:13 R025", "MÃ©xico"},
		{25, "prueba-eventos", "orden.csv", "eventos,entidad,mes\n9,Chiapas,3\n", whole, "", ""},
		{41, "prueba-registro", "larga.csv", string(ingesttest.RegisterFile(200_000)) + "UPM-9999,2024-01-31,7\n", part, "200002:0 R021", "3 celdas"},
		{42, "prueba-eventos", "mala.csv", head + strings.Repeat("1,Chiapas,x\n", 30), refused, "*", "umbral 5 %, se encontró 100 %"},
		{49, "prueba-eventos", "marcas.csv", head + good + "2,Chiapas,-\n3,Chiapas,NA\n4,Chiapas,N/D\n5,Chiapas,..\n6,Chiapas,*\n7,Chiapas,<5\n", part,
			"3:11 R014|4:11 R014|5:11 R014|6:11 R014|7:11 R014|8:11 R014", ""},
		{49, "prueba-publicadas", "declaradas.csv", "serie,valor,publicado_en,fuente\na,n.d.,2024-02,x\nb,*,2024,y\nc,0,2023-12-31,z\n", whole, "3:3 R036", ""},
		{53, "prueba-meses", "futuro.csv", "anio,mes,eventos\n2025,1,5\n2025,9,5\n", part, "3:6 R041", ""},
	} {
		t.Run(fmt.Sprintf("%d %s", c.fault, c.name), func(t *testing.T) {
			res := b.becomes(t, c.dataset, c.name, c.content, c.outcome, c.problems)
			all := b.all(res.Load.ID)
			said := res.Load.Encoding
			if len(all) > 0 {
				said = all[len(all)-1].String()
			}
			if !strings.Contains(said, c.says) {
				t.Errorf("%q does not say %q", said, c.says)
			}
		})
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_eventos WHERE eventos = 9 AND mes = 3`); n != 1 {
		t.Errorf("%d rows with the values of the reordered columns in their places", n)
	}
	if n := b.count(`SELECT 100 * count(*) FILTER (valor IS NULL) + count(*) FILTER (valor = 0) FROM raw.prueba_publicadas`); n != 201 {
		t.Errorf("missing, suppressed and zero: %d", n)
	}
}

// all are the problems of a load as the ledger keeps them.
func (b bench) all(load int) []data.Problem {
	b.tb.Helper()
	p, err := b.DB.LoadProblems(b.tb.Context(), load)
	if err != nil {
		b.tb.Fatal(err)
	}
	return p
}

// packed is text as gzip packs it.
func packed(tb testing.TB, text string) string {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// wide16 is ASCII text in UTF-16 with its mark.
func wide16(text string, big bool) string {
	out := []byte("\xff\xfe")
	if big {
		out = []byte("\xfe\xff")
	}
	for _, c := range []byte(text) {
		if big {
			out = append(out, 0, c)
		} else {
			out = append(out, c, 0)
		}
	}
	return string(out)
}
