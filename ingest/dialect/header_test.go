package dialect

import (
	"slices"
	"strings"
	"testing"
)

func names(t *testing.T, content string, d Declared) []string {
	t.Helper()
	r, err := NewReader(strings.NewReader(content), d, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Names()
}

func TestNames(t *testing.T) {
	rows := "1,2,3,4\n5,6,7,8\n"
	for name, c := range map[string]struct {
		header string
		lines  int
		want   []string
	}{
		"none":             {"", 0, []string{}},
		"one row":          {"a,b,,d\n", 1, []string{"a", "b", "", "d"}},
		"two rows":         {"a,b,c,d\n1,2,3,x y\n", 2, []string{"a 1", "b 2", "c 3", "d x y"}},
		"merged cells":     {"edo,2024,,nota\n,H,M,\n", 2, []string{"edo", "2024 H", "2024 M", "nota"}},
		"merged twice":     {"a,,,\nb,,c,\nd,e,f,g\n", 3, []string{"a b d", "b e", "c f", "c g"}},
		"nothing merged":   {"a,,c,\n,b,,d\n", 2, []string{"a", "b", "c", "d"}},
		"title":            {"Cuadro,,,\na,b,c,d\n", 2, []string{"Cuadro a", "b", "c", "d"}},
		"empty row":        {"a,b,c,\n,,,\n,,x,y\n", 3, []string{"a", "b", "c x", "c y"}},
		"rows of a width":  {"a,b\n,c,d,e,f\n", 2, []string{"a", "b c", "b d", "b e", "b f"}},
		"nothing above it": {",,,\na,b,c,d\n", 1, []string{"a", "b", "c", "d"}},
	} {
		t.Run(name, func(t *testing.T) {
			zero := 0
			got := names(t, c.header+rows, Declared{HeaderLines: &c.lines, PreambleLines: &zero})
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDetect_headerUnderMergedCells(t *testing.T) {
	rows := ",1,2,3,4,x\nVeracruz,5,6,7,8,\nOaxaca,9,10,11,12,y\nPuebla,13,14,15,16,\n"
	for name, c := range map[string]struct {
		top             string
		header, preface int
		want            []string
	}{
		"two rows":          {"edo,irregular,,regular,,nota\n,H,M,H,M,\nChiapas", 2, 0, []string{"edo", "irregular H", "irregular M", "regular H", "regular M", "nota"}},
		"years above":       {"edo,2023,,2024,,nota\n,H,M,H,M,\nChiapas", 2, 0, []string{"edo", "2023 H", "2023 M", "2024 H", "2024 M", "nota"}},
		"years":             {"edo,irregular,,regular,,nota\n,2023,2024,2023,2024,\nChiapas", 2, 0, []string{"edo", "irregular 2023", "irregular 2024", "regular 2023", "regular 2024", "nota"}},
		"an empty row":      {"edo,irregular,,regular,,nota\n,,,,,\n,H,M,H,M,\nChiapas", 3, 0, []string{"edo", "irregular H", "irregular M", "regular H", "regular M", "nota"}},
		"three rows":        {"edo,personas,,,,nota\n,irregular,,regular,,\n,H,M,H,M,\nChiapas", 3, 0, []string{"edo", "personas irregular H", "personas irregular M", "personas regular H", "personas regular M", "nota"}},
		"titles above":      {"Cuadro 1,,,,,\nEventos,,,,,\n,,,,,\nedo,irregular,,regular,,nota\n,H,M,H,M,\nChiapas", 2, 3, []string{"edo", "irregular H", "irregular M", "regular H", "regular M", "nota"}},
		"a blank line":      {"edo,irregular,,regular,,nota\n\n,H,M,H,M,\nChiapas", 1, 0, []string{"edo", "irregular", "", "regular", "", "nota"}},
		"a row of gaps":     {"edo,a,b,c,d,nota\n,s/d,s/d,,,\nChiapas", 1, 0, []string{"edo", "a", "b", "c", "d", "nota"}},
		"numbers, no years": {"edo,irregular,,regular,,nota\n,23,24,23,24,\nChiapas", 1, 0, []string{"edo", "irregular", "", "regular", "", "nota"}},
	} {
		r, err := NewReader(strings.NewReader(c.top+rows), Declared{}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		// With three records below it too.
		short, err := NewReader(strings.NewReader(c.top+rows[:strings.Index(rows, "Puebla")]), Declared{}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(short.Names(), c.want) {
			t.Errorf("%s, few records: %+v, names %q", name, short.Dialect(), short.Names())
		}
		if d := r.Dialect(); d.HeaderLines != c.header || d.PreambleLines != c.preface || !slices.Equal(r.Names(), c.want) {
			t.Errorf("%s: %+v, names %q", name, d, r.Names())
		}
	}
}

func TestHeader_anotherDelimiter(t *testing.T) {
	rows := "2024-01-01,10,20\n2024-01-02,30,40\n2024-01-03,50,60\n"
	for header, want := range map[string][]string{
		"fecha;altas;bajas\n":         {"fecha", "altas", "bajas"},
		"fecha \"altas\" bajas\n":     {"fecha", "altas", "bajas"},
		"fecha de las bajas\n":        {"fecha de las bajas"}, // four words, three columns
		"fecha  bajas\n":              {"fecha  bajas"},
		"fecha|altas netas|bajas\n":   {"fecha", "altas netas", "bajas"},
		"fecha\taltas netas\tbajas\n": {"fecha", "altas netas", "bajas"},
	} {
		got := names(t, header+rows, Declared{HeaderLines: number(1), PreambleLines: number(0)})
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

func TestRead_missingDelimiter(t *testing.T) {
	rows := "a,\"b, c\",\"d\"\ne,\"f, g\",\"h\"\n"
	for line, want := range map[string][]string{
		`i"j, k, m","l"`:   {"i", "j, k, m", "l"},
		`i,"j, k""l"`:      {"i", "j, k", "l"},
		`i,"j, ""k"" l"`:   {"i", `j, "k" l`},  // two pairs: a text with quotes in it
		`i,"j, 5"" l"`:     {"i", `j, 5" l`},   // a blank beside the pair
		`i,5"x3,"l"`:       {"i", `5"x3`, "l"}, // as many cells as usual
		`i,"j",5" x 3,"l"`: {"i", "j", `5" x 3`, "l"},
		`i"j","l","m","n"`: {`i"j"`, "l", "m", "n"}, // no reading is usual
	} {
		got, _ := readGrid(t, []byte(rows+line+"\n"+rows), Declared{Delimiter: text(","), HeaderLines: number(0), PreambleLines: number(0)})
		if !slices.Equal(got.rows[2], want) {
			t.Errorf("%s: got %q, want %q", line, got.rows[2], want)
		}
	}
}

func TestRead_noDelimiter(t *testing.T) {
	got, d := readGrid(t, []byte("a,b\n\"c;d\"\n\ne\n"), Declared{Delimiter: text("")})
	want := [][]string{{"c;d"}, {""}, {"e"}}
	if d.Delimiter != "" || !slices.EqualFunc(got.rows, want, slices.Equal) || got.header[0][0] != "a,b" {
		t.Errorf("%+v: header %q, rows %q", d, got.header, got.rows)
	}
}

// Names that the programs which write such files use.
func TestNewReader_encodingNames(t *testing.T) {
	for name, want := range map[string]string{
		"CP949": "가", "euc-kr": "가", "cp932": "ｰ｡", "MacRoman": "∞°", "ANSI": "°¡", "latin1": "°¡", "ascii": "°¡", "cp850": "░í",
	} {
		got, _ := readGrid(t, []byte("a,b\n\xb0\xa1,1\n"), Declared{Encoding: name, Delimiter: text(","), HeaderLines: number(1)})
		if cell := got.rows[0][0]; cell != want {
			t.Errorf("%s: %q", name, cell)
		}
	}
}

// Detection sees the records that the Reader will give, repaired ones too.
func TestReread_asRead(t *testing.T) {
	wider := "a,b,c,d,note\n" + strings.Repeat("1,2,3,x\n", 9) + "1,2,\"3\" or 4,\"x\"\"y\",\"z, w\"\n1,2,\"3\" or 4,\"x\"\"y\"\n"
	files := []polluted{{name: "wider header", content: []byte(wider)}}
	for _, p := range slices.Concat(benchmarkFiles(30), surveyFiles()) {
		if p.kind != "row: delimited by blanks" { // the Reader alone knows other delimiters
			files = append(files, p)
		}
	}
	for _, p := range files {
		enc, err := chooseEncoding("", p.content, true)
		if err != nil {
			t.Fatal(err)
		}
		d, sample := detect(enc.text(p.content), Declared{}, DefaultLimits())
		seen := map[int64][]string{}
		for _, r := range sample.rows {
			seen[int64(r.line)] = r.cells
		}
		r := newReader(t, p.content, Declared{Delimiter: &d.Delimiter, Quote: &d.Quote, Escape: &d.Escape, HeaderLines: &d.HeaderLines, PreambleLines: &d.PreambleLines})
		for {
			rec, err := r.Read()
			if err != nil {
				break
			}
			if cells, ok := seen[rec.Line]; !ok || !slices.Equal(cells, rec.Cells) {
				t.Errorf("%s %s line %d: detection saw %q, read %q", p.kind, p.name, rec.Line, cells, rec.Cells)
			}
		}
	}
}
