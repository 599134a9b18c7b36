package dashboard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// States of quarantined rows as they are published, beside warehouse.OpenState.
const (
	rowsCorrected = "corregida"
	rowsPassed    = "incorporada"
	rowsPending   = "pendiente" // set aside again by a later load of the report
	rowsReplaced  = "sustituida"
	rowsWithdrawn = "retirada"
)

// QuarantineCount is how many open quarantined rows broke a rule, and since when
// the oldest.
type QuarantineCount struct {
	Rule  string
	Rows  int64
	Since time.Time // UTC
}

// QuarantineState is how many quarantined rows of a load are in one state, and the
// load that closed them, 0 for open ones.
type QuarantineState struct {
	State string
	By    int
	Rows  int64
}

// waiting is how many rows of a dataset wait for their correction.
func (d *Dataset) waiting() int64 {
	if len(d.Open) == 0 {
		return 0
	}
	return d.Open[0].Rows
}

// followed tells whether it is known what became of each quarantined row of a load.
func (l *Load) followed() bool {
	var n int64
	for _, x := range l.Aside {
		n += x.Rows
	}
	return !l.Uncounted && n == l.Quarantined
}

// open is how many quarantined rows of a load wait for their correction.
func (l *Load) open() int64 {
	var n int64
	for _, x := range l.Aside {
		if x.State == warehouse.OpenState {
			n += x.Rows
		}
	}
	return n
}

// pending is how many quarantined rows of a load are rows of a later one, up to a load.
func (l *Load) pending(until int) int64 {
	var n int64
	for _, x := range l.Aside {
		if x.State == rowsPending && x.By <= until {
			n += x.Rows
		}
	}
	return n
}

// fate is what happened to quarantined rows: how many, and the load that did it.
type fate struct {
	state string
	by    int
}

// quarantineField says how many rows of a report were set aside, each counted once
// however often it was judged, how many of them are still open, and what closed the
// others. It is empty where none was, or where it is not known of each.
func (q *request) quarantineField(loads []*Load) field {
	f := field{Name: "En cuarentena"}
	count := map[fate]int64{}
	var order []fate
	var all, open int64
	for i := len(loads) - 1; i >= 0; i-- { // oldest first
		l := loads[i]
		if l.refused() {
			continue
		}
		if !l.followed() {
			return f
		}
		for _, x := range l.Aside {
			switch x.State {
			case rowsPending:
				continue
			case warehouse.OpenState:
				open += x.Rows
			default:
				k := fate{x.State, x.By}
				if count[k] == 0 {
					order = append(order, k)
				}
				count[k] += x.Rows
			}
			all += x.Rows
		}
	}
	if all == 0 {
		return f
	}
	f.Text = formatNoun(all, "fila", "filas") + ", " + openPhrase(all, open)
	for _, k := range order {
		f.Links = append(f.Links, q.fateLink(k, count[k]))
	}
	if open > 0 {
		f.Note = "Las abiertas no cuentan en ninguna cifra; más abajo se dice qué hacer con ellas."
	}
	if len(order) > 0 && q.earlier() {
		f.Note = strings.TrimSpace(f.Note + " Así están con todo lo cargado hasta hoy, también lo que llegó después del corte que pide esta página.")
	}
	return f
}

// fateLink tells what closed rows and leads to the report that did.
func (q *request) fateLink(k fate, rows int64) link {
	n := formatCount(rows)
	report := 0
	if l := q.loadsByID()[k.by]; l != nil {
		report = l.Report
	}
	switch k.state {
	case rowsCorrected:
		return link{n + plural(rows, " llegó corregida", " llegaron corregidas") + " con el reporte " + strconv.Itoa(report), q.reportLink(report).Href}
	case rowsReplaced:
		return link{n + plural(rows, " ya no hace falta", " ya no hacen falta") + ": el reporte " + strconv.Itoa(report) + ", más reciente, trae lo mismo", q.reportLink(report).Href}
	case rowsPassed:
		return link{n + plural(rows, " pasó", " pasaron") + " al revisarse otra vez, en la carga " + strconv.Itoa(k.by), ""}
	}
	return link{n + plural(rows, " salió", " salieron") + " con el retiro del reporte, en la carga " + strconv.Itoa(k.by), ""}
}

// asideNote says beneath a load's count of quarantined rows which of them wait.
func (l *Load) asideNote() string {
	if l.refused() || l.Quarantined == 0 || !l.followed() {
		return ""
	}
	var parts []string
	rest := l.Quarantined
	for _, x := range l.Aside {
		if x.State == rowsPending {
			rest -= x.Rows
			parts = append(parts, fmt.Sprintf("%s %s otra vez en la carga %d y %s allí", formatCount(x.Rows), plural(x.Rows, "se apartó", "se apartaron"), x.By, plural(x.Rows, "se cuenta", "se cuentan")))
		}
	}
	switch {
	case len(parts) == 0:
		return openPhrase(rest, l.open())
	case rest > 0:
		parts = append(parts, plural(rest, "la otra ", "de las demás ")+openPhrase(rest, l.open()))
	}
	return strings.Join(parts, "; ")
}

// openPhrase says how many of some rows are still open.
func openPhrase(all, open int64) string {
	switch {
	case open == 0 && all == 1:
		return "ya no está abierta"
	case open == 0:
		return "ninguna sigue abierta"
	case open == all:
		return plural(all, "sigue abierta", "todas siguen abiertas")
	}
	return formatCount(open) + plural(open, " sigue abierta", " siguen abiertas")
}

// openSteps tells what is left to do about a partly accepted load; nothing where
// none of its rows is open.
func (q *request) openSteps(l *Load) []string {
	first := "Las filas en cuarentena no cuentan en ninguna cifra hasta que lleguen corregidas; las demás ya cuentan."
	if l.followed() {
		n := l.open()
		if n == 0 {
			return nil
		}
		first = formatNoun(n, "fila", "filas") + plural(n, " sigue abierta y no cuenta", " siguen abiertas y no cuentan") + " en ninguna cifra hasta que " +
			plural(n, "llegue corregida", "lleguen corregidas") + "; las que pasaron ya cuentan."
	}
	report := strconv.Itoa(l.Report)
	agency := "La institución corrige esas filas y las entrega solas, con corrige: " + report + " en el archivo que las acompaña, o entrega otra vez el archivo completo."
	if slices.ContainsFunc(l.Problems, func(p ProblemCount) bool { return p.Rule == data.RuleWidth }) {
		agency += " Una fila a la que le faltaban o le sobraban celdas (" + data.RuleWidth + ") solo se cierra con el archivo completo."
	}
	operator := "Quien opera Cauce: cauce quarantine ls --report " + report + " dice cada error con su línea, y cauce quarantine export --report " + report + " --out CARPETA saca esas filas para devolverlas, ya con el archivo que las acompaña."
	if !q.corrected(l.Report) { // one that is corrected is not judged again
		operator += " Si el error no fue de la institución (por ejemplo, un nombre que el catálogo no tenía), se corrige la declaración y cauce quarantine replay --report " + report + " las revisa otra vez."
	}
	return []string{first, agency, operator}
}

// corrected tells whether a report in force corrects one.
func (q *request) corrected(report int) bool {
	return slices.ContainsFunc(q.Loads, func(l *Load) bool { return l.Corrects == report && q.outcome(l.Report) == "" })
}

// openText says how many rows wait for their correction, by which rules and for
// how long; never what they hold.
func openText(open []QuarantineCount, now time.Time) string {
	if len(open) == 0 {
		return ""
	}
	rules := make([]string, 0, len(open)-1)
	for _, c := range open[1:] {
		rules = append(rules, fmt.Sprintf("%s: %s", c.Rule, formatCount(c.Rows)))
	}
	since := "de hace menos de un día"
	if days := int(now.Sub(open[0].Since).Hours() / 24); days > 0 {
		since = "desde hace " + formatDays(days)
	}
	return fmt.Sprintf("%s (%s), la más antigua %s", formatCount(open[0].Rows), strings.Join(rules, ", "), since)
}
