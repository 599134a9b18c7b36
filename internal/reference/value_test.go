package reference_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gttim/cauce/internal/reference"
)

func number(x float64) *float64 { return &x }

func TestCompare(t *testing.T) {
	year := func(n float64) reference.Value {
		return reference.Value{From: "2024-01-01", To: "2024-12-31", Number: number(n), Numerator: number(n), Status: "definitivo"}
	}
	hidden := reference.Value{From: "2024-01-01", To: "2024-12-31", Status: "suprimido"}
	other := year(7)
	other.Dimensions = map[string]string{"entidad": "07"}
	tests := []struct {
		name                string
		computed, published []reference.Value
		want                []string
	}{
		{"the same", []reference.Value{year(7), other}, []reference.Value{other, year(7)}, nil},
		{"another number", []reference.Value{year(7)}, []reference.Value{year(8)}, []string{"published 2024"}},
		{"one missing", []reference.Value{year(7), other}, []reference.Value{year(7)}, []string{"not published"}},
		{"one besides", []reference.Value{year(7)}, []reference.Value{year(7), other}, []string{"but not computed"}},
		{"one twice", []reference.Value{year(7)}, []reference.Value{year(7), year(7)}, []string{"published twice"}},
		{"a suppressed one", []reference.Value{year(7)}, []reference.Value{hidden}, nil},
		{"a suppressed one that nothing stands behind", nil, []reference.Value{hidden}, []string{"but not computed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := reference.Compare(tt.computed, tt.published)
			if len(got) != len(tt.want) {
				t.Fatalf("got %q", got)
			}
			for i, w := range tt.want {
				if !strings.Contains(got[i], w) {
					t.Errorf("got %q, want %q", got[i], w)
				}
			}
		})
	}
}

// One cell of one report changes what is computed of it, and nothing older.
func TestValues_hangOnTheCells(t *testing.T) {
	const name, printed = "reports/cifras-publicadas/2024-02-en-breve.csv", "782176"
	today := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	files := fstest.MapFS{}
	if err := copyFiles(files, "../../data"); err != nil {
		t.Fatal(err)
	}
	original, err := reference.Read(files, today)
	if err != nil {
		t.Fatal(err)
	}
	text := string(files[name].Data)
	if strings.Count(text, printed) != 1 {
		t.Fatalf("%s does not print %s once", name, printed)
	}
	files[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, printed, "782177", 1))}
	altered, err := reference.Read(files, today)
	if err != nil {
		t.Fatal(err)
	}
	for indicator, want := range map[string]int{"eventos_irregulares": 1, "variacion_anual_eventos": 2, "carpetas_ley_migracion": 0} {
		for _, tt := range []struct {
			asOf time.Time
			want int
		}{{today, want}, {time.Date(2024, 2, 28, 0, 0, 0, 0, time.UTC), 0}} {
			a, err := original.Values(indicator, tt.asOf)
			if err != nil {
				t.Fatal(err)
			}
			b, err := altered.Values(indicator, tt.asOf)
			if err != nil {
				t.Fatal(err)
			}
			if got := reference.Compare(a, b); len(got) != tt.want {
				t.Errorf("%s as of %s: %d values changed, want %d: %q", indicator, tt.asOf.Format(time.DateOnly), len(got), tt.want, got)
			}
		}
	}
}

// A register is counted by month and category, and answers before published points.
func TestAddEvents(t *testing.T) {
	r, err := reference.Read(os.DirFS("../../data"), time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	const header = "folio,fecha,entidad,municipio,nacionalidad,sexo,edad,condicion,acompanamiento\n"
	rows := header + "A-1,2031-01-31,Chiapas,,Honduras,mujer,11,canalizado,acompanado\n" +
		"A-2,2031-01-01,07,,HND,hombre,12,presentado,no_aplica\n" +
		"A-3,2031-03-01,Tabasco,,Haití,hombre,18,presentado,no_aplica\n"
	if err := r.AddEvents(strings.NewReader(rows), "2031-06"); err != nil {
		t.Fatal(err)
	}
	values := func(indicator string) map[string]float64 {
		all, err := r.Values(indicator, time.Date(2031, 7, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]float64{}
		for _, v := range all {
			if strings.HasPrefix(v.From, "2031") {
				out[v.Key()] = *v.Number
			}
		}
		return out
	}
	for indicator, want := range map[string]map[string]float64{
		"eventos_irregulares": {"2031-01-01/2031-01-31": 2, "2031-03-01/2031-03-31": 1},
		"composicion_por_entidad": {"2031-01-01/2031-01-31 entidad=07": 100,
			"2031-03-01/2031-03-31 entidad=27": 100},
		"composicion_por_sexo_edad": {
			"2031-01-01/2031-01-31 grupo_edad=0-11": 50, "2031-01-01/2031-01-31 grupo_edad=12-17": 50,
			"2031-01-01/2031-01-31 sexo=mujer": 50, "2031-01-01/2031-01-31 sexo=hombre": 50,
			"2031-01-01/2031-01-31 grupo_edad=0-11 sexo=mujer": 50, "2031-01-01/2031-01-31 grupo_edad=12-17 sexo=hombre": 50,
			"2031-03-01/2031-03-31 grupo_edad=18+": 100, "2031-03-01/2031-03-31 sexo=hombre": 100,
			"2031-03-01/2031-03-31 grupo_edad=18+ sexo=hombre": 100},
	} {
		got := values(indicator)
		if len(got) != len(want) {
			t.Errorf("%s: %v", indicator, got)
		}
		for k, n := range want {
			if got[k] != n {
				t.Errorf("%s: %s is %v, want %v", indicator, k, got[k], n)
			}
		}
	}
	if err := r.AddEvents(strings.NewReader(header+"A-1,2031-01-31,Atlántida,,Honduras,mujer,11,canalizado,acompanado\n"), "2031-06"); err == nil {
		t.Error("a state that does not exist is counted")
	}
}
