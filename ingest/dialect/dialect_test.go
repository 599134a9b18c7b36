package dialect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func text(s string) *string { return &s }
func number(n int) *int     { return &n }

func TestDetect(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		want    Dialect
	}{
		"empty":                         {"", Dialect{",", `"`, `"`, encUTF8, 0, 0}},
		"blank lines only":              {"\n\n  \n", Dialect{",", `"`, `"`, encUTF8, 0, 0}},
		"comma":                         {"a,b\n1,2\n3,4\n", Dialect{",", `"`, `"`, encUTF8, 1, 0}},
		"decimal comma":                 {"año;tasa\n2024;1,5\n2025;2,25\n", Dialect{";", `"`, `"`, encUTF8, 1, 0}},
		"tab":                           {"id\tname, first\n1\tb, c\n2\td, e\n", Dialect{"\t", `"`, `"`, encUTF8, 1, 0}},
		"numbers only":                  {"1 2 3\n4 5 6\n7 8 9\n", Dialect{" ", `"`, `"`, encUTF8, 0, 0}},
		"one column":                    {"nota\nbien, gracias\nmal\nno sé, tal vez, quizá\nbien\nmal, muy mal\nni idea\n", Dialect{";", `"`, `"`, encUTF8, 1, 0}},
		"apostrophes":                   {"id,n\n1,'a, b'\n2,'c, d'\n3,'e'\n", Dialect{",", "'", "'", encUTF8, 1, 0}},
		"apostrophe in text":            {"id,n\n1,l'eau\n2,'t Hof\n3,d'Or\n", Dialect{",", `"`, `"`, encUTF8, 1, 0}},
		"backslash":                     {"id,n\n1,\"a \\\"b\\\", c\"\n2,\"d\"\n", Dialect{",", `"`, `\`, encUTF8, 1, 0}},
		"no quotes, escaped delimiters": {"id|n\n1|a\\|b\n2|c\\|d\n3|e\n", Dialect{"|", "", `\`, encUTF8, 1, 0}},
		"separator line":                {"sep=;\r\na;b\r\n1;2\r\n", Dialect{";", `"`, `"`, encUTF8, 1, 1}},
		"preamble":                      {"Cuadro 3.1.1\nEventos\n\nentidad,mes,n\nChiapas,1,2\nTabasco,2,3\n", Dialect{",", `"`, `"`, encUTF8, 1, 3}},
		"years":                         {"país,2019,2020,2021\nCuba,1,2,3\nHaití,4,5,6\n", Dialect{",", `"`, `"`, encUTF8, 1, 0}},
		"latin":                         {"a,b\nse\xf1or,1\nni\xf1o,2\n", Dialect{",", `"`, `"`, encCP1252, 1, 0}},
		"byte order mark":               {"\xef\xbb\xbfa,b\n1,2\n", Dialect{",", `"`, `"`, encUTF8BOM, 1, 0}},
		"header in another dialect": {"id name date total\n1,a,2024-01-01,5\n2,b,2024-01-02,6\n3,c,2024-01-03,7\n",
			Dialect{",", `"`, `"`, encUTF8, 1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, d := readGrid(t, []byte(c.content), Declared{}); d != c.want {
				t.Errorf("got  %+v\nwant %+v", d, c.want)
			}
		})
	}
}

func TestRead_cells(t *testing.T) {
	none := Declared{Delimiter: text(","), Quote: text(`"`), Escape: text(`"`), HeaderLines: number(0), PreambleLines: number(0)}
	backslash := none
	backslash.Escape = text(`\`)
	free := none
	free.Escape = text("")
	bare := none
	bare.Quote = text("")
	for name, c := range map[string]struct {
		declared Declared
		content  string
		want     [][]string
	}{
		"blanks are kept":           {none, " a , b\n", [][]string{{" a ", " b"}}},
		"empty cells":               {none, "a,\n,a,\n\"\",\n", [][]string{{"a", ""}, {"", "a", ""}, {"", ""}}},
		"rows of delimiters":        {none, ",,\na,b,c\n , ,\nd,,\n,,\n", [][]string{{"a", "b", "c"}, {"d", "", ""}}},
		"line ends in quotes":       {none, "\"a\r\nb\",c\r\n", [][]string{{"a\r\nb", "c"}}},
		"all three line ends":       {none, "a,b\rc,d\r\ne,f\ng,h", [][]string{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}}},
		"doubled":                   {none, "\"a \"\"b\"\"\",c\n", [][]string{{`a "b"`, "c"}}},
		"backslash":                 {backslash, `"a \"b\" \n \\",c` + "\n", [][]string{{`a "b" \n \`, "c"}}},
		"escaped escapes, repaired": {backslash, `"a\\\\","b"c` + "\n" + `"d\\",e` + "\n", [][]string{{`a\\`, "bc"}, {`d\`, "e"}}},
		"escaped quote, repaired":   {backslash, `"a\"","b"c` + "\n" + `"a\\\"","b"c` + "\n", [][]string{{`a"`, "bc"}, {`a\"`, "bc"}}},
		"no escape":                 {free, `"a ""b" c",d` + "\n" + `"e",f` + "\n", [][]string{{`a ""b" c`, "d"}, {"e", "f"}}},
		"no quotes":                 {bare, `"a,b"` + "\n", [][]string{{`"a`, `b"`}}},
		"quote that stays open":     {none, "a,b\n\"5,x\nc,d\ne,f\n", [][]string{{"a", "b"}, {`"5`, "x"}, {"c", "d"}, {"e", "f"}}},
		"quote that closes far off": {none, "a,b\n\"5,x\nc,d\ne,f\ng,6\"\nh,i\n", [][]string{{"a", "b"}, {`"5`, "x"}, {"c", "d"}, {"e", "f"}, {"g", `6"`}, {"h", "i"}}},
		"text after the quote":      {none, "a,b,c\n\"x\"y,z\n1,2,3\n", [][]string{{"a", "b", "c"}, {"xy", "z"}, {"1", "2", "3"}}},
		"quote in the middle":       {none, "a,b\n\"x\"y, z\",1\n", [][]string{{"a", "b"}, {`x"y, z`, "1"}}},
		"stray over lines":          {none, "a,b\nc,d\n\"x \"y\" z\nw\",1\ne,f\n", [][]string{{"a", "b"}, {"c", "d"}, {"x \"y\" z\nw", "1"}, {"e", "f"}}},
		"blank lines":               {none, "a,b\n\n   \nc,d\n", [][]string{{"a", "b"}, {"c", "d"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := readGrid(t, []byte(c.content), c.declared)
			if !slices.EqualFunc(got.rows, c.want, slices.Equal) {
				t.Errorf("got  %q\nwant %q", got.rows, c.want)
			}
		})
	}
}

func TestNewReader_impossibleDialect(t *testing.T) {
	for name, d := range map[string]Declared{
		"line end": {Delimiter: text("\n")}, "same mark": {Delimiter: text(","), Quote: text(",")},
		"long escape": {Escape: text("ab")}, "three quotes": {Quote: text("abc")}, "encoding": {Encoding: "klingon"},
		"negative": {PreambleLines: number(-1)}, "long header": {HeaderLines: number(101)}, "no text": {Delimiter: text("\xff")},
		"long delimiter": {Delimiter: text(strings.Repeat("-", 17))}, "escape in delimiter": {Delimiter: text(`\t`), Escape: text(`\`)},
	} {
		if _, err := NewReader(strings.NewReader("a,b\n"), d, Limits{}); !errors.Is(err, ErrDialect) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestRead_limits(t *testing.T) {
	limits := Limits{SampleBytes: 1 << 10, FieldBytes: 2 << 10, RecordBytes: 8 << 10, RecordLines: 20, Columns: 50}
	rows := strings.Repeat("a,b\n", 1000)
	for name, c := range map[string]struct {
		tail string
		what string
	}{
		"cell":    {strings.Repeat("x", 3<<10) + ",b\n", "a cell of bytes"},
		"line":    {strings.Repeat("x", 100<<10), "a record of bytes"},
		"columns": {strings.Repeat(",", 60) + "x\n", "a record of cells"},
		"quoted":  {`"x"` + strings.Repeat(",", 60) + "\n", "a record of cells"},
	} {
		r, err := NewReader(strings.NewReader(rows+c.tail), Declared{}, limits)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = r.Read()
		}
		var limit *LimitError
		if !errors.As(err, &limit) || !errors.Is(err, ErrLimit) || limit.What != c.what || limit.Line != 1001 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A quote that stays open longer than a record may be is text.
	got := 0
	r, err := NewReader(strings.NewReader(rows+"\"a,b\n"+rows), Declared{}, limits)
	if err != nil {
		t.Fatal(err)
	}
	for ; err == nil; got++ {
		_, err = r.Read()
	}
	if !errors.Is(err, io.EOF) || got-1 < 1999 {
		t.Errorf("%d records, %v", got-1, err)
	}
}

func TestWriteJSONLines(t *testing.T) {
	content := "a,b\n1,\"x\n\"\"y\"\" \\ \x01 <é>\"\n\n2,\n"
	r, err := NewReader(strings.NewReader(content), Declared{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteJSONLines(context.Background(), &b, r); err != nil {
		t.Fatal(err)
	}
	want := `{"dialect":{"delimiter":",","quote":"\"","escape":"\"","encoding":"utf-8","header_lines":1,"preamble_lines":0},"header":["a","b"]}
{"line":2,"cells":["1","x\n\"y\" \\ \u0001 <é>"]}
{"line":5,"cells":["2",""]}
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	for line := range strings.Lines(b.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

func TestWriteJSONLines_headerOfSeveralRows(t *testing.T) {
	content := "país,total\nnombre,personas\nCuba,1\nHaití,2\nPerú,3\n"
	r, err := NewReader(strings.NewReader(content), Declared{HeaderLines: number(2)}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteJSONLines(context.Background(), &b, r); err != nil {
		t.Fatal(err)
	}
	if want := `"header":["país nombre","total personas"],"header_rows":[["país","total"],["nombre","personas"]]}`; !strings.Contains(b.String(), want) {
		t.Errorf("no %s in\n%s", want, b.String())
	}
}

func TestWriteJSONLines_canceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := NewReader(strings.NewReader(strings.Repeat("a,1\n", 10_000)), Declared{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteJSONLines(ctx, io.Discard, r); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// What follows the sample is decoded like the rest of the file.
func TestRead_bytesBeyondTheSample(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "%d,plain\n", i)
	}
	got, d := readGrid(t, []byte(b.String()+"5000,a\xf1o\n5001,año\n"), Declared{})
	tail := got.rows[len(got.rows)-2:]
	if d.Encoding != encCP1252 && (tail[0][1] != "año" || tail[1][1] != "año") {
		t.Errorf("%s: %q", d.Encoding, tail)
	}
}
