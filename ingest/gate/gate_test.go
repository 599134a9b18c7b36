package gate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
)

const head = "mes,entidad,eventos\n"

// gateCase is one faulty file: what the gate must make of it. Case is the number
// in the list of faults.
type gateCase struct {
	fault       string
	name        string
	dataset     string // default prueba-eventos
	content     string
	accepted    int64
	quarantined int64
	skipped     int64
	blank       int64
	rules       []string // of all problems, in order; nil: none
	says        string   // part of the first problem's line
}

func (c gateCase) check(t *testing.T, decls *data.Declarations) {
	t.Helper()
	if c.dataset == "" {
		c.dataset = "prueba-eventos"
	}
	g := passGate(t, decls, c.dataset, c.content)
	var rules []string
	problems := g.problems(t)
	for _, p := range problems {
		rules = append(rules, p.Rule)
	}
	if !slices.Equal(rules, c.rules) {
		t.Errorf("rules %v, want %v: %v", rules, c.rules, problems)
	}
	if g.total.Accepted != c.accepted || g.total.Quarantined != c.quarantined || g.total.Skipped != c.skipped || g.total.Blank != c.blank {
		t.Errorf("counts %+v", g.total)
	}
	if c.says != "" && (len(problems) == 0 || !strings.Contains(problems[0].String(), c.says)) {
		t.Errorf("problems %v do not say %q", problems, c.says)
	}
}

func TestFilesAndBytes(t *testing.T) {
	decls := ingesttest.Declarations(t, map[string]string{
		"prueba-utf": strings.Replace(ingesttest.Events, "encoding: auto", "encoding: utf-8", 1),
		"prueba-lat": strings.Replace(ingesttest.Events, "encoding: auto", "encoding: latin-1", 1),
		"prueba-dos": strings.Replace(ingesttest.Events, "encoding: auto", "encoding: utf-16", 1),
	})
	utf16 := "\xff\xfe"
	for _, c := range head + "1,Chiapas,5\n2,Chiapas,6\n" {
		utf16 += string([]byte{byte(c), 0})
	}
	for _, c := range []gateCase{
		{fault: "2", name: "empty", content: "", rules: []string{"R001"}, says: "0 bytes"},
		{fault: "3", name: "only blank", content: " \n\n \r\n", rules: []string{"R002"}},
		{fault: "4", name: "header only", content: head, rules: []string{"R003"}},
		{fault: "11", name: "gzip", content: "\x1f\x8b\x08\x00aaaa", rules: []string{"R004"}, says: "parece gzip"},
		{fault: "11", name: "xlsx", content: "PK\x03\x04aaaa", rules: []string{"R004"}, says: "XLSX"},
		{fault: "11", name: "pdf", content: "%PDF-1.7\n", rules: []string{"R004"}, says: "PDF"},
		{fault: "11", name: "error page", content: "\n <!DOCTYPE html><html>", rules: []string{"R004"}, says: "HTML"},
		{fault: "13", name: "byte order mark", content: "\xef\xbb\xbf" + head + "1,Chiapas,5\n", accepted: 1},
		{fault: "14", name: "utf-16 named", content: utf16, rules: []string{"R005"}, says: "utf-16le"},
		{fault: "14", name: "utf-16 allowed", dataset: "prueba-dos", content: utf16, accepted: 2},
		{fault: "14", name: "utf-16 without mark", content: utf16[2:], rules: []string{"R005"}, says: "utf-16le"},
		{fault: "15", name: "latin under utf-8", dataset: "prueba-utf", content: "mes,entidad,eventos,texto\n1,Chiapas,5,M\xe9xico\n2,Chiapas,5,a\n",
			accepted: 1, quarantined: 1, rules: []string{"R024"}, says: "byte 2"},
		{fault: "15", name: "windows-1252 under auto", content: "mes,entidad,eventos\n1,Ciudad de M\xe9xico,5\n", accepted: 1},
		{fault: "16", name: "mojibake", dataset: "prueba-lat", content: "mes,entidad,eventos,texto\n1,Chiapas,5,M\xc3\xa9xico\n2,Chiapas,5,M\xe9xico\n",
			accepted: 1, quarantined: 1, rules: []string{"R025"}},
		{fault: "17", name: "nul", content: head + "1,Chia\x00pas,5\n2,Chiapas,5\n", accepted: 1, quarantined: 1, rules: []string{"R023"}, says: "U+0000"},
		{fault: "18", name: "lone CR", content: "mes,entidad,eventos\r1,Chiapas,5\r", rules: []string{"R006"}},
		{fault: "19", name: "mixed ends", content: "mes,entidad,eventos\r\n1,Chiapas,5\n2,Chiapas,5\r\n", accepted: 2, rules: []string{"R034"}},
		{fault: "20", name: "no final newline", content: head + "1,Chiapas,5", accepted: 1},
		{fault: "21", name: "random bytes", content: noise(3000), rules: []string{"R008"}},
		{fault: "22", name: "bidi override", content: "mes,entidad,eventos,texto\n1,Chiapas,5,a\u202eb\n2,Chiapas,5,b\n", accepted: 1, quarantined: 1, rules: []string{"R023"}, says: "U+202E"},
		{fault: "22", name: "zero width", content: head + "1,Chia\u200bpas,5\n2,Chiapas,5\n", accepted: 1, quarantined: 1, rules: []string{"R023"}},
		{fault: "23", name: "NFD", content: head + "1,Ciudad de Me\u0301xico,5\n2,Ciudad de México,5\n", accepted: 2},
	} {
		t.Run(c.fault+" "+c.name, func(t *testing.T) { c.check(t, decls) })
	}
}

// noise is bytes without sense, always the same.
func noise(n int) string {
	var b strings.Builder
	x := uint32(7)
	for range n {
		x = x*1664525 + 1013904223
		b.WriteByte(byte(x>>24) | 0x80)
	}
	return b.String()
}

func TestStructure(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	for _, c := range []gateCase{
		{fault: "26", name: "missing column", content: "mes,eventos\n1,5\n", rules: []string{"R009"}, says: "falta la columna «entidad»"},
		{fault: "27", name: "extra column", content: "mes,entidad,eventos,otra\n1,Chiapas,5,x\n", rules: []string{"R010"}, says: "otra"},
		{fault: "27", name: "ignored column", content: "mes,entidad,eventos,nota\n1,Chiapas,5,x\n", accepted: 1},
		{fault: "28", name: "duplicate header", content: "mes,entidad,eventos,mes\n1,Chiapas,5,1\n", rules: []string{"R011"}},
		{fault: "29", name: "case of header", content: "Mes,entidad,eventos\n1,Chiapas,5\n", rules: []string{"R009", "R010"}, says: "¿es la columna «Mes»?"},
		{fault: "29", name: "accepted spelling", content: "mes,Estado,eventos\n1,Chiapas,5\n", accepted: 1},
		{fault: "30", name: "no header", content: "1,Chiapas,5\n2,Chiapas,6\n", rules: []string{"R008"}},
		{fault: "31", name: "title line", content: "Eventos por mes\n\n" + head + "1,Chiapas,5\n", rules: []string{"R037"}, says: "línea 3"},
		{fault: "31", name: "declared title line", content: "Cuadro 1,,\n" + head + "1,Chiapas,5\n", accepted: 1},
		{fault: "32", name: "footer", content: head + "1,Chiapas,5\nFuente: UPMRIP,,\n", accepted: 1, skipped: 1},
		{fault: "32", name: "undeclared footer", content: head + "1,Chiapas,5\nNota: preliminar\n", accepted: 1, quarantined: 1, rules: []string{"R021"}},
		{fault: "33", name: "semicolons", content: "mes;entidad;eventos\n1;Chiapas;5\n", rules: []string{"R007"}, says: "punto y coma"},
		{fault: "33", name: "semicolons below a title", content: "Eventos por mes\n\nmes;entidad;eventos\n1;Chiapas;5\n2;Chiapas;6\n3;Chiapas;7\n", rules: []string{"R007"}, says: "f.csv:3: R007 el archivo parece separado por punto y coma y el contrato pide «,»"},
		{fault: "33", name: "tabs and other columns", content: "a\tb\tc\n1\tChiapas\t5\n2\tChiapas\t6\n", rules: []string{"R008"}, says: "parece separado por tabulador"},
		{fault: "30", name: "one column of text", content: "nota\nbien; gracias\nmal, sin más\nni idea\n", rules: []string{"R008"}},
		{fault: "34", name: "short and long", content: head + "1,Chiapas\n2,Chiapas,5,\n3,Chiapas,5\n", accepted: 1, quarantined: 2, rules: []string{"R021", "R021"}, says: "2 celdas y el encabezado 3"},
		{fault: "35", name: "open quote", content: head + "1,Chiapas,5\n2,\"Chiapas,5\n3,Chiapas,6\n", accepted: 1, quarantined: 1, rules: []string{"R012"}, says: "f.csv:3"},
		{fault: "36", name: "text after quote", content: head + "1,\"Chiapas\"x,5\n2,Chi\"apas,5\n3,Chiapas,6\n", accepted: 1, quarantined: 2, rules: []string{"R022", "R022"}},
		{fault: "37", name: "newline in quotes", content: "mes,entidad,eventos,texto\n1,Chiapas,5,\"a\nb\n\"\"c\"\"\"\n2,Chiapas,x,d\n3,Chiapas,4,\n", accepted: 2, quarantined: 1, rules: []string{"R014"}, says: "f.csv:5:11"},
		{fault: "38", name: "blank lines", content: head + "\n1,Chiapas,5\n \n2,Chiapas,5\n\n", accepted: 2, blank: 3, rules: []string{"R033", "R033", "R033"}, says: "f.csv:2: "},
		{fault: "40", name: "long field", content: "mes,entidad,eventos,texto\n1,Chiapas,5," + strings.Repeat("x", 3<<20) + "\n2,Chiapas,5,\n", accepted: 1, quarantined: 1, rules: []string{"R026"}},
		{fault: "42", name: "all bad", content: head + strings.Repeat("1,Chiapas,x\n", 30), quarantined: 30, rules: append(slices.Repeat([]string{"R014"}, 30), "R030")},
	} {
		t.Run(c.fault+" "+c.name, func(t *testing.T) { c.check(t, decls) })
	}
}

// Fault 25: columns go by name, wherever they stand.
func TestReorderedColumns(t *testing.T) {
	g := passGate(t, ingesttest.Declarations(t, nil), "prueba-eventos", "eventos,nota,mes,Estado\n5,x,1,Chiapas\n")
	want := []string{"2", "1", "1", "NULL", "5", "NULL", "NULL", "NULL"}
	if len(g.rows) != 1 || !slices.Equal(g.rows[0], want) {
		t.Errorf("rows %v, want %v", g.rows, want)
	}
}

// Fault 39: a header of 20,000 columns is refused before anything is made of it.
func TestTooManyColumns(t *testing.T) {
	content := "mes" + strings.Repeat(",x", 20_000) + "\n1\n"
	gateCase{content: content, rules: []string{"R013"}, says: "20001 columnas"}.check(t, ingesttest.Declarations(t, nil))
}

// Fault 41: the line of one bad row far down a long file is the right one.
func TestLineOfLateRow(t *testing.T) {
	var b strings.Builder
	b.WriteString("folio,fecha,entidad,edad\n")
	const n = 300_000
	for i := range n {
		fmt.Fprintf(&b, "UPM-%08d,2024-01-31,Chiapas,%d\n", i, i%100)
	}
	b.WriteString("UPM-99999999,2024-01-31,Chiapas,x\n")
	g := passGate(t, ingesttest.Declarations(t, nil), "prueba-registro", b.String())
	p := g.problems(t)
	if len(p) != 1 || p[0].Line != n+2 || g.total.Accepted != n {
		t.Errorf("problems %v, counts %+v", p, g.total)
	}
}

func TestRecordLongerThanLimit(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	content := head + "1,Chiapas,5\n2,\"" + strings.Repeat("x\n", 1<<20)
	g := passGateWith(t, decls, "prueba-eventos", content, Limits{RecordBytes: 1 << 19}, time.Now())
	if p := g.problems(t); len(p) != 1 || p[0].Rule != data.RuleTooBig || p[0].Line != 3 || g.total.Physical != 2+1<<20 {
		t.Errorf("problems %v, counts %+v", p, g.total)
	}
}

func TestTooManyDistinctValues(t *testing.T) {
	var b strings.Builder
	b.WriteString("mes,entidad,eventos,tipo\n")
	for i := range 30 {
		fmt.Fprintf(&b, "%d,%s,5,t%d\n", i%12+1, []string{"7", "5", "9"}[i/12], i)
	}
	g := passGateWith(t, ingesttest.Declarations(t, nil), "prueba-eventos", b.String(), Limits{Distinct: 20}, time.Now())
	if p := g.problems(t); len(p) != 1 || p[0].Rule != data.RuleTooBig || p[0].Field != "tipo" {
		t.Errorf("problems %v", p)
	}
}
