package ingest

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

func TestPublicationAndSource(t *testing.T) {
	published := "serie,valor,publicado_en,fuente\na,1,2024-02,boletín viejo\nb,2,2025-03-07,boletín nuevo\n"
	for _, c := range []struct {
		name, dataset, content, sidecar string
		flags                           Delivery
		on, precision, basis            string
		source, sourceBasis             string
	}{
		{"arrival", "prueba-eventos", goodEvents, "", Delivery{}, "2025-06-03", "dia", BasisArrival, "buzón", BasisInbox},
		{"flags", "prueba-eventos", goodEvents, "", Delivery{Published: "2024", Source: "boletín"}, "2024-12-31", "anio", BasisFlag, "boletín", BasisFlag},
		{"sidecar wins over flags", "prueba-eventos", goodEvents, "publicado_en: 2024-02\nfuente: la agencia\n", Delivery{Published: "2023", Source: "x"}, "2024-02-29", "mes", BasisSidecar, "la agencia", BasisSidecar},
		{"columns win", "prueba-publicadas", published, "publicado_en: 2020\n", Delivery{Source: "x"}, "2025-03-07", "dia", BasisColumn, "boletín nuevo", BasisColumn},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newJob(t, ingesttest.Declarations(t, nil))
			d := b.drop(c.dataset, "f.csv", c.content)
			d.Published, d.Source = c.flags.Published, c.flags.Source
			if c.sidecar != "" {
				if err := os.WriteFile(d.Path+warehouse.SidecarSuffix, []byte(c.sidecar), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			r := b.run(d).Report
			if r.PublishedOn.Format(time.DateOnly) != c.on || r.PublishedPrecision != c.precision || r.PublishedBasis != c.basis || r.Source != c.source || r.SourceBasis != c.sourceBasis {
				t.Errorf("report %+v", r)
			}
			if c.sidecar != "" && (b.exists("inbox/"+c.dataset+"/f.csv"+warehouse.SidecarSuffix) || !b.exists("done/"+c.dataset+"/000001-f.csv"+warehouse.SidecarSuffix)) {
				t.Error("the sidecar did not follow its file")
			}
		})
	}
}

func TestSidecarMistakes(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key": "publicado: 2024\n", "bad date": "publicado_en: ayer\n", "not yaml": "{{{", "too long": strings.Repeat("# x\n", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			b := newJob(t, ingesttest.Declarations(t, nil))
			d := b.drop("prueba-eventos", "f.csv", goodEvents)
			if err := os.WriteFile(strings.TrimSuffix(d.Path, ".csv")+warehouse.SidecarSuffix, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			res := b.run(d)
			if res.Outcome != warehouse.Refused || res.Problems[0].Rule != data.RuleSidecar {
				t.Errorf("result %+v", res)
			}
		})
	}
}

func TestCorrects(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	b.run(b.drop("prueba-eventos", "a.csv", goodEvents))
	d := b.drop("prueba-eventos", "b.csv", head+"1,Chiapas,9\n")
	d.Corrects = 7
	if res := b.run(d); res.Outcome != warehouse.Refused || res.Problems[0].Rule != data.RuleCorrects {
		t.Errorf("unknown report: %+v", res)
	}
	d = b.drop("prueba-eventos", "b.csv", head+"1,Chiapas,9\n")
	d.Corrects = 1
	if res := b.run(d); res.Outcome != warehouse.Accepted || res.Report.Corrects != 1 {
		t.Errorf("known report: %+v", res)
	}
	if _, err := b.Run(t.Context(), Delivery{Path: b.drop("prueba-eventos", "c.csv", head+"1,CDMX,9\n").Path, Dataset: "prueba-eventos", Published: "mañana"}); !errors.Is(err, data.ErrDeclaration) {
		t.Errorf("flag that is no date: %v", err)
	}
}

// Fault 69: another dataset's file does not pass, and is recognised by itself.
func TestRecognise(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	for content, want := range map[string]string{
		goodEvents:                               "prueba-eventos",
		"Cuadro 1\r\n\r\neventos,Estado,mes\r\n": "prueba-eventos",
		"\xef\xbb\xbffolio,fecha,entidad,edad\n" + strings.Repeat("x", 100_000):                    "prueba-registro",
		"tipo,anio,ENE,FEB,MAR,ABR,MAY,JUN,JUL,AGO,SEP,OCT,NOV,DIC\nM\xe9xico,2024,1,,,,,,,,,,,\n": "prueba-ancho",
		"a,b\n": "",
		"":      "",
	} {
		got, err := Recognise(decls, strings.NewReader(content))
		if got != want || (want == "") != errors.Is(err, ErrUnrecognised) {
			t.Errorf("%q recognised as %q: %v", data.Printable(content), got, err)
		}
	}
	two := ingesttest.Declarations(t, map[string]string{"prueba-otra": ingesttest.Events})
	if _, err := Recognise(two, strings.NewReader(goodEvents)); !errors.Is(err, ErrUnrecognised) || !strings.Contains(err.Error(), "prueba-otra") {
		t.Errorf("ambiguous: %v", err)
	}
	b := newJob(t, decls)
	if res := b.run(b.drop("prueba-registro", "x.csv", goodEvents)); res.Outcome != warehouse.Refused {
		t.Errorf("in the wrong folder: %+v", res)
	}
}

// FuzzSidecar: whatever lies beside a delivered file, it is read or refused as a
// declaration; what is read can stand in the ledger.
func FuzzSidecar(f *testing.F) {
	for _, s := range []string{"publicado_en: 2025-06-03\nfuente: oficio\n", "publicado_en: ayer\n", "corrige: 999\n", "corrige: -1\n", "a: &a [*a]\n", "", "\x00", "{",
		"fuente: 5\n", "publicado_en: 2025-02-30\n", "- 1\n", "fuente: |\n  a\n  b\n", "? a\n: b\n", "publicado_en: 0001\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parseSidecar("a.meta.yml", b)
		if err != nil {
			if !errors.Is(err, data.ErrDeclaration) || !strings.HasPrefix(err.Error(), "a.meta.yml:") {
				t.Fatalf("error %v", err)
			}
			return
		}
		var r warehouse.Report
		if err := metadata(&r, Delivery{}, s); err != nil {
			t.Fatalf("read and then refused: %v", err)
		}
		if r.PublishedOn.Year() > 9999 || r.PublishedPrecision == "" || r.PublishedBasis == "" {
			t.Fatalf("report %+v", r)
		}
	})
}
