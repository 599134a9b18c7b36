package dashboard

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gttim/cauce/internal/clock"
)

// newestLoad asks for what holds at the newest load.
const newestLoad = 1<<31 - 1

// pastTimeout bounds the reading of what held at a past load.
const pastTimeout = 5 * time.Second

// maxPast is how many past loads one snapshot keeps in memory; few are asked for
// and most of them once.
const maxPast = 4

// figures are the values and detail rows that held at one load.
type figures struct {
	values  map[string][]*Value
	details map[string][]*Detail
}

// pastFigures keeps what past loads said, the one asked for last at the end.
type pastFigures struct {
	mu    sync.Mutex
	loads []int
	at    map[int]*figures
}

// view shows the snapshot on the clocks that a filter asks for.
func (s *Snapshot) view(ctx context.Context, f filter, now, today time.Time) (view, error) {
	v := view{Snapshot: s, asOf: f.AsOf, now: now, today: today}
	var err error
	if v.load, err = s.resolve(f.Loaded); err != nil {
		return v, err
	}
	ctx, cancel := context.WithTimeout(ctx, pastTimeout)
	defer cancel()
	v.figures, err = s.figuresAt(ctx, v.load)
	return v, err
}

// readCurrent reads what holds at the newest load.
func (s *Snapshot) readCurrent(ctx context.Context) error {
	f, err := s.readFigures(ctx, newestLoad)
	s.current = f
	return err
}

func (s *Snapshot) readFigures(ctx context.Context, load int) (*figures, error) {
	values, err := s.readValues(ctx, load)
	if err != nil {
		return nil, err
	}
	details, err := s.readDetails(ctx, load)
	return &figures{values, details}, err
}

// figuresAt gives what held at a load, read from the published file when it is
// not the newest. Requests for past loads wait for one another.
func (s *Snapshot) figuresAt(ctx context.Context, load int) (*figures, error) {
	if load >= s.Publication.LastLoad {
		return s.current, nil
	}
	s.past.mu.Lock()
	defer s.past.mu.Unlock()
	if f := s.past.at[load]; f != nil {
		return f, nil
	}
	f, err := s.readFigures(ctx, load)
	if err != nil {
		return nil, err
	}
	if s.past.at == nil {
		s.past.at = map[int]*figures{}
	}
	if s.past.loads = append(s.past.loads, load); len(s.past.loads) > maxPast {
		delete(s.past.at, s.past.loads[0])
		s.past.loads = slices.Delete(s.past.loads, 0, 1)
	}
	s.past.at[load] = f
	return f, nil
}

// resolve finds the load that a point of the clock of loading stands for: the
// last one done by a moment, 0 when none was. The order of loads is their number,
// so a clock that was set back does not hide a load. A number that no load has yet
// is errBadQuery.
func (s *Snapshot) resolve(p clock.LoadPoint) (int, error) {
	if p.Load > s.Publication.LastLoad {
		return 0, errBadQuery
	}
	if p.IsZero() {
		return s.Publication.LastLoad, nil
	}
	if p.Load > 0 {
		return p.Load, nil
	}
	for _, l := range s.Loads { // newest first
		if !l.Finished.After(p.Moment) {
			return l.ID, nil
		}
	}
	return 0, nil
}

// readValues reads the values that held at a load.
func (s *Snapshot) readValues(ctx context.Context, load int) (map[string][]*Value, error) {
	out := map[string][]*Value{}
	err := s.each(ctx, "values", func(r *sql.Rows) error {
		var (
			v                                 = &Value{}
			indicator                         string
			labels, notes, attributes, report string
			value, num, den, low, high        sql.NullFloat64
			to                                sql.NullTime
		)
		err := r.Scan(&indicator, &v.From, &v.To, &v.DimensionsJSON, &labels, &value, &num, &den,
			&v.Unit, &v.Status, &v.Break, &low, &high, &notes, &attributes,
			&v.Vintage, &v.VintagePrecision, &report, &v.asOf.from, &to)
		if err != nil {
			return err
		}
		v.Value, v.Numerator, v.Denominator = number(value), number(num), number(den)
		if low.Valid && high.Valid {
			v.Interval = &[2]float64{low.Float64, high.Float64}
		}
		v.asOf.to = to.Time
		for _, x := range []struct {
			text string
			into any
		}{{v.DimensionsJSON, &v.Dimensions}, {labels, &v.Labels}, {notes, &v.Notes}, {attributes, &v.Attributes}, {report, &v.Reports}} {
			if err := json.Unmarshal([]byte(x.text), x.into); err != nil {
				return fmt.Errorf("indicator %s, %s: %w", indicator, v.From.Format(time.DateOnly), err)
			}
		}
		out[indicator] = append(out[indicator], v)
		return nil
	}, load)
	return out, err
}

func number(n sql.NullFloat64) *float64 {
	if !n.Valid {
		return nil
	}
	return &n.Float64
}

// readDetails reads the detail rows that held at a load.
func (s *Snapshot) readDetails(ctx context.Context, load int) (map[string][]*Detail, error) {
	out := map[string][]*Detail{}
	err := s.each(ctx, "details", func(r *sql.Rows) error {
		var (
			indicator, text string
			d               = &Detail{}
			to              sql.NullTime
		)
		if err := r.Scan(&indicator, &text, &d.asOf.from, &to); err != nil {
			return err
		}
		if !json.Valid([]byte(text)) {
			return fmt.Errorf("indicator %s: detail row is not JSON", indicator)
		}
		d.Row, d.asOf.to = []byte(text), to.Time
		out[indicator] = append(out[indicator], d)
		return nil
	}, load)
	return out, err
}

// clockForm is one clock's form at the foot of a page.
type clockForm struct {
	Name, Kind, Label, Value, Hint string
	Keep                           []pair // the other parameters
}

type pair struct{ Name, Value string }

// clockForms are the forms of both clocks, each keeping what else was asked for.
func (q *request) clockForms() []clockForm {
	published := clockForm{Name: "as_of", Kind: "date", Label: "Ver las cifras publicadas a una fecha"}
	loaded := clockForm{Name: "as_of_carga", Kind: "text", Label: "Ver lo que Cauce había cargado", Hint: "Número de carga, o fecha AAAA-MM-DD.", Value: q.Loaded.String()}
	if !q.AsOf.IsZero() {
		published.Value = q.AsOf.Format(time.DateOnly)
		loaded.Keep = append(loaded.Keep, pair{published.Name, published.Value})
	}
	if loaded.Value != "" {
		published.Keep = append(published.Keep, pair{loaded.Name, loaded.Value})
	}
	forms := []clockForm{published, loaded}
	for i := range forms {
		if q.Year != 0 {
			forms[i].Keep = append(forms[i].Keep, pair{"anio", strconv.Itoa(q.Year)})
		}
		if q.Lang == "en" {
			forms[i].Keep = append(forms[i].Keep, pair{"lang", "en"})
		}
	}
	return forms
}

// atLoad is the start page by what Cauce had loaded up to a load.
func (q *request) atLoad(id int) string {
	f := q.filter
	f.Loaded = clock.LoadPoint{Load: id}
	return f.href("/")
}

// clocksText says on which clocks the page stands, "" on the newest of both.
func (q *request) clocksText(zone *time.Location) string {
	loaded := ""
	switch {
	case q.Loaded.IsZero():
	case q.load == 0:
		loaded = q.t("según lo que Cauce había cargado antes de la primera carga")
	default:
		loaded = q.t("según lo que Cauce había cargado hasta la carga") + " " + strconv.Itoa(q.load)
		if i := slices.IndexFunc(q.Loads, func(l *Load) bool { return l.ID == q.load }); i >= 0 {
			loaded += ", " + formatInstant(q.Loads[i].Finished, zone)
		}
	}
	switch {
	case q.AsOf.IsZero() && loaded == "":
		return ""
	case q.AsOf.IsZero():
		return q.t("Cifras") + " " + loaded + "."
	}
	day := formatDay(q.AsOf)
	if q.AsOf.After(q.today) {
		day += " " + q.t("(una fecha que no ha llegado: son las publicadas hasta hoy)")
	}
	if loaded != "" {
		day += ", " + loaded
	}
	return q.t("Cifras tal como estaban publicadas al") + " " + day + "."
}
