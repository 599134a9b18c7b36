package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

const codedEvents = `encoding: auto
shape: long
key: [mes, entidad]
revision: {policy: instantanea}
reject: {rows: 100, share: 0.9}
missing: ["99"]
workbook: {}
columns:
  - {name: mes, type: entero, required: true, min: 1, max: 12}
  - {name: entidad, headers: [EDO_DET], type: catalogo, catalog: estados, required: true, codebook: %s}
  - {name: via, type: categoria, codebook: %s}
  - {name: eventos, type: entero, required: true}
`

// codedDecls declare a dataset of codes: one whose codebooks lie in its folder, and
// one that is delivered with them.
func codedDecls(t *testing.T, entities string) *data.Declarations {
	t.Helper()
	files := ingesttest.Files(map[string]string{
		"prueba-claves":     fmt.Sprintf(codedEvents, "{file: entidad.csv}", "{file: via.csv}"),
		"prueba-entregados": fmt.Sprintf(codedEvents, "{delivered: true}", "{delivered: true}"),
	})
	files["datasets/prueba-claves/entidad.csv"] = &fstest.MapFile{Data: []byte(entities)}
	files["datasets/prueba-claves/via.csv"] = &fstest.MapFile{Data: []byte("codigo,etiqueta\nA,Aérea\nT,Terrestre\n")}
	d, err := data.LoadFS(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const entityCodes = "codigo,etiqueta,canonico\n1,Chiapas,\n2,Distrito Federal,\n3,Tabasco (sur),27\n"

// Codes mean what the codebook says; what it does not have is a problem of its
// row, labels too; the mark of a missing value is no code; two codes of one thing
// are one key.
func TestCodebookOfFolder(t *testing.T) {
	b := newJob(t, codedDecls(t, entityCodes))
	res := b.run(b.drop("prueba-claves", "a.csv", "mes,EDO_DET,via,eventos\n1,1,A,5\n2,02,t,6\n3,3,99,7\n4,Chiapas,A,8\n5,9,X,9\n6,2,,1\n"))
	var got []string
	for _, p := range res.Problems {
		got = append(got, fmt.Sprintf("%d:%d %s %s %s", p.Line, p.Column, p.Field, p.Value, p.Rule))
	}
	if s := strings.Join(got, "|"); s != "3:3 entidad 02 R060|5:3 entidad Chiapas R060|6:3 entidad 9 R060|6:5 via X R060" || res.Load.Accepted != 3 {
		t.Errorf("problems %s, %+v", s, res.Load)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_claves r JOIN raw.diccionario d ON d.load_id = r.load_id AND d.codigo = r.entidad AND d.columna = 'entidad'
		WHERE (line, entregado, canonico) IN ((2, '1', '07'), (4, '3', '27'), (7, '2', '09'))`); n != 3 {
		t.Errorf("%d rows mean what the codebook says", n)
	}
	// A codebook that gained the code lets the row in.
	b.Decls = codedDecls(t, entityCodes+"02,Distrito Federal,\n")
	again := b.run(b.drop("prueba-claves", "a.csv", "mes,EDO_DET,via,eventos\n1,1,A,5\n2,02,t,6\n"))
	if again.Outcome != warehouse.Accepted {
		t.Errorf("%v", again.Problems)
	}
}

// The same codes as workbook and as CSV are the same rows.
func TestCodebookWorkbook(t *testing.T) {
	b := newJob(t, codedDecls(t, entityCodes))
	res := b.run(b.drop("prueba-claves", "a.xlsx", libro(t, nil, []any{"mes", "EDO_DET", "via", "eventos"}, []any{1, 1, "A", 5}, []any{2, 9, "T", 5})))
	if res.Load.Accepted != 1 || len(res.Problems) != 1 || res.Problems[0].Rule != data.RuleCode || res.Problems[0].Line != 3 || res.Problems[0].Column != 2 {
		t.Errorf("%+v %v", res.Load, res.Problems)
	}
}

const deliveredBook = "variable,codigo,etiqueta,canonico\nEDO_DET,1,Chiapas,\n,2,Distrito Federal,\n,3,Tabasco (sur),27\nvia,A,Aérea,\n,T,Terrestre,\n"

const codedRows = "mes,EDO_DET,via,eventos\n1,1,A,5\n2,3,T,6\n"

// with drops a file with its codebook.
func (b bench) with(name, content, book string) Delivery {
	b.tb.Helper()
	b.drop("prueba-entregados", strings.TrimSuffix(name, ".csv")+warehouse.CodebookSuffix, book)
	return b.drop("prueba-entregados", name, content)
}

// means counts the rows of a load whose state is that code.
func (b bench) means(load int, code string) int {
	b.tb.Helper()
	return b.count(`SELECT count(*) FROM raw.prueba_entregados r JOIN raw.diccionario d ON d.load_id = r.load_id AND d.codigo = r.entidad AND d.columna = 'entidad'
		WHERE r.load_id = ? AND canonico = ?`, load, code)
}

// A codebook that comes with the data is archived, journaled and moved with it; the
// same rows with another codebook are another load of the same report.
func TestCodebookDelivered(t *testing.T) {
	b := newJob(t, codedDecls(t, entityCodes))
	res := b.run(b.with("a.csv", codedRows, deliveredBook))
	if res.Outcome != warehouse.Accepted || b.means(res.Load.ID, "27") != 1 {
		t.Fatalf("%+v", res)
	}
	if !b.exists("done/prueba-entregados/000001-a.csv") || !b.exists("done/prueba-entregados/000001-a.csv.codebook.csv") || b.exists("inbox/prueba-entregados/a.codebook.csv") {
		t.Error("the codebook was not moved with its file")
	}
	j, err := ReadJournal(b.Home, res.Report.SHA256)
	if err != nil || len(j.Acts) != 1 || !j.Acts[0].Committed || j.Acts[0].CodebookName != "a.codebook.csv" || !b.exists("archive/"+j.Acts[0].Codebook) {
		t.Errorf("journal %+v: %v", j, err)
	}
	if res := b.run(b.with("a.csv", codedRows, deliveredBook)); res.Outcome != AlreadyLoaded || b.exists("inbox/prueba-entregados/a.codebook.csv") {
		t.Errorf("the same again: %+v", res)
	}
	again := b.run(b.with("a.csv", codedRows, strings.Replace(deliveredBook, "Tabasco (sur),27", "Coahuila,", 1)))
	if again.ProblemCount != 1 || again.Problems[0].Rule != data.RuleCodeChanged || !strings.Contains(again.Problems[0].Message, "la clave 3 el significado «Coahuila de Zaragoza»; en el reporte 1 era «Tabasco»") {
		t.Errorf("a code that means something else: %v", again.Problems)
	}
	if again.Load.Kind != warehouse.KindReload || again.Report.ID != res.Report.ID || b.means(again.Load.ID, "05") != 1 {
		t.Errorf("another codebook: %+v", again)
	}
	latin := b.run(b.with("b.csv", codedRows+"3,2,A,1\n", strings.ReplaceAll(deliveredBook, "é", "\xe9")))
	if latin.Outcome != warehouse.Accepted || b.count(`SELECT count(*) FROM raw.diccionario WHERE load_id = ? AND canonico = 'Aérea'`, latin.Load.ID) != 1 {
		t.Errorf("a codebook in Windows-1252: %+v", latin)
	}
}

// A delivery whose codebook is missing or wrong is refused, and the file and the
// line of what is wrong are told.
func TestCodebookDeliveredRefused(t *testing.T) {
	b := newJob(t, codedDecls(t, entityCodes))
	for i, c := range []struct{ book, rule, says string }{
		{"", data.RuleCodebook, "f0.codebook.csv con el archivo"},
		{"a,b\n", data.RuleCodebook, "f1.codebook.csv:1 tiene la columna «a», que sobra"},
		{strings.Replace(deliveredBook, "Chiapas", "Chapas", 1), data.RuleCodeLabel, "f2.codebook.csv:2 da a la clave 1 de entidad la etiqueta «Chapas», que no está en el catálogo estados ¿quiso decir «Chiapas»?"},
		{"variable,codigo,etiqueta\nEDO_DET,1,Chiapas\n", data.RuleCodebook, "no explica la columna via"},
		{"\xff\xfev\x00", data.RuleCodebook, "no es texto"},
		{deliveredBook + strings.Repeat("\n", 4<<20), data.RuleCodebook, "rebasa 4194304 bytes"},
	} {
		name := fmt.Sprintf("f%d.csv", i)
		d := b.drop("prueba-entregados", name, codedRows)
		if c.book != "" {
			d = b.with(name, codedRows, c.book)
		}
		res := b.run(d)
		if res.Outcome != warehouse.Refused || len(res.Problems) == 0 || res.Problems[0].Rule != c.rule || !strings.Contains(res.Problems[0].Message+" "+res.Problems[0].Hint, c.says) {
			t.Errorf("%s: %s %+v", name, res.Outcome, res.Problems)
		}
	}
	link := b.Home.Path("inbox", "prueba-entregados", "g.codebook.csv")
	if err := os.Symlink("/etc/passwd", link); err != nil {
		t.Fatal(err)
	}
	if res := b.run(b.drop("prueba-entregados", "g.csv", codedRows)); res.Outcome != warehouse.Refused || res.Problems[0].Rule != data.RuleCodebook {
		t.Errorf("a link is followed: %+v", res)
	}
}

// What is replayed is read by the codebook that came with it.
func TestCodebookReplay(t *testing.T) {
	b := newJob(t, codedDecls(t, entityCodes))
	res := b.run(b.with("a.csv", codedRows+"13,2,T,7\n", deliveredBook))
	if res.Load.Quarantined != 1 {
		t.Fatalf("%+v", res)
	}
	for i := range b.Decls.Dataset("prueba-entregados").Columns {
		b.Decls.Dataset("prueba-entregados").Columns[i].Max = nil
	}
	again, err := b.Replay(context.Background(), res.Report, false)
	if err != nil || again.Load.Accepted != 1 || b.means(again.Load.ID, "09") != 1 {
		t.Fatalf("%+v: %v", again, err)
	}
	j, err := ReadJournal(b.Home, res.Report.SHA256)
	if err != nil || j.Acts[1].Codebook == "" || j.Acts[1].Kind != ActReplay {
		t.Errorf("%+v: %v", j, err)
	}
	if err := os.WriteFile(b.Home.Path("archive", j.Acts[0].Codebook), []byte(deliveredBook+" "), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.RecordedCodebook(res.Report); !errors.Is(err, warehouse.ErrIntegrity) {
		t.Errorf("a changed codebook: %v", err)
	}
}
