package data

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// The ids of the standard rules: what every delivered file is held against,
// whatever its dataset. A dataset's own rules have ids of their own.
const (
	RuleEmpty         = "R001"
	RuleOnlyBlank     = "R002"
	RuleHeaderOnly    = "R003"
	RuleNotCSV        = "R004"
	RuleEncoding      = "R005"
	RuleLoneCR        = "R006"
	RuleDelimiter     = "R007"
	RuleNoHeader      = "R008"
	RuleMissingColumn = "R009"
	RuleExtraColumn   = "R010"
	RuleRepeatedName  = "R011"
	RuleOpenQuote     = "R012"
	RuleTooBig        = "R013"
	RuleInteger       = "R014"
	RuleDecimal       = "R015"
	RuleRange         = "R016"
	RuleDate          = "R017"
	RulePattern       = "R018"
	RuleRequired      = "R019"
	RuleCatalog       = "R020"
	RuleWidth         = "R021"
	RuleQuotes        = "R022"
	RuleControl       = "R023"
	RuleInvalidBytes  = "R024"
	RuleMojibake      = "R025"
	RuleFieldTooLong  = "R026"
	RuleDuplicateRow  = "R027"
	RuleDuplicateKey  = "R028"
	RuleBlankMonth    = "R029"
	RuleTooManyBad    = "R030"
	RuleNoneAccepted  = "R031"
	RuleSynthetic     = "R032"
	RuleBlankLine     = "R033"
	RuleMixedLineEnds = "R034"
	RuleBoolean       = "R035"
	RuleSuppressed    = "R036"
	RuleTitleLine     = "R037"
	RuleSidecar       = "R038"
	RuleSymlink       = "R039"
	RuleCorrects      = "R040"
	RulePeriod        = "R041"
	RuleSheetCell     = "R042"
	RuleWorkbook      = "R043"
	RuleTotalRow      = "R050"
	RuleTotalColumn   = "R051"
	RulePartOfTotal   = "R052"
	RuleNoTotalRow    = "R053"
	RuleTitleValue    = "R054"
	RuleCode          = "R060"
	RuleCodeLabel     = "R061"
	RuleCodebook      = "R062"
	RuleCodeChanged   = "R063"
	RulePeriodGap     = "R070"
	RulePartlyCovered = "R071"
	RuleNothingNew    = "R072"
	RuleAmended       = "R073"
)

// Rule is one standard rule. Text, Expected, Bad and Good are Spanish, for
// agencies: what is wrong, what is expected, and one example of each.
type Rule struct {
	ID       string
	Severity Severity
	Text     string
	Expected string
	Bad      string
	Good     string
}

// Rules lists the standard rules in order of id.
func Rules() []Rule {
	return []Rule{
		{RuleEmpty, Refuse, "el archivo está vacío (0 bytes)", "un archivo con encabezado y filas", "(0 bytes)", "anio,mes,eventos"},
		{RuleOnlyBlank, Refuse, "el archivo solo tiene espacios o líneas en blanco", "un archivo con encabezado y filas", "(tres líneas en blanco)", "anio,mes,eventos"},
		{RuleHeaderOnly, Refuse, "el archivo tiene encabezado y ninguna fila", "al menos una fila debajo del encabezado", "anio,mes,eventos", "anio,mes,eventos / 2024,1,113839"},
		{RuleNotCSV, Refuse, "el contenido no es texto CSV, aunque el nombre lo diga", "un archivo de texto CSV sin comprimir", "archivo .xlsx renombrado a .csv", "«Guardar como… CSV UTF-8»"},
		{RuleEncoding, Refuse, "la codificación no es la que el contrato admite", "UTF-8 o Windows-1252, salvo que el contrato diga otra", "UTF-16 («Texto Unicode» de Excel)", "«CSV UTF-8 (delimitado por comas)»"},
		{RuleLoneCR, Refuse, "los fines de línea son retornos de carro solos (CR)", "fines de línea LF o CRLF", "fila 1 CR fila 2 CR", "fila 1 CRLF fila 2 CRLF"},
		{RuleDelimiter, Refuse, "el separador de columnas no es el declarado", "el separador del contrato", "anio;mes;eventos", "anio,mes,eventos"},
		{RuleNoHeader, Refuse, "no se reconoce el encabezado", "una fila de encabezado con los nombres del contrato", "2024,1,113839", "anio,mes,eventos"},
		{RuleMissingColumn, Refuse, "falta una columna", "todas las columnas obligatorias del contrato", "anio,eventos", "anio,mes,eventos"},
		{RuleExtraColumn, Refuse, "hay una columna que el contrato no conoce", "solo columnas del contrato o declaradas como ignoradas", "anio,mes,eventos,nota2", "anio,mes,eventos"},
		{RuleRepeatedName, Refuse, "un nombre de columna aparece dos veces", "cada columna una sola vez", "anio,anio,eventos", "anio,mes,eventos"},
		{RuleOpenQuote, Refuse, "una comilla se abre y no se cierra; desde ahí el archivo no se puede leer con certeza", "comillas dobles que abren y cierran la celda", `2024,"Chiapas,5`, `2024,"Chiapas",5`},
		{RuleTooBig, Refuse, "el archivo rebasa un límite declarado (bytes, columnas, largo de un registro o valores distintos)", "archivos dentro de los límites documentados", "20,000 columnas", "las columnas del contrato"},
		{RuleInteger, Quarantine, "no es un número entero", "dígitos sin separadores, signo ni espacios", "12.5", "12"},
		{RuleDecimal, Quarantine, "no es un número decimal", "dígitos y a lo más un separador decimal", "1e3", "1000.5"},
		{RuleRange, Quarantine, "está fuera del intervalo admitido", "un número dentro del intervalo del contrato", "13 (mes)", "12"},
		{RuleDate, Quarantine, "no es una fecha válida", "una fecha del calendario en la forma AAAA-MM-DD", "2024-02-30", "2024-02-29"},
		{RulePattern, Quarantine, "no tiene la forma que pide el contrato", "un texto con la forma del contrato", "7", "folio-0007, si el contrato pide esa forma"},
		{RuleRequired, Quarantine, "falta un valor obligatorio", "un valor en la celda", "2024,,5", "2024,1,5"},
		{RuleCatalog, Quarantine, "no está en el catálogo", "clave, nombre o sinónimo del catálogo", "Chapas", "Chiapas"},
		{RuleWidth, Quarantine, "la fila no tiene tantas celdas como el encabezado", "una celda por columna", "2024,1", "2024,1,5"},
		{RuleQuotes, Quarantine, "las comillas están mal puestas", "comillas solo alrededor de la celda entera; las de adentro, dobles", `5" tubo`, `"5"" tubo"`},
		{RuleControl, Quarantine, "contiene caracteres de control o invisibles", "texto visible", "Chia␀pas", "Chiapas"},
		{RuleInvalidBytes, Quarantine, "contiene bytes que no son de la codificación del archivo", "texto en la codificación declarada", `M\xe9xico en un archivo UTF-8`, "México"},
		{RuleMojibake, Quarantine, "contiene una secuencia sospechosa: parece texto UTF-8 leído con otra codificación", "texto con sus acentos", "MÃ©xico", "México"},
		{RuleFieldTooLong, Quarantine, "la celda rebasa el largo admitido", "celdas de hasta 64 KB", "(3 MB en una celda)", "un texto breve"},
		{RuleDuplicateRow, Quarantine, "la fila repite otra idéntica", "cada fila una sola vez", "2024,1,5 dos veces", "2024,1,5 una vez"},
		{RuleDuplicateKey, Quarantine, "dos filas tienen la misma clave y valores distintos", "una sola fila por clave", "2024,1,5 y 2024,1,6", "2024,1,5"},
		{RuleBlankMonth, Quarantine, "un mes ya publicado está en blanco", "un valor en cada mes publicado", "4,,7 con marzo publicado", "4,0,7"},
		{RuleTooManyBad, Refuse, "demasiadas filas tienen problemas", "menos filas con problemas que el umbral del contrato", "40 de 100 filas", "2 de 100 filas"},
		{RuleNoneAccepted, Refuse, "ninguna fila pudo aceptarse", "al menos una fila válida", "todas las filas con problemas", "una fila válida"},
		{RuleSynthetic, Refuse, "el archivo contiene filas simuladas y aquí hay reportes reales", "solo datos reales", "SIM-0000001", "un folio real"},
		{RuleBlankLine, Warn, "línea en blanco; no cuenta como fila", "filas sin líneas en blanco entre ellas", "(línea en blanco)", "2024,1,5"},
		{RuleMixedLineEnds, Warn, "el archivo mezcla fines de línea CRLF y LF", "un solo tipo de fin de línea", "CRLF y LF", "CRLF"},
		{RuleBoolean, Quarantine, "no es 0 ni 1", "0 o 1", "sí", "1"},
		{RuleSuppressed, Warn, "dato suprimido por la fuente: no es cero ni falta", "la marca de supresión del contrato", "<5", "*"},
		{RuleTitleLine, Refuse, "hay líneas de título antes del encabezado que el contrato no declara", "el encabezado en la primera línea", "Cuadro 3.1.1 / anio,mes", "anio,mes"},
		{RuleSidecar, Refuse, "el archivo acompañante .meta.yml no se puede leer", "publicado_en (AAAA-MM-DD, AAAA-MM o AAAA), fuente, corrige", "publicado: ayer", "publicado_en: 2025-06-03"},
		{RuleSymlink, Refuse, "es un enlace simbólico; no se sigue", "el archivo mismo", "reporte.csv → /otro/lugar.csv", "reporte.csv"},
		{RuleCorrects, Refuse, "dice corregir un reporte que no existe en este conjunto", "el número de un reporte del mismo conjunto", "corrige: 999", "corrige: 12"},
		{RulePeriod, Quarantine, "el periodo es posterior a la publicación o, si solo se sabe cuándo llegó el archivo, empieza más de un periodo después", "un periodo que ya había empezado al publicarse", "enero de 2052, publicado en 2025", "enero de 2025, publicado en 2025"},
		{RuleSheetCell, Quarantine, "la celda de la hoja no tiene un valor cierto: un error, una fórmula sin calcular, una celda combinada o más dígitos de los que Excel guarda", "un valor escrito en la celda", "#N/A", "0"},
		{RuleWorkbook, Refuse, "el libro de Excel no se puede leer", "un libro .xlsx sin contraseña, con el encabezado del contrato en una hoja visible", "libro.xls", "libro.xlsx"},
		{RuleTotalRow, Warn, "el renglón de un total o subtotal no es la suma de los renglones que abarca; el contrato dice si se avisa, si esos renglones van a cuarentena o si se rechaza el archivo", "la suma de sus renglones", "Total 120 / Honduras 70 / Cuba 48", "Total 118 / Honduras 70 / Cuba 48"},
		{RuleTotalColumn, Warn, "la columna de un total o subtotal no es la suma de las columnas que abarca; el contrato dice si se avisa, si el renglón va a cuarentena o si se rechaza el archivo", "la suma de sus columnas", "enero 3, febrero 4, total 8", "enero 3, febrero 4, total 7"},
		{RulePartOfTotal, Quarantine, "el renglón es parte de un total que no es la suma de sus partes, y nada dice cuál de los números es el equivocado", "renglones y totales que cuadran", "Honduras 70, en un total de 120 que suma 118", "Honduras 70, en un total de 118"},
		{RuleNoTotalRow, Refuse, "falta el renglón del total; sin él no se sabe si la tabla está completa", "el renglón que el contrato declara como total", "Honduras 70 / Cuba 48", "Total 118 / Honduras 70 / Cuba 48"},
		{RuleTitleValue, Refuse, "los títulos no dicen, o dicen de dos maneras, un dato que el contrato toma de ellos", "una línea de título con ese dato", "Cuadro 3.1.1 Eventos por país", "Cuadro 3.1.1 Eventos por país, 2024"},
		{RuleCode, Quarantine, "la clave no está en el libro de códigos", "una clave del libro de códigos", "9, que el libro no explica", "2, que el libro explica"},
		{RuleCodeLabel, Refuse, "el libro de códigos da a una clave una etiqueta que no está en el catálogo", "etiquetas del catálogo, o su clave en la columna canonico", "columna,2,una etiqueta que el catálogo no tiene", "columna,2,una etiqueta del catálogo"},
		{RuleCodebook, Refuse, "falta el libro de códigos o no se puede leer", "NOMBRE.codebook.csv al lado del archivo, con variable,codigo,etiqueta y, si hace falta, canonico", "datos.csv solo", "datos.csv y datos.codebook.csv"},
		{RuleCodeChanged, Warn, "el libro de códigos da a una clave otro significado que el del reporte anterior", "claves que significan lo mismo en cada entrega", "2 es hombre y antes era mujer", "2 es mujer, como antes"},
		{RulePeriodGap, Warn, "entre este reporte y los demás hay periodos que ninguno cubre", "reportes que se siguen sin huecos", "marzo después de enero", "febrero después de enero"},
		{RulePartlyCovered, Warn, "el reporte y otro en vigor cubren en parte los mismos periodos", "periodos que el otro no cubre, o todos los suyos", "febrero y marzo después de enero y febrero", "enero a marzo después de enero y febrero"},
		{RuleNothingNew, Warn, "revisión con 0 cambios: todas sus filas estaban ya en vigor", "filas nuevas o revisadas", "las mismas filas con otros fines de línea", "filas revisadas"},
		{RuleAmended, Warn, "un valor entregado se corrigió por una declaración (corrections.yml); lo entregado se conserva", "el valor correcto en el siguiente reporte", "1520 (con fe de erratas)", "152"},
	}
}

// RuleByID finds a standard rule; false when id is not one of them.
func RuleByID(id string) (Rule, bool) {
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// StandardRules lists the standard rules with examples of the contract's own: its
// header, a row of its columns' examples, a column that the rule is about. A rule that
// no column of it can break has none, and tables with groups among their rows, which
// have no row that stands by itself, have no rows for examples.
func (c *Contract) StandardRules() []Rule {
	rules := Rules()
	examples := c.examples()
	for i := range rules {
		if own, ok := examples[rules[i].ID]; ok {
			rules[i].Bad, rules[i].Good = own.bad, own.good
		}
	}
	return rules
}

// example is what breaks a rule, and what does not.
type example struct{ bad, good string }

func (c *Contract) examples() map[string]example {
	out := map[string]example{}
	for _, id := range []string{RuleHeaderOnly, RuleDelimiter, RuleNoHeader, RuleMissingColumn, RuleExtraColumn, RuleRepeatedName, RuleOpenQuote,
		RuleInteger, RulePattern, RuleRange, RuleRequired, RuleCatalog, RuleWidth, RuleDuplicateRow, RuleDuplicateKey, RuleTitleLine} {
		out[id] = example{}
	}
	out[RuleEmpty], out[RuleOnlyBlank], out[RuleBlankLine] = example{"(0 bytes)", ""}, example{"(líneas en blanco)", ""}, example{"(línea en blanco)", ""}
	if c.Hierarchy == nil {
		c.lineExamples(out)
	}
	for i := range c.Columns {
		c.cellExamples(&c.Columns[i], out)
	}
	if c.Wide != nil {
		value := c.Wide.Value
		value.Name = c.Wide.Months[0]
		c.cellExamples(&value, out)
	}
	return out
}

// lineExamples adds examples that are a header or a row.
func (c *Contract) lineExamples(out map[string]example) {
	var names, values []string
	required, needed := -1, -1 // the last column without an empty cell, the first that has to be there
	for i, col := range c.Columns {
		if col.Required {
			required = i
		}
		if needed < 0 && !col.Optional {
			needed = i
		}
		names, values = append(names, col.Name), append(values, col.Example)
	}
	if c.Wide != nil {
		names, values = append(names, c.Wide.Months...), append(values, slices.Repeat([]string{c.Wide.Value.Example}, len(c.Wide.Months))...)
	}
	header, row := c.line(names), c.line(values)
	last := len(names) - 1
	other := ";"
	if c.Delimiter == other {
		other = ","
	}
	for _, id := range []string{RuleEmpty, RuleOnlyBlank} {
		out[id] = example{out[id].bad, header}
	}
	out[RuleBlankLine] = example{out[RuleBlankLine].bad, row}
	out[RuleHeaderOnly] = example{header, header + " / " + row}
	out[RuleNoHeader] = example{row, header}
	out[RuleExtraColumn] = example{c.line(append(slices.Clone(names), "otra_columna")), header}
	out[RuleTitleLine] = example{"Un título / " + header, header}
	out[RuleDuplicateRow] = example{row + " dos veces", row + " una vez"}
	if len(c.Key) > 0 {
		out[RuleDuplicateKey] = example{row + " y otra fila con la misma clave (" + strings.Join(c.Key, ", ") + ") y otros valores", row}
	}
	if last > 0 {
		out[RuleDelimiter] = example{strings.Join(names, other), header}
		out[RuleOpenQuote] = example{c.line(values[:last]) + c.Delimiter + `"` + values[last], row}
		out[RuleRepeatedName] = example{c.line(append([]string{names[0], names[0]}, names[2:]...)), header}
		out[RuleWidth] = example{c.line(values[:last]), row}
	}
	if last > 0 && needed >= 0 {
		out[RuleMissingColumn] = example{c.line(slices.Delete(slices.Clone(names), needed, needed+1)), header}
	}
	if required >= 0 {
		without := slices.Clone(values)
		without[required] = ""
		out[RuleRequired] = example{c.line(without), row}
	}
}

// cellExamples adds examples of one column's values to those that lack one.
func (c *Contract) cellExamples(col *Column, out map[string]example) {
	add := func(id, bad string) {
		if bad != "" && out[id] == (example{}) {
			out[id] = example{bad + " (" + col.Name + ")", col.Example + " (" + col.Name + ")"}
		}
	}
	if col.Example == "" || col.Title != nil {
		return
	}
	if col.Type == TypeInteger {
		delete(out, RuleInteger) // the last one, which is a count more often than a year
		add(RuleInteger, col.Example+cmp.Or(c.Decimal, ".")+"5")
	}
	switch {
	case col.Max != nil:
		add(RuleRange, strconv.FormatFloat(*col.Max+1, 'f', -1, 64))
	case col.Min != nil:
		add(RuleRange, strconv.FormatFloat(*col.Min-1, 'f', -1, 64))
	}
	if col.Catalog != "" {
		add(RuleCatalog, "un nombre que el catálogo no tiene")
	}
	if col.Pattern != "" && (col.Type == TypeText || col.Type == TypeCategory) { // a number breaks the rule of numbers
		add(RulePattern, misshapen(col))
	}
}

// misshapen is the column's example as it is likely to be got wrong, "" where it would
// be right all the same.
func misshapen(col *Column) string {
	runes := []rune(col.Example)
	for _, s := range []string{string(runes[:len(runes)-1]), col.Example + "?"} {
		if s != "" && col.re != nil && !col.re.MatchString(s) {
			return s
		}
	}
	return ""
}

// line writes cells as a line of the contract's files.
func (c *Contract) line(cells []string) string {
	quoted := make([]string, len(cells))
	for i, s := range cells {
		if strings.ContainsAny(s, c.Delimiter+"\"\r\n") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		quoted[i] = s
	}
	return strings.Join(quoted, c.Delimiter)
}
