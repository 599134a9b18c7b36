package indicators

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// tolerance is how far a computed number may be from the expected one.
const tolerance = 1e-9

// RunTest runs one declared test of an indicator on a warehouse whose datasets
// hold nothing, inside a transaction of the caller's, who rolls it back. It
// returns what differs, "" when nothing does.
func (e *Engine) RunTest(ctx context.Context, tx warehouse.Execer, ind *Indicator, test Test) (string, error) {
	if err := e.give(ctx, tx, test); err != nil {
		return "", fmt.Errorf("indicator %s, test %q: %w", ind.ID, test.Name, err)
	}
	asOf := forever
	if test.AsOf != "" {
		var err error
		if asOf, err = time.Parse(time.DateOnly, test.AsOf); err != nil {
			return "", fmt.Errorf("indicator %s, test %q: as_of: %w: %w", ind.ID, test.Name, err, data.ErrDeclaration)
		}
	}
	at := &single{conn: tx, catalog: e.Catalog, reference: e.Decls.Reference}
	for _, ds := range e.Decls.Datasets {
		if len(test.Given[ds.ID]) > 0 {
			at.datasets = append(at.datasets, ds)
		}
	}
	got, err := at.values(ctx, ind, asOf, math.MaxInt32)
	if err != nil {
		return "", err
	}
	return compare(ind, test, got), nil
}

// give stores the given rows as loaded reports: one per dataset and publication
// date, in order of date.
func (e *Engine) give(ctx context.Context, tx warehouse.Execer, test Test) error {
	ids := make([]string, 0, len(test.Given))
	for id := range test.Given {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		ds := e.Decls.Dataset(id)
		if ds == nil {
			return fmt.Errorf("dataset %q is not declared: %w", id, data.ErrDeclaration)
		}
		byDate := map[string][]map[string]any{}
		for _, row := range test.Given[id] {
			d, _ := row["publicado_en"].(string)
			byDate[d] = append(byDate[d], row)
		}
		dates := make([]string, 0, len(byDate))
		for d := range byDate {
			dates = append(dates, d)
		}
		sort.Strings(dates)
		for _, d := range dates {
			if err := e.giveReport(ctx, tx, ds, d, byDate[d]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Engine) giveReport(ctx context.Context, tx warehouse.Execer, ds *data.Dataset, published string, rows []map[string]any) error {
	date := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	if published != "" {
		var err error
		if date, err = time.Parse(time.DateOnly, published); err != nil {
			return fmt.Errorf("publicado_en: %w: %w", err, data.ErrDeclaration)
		}
	}
	report, load, err := warehouse.NextIDs(ctx, tx)
	if err != nil {
		return err
	}
	first, last := rows[0]["periodo_inicio"], rows[0]["periodo_fin"]
	for _, r := range rows {
		if fmt.Sprint(r["periodo_inicio"]) < fmt.Sprint(first) {
			first = r["periodo_inicio"]
		}
		if fmt.Sprint(r["periodo_fin"]) > fmt.Sprint(last) {
			last = r["periodo_fin"]
		}
	}
	from, err1 := time.Parse(time.DateOnly, fmt.Sprint(first))
	to, err2 := time.Parse(time.DateOnly, fmt.Sprint(last))
	if err1 != nil || err2 != nil {
		return fmt.Errorf("given rows need periodo_inicio and periodo_fin: %w", data.ErrDeclaration)
	}
	if err := warehouse.InsertReport(ctx, tx, warehouse.Report{ID: report, Dataset: ds.ID, Name: "declared test", ArrivedAt: date, PublishedOn: date, PublishedPrecision: "dia"}); err != nil {
		return err
	}
	n := int64(len(rows))
	if err := warehouse.InsertLoad(ctx, tx, warehouse.Load{ID: load, ReportID: report, Dataset: ds.ID, Kind: warehouse.KindFirst, Outcome: warehouse.Accepted, StartedAt: date, FinishedAt: date, Records: n, Accepted: n, FirstPeriod: from, LastPeriod: to}); err != nil {
		return err
	}
	own, err := warehouse.CleanColumns(ctx, tx, ds)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := giveRow(ctx, tx, ds, own, load, r); err != nil {
			return err
		}
	}
	return nil
}

func giveRow(ctx context.Context, tx warehouse.Execer, ds *data.Dataset, own map[string]bool, load int, row map[string]any) error {
	columns := make([]string, 0, len(row))
	for c := range row {
		if own[c] {
			columns = append(columns, c)
		} else if c != "publicado_en" && c != "fuente" {
			return fmt.Errorf("dataset %s has no column %q: %w", ds.ID, c, data.ErrDeclaration)
		}
	}
	sort.Strings(columns)
	q, err := renderFile("give_row.sql.tmpl", struct {
		Table   string
		Columns []string
	}{ds.Table(), columns})
	if err != nil {
		return err
	}
	args := []any{load}
	for _, c := range columns {
		args = append(args, row[c])
	}
	if _, err := tx.ExecContext(ctx, q, args...); err != nil {
		return fmt.Errorf("given row of %s: %w: %w", ds.ID, err, data.ErrDeclaration)
	}
	return nil
}

// compare says how the computed values differ from the expected ones.
func compare(ind *Indicator, test Test, got []*Value) string {
	rows := make([]map[string]any, len(got))
	for i, v := range got {
		rows[i] = v.row()
	}
	if test.ExpectSome == nil && len(rows) != len(test.Expect) {
		return fmt.Sprintf("%s: %q: %d values, expected %d: %s", ind.ID, test.Name, len(rows), len(test.Expect), brief(rows))
	}
	for i, want := range test.Expect {
		if i >= len(rows) || !matches(want, rows[i]) {
			return fmt.Sprintf("%s: %q: value %d is %s, expected %s", ind.ID, test.Name, i+1, brief(rows[min(i, len(rows)-1)]), brief(want))
		}
	}
	for _, want := range test.ExpectSome {
		found := false
		for _, r := range rows {
			found = found || matches(want, r) && len(dimensionsOf(ind, want)) == len(dimensionsOf(ind, r))
		}
		if !found {
			return fmt.Sprintf("%s: %q: no value is %s among %s", ind.ID, test.Name, brief(want), brief(rows))
		}
	}
	return ""
}

func dimensionsOf(ind *Indicator, row map[string]any) []string {
	var out []string
	for _, d := range ind.Dimensions {
		if row[d.ID] != nil {
			out = append(out, d.ID)
		}
	}
	return out
}

// row is the value as a declared test speaks of it.
func (v *Value) row() map[string]any {
	out := map[string]any{
		"periodo_inicio": v.Start, "periodo_fin": v.End, "estado": v.Status, "ruptura": v.Break, "unidad": v.Unit,
		"vigencia": v.Vintage, "notas": v.Notes, "atributos": v.Attributes,
	}
	for name, n := range map[string]*float64{"valor": v.Value, "numerador": v.Numerator, "denominador": v.Denom, "intervalo_min": v.Low, "intervalo_max": v.High} {
		out[name] = nil
		if n != nil {
			out[name] = *n
		}
	}
	for d, code := range v.Dimensions {
		out[d] = code
	}
	return out
}

func matches(want, got map[string]any) bool {
	for k, w := range want {
		if !same(w, got[k]) {
			return false
		}
	}
	return true
}

func same(want, got any) bool {
	w, err1 := toFloat(want)
	g, err2 := toFloat(got)
	if err1 == nil && err2 == nil {
		return math.Abs(w-g) <= tolerance*math.Max(1, math.Abs(w))
	}
	return brief(want) == brief(got)
}

func toFloat(x any) (float64, error) {
	switch n := x.(type) {
	case int:
		return float64(n), nil
	case uint64:
		return float64(n), nil
	}
	f, err := number(x)
	if err != nil || f == nil {
		return 0, fmt.Errorf("no number")
	}
	return *f, nil
}

func brief(x any) string {
	b, err := json.Marshal(x)
	if err != nil {
		return fmt.Sprint(x)
	}
	const most = 600
	if len(b) > most {
		return string(b[:most]) + "…"
	}
	return string(b)
}

// unread is the part of a declaration that is not decoded yet: its tests, which are
// two thirds of what the built-in ones say and which only who runs them needs.
type unread struct {
	name string
	text []byte
}

var testsKey = []byte("\ntests:")

// withoutTests cuts a declaration before its tests, where they stand last; else all
// of it is the sheet.
func withoutTests(name string, b []byte) (sheet []byte, rest unread) {
	at := bytes.Index(b, testsKey)
	if at < 0 {
		return b, unread{}
	}
	for _, l := range bytes.Split(b[at+len(testsKey):], []byte("\n")) {
		if topKey.Match(l) {
			return b, unread{}
		}
	}
	// Above it only ends of lines, so that a mistake is told with its place in the file.
	lines := bytes.Repeat([]byte("\n"), bytes.Count(b[:at], []byte("\n")))
	return b[:at+1], unread{name, append(lines, b[at:]...)}
}

// ReadTests fills Tests of a built-in indicator; of others, and a second time, it
// does nothing. A mistake in them is an ErrDeclaration.
func (i *Indicator) ReadTests() error {
	if i.tests.text == nil {
		return nil
	}
	var read struct {
		Tests []Test `yaml:"tests"`
	}
	if err := data.DecodeYAML(i.tests.name, i.tests.text, &read); err != nil {
		return err
	}
	if len(read.Tests) == 0 {
		return fmt.Errorf("%s: at least one declared test is required: %w", i.tests.name, data.ErrDeclaration)
	}
	i.Tests, i.tests = read.Tests, unread{}
	return nil
}
