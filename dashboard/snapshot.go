package dashboard

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/internal/warehouse"
)

// ErrNoPublication says that a home has no published file to serve yet.
var ErrNoPublication = errors.New("no publication")

// Publication says which published file the figures come from.
type Publication struct {
	ID       int
	At       time.Time // UTC
	Day      time.Time // calendar day in Mexico City
	LastLoad int
	Version  string
}

// Value is one figure: a period, its dimensions and what is known of it, with
// the interval of publication dates for which it held.
type Value struct {
	From, To         time.Time
	Dimensions       map[string]string
	DimensionsJSON   string // as stored, keys sorted; "{}" for the total
	Labels           map[string]string
	Value            *float64
	Numerator        *float64
	Denominator      *float64
	Unit             string
	Status           string
	Break            bool
	Interval         *[2]float64 // where the source rounds
	Notes            []string
	Attributes       map[string]any
	Vintage          time.Time
	VintagePrecision string
	Reports          []int

	asOf window
}

// Total tells whether the value is of no part but of the whole.
func (v *Value) Total() bool { return len(v.Dimensions) == 0 }

// window is the half-open interval of publication dates for which a row held; a
// zero end is still open.
type window struct{ from, to time.Time }

// holds tells whether the row held on day; a zero day asks for what holds now.
func (w window) holds(day time.Time) bool {
	if day.IsZero() {
		return w.to.IsZero()
	}
	return !w.from.After(day) && (w.to.IsZero() || w.to.After(day))
}

// Detail is one line of an indicator's detail table, as JSON.
type Detail struct {
	Row  []byte
	asOf window
}

// Dataset is one declared dataset as published, loaded or not.
type Dataset struct {
	ID, Agency, Producer, Contact, Class string
	Source, Licence                      string
	Catalog                              data.Catalog
	Cadence                              data.Cadence
	First, Last                          time.Time // periods in force; zero without any
	Rows                                 int64
	Uncounted                            bool              // disclosure control hides how many
	Open                                 []QuarantineCount // by rule; the first, of no rule, counts each row once
}

// forms are the datasets of which one report of each period is expected, d's own
// among them.
func (s *Snapshot) forms(d *Dataset) []*Dataset {
	of := cmp.Or(d.Cadence.FormOf, d.ID)
	var out []*Dataset
	for _, x := range s.Datasets {
		if cmp.Or(x.Cadence.FormOf, x.ID) == of {
			out = append(out, x)
		}
	}
	return out
}

// reached is the last day that reports in force reach, in any form of the dataset.
func (s *Snapshot) reached(d *Dataset) time.Time {
	last := d.Last
	for _, x := range s.forms(d) {
		if x.Last.After(last) {
			last = x.Last
		}
	}
	return last
}

// Load is one attempt to load a report, with its report.
type Load struct {
	ID, Report                                 int
	Dataset, Kind, Outcome, Reason             string
	File, SHA256                               string
	Bytes                                      int64
	Received, Finished                         time.Time // UTC
	Seconds                                    float64
	Published                                  time.Time
	PublishedPrecision, PublishedBasis, Source string
	Records, Accepted, Quarantined, Skipped    int64
	Lines                                      int64
	First, Last                                time.Time
	Contract, Version                          string
	Synthetic, Shipped                         bool
	Corrects                                   int  // report that this one corrects, 0 for none
	Uncounted                                  bool // disclosure control hides all counts
	Problems                                   []ProblemCount
	Warnings                                   []Warning
	Aside                                      []QuarantineState // what became of its quarantined rows
}

// Succeeded tells whether the load brought rows.
func (l *Load) Succeeded() bool {
	return l.Outcome == warehouse.Accepted || l.Outcome == warehouse.Partial
}

// shown is a count as it may be seen: nil where disclosure control hides it.
func shown(n int64, hidden bool) *int64 {
	if hidden {
		return nil
	}
	return &n
}

// Warning is what a reader must know of the figures that a load brought.
type Warning struct {
	Rule, Text string
	Times      int64
}

// ProblemCount says how often one rule was broken in a load.
type ProblemCount struct {
	Rule, Severity string
	Times          int64
}

// Snapshot is one published file: all that holds at its newest load is read at
// Open and never changed; the open file is kept for the readiness query and for
// what held at past loads.
type Snapshot struct {
	Publication Publication
	Indicators  []*indicators.Indicator
	Datasets    []*Dataset
	Loads       []*Load       // newest first
	reports     map[int]*Load // the newest load of each report

	current *figures // at the newest load
	past    pastFigures
	path    string
	name    string // of the file
	db      *sql.DB
	refs    atomic.Int64 // requests that hold it, and one for being current
	cache   *pageCache
}

// OpenSnapshot reads the published file at path. The file is opened read-only
// with everything off that a page server does not need. The caller ends with
// release.
func OpenSnapshot(ctx context.Context, path string) (*Snapshot, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(abs, "?#%") {
		return nil, fmt.Errorf("open published file %q: the path may not contain ?, # or %%", abs)
	}
	settings := url.Values{
		"access_mode":                  {"READ_ONLY"},
		"threads":                      {"1"},
		"memory_limit":                 {"64MB"},
		"autoinstall_known_extensions": {"false"},
		"autoload_known_extensions":    {"false"},
		"enable_external_access":       {"false"},
		"lock_configuration":           {"true"},
	}
	connector, err := duckdb.NewConnector(abs+"?"+settings.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("open published file %s: %w", filepath.Base(abs), err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	s := &Snapshot{path: path, name: filepath.Base(abs), db: db, cache: newPageCache()}
	s.refs.Store(1)
	if err := s.read(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("read published file %s: %w", s.name, err), db.Close())
	}
	return s, nil
}

// currentPath reads the pointer of a home: the path of the file to serve.
// ErrNoPublication when there is none yet.
func currentPath(home string) (string, error) {
	path, _, err := warehouse.Current(home)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: %w", home, ErrNoPublication)
	}
	return path, err
}

// acquire takes a hold on the snapshot; false when its last holder has let go.
func (s *Snapshot) acquire() bool {
	for {
		n := s.refs.Load()
		if n == 0 {
			return false
		}
		if s.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release lets go of the snapshot; the last holder closes the file.
func (s *Snapshot) release() error {
	if s.refs.Add(-1) == 0 {
		return s.db.Close()
	}
	return nil
}

// indicator finds a declared indicator, nil when there is none of that id.
func (s *Snapshot) indicator(id string) *indicators.Indicator {
	for _, d := range s.Indicators {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// dataset finds a declared dataset, nil when there is none of that id.
func (s *Snapshot) dataset(id string) *Dataset {
	for _, d := range s.Datasets {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// report lists the loads of one report, newest first.
func (s *Snapshot) report(id int) []*Load {
	var out []*Load
	for _, l := range s.Loads {
		if l.Report == id {
			out = append(out, l)
		}
	}
	return out
}
