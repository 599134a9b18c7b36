package acceptance

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// traced is one figure as `cauce trace --format json` walks it back.
type traced struct {
	From        string            `json:"periodo_inicio"`
	To          string            `json:"periodo_fin"`
	Dimensions  map[string]string `json:"dimensiones"`
	Value       *float64          `json:"valor"`
	Numerator   *float64          `json:"numerador"`
	Denominator *float64          `json:"denominador"`
	Status      string            `json:"estado"`
	Reports     []struct {
		ID      int    `json:"reporte"`
		File    string `json:"archivo"`
		SHA256  string `json:"sha256"`
		Dataset string `json:"conjunto"`
		Source  string `json:"fuente"`
		More    int    `json:"mas"`
		Lines   []struct {
			Line int    `json:"linea"`
			Text string `json:"texto"`
		} `json:"lineas"`
	} `json:"reportes"`
}

func (tr traced) String() string {
	return fmt.Sprintf("%s to %s %v", tr.From, tr.To, tr.Dimensions)
}

// archived is an archived file: its lines, and each line's cells where it is a
// record by itself.
type archived struct {
	lines []string
	cells [][]string
}

func mustArchived(t *testing.T, home, sum string) archived {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(home, "archive", sum))
	if err != nil {
		t.Fatal(err)
	}
	if hash := sha256.Sum256(b); hex.EncodeToString(hash[:]) != sum {
		t.Fatalf("archive/%s holds other bytes", sum)
	}
	var out archived
	for line := range strings.Lines(string(b)) {
		out.lines = append(out.lines, strings.TrimRight(line, "\r\n"))
		cells, err := csv.NewReader(strings.NewReader(line)).Read()
		if err != nil {
			cells = nil
		}
		out.cells = append(out.cells, cells)
	}
	return out
}

// lineage is what the lines of a figure's trace hold, in all its reports: every
// cell, and the numbers of each line.
type lineage struct {
	cells   [][]string
	numbers map[float64]bool
}

func (l lineage) holds(x *float64) bool { return x != nil && l.numbers[*x] }

// follow walks a figure's trace into the archive.
func (s *server) follow(t *testing.T, tr traced, files map[string]archived) lineage {
	t.Helper()
	out := lineage{numbers: map[float64]bool{}}
	for _, r := range tr.Reports {
		f, ok := files[r.SHA256]
		if !ok {
			f = mustArchived(t, s.home, r.SHA256)
			files[r.SHA256] = f
		}
		if len(r.Lines) == 0 || r.More != 0 || r.Source == "" {
			t.Errorf("%s: report %d of %s: %d lines, %d more, source %q", tr, r.ID, r.Dataset, len(r.Lines), r.More, r.Source)
		}
		for _, l := range r.Lines {
			if l.Line < 2 || l.Line > len(f.lines) || f.lines[l.Line-1] != l.Text {
				t.Errorf("%s: %s:%d is not %q", tr, r.File, l.Line, l.Text)
				continue
			}
			out.cells = append(out.cells, f.cells[l.Line-1])
			for _, c := range f.cells[l.Line-1] {
				if x, err := strconv.ParseFloat(c, 64); err == nil {
					out.numbers[x] = true
				}
			}
		}
	}
	return out
}

// count counts the lines that have a cell that says any of the words.
func (l lineage) count(words ...string) float64 {
	n := 0
	for _, cells := range l.cells {
		if slices.ContainsFunc(cells, func(c string) bool { return slices.Contains(words, c) }) {
			n++
		}
	}
	return float64(n)
}

// Every published figure is walked back to lines of archived files, and the cells
// of those lines give its numerator and denominator again.
func TestTrace_everyFigure(t *testing.T) {
	s := mustFirst(t)
	home := mustSeeded(t)
	files := map[string]archived{}
	status := []string{"cumplido", "en_proceso", "pendiente"}
	// What the lines of a figure must hold, by indicator. Those that are missing
	// here are counts of deliveries: nothing was delivered, so nothing is behind them.
	read := map[string]func(tr traced, l lineage) bool{
		"eventos_irregulares":     func(tr traced, l lineage) bool { return l.holds(tr.Numerator) },
		"carpetas_ley_migracion":  func(tr traced, l lineage) bool { return l.holds(tr.Numerator) },
		"embudo_procuracion":      func(tr traced, l lineage) bool { return l.holds(tr.Numerator) },
		"variacion_anual_eventos": both, "magnitud_revisiones": both, "denuncias_tim": both,
		"composicion_por_condicion": both, "composicion_por_entidad": both, "composicion_por_nacionalidad": both, "composicion_por_sexo_edad": both,
		"acuerdos_cumplidos": both, "acuerdos_por_reunion": both,
		"conciliacion_fuentes": func(tr traced, l lineage) bool {
			return l.side(tr, tr.Numerator) && l.side(tr, tr.Denominator) && *tr.Value == *tr.Numerator-*tr.Denominator
		},
		"avance_plan_trabajo": func(tr traced, l lineage) bool {
			return l.count("cumplido") == *tr.Numerator && l.count(status...) == *tr.Denominator
		},
		"acuerdos_gttim_en_tiempo": func(tr traced, l lineage) bool {
			return l.count("cumplido") == *tr.Numerator && l.count(status...) == *tr.Denominator
		},
		"rutas_proteccion_implementadas": func(tr traced, l lineage) bool { return l.count("implementada") == *tr.Numerator },
		"sesiones_gttim":                 func(tr traced, l lineage) bool { return l.count("celebrada") == *tr.Numerator },
		"indice_informacion_tim": func(tr traced, l lineage) bool {
			return *tr.Numerator == 0 || l.count("personas") > 0 // the funnel's stages in persons answer
		},
	}
	for _, id := range s.indicators(t) {
		t.Run(id, func(t *testing.T) {
			values := s.indicator(t, id, "").Values
			if len(values) == 0 {
				return
			}
			var all []traced
			for line := range strings.Lines(cauce(t, 0, "trace", id, "--dir", home, "--format", "json", "--lines", "0").stdout) {
				all = append(all, decode[traced](t, line))
			}
			if len(all) != len(values) {
				t.Fatalf("%d figures walked back, %d published", len(all), len(values))
			}
			for _, v := range values {
				i := slices.IndexFunc(all, func(tr traced) bool {
					return tr.From == v.From && tr.To == v.To && reflect.DeepEqual(tr.Dimensions, v.Dimensions)
				})
				if i < 0 {
					t.Errorf("no trace of %s", &v)
					continue
				}
				tr := all[i]
				var reports []int
				for _, r := range tr.Reports {
					reports = append(reports, r.ID)
				}
				if !reflect.DeepEqual([]*float64{tr.Value, tr.Numerator, tr.Denominator}, []*float64{v.Value, v.Numerator, v.Denominator}) ||
					tr.Status != v.Status || fmt.Sprint(reports) != fmt.Sprint(v.Reports) {
					t.Errorf("%s: the trace tells another figure, of reports %v: %s", tr, reports, &v)
				}
				l := s.follow(t, tr, files)
				check, direct := read[id]
				if !direct {
					if len(tr.Reports) > 0 {
						t.Errorf("%s: reports behind it, and no test of what they hold", tr)
					}
					continue
				}
				if len(tr.Reports) == 0 && (id != "indice_informacion_tim" || *v.Numerator > 0) {
					t.Errorf("%s: no report", tr)
				}
				if len(tr.Reports) > 0 && !check(tr, l) {
					t.Errorf("the lines do not hold %s: %q", &v, l.cells)
				}
			}
		})
	}
}

// both tells whether the lines hold numerator and denominator. A share that is withheld
// has none.
func both(tr traced, l lineage) bool {
	withheld := tr.Denominator == nil && tr.Value == nil && tr.Status == "faltante"
	return l.holds(tr.Numerator) && (withheld || l.holds(tr.Denominator))
}

// side tells whether the lines hold a side of a comparison: as a cell, or as the
// sum of a column's cells over the lines of one kind and length of period.
func (l lineage) side(tr traced, want *float64) bool {
	if l.holds(want) {
		return true
	}
	const series, from, to, dimension, number = 0, 1, 2, 3, 5
	kinds := map[string]float64{}
	for _, c := range l.cells {
		if len(c) < 10 {
			continue
		}
		n, err := strconv.ParseFloat(c[number], 64)
		if err != nil {
			continue
		}
		if c[dimension] == "total" && c[from] != c[to] {
			continue // only single months add up to a period
		}
		kinds[c[series]+" "+c[dimension]] += n
	}
	for _, sum := range kinds {
		if sum == *want {
			return true
		}
	}
	return false
}
