package pipeline

import (
	"bufio"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/clock"
	"github.com/gttim/cauce/internal/warehouse"
)

// ErrNoFigure means that there is no such figure at the state asked for.
var ErrNoFigure = errors.New("no such figure")

// TraceQuery names one figure: indicator, period, dimensions and the clocks on
// which it is asked; a zero AsOf or Loaded asks for the newest. Without Start it
// names every figure of the indicator. Lines is how many lines of a report are
// shown, 0 for all.
type TraceQuery struct {
	Indicator  string
	Start, End time.Time
	Dimensions map[string]string
	AsOf       time.Time
	Loaded     clock.LoadPoint
	Lines      int
}

// Traced is a figure with the reports it comes from; nil numbers are none.
type Traced struct {
	Indicator, Unit, Status, Vintage string
	Start, End                       time.Time
	Dimensions                       map[string]string
	Value, Numerator, Denominator    *float64
	Load                             int // the last that counts
	Reports                          []TracedReport

	ids []int
}

// TracedReport is one report of a figure with the lines of its file that speak of
// it: those of the figure's period, and those of another that hold its numerator
// or its denominator. More counts those not shown. A report of a class that never
// leaves the warehouse shows line numbers without text.
type TracedReport struct {
	warehouse.Report
	Lines       []TracedLine
	More        int
	Corrections []string // Spanish, one declared correction of a value of the period each
}

// TracedLine is one physical line of the archived file.
type TracedLine struct {
	Line int64
	Text string
}

// Period reads AAAA, AAAA-MM, AAAA-MM-DD or two of them with / between as the
// first and last day of a period.
func Period(s string) (start, end time.Time, err error) {
	from, to, two := strings.Cut(s, "/")
	if !two {
		to = from
	}
	if start, _, err = span(from); err != nil {
		return start, end, err
	}
	_, end, err = span(to)
	return start, end, err
}

func span(s string) (first, last time.Time, err error) {
	switch len(s) {
	case len("2006"):
		if first, err = time.Parse("2006", s); err == nil {
			return first, first.AddDate(1, 0, -1), nil
		}
	case len("2006-01"):
		if first, err = time.Parse("2006-01", s); err == nil {
			return first, first.AddDate(0, 1, -1), nil
		}
	case len(time.DateOnly):
		if first, err = time.Parse(time.DateOnly, s); err == nil {
			return first, first, nil
		}
	}
	return first, last, fmt.Errorf("period %q: AAAA, AAAA-MM, AAAA-MM-DD, or two of them with / between", s)
}

// Trace walks figures back to their reports, their archived bytes and the lines
// that speak of them, and hands each to yield. ErrNoFigure: there is none.
func (p *Pipeline) Trace(ctx context.Context, q TraceQuery, yield func(Traced) error) error {
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	load, err := p.loadAt(ctx, conn, q.Loaded)
	if err != nil {
		return err
	}
	all, err := p.figures(ctx, conn, q, load)
	if err != nil {
		return fmt.Errorf("trace %s: %w", q.Indicator, err)
	}
	if len(all) == 0 {
		return fmt.Errorf("%s, %s to %s, %v: %w", q.Indicator, q.Start.Format(time.DateOnly), q.End.Format(time.DateOnly), q.Dimensions, ErrNoFigure)
	}
	for _, t := range all {
		// What a correction leaves as it was is in the report that it corrects.
		for i := 0; i < len(t.ids); i++ {
			r, err := p.traceReport(ctx, conn, t.ids[i], t, q.Lines)
			if err != nil {
				return err
			}
			t.Reports = append(t.Reports, r)
			if r.Corrects != 0 && !slices.Contains(t.ids, r.Corrects) {
				t.ids = append(t.ids, r.Corrects)
			}
		}
		if err := yield(t); err != nil {
			return err
		}
	}
	return nil
}

// figures reads the figures that a query names, without their reports.
func (p *Pipeline) figures(ctx context.Context, conn warehouse.Execer, q TraceQuery, load int) ([]Traced, error) {
	dims, err := json.Marshal(q.Dimensions)
	if err != nil {
		return nil, err
	}
	asOf := q.AsOf
	if asOf.IsZero() {
		asOf = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	rows, err := conn.QueryContext(ctx, mustSQL("trace_value.sql"), q.Indicator, q.Start, q.End, string(dims), asOf, load, q.Start.IsZero())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Traced
	for rows.Next() {
		t := Traced{Indicator: q.Indicator, Load: load}
		var value, numerator, denominator sql.NullFloat64
		var dimensions, reports string
		if err := rows.Scan(&t.Start, &t.End, &dimensions, &value, &numerator, &denominator, &t.Unit, &t.Status, &t.Vintage, &reports); err != nil {
			return nil, err
		}
		t.Value, t.Numerator, t.Denominator = pointer(value), pointer(numerator), pointer(denominator)
		if err := json.Unmarshal([]byte(dimensions), &t.Dimensions); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(reports), &t.ids); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func pointer(x sql.NullFloat64) *float64 {
	if !x.Valid {
		return nil
	}
	return &x.Float64
}

// loadAt finds the load that a point of the clock of loading stands for.
// ErrNoFigure: no load has that number yet.
func (p *Pipeline) loadAt(ctx context.Context, conn warehouse.Execer, at clock.LoadPoint) (int, error) {
	newest, err := p.DB.NewestLoad(ctx)
	switch {
	case err != nil || at.IsZero():
		return newest, err
	case at.Load > newest:
		return 0, fmt.Errorf("load %d: the newest is %d: %w", at.Load, newest, ErrNoFigure)
	case at.Load > 0:
		return at.Load, nil
	}
	var load int
	if err := conn.QueryRowContext(ctx, mustSQL("load_at.sql"), at.Moment).Scan(&load); err != nil {
		return 0, fmt.Errorf("look up the load of a moment: %w", err)
	}
	return load, nil
}

func (p *Pipeline) traceReport(ctx context.Context, conn warehouse.Execer, id int, t Traced, most int) (TracedReport, error) {
	var out TracedReport
	r, ok, err := p.DB.ReportByID(ctx, id)
	if err != nil {
		return out, err
	}
	if !ok {
		return out, fmt.Errorf("trace: the ledger lacks report %d: %w", id, warehouse.ErrIntegrity)
	}
	out.Report = r
	ds := p.Decls.Dataset(r.Dataset)
	if ds == nil {
		return out, nil
	}
	rel, err := p.lines(ctx, conn, ds)
	if err != nil {
		return out, err
	}
	if out.Corrections, err = tracedCorrections(ctx, conn, ds, rel, t, id); err != nil {
		return out, fmt.Errorf("trace report %d: %w", id, err)
	}
	if !rel.Line {
		return out, nil // rows that clean.sql sums up have no line of their own
	}
	if err := p.traceLines(ctx, conn, ds, t, &out); err != nil {
		return out, fmt.Errorf("trace report %d: %w", id, err)
	}
	if most > 0 && len(out.Lines) > most {
		out.Lines, out.More = out.Lines[:most], len(out.Lines)-most
	}
	slices.SortFunc(out.Lines, func(a, b TracedLine) int { return cmp.Compare(a.Line, b.Line) })
	if ds.Class == data.ClassPublic {
		err = p.readLines(r.SHA256, out.Lines)
	}
	return out, err
}

func tracedCorrections(ctx context.Context, conn warehouse.Execer, ds *data.Dataset, rel lined, t Traced, report int) ([]string, error) {
	text, err := warehouse.Render("trace_corrections", mustSQL("trace_corrections.sql.tmpl"), rel)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, text, report, t.Start, t.End)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line int64
		var id, header, delivered, value, reason, source, at string
		if err := rows.Scan(&line, &id, &header, &delivered, &value, &reason, &source, &at); err != nil {
			return nil, err
		}
		said := fmt.Sprintf("%s (%s), línea %d: ", id, at, line)
		if ds.Class == data.ClassPublic {
			said += fmt.Sprintf("«%s» decía «%s» y se usa «%s»; ", header, delivered, value)
		}
		out = append(out, said+reason+" ("+source+")")
	}
	return out, rows.Err()
}

// traceLines lists the lines of a report that speak of a figure, those first that
// hold what it was made of: of its period and breakdown, with its numbers.
func (p *Pipeline) traceLines(ctx context.Context, conn warehouse.Execer, ds *data.Dataset, t Traced, out *TracedReport) error {
	own, err := warehouse.CleanColumns(ctx, conn, ds)
	if err != nil {
		return err
	}
	in := struct {
		Table               string
		Numbers, Dimensions []string
		Codes               bool
	}{Table: ds.Table(), Codes: own["codigos"]}
	for _, c := range ds.Columns {
		if own[c.Name] && (c.Type == data.TypeInteger || c.Type == data.TypeDecimal) {
			in.Numbers = append(in.Numbers, c.Name)
		}
	}
	codes := []string{}
	for _, d := range slices.Sorted(maps.Keys(t.Dimensions)) {
		codes = append(codes, t.Dimensions[d])
		if own[d] {
			in.Dimensions = append(in.Dimensions, d)
		}
	}
	dims, err1 := json.Marshal(t.Dimensions)
	list, err2 := json.Marshal(codes)
	text, err3 := warehouse.Render("trace_lines", mustSQL("trace_lines.sql.tmpl"), in)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	rows, err := conn.QueryContext(ctx, text, out.ID, t.Start, t.End, t.Load, t.Numerator, t.Denominator, string(dims), string(list))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var l TracedLine
		if err := rows.Scan(&l.Line); err != nil {
			return err
		}
		out.Lines = append(out.Lines, l)
	}
	return rows.Err()
}

// readLines fills in the text of lines, which ascend, from the archived bytes.
func (p *Pipeline) readLines(sum string, lines []TracedLine) error {
	f, err := os.Open(p.Home.Path(warehouse.ArchiveDir, sum))
	if err != nil {
		return fmt.Errorf("read archive: %w", err)
	}
	defer f.Close()
	in := bufio.NewReader(f)
	at := int64(0)
	for i := range lines {
		for at < lines[i].Line {
			text, err := in.ReadString('\n')
			at++
			if at == lines[i].Line {
				lines[i].Text = strings.ToValidUTF8(strings.TrimRight(text, "\r\n"), "�")
			}
			if err != nil {
				return nil // the file ends here; lines past it stay empty
			}
		}
	}
	return nil
}
