package dialect

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// grid is a table as it should be read.
type grid struct{ header, rows [][]string }

// style is how a grid is written.
type style struct {
	delimiter, opening, closing, escape, end string
	all                                      bool // every cell in quotes
}

func plainStyle() style {
	return style{delimiter: ",", opening: `"`, closing: `"`, escape: `"`, end: "\r\n"}
}

func (s style) cell(c string) string {
	if s.opening == "" {
		return c
	}
	if !s.all && !strings.Contains(c, s.delimiter) && !strings.Contains(c, s.opening) && !strings.Contains(c, s.closing) && !strings.ContainsAny(c, "\r\n") {
		return c
	}
	if s.escape != "" {
		if s.escape != s.closing {
			c = strings.ReplaceAll(c, s.escape, s.escape+s.escape)
		}
		c = strings.ReplaceAll(c, s.closing, s.escape+s.closing)
	}
	return s.opening + c + s.closing
}

func (s style) cells(row []string) []string {
	out := make([]string, len(row))
	for i, c := range row {
		out[i] = s.cell(c)
	}
	return out
}

func (s style) line(row []string) string { return strings.Join(s.cells(row), s.delimiter) }

func (s style) lines(g grid) []string {
	var out []string
	for _, r := range slices.Concat(g.header, g.rows) {
		out = append(out, s.line(r))
	}
	return out
}

func (s style) file(lines []string) string { return strings.Join(lines, s.end) + s.end }

func (s style) declared(header, preamble int) Declared {
	quote := s.opening
	if s.closing != s.opening {
		quote += s.closing
	}
	delimiter, escape := s.delimiter, s.escape
	return Declared{Delimiter: &delimiter, Quote: &quote, Escape: &escape, HeaderLines: &header, PreambleLines: &preamble}
}

// bases are clean tables of several characters.
func bases() map[string]grid {
	states := []string{"Chiapas", "Veracruz", "Michoacán", "Nuevo León", "Ciudad de México"}
	mixed := grid{header: [][]string{{"DATE", "TIME", "Qty", "PRODUCTID", "Price", "ProductType", "ProductDescription", "URL", "Comments"}}}
	for i := range 84 {
		comment := ""
		switch i % 4 {
		case 1:
			comment = "good, but small"
		case 2:
			comment = `12" and "new"`
		case 3:
			comment = "plain text"
		}
		mixed.rows = append(mixed.rows, []string{
			fmt.Sprintf("%02d/%02d/2018", i%12+1, i%28+1), fmt.Sprintf("%02d:%02d:00", i%24, i%60), fmt.Sprint(i % 9), fmt.Sprintf("IT-%04d", i*37%9999),
			fmt.Sprintf("$%d.%02d", i*7%400, i%100), []string{"Inks", "Wire", "Paper"}[i%3], fmt.Sprintf("Item %d, size %d", i%11, i%5),
			fmt.Sprintf("http://example.test/p?id=%d", i), comment,
		})
	}
	counts := grid{header: [][]string{{"entidad", "mes", "eventos", "tasa", "observaciones"}}}
	for i := range 40 {
		note := ""
		if i%5 == 0 {
			note = "cifra preliminar"
		}
		counts.rows = append(counts.rows, []string{states[i%5], fmt.Sprintf("2024-%02d", i%12+1), fmt.Sprint(i * i), fmt.Sprintf("%d.%d", i, i%10), note})
	}
	words := grid{header: [][]string{{"institución", "país", "situación", "nota"}}}
	for i := range 25 {
		words.rows = append(words.rows, []string{
			[]string{"FGR", "INM", "COMAR"}[i%3] + " " + states[i%5], []string{"Haití", "Cuba", "España"}[i*7%3], []string{"abierta", "cerrada"}[i%2], "n. " + states[(i*3)%5],
		})
	}
	long := grid{header: [][]string{{"id", "text", "amount"}}}
	for i := range 30 {
		long.rows = append(long.rows, []string{fmt.Sprint(100 + i), fmt.Sprintf("first line %d\nsecond, with \"quote\"\n\nlast", i), fmt.Sprintf("%d.50", i)})
	}
	pair := grid{header: [][]string{{"name", "value"}}}
	for i := range 20 {
		pair.rows = append(pair.rows, []string{"key " + string(rune('a'+i)), fmt.Sprint(i * 3)})
	}
	return map[string]grid{"mixed": mixed, "counts": counts, "words": words, "multiline": long, "pair": pair}
}

// polluted is one file with one pollution.
type polluted struct {
	kind, name string
	content    []byte
	declared   Declared
	want       grid
}

// suite is every pollution of every base, written plainly and all in quotes.
func suite() []polluted {
	var out []polluted
	for name, g := range bases() {
		for _, all := range []bool{false, true} {
			b := &builder{name: fmt.Sprintf("%s/all=%v", name, all), grid: g, style: plainStyle()}
			b.style.all = all
			b.wholeFile()
			b.marks()
			b.encodings()
			b.stacked()
			b.headers()
			if !all || name != "mixed" { // like the benchmark's own table
				b.singleRows()
			}
			out = append(out, b.out...)
		}
	}
	return append(out, loose()...)
}

type builder struct {
	name  string
	grid  grid
	style style
	out   []polluted
}

func (b *builder) add(kind, detail, content string, d Declared, want grid) {
	b.out = append(b.out, polluted{kind, b.name + "/" + detail, []byte(content), d, want})
}

func (b *builder) wholeFile() {
	s, g := b.style, b.grid
	lines := s.lines(g)
	d := s.declared(1, 0)
	b.add("clean", "", s.file(lines), d, g)
	b.add("no final newline", "", strings.TrimSuffix(s.file(lines), s.end), d, g)
	b.add("doubled final newline", "", s.file(lines)+s.end, d, g)
	spaced := slices.Insert(slices.Clone(lines), 3, "", "")
	b.add("blank rows", "", s.file(spaced), d, g)
	for name, end := range map[string]string{"LF": "\n", "CR": "\r"} {
		s.end = end
		b.add("record delimiter", name, s.file(lines), d, g)
	}
}

func (b *builder) marks() {
	for _, delimiter := range []string{";", "\t", "|", " ", ", ", "^", "||"} {
		s := b.style
		s.delimiter = delimiter
		b.add("field delimiter", fmt.Sprintf("%q", delimiter), s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	}
	for _, q := range [][2]string{{"'", "'"}, {"`", "`"}, {"“", "”"}, {"«", "»"}} {
		s := b.style
		s.opening, s.closing, s.escape = q[0], q[1], q[1]
		b.add("quotation mark", q[0], s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	}
	s := b.style
	s.escape = `\`
	b.add("escape character", "backslash", s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	s.escape = ""
	b.add("escape character", "none", s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	s = b.style
	s.delimiter, s.opening, s.closing, s.escape = "|", "", "", ""
	if text := s.file(s.lines(b.grid)); !strings.Contains(text, "\n\n") {
		b.add("quotation mark", "none", text, s.declared(1, 0), b.grid)
	}
}

func (b *builder) encodings() {
	s := b.style
	g := grid{header: b.grid.header}
	for i, r := range b.grid.rows {
		r = slices.Clone(r)
		if i%3 == 0 {
			r[0] += " Ñandú"
		}
		g.rows = append(g.rows, r)
	}
	text := s.file(s.lines(g))
	add := func(name, content string) {
		d := s.declared(1, 0)
		d.Encoding = name
		b.add("encoding", name, content, d, g)
	}
	add("utf-8", text)
	add("utf-8-sig", bomUTF8+text)
	must := func(out string, err error) string {
		if err != nil {
			panic(err)
		}
		return out
	}
	add("latin-1", must(charmap.ISO8859_1.NewEncoder().String(text)))
	add("cp1252", must(charmap.Windows1252.NewEncoder().String(text)))
	add("utf-16", must(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)))
	add("utf-16be", must(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(text)))
}

// stacked files hold more than one table.
func (b *builder) stacked() {
	s, g := b.style, b.grid
	lines := s.lines(g)
	padded := make([]string, len(g.header[0]))
	padded[0] = "Reporte anual"
	for name, preamble := range map[string][]string{
		"title":  {"Reporte anual", ""},
		"titles": {"Reporte anual 2024", "Fuente: registros propios", "", ""},
		"tight":  {"Reporte anual de la unidad"},
		"padded": {s.line(padded), strings.Repeat(s.delimiter, len(padded)-1)},
	} {
		b.add("preamble", name, s.file(append(slices.Clone(preamble), lines...)), s.declared(1, len(preamble)), g)
	}
	notes := grid{g.header, append(slices.Clone(g.rows), []string{"Fuente: elaboración propia"}, []string{"Nota: cifras preliminares"})}
	b.add("footnotes", "", s.file(append(slices.Clone(lines), "", "Fuente: elaboración propia", "Nota: cifras preliminares")), s.declared(1, 0), notes)
	for name, width := range map[string]int{"less": len(g.header[0]) - 1, "same": len(g.header[0]), "more": len(g.header[0]) + 2} {
		if width < 2 {
			continue
		}
		second := resized(g, width)
		if width == len(g.header[0]) {
			// The same names again are no record.
			b.add("several tables", name+" below", s.file(slices.Concat(lines, []string{""}, s.lines(second))), s.declared(1, 0), grid{g.header, slices.Concat(g.rows, second.rows)})
			b.add("several tables", name+" above", s.file(slices.Concat(s.lines(second), []string{""}, lines)), s.declared(1, 0), grid{g.header, slices.Concat(second.rows, g.rows)})
			continue
		}
		rows := slices.Concat(second.header, second.rows)
		after := grid{g.header, append(slices.Clone(g.rows), rows...)}
		b.add("several tables", name+" below", s.file(slices.Concat(lines, []string{""}, s.lines(second))), s.declared(1, 0), after)
		before := grid{second.header, slices.Concat(second.rows, g.header, g.rows)}
		b.add("several tables", name+" above", s.file(slices.Concat(s.lines(second), []string{""}, lines)), s.declared(1, 0), before)
	}
}

// resized is a shorter table of another width.
func resized(g grid, width int) grid {
	var out grid
	fit := func(r []string, more string) []string {
		r = slices.Clone(r[:min(width, len(r))])
		for i := len(r); i < width; i++ {
			r = append(r, fmt.Sprintf("%s %d", more, i))
		}
		return r
	}
	out.header = [][]string{fit(g.header[0], "extra")}
	for _, r := range g.rows[:12] {
		out.rows = append(out.rows, fit(r, "more"))
	}
	return out
}

func (b *builder) headers() {
	s, g := b.style, b.grid
	lines := s.lines(g)
	if b.grid.header[0][0] != "institución" || !b.style.all { // text alone cannot tell; once is enough
		b.add("header missing", "", s.file(lines[1:]), s.declared(0, 0), grid{nil, g.rows})
	}
	for n := 2; n <= 3; n++ {
		h := grid{rows: g.rows}
		for i := range n {
			var row []string
			for _, name := range g.header[0] {
				row = append(row, fmt.Sprintf("%s part %c", name, 'a'+i))
			}
			h.header = append(h.header, row)
		}
		b.add("header of several rows", fmt.Sprint(n), s.file(s.lines(h)), s.declared(n, 0), h)
	}
	b.add("header only", "", s.file(lines[:1]), s.declared(1, 0), grid{header: g.header})
	b.add("one row", "", s.file(s.lines(grid{g.header, g.rows[:1]})), s.declared(1, 0), grid{g.header, g.rows[:1]})
	b.add("empty", "", "", s.declared(0, 0), grid{})
}

// singleRows pollutes one row of a file at a time.
func (b *builder) singleRows() {
	s, g := b.style, b.grid
	lines := s.lines(g)
	d := s.declared(1, 0)
	rows := slices.Concat(g.header, g.rows)
	for _, x := range []int{0, 1, len(rows) / 2, len(rows) - 1} {
		cells := s.cells(rows[x])
		replaced := func(row []string) grid {
			out := slices.Clone(rows)
			out[x] = row
			return grid{out[:1], out[1:]}
		}
		file := func(line string) string {
			out := slices.Clone(lines)
			out[x] = line
			return s.file(out)
		}
		for y := range cells {
			name := fmt.Sprintf("row %d cell %d", x, y)
			more := slices.Insert(slices.Clone(cells), y, "")
			b.add("more delimiters", name, file(strings.Join(more, s.delimiter)), d, replaced(slices.Insert(slices.Clone(rows[x]), y, "")))
			if y > 0 {
				raw, text := slices.Clone(cells), slices.Clone(rows[x])
				raw[y-1] += raw[y]
				if s.all {
					b.add("fewer delimiters", name, file(strings.Join(slices.Delete(raw, y, y+1), s.delimiter)), d, replaced(text)) // the quotes still tell the cells apart
				} else {
					text[y-1] += text[y]
					b.add("fewer delimiters", name, file(strings.Join(slices.Delete(raw, y, y+1), s.delimiter)), d, replaced(slices.Delete(text, y, y+1)))
				}
			}
			for where, at := range map[string]func(string) int{
				"start": func(string) int { return 0 }, "end": func(c string) int { return len(c) }, "middle": func(c string) int { return strings.Index(c, " ") },
			} {
				c := rows[x][y]
				i := at(c)
				if i < 0 || where == "middle" && i == 0 {
					continue
				}
				raw, text := slices.Clone(cells), slices.Clone(rows[x])
				text[y] = c[:i] + `"` + c[i:]
				switch inner, quoted := strings.CutPrefix(raw[y], s.opening); {
				case !quoted:
					raw[y] = text[y]
				case where == "start":
					raw[y] = s.opening + `"` + inner
				case where == "end":
					raw[y] += `"`
				default:
					continue // an escape before it may make it a pair
				}
				b.add("extra quote", name+" "+where, file(strings.Join(raw, s.delimiter)), d, replaced(text))
			}
		}
		line := strings.Join(cells, " ")
		if !strings.Contains(line, `"`) && x > 0 {
			b.add("row with another delimiter", fmt.Sprint(x), file(line), d, replaced(strings.Split(line, s.delimiter)))
		}
	}
}

// loose files are not made from the bases.
func loose() []polluted {
	s := plainStyle()
	var out []polluted
	add := func(kind string, g grid, content string, header int) {
		out = append(out, polluted{kind, "loose", []byte(content), s.declared(header, 0), g})
	}
	one := grid{header: [][]string{{"comentario"}}}
	for i := range 30 {
		one.rows = append(one.rows, []string{[]string{"muy bien", "regular", "no sé", "sí, claro"}[i%4]})
	}
	add("single column", one, s.file(s.lines(one)), 1)
	holes := grid{one.header, slices.Insert(slices.Clone(one.rows), 4, []string{""})}
	add("single column", holes, s.file(s.lines(holes)), 1)
	add("single column", holes, s.file(s.lines(holes))+"\r\n", 1)
	wide := grid{header: [][]string{nil}}
	for i := range 3000 {
		wide.header[0] = append(wide.header[0], fmt.Sprintf("c%d", i))
	}
	for i := range 20 {
		var row []string
		for j := range 3000 {
			row = append(row, fmt.Sprint(i*j))
		}
		wide.rows = append(wide.rows, row)
	}
	add("many columns", wide, s.file(s.lines(wide)), 1)
	tall := grid{header: bases()["counts"].header}
	for range 1000 {
		tall.rows = append(tall.rows, bases()["counts"].rows...)
	}
	add("many rows", tall, s.file(s.lines(tall)), 1)
	large := bases()["multiline"]
	large.rows[7][1] = strings.Repeat("a long text, \"quoted\"\n", 5000)
	add("large field", large, s.file(s.lines(large)), 1)
	return out
}
