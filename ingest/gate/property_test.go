package gate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
)

// generated is a file like the agencies', some of it wrong on purpose.
func generated(r *rand.Rand) (dataset, content string) {
	var b strings.Builder
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	end := pick("\n", "\r\n")
	rows := r.IntN(60)
	if r.IntN(10) == 0 {
		b.WriteString("\xef\xbb\xbf")
	}
	switch r.IntN(4) {
	case 0:
		rows := randomTable(r)
		for range r.IntN(4) { // wrong here and there
			rows[r.IntN(len(rows))][r.IntN(8)] = pick("", "x", "7", "Norte", "Total general", "  CDMX", "1,5")
		}
		b.WriteString(pick(tableTitle, tableTitle, tableTitle+tableTitle, "") + pick(tableHead, tableHead, strings.ReplaceAll(tableHead, "Bajas", "Subtotal")))
		for _, row := range rows {
			b.WriteString(strings.Join(row, ",") + end)
		}
		return "prueba-tabla", b.String()
	case 1, 2:
		dataset = "prueba-ancho"
		b.WriteString("anio,tipo,ENE,FEB,MAR,ABR,MAY,JUN,JUL,AGO,SEP,OCT,NOV,DIC" + end)
		for range rows {
			fmt.Fprintf(&b, "%s,%s", pick("2024", "2025", "2026", "x", ""), pick("a", "b", "c", "\"d,e\"", "\"f\ng\"", ""))
			for range 12 {
				b.WriteString("," + pick("", "0", "1", "22", "3", "n"))
			}
			b.WriteString(end)
		}
		return dataset, b.String()
	}
	dataset = "prueba-eventos"
	if r.IntN(4) == 0 {
		b.WriteString("Cuadro 3.1.1" + end)
	}
	b.WriteString("mes,entidad,tipo,eventos,texto" + end)
	for range rows {
		if r.IntN(12) == 0 {
			b.WriteString(pick("", " ", "Fuente: nosotros", "Total,,", ",,,,", "\"") + end)
			continue
		}
		fmt.Fprintf(&b, "%d,%s,%s,%s,%s%s", r.IntN(14), pick("Chiapas", "7", "Tabasco", "CDMX", "Narnia", "\"Coahuila\""),
			pick("a", "b", ""), pick("1", "2", "12.5", "-1", "", "900"), pick("x", "\"y\nz\"", "\"\"\"q\"\"\"", "r\"s", "ó", ""), end)
	}
	return dataset, b.String()
}

// mutated damages a file in a few places.
func mutated(r *rand.Rand, s string) string {
	b := []byte(s)
	for range r.IntN(4) {
		if len(b) == 0 {
			break
		}
		at := r.IntN(len(b))
		switch r.IntN(4) {
		case 0:
			b[at] = byte(r.IntN(256))
		case 1:
			b = append(b[:at], b[min(len(b), at+1+r.IntN(8)):]...)
		case 2:
			b = append(b[:at], append([]byte{",\"\n\r;\x00"[r.IntN(6)]}, b[at:]...)...)
		default:
			b = b[:at]
		}
	}
	return string(b)
}

// Every line and every record of every file is accounted for; passGate holds the
// identities.
func TestEveryLineIsAccountedFor(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	r := rand.New(rand.NewPCG(11, 12))
	for i := range 500 {
		dataset, content := generated(r)
		if i%3 != 0 {
			content = mutated(r, content)
		}
		g := passGate(t, decls, dataset, content)
		lines := int64(strings.Count(content, "\n"))
		if content != "" && !strings.HasSuffix(content, "\n") {
			lines++
		}
		if !strings.Contains(g.dec.Name, "utf-16") && g.total.Physical != lines {
			t.Errorf("%d physical lines, the file has %d", g.total.Physical, lines)
		}
		if int64(len(g.rows)) < g.total.Rows {
			t.Errorf("%d rows came, %d counted", len(g.rows), g.total.Rows)
		}
		if t.Failed() {
			t.Fatalf("file %d of %s: %q", i, dataset, content)
		}
	}
}

// The same file gives the same account, whichever parser is faster.
func TestSameFileSameAccount(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	r := rand.New(rand.NewPCG(13, 14))
	var b strings.Builder
	b.WriteString("mes,entidad,tipo,eventos,texto\n")
	for i := range 60_000 {
		fmt.Fprintf(&b, "%d,%s,t%d,%d,\n", r.IntN(13), []string{"7", "5", "9"}[r.IntN(3)], i, r.IntN(5))
	}
	first := fmt.Sprint(passGate(t, decls, "prueba-eventos", b.String()).problems(t))
	for range 3 {
		if again := fmt.Sprint(passGate(t, decls, "prueba-eventos", b.String()).problems(t)); again != first {
			t.Fatal("problems differ between two readings of one file")
		}
	}
}

func FuzzGate(f *testing.F) {
	decls := ingesttest.Declarations(f, nil)
	r := rand.New(rand.NewPCG(15, 16))
	for range 20 {
		_, content := generated(r)
		f.Add(uint8(0), []byte(content))
		f.Add(uint8(1), []byte(mutated(r, content)))
	}
	f.Add(uint8(2), []byte("\xff\xfem\x00e\x00s\x00"))
	f.Add(uint8(3), []byte("mes,entidad,eventos\n\"\"\"\",\"\r\n\",1"))
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		ds := decls.Datasets[int(which)%len(decls.Datasets)]
		g := passGateWith(t, decls, ds.ID, string(content), Limits{RecordBytes: 64 << 10, FieldBytes: 1 << 10}, time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC))
		g.everyLine(t, string(content))
		for _, p := range g.problems(t) {
			if _, ok := data.RuleByID(p.Rule); !ok {
				t.Errorf("rule %q is not declared", p.Rule)
			}
		}
	})
}
