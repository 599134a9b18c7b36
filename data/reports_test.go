package data_test

import (
	"encoding/csv"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

// point is one row of the shipped cifras-publicadas.
type point struct {
	file                                string
	serie, from, to, dim, label         string
	value                               float64
	rounded, published, source, comment string
}

func mustPoints(tb testing.TB) []point {
	tb.Helper()
	files, err := fs.Glob(data.Files, "reports/cifras-publicadas/*.csv")
	if err != nil || len(files) == 0 {
		tb.Fatalf("%d shipped files: %v", len(files), err)
	}
	d := mustLoad(tb)
	var out []point
	for _, file := range files {
		for i, r := range mustRows(tb, d, file) {
			v, err := strconv.ParseFloat(r[5], 64)
			if err != nil {
				tb.Fatalf("%s row %d: %v", file, i+2, err)
			}
			out = append(out, point{path.Base(file), r[0], r[1], r[2], r[3], r[4], v, r[6], r[7], r[8], r[9]})
		}
	}
	return out
}

// mustRows reads a shipped report and holds its header against the contract.
func mustRows(tb testing.TB, d *data.Declarations, file string) [][]string {
	tb.Helper()
	f, err := data.Files.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
	var names []string
	for _, c := range d.Dataset(path.Base(path.Dir(file))).Columns {
		names = append(names, c.Name)
	}
	if got := strings.Join(rows[0], ","); got != strings.Join(names, ",") {
		tb.Fatalf("%s: header %s", file, got)
	}
	return rows[1:]
}

// Every shipped row says when and where it was read; a file is one document of
// one vintage, named for it.
func TestShippedReportsNameTheirSource(t *testing.T) {
	ref := mustLoad(t).Reference
	month := regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`)
	person := regexp.MustCompile(`(?i)@|\bSIM-`)
	source, seen := map[string]string{}, map[string]string{}
	for _, p := range mustPoints(t) {
		if _, ok := ref["series"].Code(p.serie); !ok {
			t.Errorf("%s: unknown series %q", p.file, p.serie)
		}
		if !month.MatchString(p.published) || !strings.HasPrefix(p.file, p.published+"-") {
			t.Errorf("%s: published %q", p.file, p.published)
		}
		if p.source == "" || source[p.file] != "" && source[p.file] != p.source {
			t.Errorf("%s: sources %q and %q", p.file, source[p.file], p.source)
		}
		source[p.file] = p.source
		if p.rounded != "0" && p.rounded != "1" {
			t.Errorf("%s: redondeado %q", p.file, p.rounded)
		}
		if person.MatchString(p.source + p.comment + p.label) {
			t.Errorf("%s: %q", p.file, p.comment)
		}
		key := strings.Join([]string{p.serie, p.from, p.to, p.dim, p.label, p.published, p.source}, "|")
		if seen[key] != "" {
			t.Errorf("%s and %s both have %s", seen[key], p.file, key)
		}
		seen[key] = p.file
	}
}

// sum adds what the predicate picks; it fails the test when that is not n rows.
func sum(tb testing.TB, points []point, n int, pick func(point) bool) float64 {
	tb.Helper()
	total, found := 0.0, 0
	for _, p := range points {
		if pick(p) {
			total += p.value
			found++
		}
	}
	if found != n {
		tb.Errorf("%d rows, expected %d", found, n)
	}
	return total
}

// What the sources themselves add up to, and where they are known not to.
func TestShippedFiguresAddUp(t *testing.T) {
	points := mustPoints(t)
	of := func(serie, from, to, dim, published string, labels ...string) func(point) bool {
		return func(p point) bool {
			if p.serie != serie || p.from != from || p.to != to || p.dim != dim || published != "" && p.published != published {
				return false
			}
			for _, l := range labels {
				if p.label == l {
					return true
				}
			}
			return len(labels) == 0
		}
	}
	const smi = "upmrip_eventos_smi"
	for _, tt := range []struct {
		name  string
		n     int
		parts func(point) bool
		want  float64
	}{
		{"2024 total, July 2026", 1, of(smi, "2024-01", "2024-12", "total", "2026-07"), 1234698},
		{"2024 presentados and canalizados", 2, of(smi, "2024-01", "2024-12", "tipo", ""), 1234698},
		{"2024 nine nationalities", 9, of(smi, "2024-01", "2024-12", "nacionalidad", ""), 961872},
		{"2021 parts are 200 more than their total", 2, of(smi, "2021-01", "2021-12", "tipo", ""), 307569 + 200},
		{"2023 five regions fall short of 782,176", 5, of(smi, "2023-01", "2023-12", "region", ""), 778884},
		{"January to July 2024 by sex", 2, of(smi, "2024-01", "2024-07", "sexo", ""), 828505},
		{"January to July 2024 adults by condition", 2, of(smi, "2024-01", "2024-07", "edad,tipo", ""), 730746},
		{"January to July 2024 adults presented by sex", 2, of(smi, "2024-01", "2024-07", "edad,tipo,sexo", ""), 642832},
		{"January and February 2023 by condition", 2, of(smi, "2023-01", "2023-02", "tipo", ""), 70526},
		{"January and February 2023 by sex", 2, of(smi, "2023-01", "2023-02", "sexo", ""), 70526},
		{"January and February 2023 minors channelled", 2, of(smi, "2023-01", "2023-02", "tipo,edad", "", "canalizados,<18 acompañados", "canalizados,<18 no acompañados"), 13506},
		{"2022 minors by sex", 2, of(smi, "2022-01", "2022-12", "edad,sexo", ""), 70019},
		{"INM January to May 2024", 5, of("inm_comunicado", "2024-01", "2024-05", "composicion", ""), 1393683},
		{"FGR files by state", 27, of("fgr_trafico_personas", "2018-12", "2022-08", "entidad", ""), 4707},
		{"FGR via CNDH 2021", 4, of("fgr_via_cndh", "2021-01", "2021-12", "etapa", "", "judicializadas", "no ejercicio de acción penal", "incompetencia", "no especificado"), 1684},
		{"complaints by sex to June 2022", 2, of("upmrip_delitos_denuncias", "2016-01", "2022-06", "sexo", ""), 5378},
		{"INM 2022 covers to 28 December", 1, of("inm_comunicado", "2022-01-01", "2022-12-28", "total", ""), 746695},
		{"rescued, total of the same article", 1, of("fgr_rescatadas", "2018-01", "2022-08", "total", ""), 77498},
	} {
		if got := sum(t, points, tt.n, tt.parts); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	rescued := sum(t, points, 5, func(p point) bool {
		return p.serie == "fgr_rescatadas" && p.from != "2018-01" || p.serie == "fgr_rescatadas" && p.to == "2018-12"
	})
	if rescued != 77498 {
		t.Errorf("rescued by year add to %v", rescued)
	}
	half := sum(t, points, 6, func(p point) bool {
		return p.serie == smi && p.dim == "total" && p.published == "2025-08" && p.from == p.to
	})
	if half != 119189 {
		t.Errorf("first half of 2025 by month adds to %v", half)
	}
	for _, p := range points {
		if p.value == 413563 {
			t.Errorf("%s: a figure whose label is inferred", p.file)
		}
	}
}

// Case files under the Migration Law: months and entities add up to the year, the
// 33rd entity kept apart and counted.
func TestShippedCaseFilesAddUp(t *testing.T) {
	year, months, entities, foreign := map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]float64{}
	n := 0
	for _, p := range mustPoints(t) {
		if p.serie != "sesnsp_ley_migracion" || !strings.HasSuffix(p.file, "2025-07-sesnsp-ley-migracion.csv") {
			continue
		}
		n++
		y := p.from[:4]
		switch {
		case p.dim == "entidad":
			entities[y] += p.value
			if p.label == "EXTRANJERO" {
				foreign[y] = p.value
			}
		case p.from == p.to:
			months[y] += p.value
		default:
			year[y] = p.value
		}
	}
	want := map[string]float64{"2012": 775, "2013": 927, "2014": 937, "2015": 1202, "2016": 801, "2017": 497, "2018": 764,
		"2019": 1369, "2020": 672, "2021": 1681, "2022": 1648, "2023": 1000, "2024": 749, "2025": 177}
	for y, v := range want {
		if year[y] != v || months[y] != v || entities[y] != v {
			t.Errorf("%s: year %v, months %v, entities %v, want %v", y, year[y], months[y], entities[y], v)
		}
		abroad := 0.0
		if y == "2014" || y == "2016" || y == "2021" {
			abroad = 1
		}
		if f, ok := foreign[y]; !ok || f != abroad {
			t.Errorf("%s: EXTRANJERO %v %v, want %v", y, f, ok, abroad)
		}
	}
	if years := len(want); n != years+163+33*years || len(year) != years {
		t.Errorf("%d rows, %d years", n, len(year))
	}
}

func TestShippedMesa(t *testing.T) {
	files, err := fs.Glob(data.Files, "reports/sspc-mesa-resumen/*.csv")
	if err != nil || len(files) != 1 {
		t.Fatalf("%v: %v", files, err)
	}
	rows := mustRows(t, mustLoad(t), files[0])
	want := "2025-06-03,74,301,297,2025-06-03,Minuta de la 5ª sesión ordinaria del GTTIM, 3 de junio de 2025"
	if len(rows) != 1 || strings.Join(rows[0], ",") != want {
		t.Errorf("got %v", rows)
	}
}
