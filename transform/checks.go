package transform

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// Check runs those of the dataset's checks that read the delivered rows alone on
// one load and returns what they find, with the severity that the contract gives
// each rule. File and position are not known here: a check speaks of lines and
// columns. A check that does not bind is an ErrDeclaration.
func Check(ctx context.Context, rows *warehouse.Rows) ([]data.Problem, error) {
	if !slices.ContainsFunc(rows.Dataset().Checks, func(c data.Check) bool { return !c.Compares }) {
		return nil, nil
	}
	if err := rows.Delivered(ctx); err != nil {
		return nil, err
	}
	return checks(ctx, rows.Conn(), rows.Dataset(), false)
}

// Compare runs, once the load's clean rows are there, the checks that read them or
// what was in force before, and holds the report against the other reports of its
// dataset: periods that none covers, reports partly covered, a revision that
// changes nothing. The load's ledger row is not written yet.
func Compare(ctx context.Context, rows *warehouse.Rows, l warehouse.Load) ([]data.Problem, error) {
	conn, ds := rows.Conn(), rows.Dataset()
	before, err := rows.Compared(ctx, l)
	if err != nil {
		return nil, err
	}
	out, err := checks(ctx, conn, ds, true)
	if err != nil || !before.Any { // a first report leaves no gap, covers no other and repeats none
		return out, err
	}
	among, err := periods(ctx, conn, ds, l)
	if err != nil || !before.Within {
		return append(out, among...), err
	}
	same, err := unchanged(ctx, conn, ds, l, before.Names)
	return append(append(out, among...), same...), err
}

func checks(ctx context.Context, conn warehouse.Execer, ds *data.Dataset, compares bool) ([]data.Problem, error) {
	var out []data.Problem
	for _, c := range ds.Checks {
		if c.Compares != compares {
			continue
		}
		found, err := check(ctx, conn, c)
		if warehouse.IsBinding(err) {
			err = fmt.Errorf("%w: %w", err, data.ErrDeclaration)
		}
		if err != nil {
			return nil, fmt.Errorf("check %s of %s: %w", c.Rule.Check, ds.ID, err)
		}
		out = append(out, found...)
	}
	return out, nil
}

func check(ctx context.Context, conn warehouse.Execer, c data.Check) ([]data.Problem, error) {
	v := struct {
		Limit, SQL string
		Asks       bool
	}{SQL: c.SQL, Asks: strings.Contains(strings.ToLower(c.SQL), "limite")}
	if c.Rule.Limit != nil {
		v.Limit = strconv.FormatFloat(*c.Rule.Limit, 'g', -1, 64)
	}
	q, err := renderFile("check.sql.tmpl", v)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var line sql.NullInt64
	var field, value, message sql.NullString
	var from, to sql.NullTime
	known := map[string]any{"linea": &line, "columna": &field, "valor": &value, "mensaje": &message, "periodo_inicio": &from, "periodo_fin": &to}
	into := make([]any, len(names))
	for i, n := range names {
		if into[i] = known[n]; into[i] == nil {
			return nil, fmt.Errorf("column %q is none of linea, columna, valor, mensaje, periodo_inicio, periodo_fin: %w", n, data.ErrDeclaration)
		}
	}
	for _, need := range []string{"linea", "columna", "valor", "mensaje"} {
		if !slices.Contains(names, need) {
			return nil, fmt.Errorf("it gives no column %q: %w", need, data.ErrDeclaration)
		}
	}
	var out []finding
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		f := finding{cells: make([]any, len(into))}
		for i, cell := range into {
			if f.cells[i], err = cell.(driver.Valuer).Value(); err != nil {
				return nil, err
			}
		}
		p := data.Problem{Rule: c.Rule.ID, Severity: c.Rule.Severity, Line: int(line.Int64), Field: field.String, Value: value.String,
			Message: message.String, From: day(from), To: day(to)}
		if p.Message == "" {
			p.Message = c.Rule.Text
		}
		f.Problem = p
		out = append(out, f)
	}
	// In an order that is the same each time; as a rule there is nothing to sort.
	slices.SortFunc(out, finding.compare)
	problems := make([]data.Problem, len(out))
	for i := range out {
		problems[i] = out[i].Problem
	}
	return problems, rows.Err()
}

// finding is a row that a check gives, and the problem that it tells of.
type finding struct {
	data.Problem
	cells []any // int64, string, time.Time or nil, as the check lists them
}

// compare orders findings by their cells, the first first, those without a value last.
func (f finding) compare(g finding) int {
	for i, a := range f.cells {
		b := g.cells[i]
		if a == nil || b == nil {
			if a == b {
				continue
			}
			return cmp.Compare(order(a == nil), order(b == nil))
		}
		var c int
		switch a := a.(type) {
		case int64:
			c = cmp.Compare(a, b.(int64))
		case string:
			c = cmp.Compare(a, b.(string))
		case time.Time:
			c = a.Compare(b.(time.Time))
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func order(last bool) int {
	if last {
		return 1
	}
	return 0
}

func day(t sql.NullTime) string {
	if !t.Valid {
		return ""
	}
	return t.Time.Format(time.DateOnly)
}

// periods warns of gaps and partial overlaps between reports that rule the periods
// they cover. A correction covers what the report that it corrects does.
func periods(ctx context.Context, conn warehouse.Execer, ds *data.Dataset, l warehouse.Load) ([]data.Problem, error) {
	if ds.Revision.Policy != data.ReplacePeriods || l.FirstPeriod.IsZero() {
		return nil, nil
	}
	var before, after, from, to sql.NullTime
	var reports sql.NullString
	err := conn.QueryRowContext(ctx, mustSQL("periodos.sql"), ds.ID, l.ReportID, l.FirstPeriod, l.LastPeriod).Scan(&before, &after, &from, &to, &reports)
	if err != nil {
		return nil, fmt.Errorf("periods of %s: %w", ds.ID, err)
	}
	var out []data.Problem
	gap := func(from, to time.Time) {
		if !from.After(to) {
			a, b := from.Format(time.DateOnly), to.Format(time.DateOnly)
			out = append(out, data.Problem{Rule: data.RulePeriodGap, Severity: data.Warn, From: a, To: b, Message: "ningún reporte cubre del " + a + " al " + b})
		}
	}
	if before.Valid {
		gap(before.Time.AddDate(0, 0, 1), l.FirstPeriod.AddDate(0, 0, -1))
	}
	if after.Valid {
		gap(l.LastPeriod.AddDate(0, 0, 1), after.Time.AddDate(0, 0, -1))
	}
	if reports.Valid {
		out = append(out, data.Problem{Rule: data.RulePartlyCovered, Severity: data.Warn, From: day(from), To: day(to),
			Message: "del " + day(from) + " al " + day(to) + " lo cubre también, con otros periodos, el reporte " + reports.String})
	}
	return out, nil
}

// provenance are the columns that say where a clean row came from, not what it says.
var provenance = []string{"line", "publicado_en", "publicado_en_precision", "fuente"}

// unchanged notes that every row of the report was in force already.
func unchanged(ctx context.Context, conn warehouse.Execer, ds *data.Dataset, l warehouse.Load, names []string) ([]data.Problem, error) {
	q, err := renderFile("revision.sql.tmpl", struct {
		Columns, Key []string
		Periods      bool
	}{slices.DeleteFunc(names, func(n string) bool { return slices.Contains(provenance, n) }), ds.Revision.Key, ds.Revision.Policy == data.ReplacePeriods})
	if err != nil {
		return nil, err
	}
	var args []any
	if ds.Revision.Policy == data.ReplacePeriods {
		args = []any{l.FirstPeriod, l.LastPeriod}
	}
	var same bool
	if err := conn.QueryRowContext(ctx, q, args...).Scan(&same); err != nil {
		return nil, fmt.Errorf("compare %s with what was in force: %w", ds.ID, err)
	}
	if !same {
		return nil, nil
	}
	r, _ := data.RuleByID(data.RuleNothingNew)
	return []data.Problem{{Rule: r.ID, Severity: r.Severity, Message: r.Text}}, nil
}
