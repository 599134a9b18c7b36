package pipeline

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
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

// tracedLines is how many lines of a report a trace shows.
const tracedLines = 20

// TraceQuery names one figure: indicator, period, dimensions and the clocks on
// which it is asked; a zero AsOf or Loaded asks for the newest.
type TraceQuery struct {
	Indicator  string
	Start, End time.Time
	Dimensions map[string]string
	AsOf       time.Time
	Loaded     clock.LoadPoint
}

// Traced is a figure with the reports it comes from.
type Traced struct {
	Indicator, Start, End, Unit, Status, Vintage, Arithmetic string
	Value                                                    string
	Load                                                     int // the last that counts
	Reports                                                  []TracedReport
}

// TracedReport is one report of a figure with the lines of its file that speak of
// the figure's period; More counts those not shown. A report of a class that
// never leaves the warehouse shows line numbers without text.
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

// Trace walks a figure back to its reports, their archived bytes and the lines
// that speak of its period. ErrNoFigure: there is no such figure.
func (p *Pipeline) Trace(ctx context.Context, q TraceQuery) (Traced, error) {
	dims, err := json.Marshal(q.Dimensions)
	if err != nil {
		return Traced{}, err
	}
	asOf := q.AsOf
	if asOf.IsZero() {
		asOf = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return Traced{}, err
	}
	defer conn.Close()
	var t Traced
	if t.Load, err = p.loadAt(ctx, conn, q.Loaded); err != nil {
		return t, err
	}
	var value, numerator, denominator sql.NullFloat64
	var reports string
	err = conn.QueryRowContext(ctx, mustSQL("trace_value.sql"), q.Indicator, q.Start, q.End, string(dims), asOf, t.Load).
		Scan(&value, &numerator, &denominator, &t.Unit, &t.Status, &t.Vintage, &reports)
	if errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("%s, %s to %s, %s: %w", q.Indicator, q.Start.Format(time.DateOnly), q.End.Format(time.DateOnly), dims, ErrNoFigure)
	}
	if err != nil {
		return t, fmt.Errorf("trace %s: %w", q.Indicator, err)
	}
	t.Indicator, t.Start, t.End = q.Indicator, q.Start.Format(time.DateOnly), q.End.Format(time.DateOnly)
	t.Value = figure(value)
	t.Arithmetic = figure(numerator)
	if denominator.Valid {
		t.Arithmetic += " entre " + figure(denominator)
	}
	var ids []int
	if err := json.Unmarshal([]byte(reports), &ids); err != nil {
		return t, fmt.Errorf("trace %s: %w", q.Indicator, err)
	}
	// What a correction leaves as it was is in the report that it corrects.
	for i := 0; i < len(ids); i++ {
		r, err := p.traceReport(ctx, conn, ids[i], t.Load, q)
		if err != nil {
			return t, err
		}
		t.Reports = append(t.Reports, r)
		if r.Corrects != 0 && !slices.Contains(ids, r.Corrects) {
			ids = append(ids, r.Corrects)
		}
	}
	return t, nil
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

func figure(x sql.NullFloat64) string {
	if !x.Valid {
		return "sin valor"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.15g", x.Float64), ".0")
}

func (p *Pipeline) traceReport(ctx context.Context, conn warehouse.Execer, id, load int, q TraceQuery) (TracedReport, error) {
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
	if out.Corrections, err = tracedCorrections(ctx, conn, ds, rel, id, q); err != nil {
		return out, fmt.Errorf("trace report %d: %w", id, err)
	}
	if !rel.Line {
		return out, nil // rows that clean.sql sums up have no line of their own
	}
	text, err := warehouse.Render("trace_lines", mustSQL("trace_lines.sql.tmpl"), rel)
	if err != nil {
		return out, err
	}
	rows, err := conn.QueryContext(ctx, text, id, q.Start, q.End, load)
	if err != nil {
		return out, fmt.Errorf("trace report %d: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return out, fmt.Errorf("trace report %d: %w", id, err)
		}
		if len(out.Lines) == tracedLines {
			out.More++
			continue
		}
		out.Lines = append(out.Lines, TracedLine{Line: n})
	}
	if err := rows.Err(); err != nil {
		return out, fmt.Errorf("trace report %d: %w", id, err)
	}
	if ds.Class == data.ClassPublic {
		err = p.readLines(r.SHA256, out.Lines)
	}
	return out, err
}

func tracedCorrections(ctx context.Context, conn warehouse.Execer, ds *data.Dataset, rel lined, report int, q TraceQuery) ([]string, error) {
	text, err := warehouse.Render("trace_corrections", mustSQL("trace_corrections.sql.tmpl"), rel)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, text, report, q.Start, q.End)
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
