package dialect

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// surveyFiles are shaped like the files that the benchmark's authors found on
// the web: reports of public bodies saved from spreadsheets, and output of
// instruments and programs. Shapes only: all content is invented. What they
// truly hold follows the benchmark's cleaned copies: titles, captions, notes
// and rows of delimiters are no records, tables below each other are one,
// the rows of a header are one.
func surveyFiles() []polluted {
	shapes := []struct {
		kind string
		make func(v int) polluted
	}{
		{"plain register", surveyPlain}, {"titles above", surveyTitles}, {"titles in full width", surveyPadded},
		{"header under merged cells", surveyMerged}, {"header with a gap", surveyGap}, {"groups of rows", surveyGroups},
		{"tables below each other", surveyStacked}, {"settings above", surveySettings}, {"numbers alone", surveyNumbers},
		{"delimiter at the end of rows", surveyTrailing}, {"line end in the last cell", surveyLineEnd}, {"semicolons, decimal commas", surveySemicolons},
		{"tabs", surveyTabs}, {"text in lines", surveyText}, {"notes below", surveyNotes}, {"one column", surveyColumn},
		{"empty columns", surveyEmptyColumns}, {"few rows", surveyFew}, {"many columns", surveyMany}, {"rows cut short", surveyShort},
	}
	var out []polluted
	for _, s := range shapes {
		for v := range 5 {
			p := s.make(v)
			p.kind, p.name = s.kind, fmt.Sprint("variant ", v)
			out = append(out, p)
		}
	}
	return out
}

func surveyFile(s style, lines []string, want grid, preamble int) polluted {
	return polluted{content: []byte(s.file(lines)), declared: s.declared(len(want.header), preamble), want: want}
}

// surveyTable is a register of v+8 records whose columns are of several kinds.
func surveyTable(v int) grid {
	g := grid{header: [][]string{{"Unidad", "Fecha", "Tipo de gasto", "Proveedor", "Folio", "Importe"}}}
	units := []string{"Delegación Norte", "Delegación Sur", "Oficina central"}
	kinds := []string{"Viáticos", "Papelería, consumibles", "Mantenimiento"}
	for i := range v*4 + 8 {
		amount := fmt.Sprintf("%d.%02d", 100+i*37%900, i*13%100)
		if i%3 == 0 {
			amount = fmt.Sprintf("%d,%03d.%02d", i+1, i*71%1000, i*13%100)
		}
		g.rows = append(g.rows, []string{units[(i+v)%3], fmt.Sprintf("%02d/%02d/2016", i%28+1, v+1), kinds[i*v%3], fmt.Sprintf("Proveedor %c S.A. de C.V.", 'A'+i%26), fmt.Sprint(51000 + i*17), "$" + amount})
	}
	return g
}

func surveyPlain(v int) polluted {
	s, g := plainStyle(), surveyTable(v)
	if v%2 == 1 {
		s.end = "\n"
	}
	p := surveyFile(s, s.lines(g), g, 0)
	if v > 2 {
		text, err := charmap.Windows1252.NewEncoder().String(string(p.content))
		if err != nil {
			panic(err)
		}
		p.content, p.declared.Encoding = []byte(text), "windows-1252"
	}
	return p
}

func surveyTitles(v int) polluted {
	s, g := plainStyle(), surveyTable(v)
	top := []string{"Dirección de Recursos", "Gastos mayores, primer trimestre", "", "Actualizado: 3 de abril de 2016"}[:v%4+1]
	return surveyFile(s, slices.Concat(top, []string{""}, s.lines(g)), g, len(top)+1)
}

// full is a row with a title in its first cell.
func full(s style, title string, width int) string {
	row := make([]string, width)
	row[0] = title
	return s.line(row)
}

func surveyPadded(v int) polluted {
	s, g := plainStyle(), surveyTable(v)
	top := []string{full(s, "Dirección de Recursos", 6), full(s, "Viajes oficiales", 6), full(s, "Periodo: 1 de enero al 31 de marzo de 2013", 6)}[:v%3+1]
	return surveyFile(s, append(top, s.lines(g)...), g, len(top))
}

func surveyMergedTable(v int) (top [][]string, want grid) {
	groups := []string{"Personal de base", "Personal eventual", "Costo"}[:v%2+2]
	row, below, names := []string{"Organismo", "Tipo"}, []string{"", ""}, []string{"Organismo", "Tipo"}
	for _, g := range groups {
		row = append(row, g, "")
		below = append(below, "Plazas", "Horas")
		names = append(names, g+" Plazas", g+" Horas")
	}
	row, below, names = append(row, "Total"), append(below, ""), append(names, "Total")
	want.header = [][]string{names}
	for i := range 9 + v {
		r := []string{fmt.Sprintf("Instituto %c", 'A'+i), []string{"Descentralizado", "Central"}[i%2]}
		for j := range 2 * len(groups) {
			r = append(r, fmt.Sprint((i+3)*(j+7)*(v+1)))
		}
		want.rows = append(want.rows, append(r, fmt.Sprintf("%d,%03d", i+1, i*111%1000)))
	}
	return [][]string{row, below}, want
}

func surveyMerged(v int) polluted {
	s := plainStyle()
	top, want := surveyMergedTable(v)
	p := surveyFile(s, slices.Concat(s.lines(grid{rows: top}), s.lines(grid{rows: want.rows})), want, 0)
	p.declared.HeaderLines = number(2)
	return p
}

func surveyGap(v int) polluted {
	s := plainStyle()
	top, want := surveyMergedTable(v)
	gap := s.line(make([]string, len(top[0])))
	lines := slices.Concat([]string{full(s, "Secretaría de Obras, titular", len(top[0])), full(s, "Gastos: abril a junio de 2012", len(top[0])), gap},
		[]string{s.line(top[0]), gap, s.line(top[1])}, s.lines(grid{rows: want.rows}), []string{gap})
	p := surveyFile(s, lines, want, 3)
	p.declared.HeaderLines = number(3)
	return p
}

// surveyGroups has rows whose first cells are empty: they go on with the one
// above.
func surveyGroups(v int) polluted {
	s, g := plainStyle(), grid{header: [][]string{{"Titular", "Mes", "Organización", "Asunto"}}}
	for i := range 5 + v {
		g.rows = append(g.rows, []string{"Subsecretaría de Enlace", fmt.Sprintf("%s-14", []string{"oct", "nov", "dic"}[i%3]), fmt.Sprintf("Cámara %c", 'A'+i), "Reunión de seguimiento, mesa " + fmt.Sprint(i+1)})
		for j := range i % 4 {
			g.rows = append(g.rows, []string{"", "", fmt.Sprintf("Fundación %d", j), ""})
		}
	}
	return surveyFile(s, s.lines(g), g, 0)
}

func surveyStacked(v int) polluted {
	s, g := plainStyle(), surveyTable(v)
	second := grid{header: [][]string{{"Fecha", "Quien ofrece", "Tipo de cortesía", "", "", ""}}}
	for i := range v + 2 {
		second.rows = append(second.rows, []string{fmt.Sprintf("%s-12", []string{"abr", "may", "jun"}[i%3]), fmt.Sprintf("Asociación %c", 'K'+i), "Comida", "", "", ""})
	}
	gap := full(s, "", 6)
	lines := slices.Concat(s.lines(g), []string{gap, full(s, "Cortesías recibidas", 6), gap}, s.lines(second), []string{gap})
	return surveyFile(s, lines, grid{g.header, slices.Concat(g.rows, second.header, second.rows)}, 0)
}

// surveySettings is output of an instrument: names and values, then numbers
// padded with blanks.
func surveySettings(v int) polluted {
	s, g := plainStyle(), grid{header: [][]string{{"##Temp./C", "Tiempo/min", "tan d(1.000 Hz)", "E(1.000 Hz)/MPa"}}}
	for i := range 40 {
		g.rows = append(g.rows, []string{fmt.Sprintf("%9.5f", 21.5+float64(i)*.27), fmt.Sprintf("%8.5f", .88+float64(i)*.05), fmt.Sprintf("%.4e", .0565+float64(i)/1e4), fmt.Sprintf("%.5f", 5353-float64(i)*.09)})
	}
	var top []string
	for i := range v*3 + 4 {
		top = append(top, fmt.Sprintf("#CAMPO %-8d:,%-30s", i, []string{"DATOS", "1", "50.000x10.000", "2016-12-21 12:31:41 (UTC+8)"}[i%4]))
	}
	return surveyFile(s, slices.Concat(top, []string{""}, s.lines(g)), g, len(top)+1)
}

func surveyNumbers(v int) polluted {
	s, g := plainStyle(), grid{}
	s.delimiter = []string{", ", ",", " ", ";", "\t"}[v]
	for i := range 30 {
		var row []string
		for j := range 3 + 8*v {
			row = append(row, fmt.Sprintf("%d.%d", i*j%40, (i+j)%10))
		}
		g.rows = append(g.rows, row)
	}
	return surveyFile(s, s.lines(g), g, 0)
}

func surveyTrailing(v int) polluted {
	s, g := plainStyle(), grid{header: [][]string{{"Dato_x", "Dato_y", "x0001", "y0001"}}}
	s.delimiter = []string{",", ";"}[v%2]
	if v > 2 {
		g.header[0] = append(g.header[0], "")
	}
	for i := range 20 {
		g.rows = append(g.rows, []string{fmt.Sprintf("%.6f", 897.5-float64(i)*1.15), fmt.Sprintf("%.8f", float64(i*i)/7-74), fmt.Sprintf("%.6f", 897.5-float64(i)), fmt.Sprintf("%.7f", 247+float64(i)*5), ""})
	}
	return surveyFile(s, s.lines(g), g, 0)
}

func surveyLineEnd(v int) polluted {
	s, g := plainStyle(), grid{header: [][]string{nil}}
	s.delimiter, s.all, s.end = ";", true, "\n"
	row := []string{fmt.Sprintf("OR30x%d.dat", v), "1440"}
	for i := range 12 {
		g.header[0] = append(g.header[0], fmt.Sprintf("Valor %d", i))
		if i > 2 {
			row = append(row, fmt.Sprintf("%d.01", i*140+v))
		}
	}
	g.rows = [][]string{append(row, "\n")}
	return surveyFile(s, s.lines(g), g, 0)
}

func surveySemicolons(v int) polluted {
	s, g := plainStyle(), grid{header: [][]string{{"Entidad", "Tasa", "Variación", "Nota"}}}
	s.delimiter = ";"
	for i := range 12 + v {
		g.rows = append(g.rows, []string{fmt.Sprintf("Municipio %d", i), fmt.Sprintf("%d,%d", i*3, i%10), fmt.Sprintf("-%d,%02d", i, i*7%100), []string{"", "dato preliminar, sujeto a cambio"}[i%2]})
	}
	return surveyFile(s, s.lines(g), g, 0)
}

func surveyTabs(v int) polluted {
	s, g := plainStyle(), surveyTable(v)
	s.delimiter, s.opening, s.closing, s.escape = "\t", "", "", ""
	return surveyFile(s, s.lines(g), g, 0)
}

func surveyText(v int) polluted {
	s, g := plainStyle(), grid{header: [][]string{{"Id", "Comentario", "Respuesta", "Valor"}}}
	if v == 4 {
		s.escape = `\`
	}
	for i := range 10 + v {
		g.rows = append(g.rows, []string{fmt.Sprint(i), fmt.Sprintf("Dijo: \"no es así\", y repitió:\n- punto %d;\n- otro, más largo", i), []string{"Sí", "No", "N/A"}[i%3], fmt.Sprintf("%d%%", i*9)})
	}
	return surveyFile(s, s.lines(g), g, 0)
}

func surveyNotes(v int) polluted {
	s, g := plainStyle(), surveyTable(v)
	return surveyFile(s, append(s.lines(g), []string{"", "Fuente: registros propios", "p/ Cifras preliminares"}[:v%2+2]...), g, 0)
}

func surveyColumn(v int) polluted {
	s, g := plainStyle(), grid{header: [][]string{{"Clave"}}}
	for i := range 10 + v*5 {
		g.rows = append(g.rows, []string{[]string{fmt.Sprint(i * 31), fmt.Sprintf("MX-%03d", i), "Ciudad " + string(rune('A'+i%26)), fmt.Sprintf("2016-%02d-01", i%12+1), "texto, con coma"}[v]})
	}
	return surveyFile(s, s.lines(g), g, 0)
}

func surveyEmptyColumns(v int) polluted {
	s, g := plainStyle(), surveyTable(v)
	for _, rows := range [][][]string{g.header, g.rows} {
		for i := range rows {
			rows[i] = append(rows[i], make([]string, v+1)...)
		}
	}
	lines := s.lines(g)
	for range v {
		lines = append(lines, strings.Repeat(",", len(g.header[0])-1))
	}
	return surveyFile(s, lines, g, 0)
}

func surveyFew(v int) polluted {
	s, g := plainStyle(), surveyTable(0)
	g.rows = g.rows[:v%3+1]
	return surveyFile(s, s.lines(g), g, 0)
}

func surveyMany(v int) polluted {
	s, g := plainStyle(), grid{header: [][]string{{"abr-16"}}}
	for i := range 40 * (v + 1) {
		g.header[0] = append(g.header[0], fmt.Sprintf("Grupo %d > Caso %d", i/6, i%6))
	}
	for i := range 6 {
		row := []string{fmt.Sprintf("País %c", 'A'+i)}
		for j := range len(g.header[0]) - 1 {
			row = append(row, []string{fmt.Sprint(i * j % 9), ""}[(i+j)%2])
		}
		g.rows = append(g.rows, row)
	}
	return surveyFile(s, s.lines(g), g, 0)
}

// surveyShort leaves out the empty cells at the end of a row.
func surveyShort(v int) polluted {
	s, g := plainStyle(), surveyTable(v)
	for i := range g.rows {
		if i%4 == v%4 {
			g.rows[i] = g.rows[i][:4+i%2]
		}
	}
	return surveyFile(s, s.lines(g), g, 0)
}
