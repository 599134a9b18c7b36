package dialect

import (
	"fmt"
	"slices"
	"strings"
)

// benchmarkFiles are pollutions of one table of 84 rows and 9 columns, all cells
// in quotes, of the kinds of the benchmark: 22 pollute the whole file, the others
// one row or cell of it. The table and its writing are our own; what a polluted
// file truly holds is what the benchmark says of that kind. Of the rows only one
// in every is polluted; the mean weighs the kinds by their 2,290 files.
//
// One kind we judge otherwise: of a second table under the first the benchmark
// keeps nothing, a reader that loses no line keeps its records. The scores count
// it as the benchmark does.
func benchmarkFiles(every int) []polluted {
	b := &builder{name: "registro", grid: register(), style: plainStyle()}
	b.style.all = true
	b.benchmarkWhole()
	b.benchmarkMarks()
	b.benchmarkRows(every)
	return b.out
}

// benchmarkCounts are how many files of a kind the benchmark has, where these
// are fewer.
func benchmarkCounts() map[string]int {
	return map[string]int{"row: a delimiter more": 756, "row: a delimiter less": 672, "row: a quote more": 756, "row: delimited by blanks": 84}
}

// register is an invented register of 83 records: dates, times, numbers, money,
// text with commas, quotes and apostrophes, addresses, and an empty column.
func register() grid {
	g := grid{header: [][]string{{"FECHA", "HORA", "Num", "FOLIO", "Monto", "Tipo", "Descripcion", "Enlace", "Notas"}}}
	kinds := []string{"Alimentos", "Transporte, terrestre", "Equipo 24\"", "D'Artagnan's", "Hospedaje", "Papel \"bond\" carta"}
	texts := []string{
		"Entrega parcial, la segunda del mes; falta el acuse.", "Sin observaciones", "Medidas: 8'9\" de largo, 12\" de ancho",
		"Compra de cobijas, colchonetas y agua para el módulo; no incluye flete", "It's what l'Oasis can't deliver, they're late", "Pago único",
	}
	for i := range 83 {
		note := ""
		if i%9 == 4 {
			note = "revisar"
		}
		g.rows = append(g.rows, []string{
			fmt.Sprintf("%02d/%02d/2018", i*7%28+1, i%12+1), fmt.Sprintf("%02d:%02d", i%24, i*15%60), fmt.Sprint(i * 5 % 31), fmt.Sprintf("%c%c-%04d", 'A'+i%26, 'A'+i*3%26, i*379%9973),
			fmt.Sprintf("$%d.%02d", i*37%100, i*11%100), kinds[i%len(kinds)], texts[i*5%len(texts)] + fmt.Sprintf(" (%d)", i),
			fmt.Sprintf("https://ejemplo.test/ficha/%d.html", i*379%9973), note,
		})
	}
	return g
}

func (b *builder) benchmarkWhole() {
	s, g := b.style, b.grid
	lines := s.lines(g)
	d := s.declared(1, 0)
	b.add("clean", "", s.file(lines), d, g)
	b.add("file: empty", "", "", s.declared(0, 0), grid{})
	b.add("file: no final line end", "", strings.TrimSuffix(s.file(lines), s.end), d, g)
	b.add("file: doubled final line end", "", s.file(lines)+s.end, d, g)
	b.add("file: no header", "", s.file(lines[1:]), s.declared(0, 0), grid{nil, g.rows})
	for n := 2; n <= 3; n++ {
		h := grid{rows: g.rows}
		for range n {
			h.header = append(h.header, g.header[0])
		}
		b.add("file: header of several rows", fmt.Sprint(n), s.file(s.lines(h)), s.declared(n, 0), h)
	}
	title := make([]string, len(g.header[0]))
	title[0] = "REGISTRO"
	b.add("file: preamble", "", s.file(slices.Concat([]string{s.line(title), s.line(title), s.line(make([]string, len(title)))}, lines)), s.declared(1, 3), g)
	for name, width := range map[string]int{"less": 6, "same": 9, "more": 12} {
		b.add("file: several tables", name, s.file(slices.Concat(lines, []string{""}, s.lines(resized(g, width)))), d, g)
	}
	b.add("file: header only", "", s.file(lines[:1]), d, grid{header: g.header})
	b.add("file: one record", "", s.file(lines[:2]), d, grid{g.header, g.rows[:1]})
}

func (b *builder) benchmarkMarks() {
	for _, delimiter := range []string{";", "\t", " ", ", "} {
		s := b.style
		s.delimiter = delimiter
		b.add("file: field delimiter", fmt.Sprintf("%q", delimiter), s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	}
	s := b.style
	// The apostrophes of the text are not escaped, as the benchmark writes them.
	s.opening, s.closing, s.escape = "'", "'", ""
	b.add("file: quotation mark", "'", s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	s = b.style
	s.escape = `\`
	b.add("file: escape character", "backslash", s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	s.escape = ""
	b.add("file: escape character", "none", s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	for name, end := range map[string]string{"LF": "\n", "CR": "\r"} {
		s := b.style
		s.end = end
		b.add("file: record delimiter", name, s.file(s.lines(b.grid)), s.declared(1, 0), b.grid)
	}
}

// benchmarkRows pollutes each row, and each cell of it, in a file of its own.
func (b *builder) benchmarkRows(every int) {
	s, g := b.style, b.grid
	lines, rows, d := s.lines(g), slices.Concat(g.header, g.rows), s.declared(1, 0)
	for x := range rows {
		if x > 3 && x%every != 0 && x < len(rows)-2 {
			continue
		}
		add := func(kind, name, line string, row []string) {
			text, held := slices.Clone(lines), slices.Clone(rows)
			text[x], held[x] = line, row
			b.add(kind, fmt.Sprintf("row %d %s", x, name), s.file(text), d, grid{held[:1], held[1:]})
		}
		cells := s.cells(rows[x])
		for y := range cells {
			name := fmt.Sprint("cell ", y)
			add("row: a delimiter more", name, strings.Join(slices.Insert(slices.Clone(cells), y, ""), s.delimiter), slices.Insert(slices.Clone(rows[x]), y, ""))
			if y > 0 {
				joined := slices.Clone(cells)
				joined[y-1] += joined[y]
				add("row: a delimiter less", name, strings.Join(slices.Delete(joined, y, y+1), s.delimiter), rows[x])
			}
			quoted, text := slices.Clone(cells), slices.Clone(rows[x])
			quoted[y] = s.opening + quoted[y]
			text[y] = s.opening + text[y]
			add("row: a quote more", name, strings.Join(quoted, s.delimiter), text)
		}
		add("row: delimited by blanks", "", strings.Join(cells, " "), rows[x])
	}
}
