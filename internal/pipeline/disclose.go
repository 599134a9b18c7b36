package pipeline

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/indicators/disclosure"
	"github.com/gttim/cauce/internal/warehouse"
)

// guarded is what of a publication disclosure control decides over: the protected
// indicators, the public ones that show the same cells, and the datasets whose
// counts of rows count the same people. Without protected indicators it is empty.
type guarded struct {
	Indicators []string `json:"indicadores"`
	Related    []string `json:"relacionados"`
	Datasets   []string `json:"conjuntos"`
}

func (p *Pipeline) guarded() guarded {
	g := guarded{Indicators: p.control.Protected(), Related: p.control.Related(), Datasets: []string{}}
	for _, ds := range p.Decls.Datasets {
		if ds.Class != data.ClassPublic && slices.ContainsFunc(p.Catalog, func(i *indicators.Indicator) bool {
			return slices.Contains(g.Indicators, i.ID) && slices.Contains(indicators.AllDatasets(p.Catalog, i), ds.ID)
		}) {
			g.Datasets = append(g.Datasets, ds.ID)
		}
	}
	return g
}

func jsonList(list []string) string {
	b, err := json.Marshal(append([]string{}, list...))
	if err != nil {
		panic(err) // a list of texts always marshals
	}
	return string(b)
}

// fillGuarded publishes what may be shown of the protected indicators, after all
// else of the values is there, and audits the whole: nothing is published that the
// auditor finds too much in.
func (p *Pipeline) fillGuarded(ctx context.Context, conn *sql.Conn, g guarded) error {
	if len(g.Indicators) == 0 {
		return nil
	}
	truth, err := p.computed(ctx, conn, g)
	if err != nil {
		return err
	}
	err = warehouse.Append(ctx, conn, "publicacion", "main", "valor", func(add func(...driver.Value) error) error {
		for _, f := range p.control.Disclose(truth) {
			row, err := publishedRow(f)
			if err == nil {
				err = add(row...)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", f.Indicator.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("publish protected values: %w", err)
	}
	return p.audit(ctx, conn, "publicacion", g, truth)
}

// computed reads the figures of the guarded indicators as they were computed.
func (p *Pipeline) computed(ctx context.Context, conn warehouse.Execer, g guarded) ([]*disclosure.Figure, error) {
	agency, err := p.agencies(ctx, conn)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, mustSQL("cifras_calculadas.sql"), jsonList(slices.Concat(g.Indicators, g.Related)))
	if err != nil {
		return nil, fmt.Errorf("read computed values: %w", err)
	}
	defer rows.Close()
	var out []*disclosure.Figure
	for rows.Next() {
		var id, content string
		f := &disclosure.Figure{Value: &indicators.Value{}}
		if err := scanSpan(rows, f, &id, &content); err != nil {
			return nil, fmt.Errorf("read computed values: %w", err)
		}
		if err := json.Unmarshal([]byte(content), f.Value); err != nil {
			return nil, fmt.Errorf("read computed values of %s: %w", id, err)
		}
		f.Indicator = p.indicator(id)
		f.Agencies = p.contributors(f, agency)
		out = append(out, f)
	}
	return out, rows.Err()
}

func (p *Pipeline) indicator(id string) *indicators.Indicator {
	i := slices.IndexFunc(p.Catalog, func(i *indicators.Indicator) bool { return i.ID == id })
	if i < 0 {
		return nil
	}
	return p.Catalog[i]
}

func scanSpan(rows *sql.Rows, f *disclosure.Figure, columns ...any) error {
	var to sql.NullTime
	var loadTo sql.NullInt64
	err := rows.Scan(append(columns, &f.Span.From, &to, &f.Span.LoadFrom, &loadTo)...)
	f.Span.To, f.Span.LoadTo = to.Time, int(loadTo.Int64)
	return err
}

// agencies tells whose each report is.
func (p *Pipeline) agencies(ctx context.Context, conn warehouse.Execer) (map[int]string, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("reportes_y_conjuntos.sql"))
	if err != nil {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	defer rows.Close()
	out := map[int]string{}
	for rows.Next() {
		var report int
		var dataset string
		if err := rows.Scan(&report, &dataset); err != nil {
			return nil, fmt.Errorf("read reports: %w", err)
		}
		if ds := p.Decls.Dataset(dataset); ds != nil {
			out[report] = ds.Agency
		}
	}
	return out, rows.Err()
}

// contributorsAttribute is the attribute in which an indicator's SQL tells how many
// institutions contribute to a figure, where it knows.
const contributorsAttribute = "contribuyentes"

// contributors counts the institutions behind a figure: as its SQL says or, where
// the indicator combines datasets of several, by its reports. 0: not known.
func (p *Pipeline) contributors(f *disclosure.Figure, agency map[int]string) int {
	if n, ok := f.Value.Attributes[contributorsAttribute].(float64); ok {
		return int(n)
	}
	all, these := map[string]bool{}, map[string]bool{}
	for _, id := range indicators.AllDatasets(p.Catalog, f.Indicator) {
		all[p.Decls.Dataset(id).Agency] = true
	}
	if len(all) < 2 {
		return 0
	}
	for _, r := range f.Value.Reports {
		if agency[r] != "" {
			these[agency[r]] = true
		}
	}
	return len(these)
}

// publishedRow is a figure as publicacion.valor holds it.
func publishedRow(f *disclosure.Figure) ([]driver.Value, error) {
	v := f.Value
	row := []driver.Value{f.Indicator.ID}
	for _, d := range []string{v.Start, v.End} {
		t, err := time.Parse(time.DateOnly, d)
		if err != nil {
			return nil, err
		}
		row = append(row, t)
	}
	var texts []driver.Value
	for _, x := range []any{v.Dimensions, v.Labels, v.Notes, v.Attributes, v.Reports} {
		b, err := json.Marshal(x)
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(b))
	}
	vintage, err := time.Parse(time.DateOnly, v.Vintage)
	if err != nil {
		return nil, err
	}
	row = append(row, texts[0], texts[1], numberOrNull(v.Value), numberOrNull(v.Numerator), numberOrNull(v.Denom), v.Unit, v.Status, v.Break,
		numberOrNull(v.Low), numberOrNull(v.High), texts[2], texts[3], vintage, v.Precision, texts[4])
	s := f.Span
	return append(row, s.From, dayOrNull(sql.NullTime{Time: s.To, Valid: !s.To.IsZero()}), int32(s.LoadFrom), loadOrNull(s.LoadTo)), nil
}

func numberOrNull(n *float64) driver.Value {
	if n == nil {
		return nil
	}
	return *n
}

func loadOrNull(n int) driver.Value {
	if n == 0 {
		return nil
	}
	return int32(n)
}

// audit reads back what a published file shows of the guarded indicators and holds
// it against what was computed. schema is "publicacion" while it is attached, ""
// where it is open by itself.
func (p *Pipeline) audit(ctx context.Context, conn warehouse.Execer, schema string, g guarded, truth []*disclosure.Figure) error {
	names := struct{ Schema string }{schema}
	q, err := warehouse.Render("de_mas", mustSQL("de_mas.sql.tmpl"), names)
	if err != nil {
		return err
	}
	var tooMuch int
	if err := conn.QueryRowContext(ctx, q, jsonList(g.Indicators), jsonList(g.Datasets)).Scan(&tooMuch); err != nil {
		return fmt.Errorf("audit publication: %w", err)
	}
	if tooMuch > 0 {
		return leak(fmt.Errorf("%w: %d rows of tables that show nothing of protected data do", disclosure.ErrLeak, tooMuch))
	}
	if q, err = warehouse.Render("cifras_publicadas", mustSQL("cifras_publicadas.sql.tmpl"), names); err != nil {
		return err
	}
	rows, err := conn.QueryContext(ctx, q, jsonList(slices.Concat(g.Indicators, g.Related)))
	if err != nil {
		return fmt.Errorf("audit publication: %w", err)
	}
	defer rows.Close()
	var published []*disclosure.Figure
	for rows.Next() {
		f, err := p.publishedFigure(rows)
		if err != nil {
			return fmt.Errorf("audit publication: %w", err)
		}
		published = append(published, f)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("audit publication: %w", err)
	}
	return leak(p.control.Audit(truth, published))
}

func (p *Pipeline) publishedFigure(rows *sql.Rows) (*disclosure.Figure, error) {
	var id, dims, notes, attributes string
	var numbers [5]sql.NullFloat64
	v := &indicators.Value{}
	f := &disclosure.Figure{Value: v}
	if err := scanSpan(rows, f, &id, &v.Start, &v.End, &dims, &numbers[0], &numbers[1], &numbers[2], &numbers[3], &numbers[4], &v.Status, &notes, &attributes); err != nil {
		return nil, err
	}
	for i, into := range []**float64{&v.Value, &v.Numerator, &v.Denom, &v.Low, &v.High} {
		if numbers[i].Valid {
			*into = &numbers[i].Float64
		}
	}
	f.Indicator = p.indicator(id)
	return f, errors.Join(json.Unmarshal([]byte(dims), &v.Dimensions), json.Unmarshal([]byte(notes), &v.Notes), json.Unmarshal([]byte(attributes), &v.Attributes))
}

// leak makes what the auditor found an integrity error: commands exit 6, nothing is
// published, and what was published before stays.
func leak(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", err, warehouse.ErrIntegrity)
}

// auditCurrent audits the publication in use.
func (p *Pipeline) auditCurrent(ctx context.Context, path string) error {
	g := p.guarded()
	if len(g.Indicators) == 0 {
		return nil
	}
	published, err := warehouse.OpenPublished(path)
	if err != nil {
		return err
	}
	defer published.Close()
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	truth, err := p.computed(ctx, conn, g)
	if err != nil {
		return err
	}
	return p.audit(ctx, published, "", g, truth)
}
