package generate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
)

// Dataset is the dataset that Events writes a delivery of.
const Dataset = "upmrip-eventos-registro"

// FolioPrefix marks every generated row; a home that holds real reports refuses
// it.
const FolioPrefix = "SIM-"

// Options says what Events writes. Files and Declarations are required.
type Options struct {
	Files        fs.FS              // holds reports/, from which the margins are read
	Declarations *data.Declarations // gives the catalogues and the dataset's columns
	Year         int                // of the dates and of the published figures
	Rows         int                // 0: the published total of the year
	Seed         uint64             // same options, same bytes
	FaultRate    float64            // share of rows that get one of Faults
	Faults       []Fault            // empty: all
	Shuffle      bool               // rows in no order instead of by folio and date
	Quoted       bool               // every cell in quotes
}

// ErrNothingPublished is given when the number of rows is to be the published
// total of a year for which there is none.
var ErrNothingPublished = errors.New("no published total")

// PublishedTotal is the newest published number of events of a year, from the
// shipped reports of files; ErrNothingPublished when there is none.
func PublishedTotal(files fs.FS, decls *data.Declarations, year int) (int, error) {
	words, err := newLabels(decls)
	if err != nil {
		return 0, err
	}
	ps, err := readPublished(files, words, year)
	if err != nil {
		return 0, err
	}
	return ps.rows(year)
}

func (ps published) rows(year int) (int, error) {
	if total := int(ps.year(year)); total > 0 {
		return total, nil
	}
	return 0, fmt.Errorf("events of %d: %w", year, ErrNothingPublished)
}

// column is one column of a row; cell appends its value for row i.
type column struct {
	name string
	cell func(b []byte, i int) []byte
}

// Events writes a delivery of Dataset: one row per event, folios ascending, the
// shares of nationality, state, condition, sex, age group and month those of the
// published figures of the year. What was not published is spread evenly over
// the catalogue. It streams: memory does not grow with Rows.
func Events(w io.Writer, opt Options) error {
	words, err := newLabels(opt.Declarations)
	if err != nil {
		return err
	}
	ps, err := readPublished(opt.Files, words, opt.Year)
	if err != nil {
		return err
	}
	if opt.Rows <= 0 {
		if opt.Rows, err = ps.rows(opt.Year); err != nil {
			return err
		}
	}
	r := rand.New(rand.NewPCG(opt.Seed, uint64(opt.Year)))
	columns, err := eventColumns(opt, words, ps, r)
	if err != nil {
		return err
	}
	spoil, err := newSpoiler(opt, r)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<18)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	if _, err := out.WriteString(strings.Join(names, ",") + "\n"); err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	order := newOrder(opt.Rows, opt.Shuffle, r)
	var row []byte
	cells := make([][]byte, len(columns))
	for i := range opt.Rows {
		for c, col := range columns {
			cells[c] = col.cell(cells[c][:0], order.at(i))
		}
		row = spoil.row(row[:0], cells)
		if _, err := out.Write(row); err != nil {
			return fmt.Errorf("write events: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	return nil
}

// order walks 0 … n−1 upwards or, shuffled, by a stride that has no divisor in
// common with n, which meets every number once without a table of them.
type order struct{ n, stride, first int }

func newOrder(n int, shuffle bool, r *rand.Rand) order {
	if !shuffle || n < 3 {
		return order{n: n, stride: 1}
	}
	o := order{n: n, stride: n/3 + r.IntN(n/3), first: r.IntN(n)}
	for gcd(o.stride, n) != 1 {
		o.stride++
	}
	return o
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (o order) at(i int) int { return (o.first + i*o.stride) % o.n }

// eventColumns are the columns of the dataset in the order agencies write them.
func eventColumns(opt Options, words labels, ps published, r *rand.Rand) ([]column, error) {
	ds := opt.Declarations.Dataset(Dataset)
	if ds == nil {
		return nil, fmt.Errorf("dataset %s is not declared: %w", Dataset, data.ErrDeclaration)
	}
	var failed error
	// catalogue draws the codes of a column's catalogue, written as show does. The
	// published dimension has the column's name.
	catalogue := func(name string, show func(*data.Table, string) string) column {
		table := catalogOf(ds, name, opt.Declarations)
		if table == nil {
			failed = errors.Join(failed, fmt.Errorf("dataset %s: column %s has no catalogue: %w", Dataset, name, data.ErrDeclaration))
			return column{}
		}
		share, err := weights(table, name, words, ps)
		if err != nil {
			failed = errors.Join(failed, err)
			return column{}
		}
		d, values := newDraw(share), make([]string, len(share))
		for i, code := range table.Codes() {
			values[i] = show(table, code)
		}
		return column{name, func(b []byte, _ int) []byte { return append(b, values[d.next(r)]...) }}
	}
	asName := func(t *data.Table, code string) string { return t.Name(code) }
	asCode := func(_ *data.Table, code string) string { return code }

	ages := newAges(ps, r)
	out := []column{
		{"folio", folio(opt)},
		{"fecha", day(opt, ps)},
		catalogue("entidad", asName),
		{"municipio", func(b []byte, _ int) []byte {
			return strconv.AppendInt(append(b, "Municipio "...), int64(r.IntN(municipalities)+1), 10)
		}},
		catalogue("nacionalidad", asName),
		catalogue("sexo", asCode),
		{"edad", ages.years},
		catalogue("condicion", asCode),
		{"acompanamiento", ages.company},
	}
	return out, failed
}

// municipalities is how many names the column municipio has: enough that it is
// not a handful of repetitions.
const municipalities = 570

func catalogOf(ds *data.Dataset, name string, decls *data.Declarations) *data.Table {
	for _, c := range ds.Columns {
		if c.Name == name {
			return decls.Reference[c.Catalog]
		}
	}
	return nil
}

func folio(opt Options) func([]byte, int) []byte {
	width := max(7, len(strconv.Itoa(opt.Rows)))
	prefix := fmt.Sprintf("%s%d-", FolioPrefix, opt.Year)
	return func(b []byte, i int) []byte {
		b = append(b, prefix...)
		number := strconv.Itoa(i + 1)
		for range width - len(number) {
			b = append(b, '0')
		}
		return append(b, number...)
	}
}

// day spreads the rows over the days of the year in order, so that a month gets
// its published share exactly.
func day(opt Options, ps published) func([]byte, int) []byte {
	var ends []float64 // cumulative share up to the end of each day
	var days []string
	share := ps.monthly(opt.Year)
	sum := 0.0
	for _, s := range share {
		sum += s
	}
	done := 0.0
	for at := time.Date(opt.Year, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() == opt.Year; at = at.AddDate(0, 0, 1) {
		done += share[at.Month()-1] / float64(daysIn(opt.Year, int(at.Month()))) / sum
		ends, days = append(ends, done), append(days, at.Format(time.DateOnly))
	}
	d := 0
	return func(b []byte, i int) []byte {
		x := (float64(i) + 0.5) / float64(opt.Rows)
		if d > 0 && x < ends[d-1] {
			d = 0 // shuffled rows go back
		}
		for d < len(days)-1 && x >= ends[d] {
			d++
		}
		return append(b, days[d]...)
	}
}
