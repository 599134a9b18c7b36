package dashboard

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
)

const (
	minus   = "−"
	nbsp    = "\u00a0"
	missing = "sin dato"
)

// monthName is the Spanish name of a month.
func monthName(m time.Month) string {
	return [...]string{
		"enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
	}[m-1]
}

// formatNumber writes a number as es-MX does: commas between thousands, a point
// before decimals.
func formatNumber(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString(minus)
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// formatCount writes a whole number.
func formatCount[N ~int | ~int64](n N) string { return formatNumber(float64(n), 0) }

// formatValue writes a value in its unit; an absent one is "sin dato".
func formatValue(x *float64, unit string, decimals int) string {
	if x == nil {
		return missing
	}
	s := formatNumber(*x, decimals)
	if isPercent(unit) {
		return s + nbsp + "%"
	}
	return s
}

// formatChange writes a percentage with its sign and two decimals.
func formatChange(x *float64) string {
	s := formatValue(x, "porcentaje", 2)
	if x != nil && *x > 0 {
		return "+" + s
	}
	return s
}

// formatInput writes a numerator or denominator: whole when it is whole, else
// with two decimals.
func formatInput(x *float64) string {
	switch {
	case x == nil:
		return missing
	case *x == math.Trunc(*x):
		return formatNumber(*x, 0)
	}
	return formatNumber(*x, 2)
}

func isPercent(unit string) bool { return unit == "porcentaje" || unit == "%" }

// unitText names a unit as a reader says it.
func unitText(unit string) string {
	return strings.ReplaceAll(unit, "_", " ")
}

// formatDay writes "28 de febrero de 2026".
func formatDay(t time.Time) string {
	if t.IsZero() {
		return missing
	}
	return fmt.Sprintf("%d de %s de %d", t.Day(), monthName(t.Month()), t.Year())
}

// formatDated writes a publication date no more exactly than it is known.
func formatDated(t time.Time, precision string) string {
	switch {
	case t.IsZero():
		return missing
	case precision == "mes":
		return fmt.Sprintf("%s de %d", monthName(t.Month()), t.Year())
	case precision == "anio":
		return strconv.Itoa(t.Year())
	}
	return formatDay(t)
}

// formatPeriod names a period: 2024; enero de 2024; enero–abril de 2024; a day;
// or from day to day.
func formatPeriod(from, to time.Time) string {
	switch periodKind(from, to) {
	case periodYear:
		return strconv.Itoa(from.Year())
	case periodMonth:
		return fmt.Sprintf("%s de %d", monthName(from.Month()), from.Year())
	case periodPoint:
		return formatDay(from)
	case periodOther:
	}
	whole := from.Day() == 1 && to.AddDate(0, 0, 1).Day() == 1
	switch {
	case whole && from.Year() == to.Year():
		return fmt.Sprintf("%s–%s de %d", monthName(from.Month()), monthName(to.Month()), from.Year())
	case whole:
		return fmt.Sprintf("%s de %d a %s de %d", monthName(from.Month()), from.Year(), monthName(to.Month()), to.Year())
	}
	return formatDay(from) + " a " + formatDay(to)
}

// formatInstant writes an instant in Mexico City to the minute.
func formatInstant(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return missing
	}
	l := t.In(zone)
	return fmt.Sprintf("%s, %s", formatDay(l), l.Format("15:04"))
}

// formatDays writes a number of days.
func formatDays(n int) string {
	if n == 1 {
		return "1 día"
	}
	return formatCount(n) + " días"
}

// formatNoun writes a count with what it counts, "1 fila" or "12 filas".
func formatNoun(n int64, one, many string) string {
	return formatCount(n) + " " + plural(n, one, many)
}

// plural chooses the word that goes with a count.
func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// address gives a source as a link target when it is a web address, else "".
func address(source string) string {
	u, err := url.Parse(source)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// sourceText shows a source: an address without its scheme, other text as it is.
func sourceText(source string) string {
	if source == "buzón" { // none was given
		return "entregado a Cauce, sin otra fuente"
	}
	if address(source) == "" {
		return source
	}
	_, rest, _ := strings.Cut(source, "://")
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}

// statusText gives the word that readers see for a code, the code itself when
// it has none.
func statusText(code string) string {
	words := map[string]string{
		"aceptado": "Aceptado", "parcial": "Aceptado en parte", "rechazado": "Rechazado", "retirado": "Retirado",
		"si": "Sí", "no": "No", "sin_dato": "Sin dato",
		"aviso": "Aviso", "fila": "Fila en cuarentena", "archivo": "Archivo rechazado",
		"mes": "Mensual", "trimestre": "Trimestral", "anio": "Anual", "ninguna": "Sin calendario publicado", "": "Sin calendario publicado",
		"columna": "lo dice el propio archivo", "acompanante": "lo dice el archivo acompañante",
		"parametro": "se indicó al entregar", "llegada": "fecha de llegada a Cauce",
		"inicial": "Primera carga", "recarga": "Recarga", "repeticion": "Repetición", "retiro": "Retiro",
		"publica": "Pública", "interna": "Interna", "sensible": "Sensible", "restringida": "Restringida",
	}
	if w, ok := words[code]; ok {
		return w
	}
	return indicators.StatusText(code)
}

// sortLoads orders loads by publication date, newest first, then by report.
func sortLoads(loads []*Load) {
	slices.SortStableFunc(loads, func(a, b *Load) int {
		if c := b.Published.Compare(a.Published); c != 0 {
			return c
		}
		return b.Report - a.Report
	})
}

// dimensionText names a dimension as a column head.
func dimensionText(name string) string {
	if name == "" {
		return ""
	}
	words := map[string]string{
		"condicion": "Condición", "grupo_edad": "Grupo de edad", "anio": "Año", "institucion": "Institución",
	}
	if w, ok := words[name]; ok {
		return w
	}
	return strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ")
}

// unitHead names the column that holds values of a unit.
func unitHead(unit string) string {
	if unit == "" {
		return "Valor"
	}
	return dimensionText(unit)
}

func joinNotes(notes []string) string { return strings.Join(notes, " · ") }
