package gate

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/keys"
	"github.com/gttim/cauce/ingest/gate/spill"
	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/ingest/xlsx"
)

// Opener opens the archived bytes from the start; the gate may read them more
// than once.
type Opener func() (io.ReadCloser, error)

// Gate holds one delivered file against its contract: it accounts for every
// line, gives every record its physical line and lets only records pass whose
// every cell is what the contract says. Parsers share it.
type Gate struct {
	ds      *data.Dataset
	name    string
	limits  Limits
	profile split.Profile
	open    Opener
	seed    maphash.Seed
	seal    uint64 // hash of an absent value in keys

	dec     split.Decoding
	fields  []*cell.Field
	value   *cell.Field   // of a wide contract's months
	monthly []*cell.Field // the same under each month's header
	columns []Column
	keys    []int // fields of the key
	footer  *regexp.Regexp
	ahead   string // literal that every footer starts with
	head    header
	months  published
	period  period
	year    int   // field of the year of a wide contract
	dated   int   // field publicado_en, -1 for none
	sourced int   // field fuente, -1 for none
	marked  []int // fields whose prefix marks generated rows
	monthAt int   // columns of a wide contract's month, the part of it, and value
	partAt  int   // -1 where months have no parts
	valueAt int

	sheet *sheet // of a workbook, else nil
	table *table // of a hierarchical contract, else nil
	only  map[int64]bool
	title string // the header as delivered

	early      bool // refused before the first record
	brief      bool // nobody reads why
	found      *collector
	numbers    *keys.Numbers // of a key whose texts are stored as numbers
	numbered   int           // its field, -1 for none
	numberedAt int           // its column
	total      Tally
	src        *split.Blocks
	file       io.Closer

	mu      sync.Mutex
	parsers []*Parser
	memory  atomic.Int64 // of the parsers' memories of verdicts, what is left
}

// Input is what the gate is opened with. Day is the day of publication as known
// without reading the file, or the day of arrival when Assumed; Temp is where long
// lists may spill.
type Input struct {
	Dataset   *data.Dataset
	Reference map[string]*data.Table
	Name      string
	Profile   split.Profile
	Open      Opener
	Limits    Limits
	Day       time.Time
	Assumed   bool
	Temp      string
	Progress  func(done int64)
	Refusals  []data.Problem         // what refuses the file whatever its content
	Codebooks map[string]*data.Table // of the columns whose codebook came with the file
	Only      map[int64]bool
	Partial   bool // some rows of another report, sent again

	headerOnly bool // only the header is looked for
}

// Open decides on encoding and header. A file that is refused for either
// gives a gate without records, which Refused tells. Its error is
// operational.
func Open(ctx context.Context, in Input) (*Gate, error) {
	g := &Gate{
		ds: in.Dataset, name: in.Name, limits: in.Limits.OrDefault(), profile: in.Profile, open: in.Open,
		seed: maphash.MakeSeed(), columns: columns(in.Dataset), found: newCollector(&in.Dataset.Contract, in.Temp, in.Limits.OrDefault().Problems),
		period: newPeriod(&in.Dataset.Contract, in.Day, in.Assumed), dated: -1, sourced: -1, numbered: -1, year: -1, only: in.Only, brief: in.headerOnly,
	}
	g.numbers = keys.NewNumbers(in.Temp)
	g.seal = maphash.String(g.seed, "\x00")
	if g.ds.Hierarchy != nil {
		g.table = newTable(g.ds, in.Reference, in.Partial)
	}
	g.memory.Store(cell.MemoRoom)
	if IsWorkbook(g.ds, g.name) {
		g.sheet = &sheet{faults: map[int64][]xlsx.Fault{}}
	}
	for _, p := range append(in.Refusals, g.complaints()...) {
		if err := g.Refuse(p); err != nil {
			return nil, err
		}
	}
	if ok := g.decide(); !ok && !g.Refused() {
		if err := g.Refuse(data.Problem{Rule: data.RuleEncoding,
			Message:  fmt.Sprintf("el archivo está en %s y el contrato admite %s", g.dec.Name, g.ds.Encoding),
			Expected: g.ds.Encoding, Hint: "guarde el archivo como CSV UTF-8"}); err != nil {
			return nil, err
		}
	}
	if g.Refused() {
		g.unread()
		return g, nil
	}
	g.compile(in.Reference, in.Codebooks)
	if err := g.start(ctx, in); err != nil {
		g.Close()
		return nil, err
	}
	return g, nil
}

func (g *Gate) compile(reference, codebooks map[string]*data.Table) {
	set := cell.Setting{Reference: reference, Encoding: g.dec.Name, Table: g.dec.Table, Budget: cell.NewBudget(g.limits.Distinct), Seed: g.seed}
	for i := range g.ds.Columns {
		col := &g.ds.Columns[i]
		own := set
		for _, books := range []map[string]*data.Table{g.ds.Codebooks, codebooks} {
			if t := books[col.Name]; t != nil { // its codes are looked up, not the catalogue's spellings
				own.Reference = map[string]*data.Table{col.Catalog: t}
			}
		}
		g.fields = append(g.fields, cell.NewField(col, g.ds, own))
		switch {
		case col.Name == "publicado_en" && cell.KindOf(col.Type) == cell.Date:
			g.dated = i
		case col.Name == "fuente":
			g.sourced = i
		}
		if g.ds.Wide != nil && col.Name == g.ds.Wide.YearName {
			g.year = i
		}
		if g.fields[i].Prefix != "" {
			g.marked = append(g.marked, i)
		}
	}
	for i, c := range g.columns {
		if c.Numbered {
			g.numbered, g.numberedAt = c.field, i
		}
	}
	if g.ds.Wide != nil {
		g.partAt = -1
		for i := range g.columns {
			switch g.columns[i].field {
			case outputMonth:
				g.monthAt = i
			case outputPart:
				g.partAt = i
			case outputValue:
				g.valueAt = i
			}
		}
		g.value = cell.NewField(&g.ds.Wide.Value, g.ds, set)
	}
	for _, k := range g.ds.Key {
		for i := range g.ds.Columns {
			if g.ds.Columns[i].Name == k {
				g.keys = append(g.keys, i)
			}
		}
	}
	if g.ds.Footer != "" {
		g.footer = fullMatch(g.ds.Footer)
		g.ahead, _ = regexp.MustCompile(g.ds.Footer).LiteralPrefix()
	}
}

// start finds the header and, for a wide file, which months are published.
func (g *Gate) start(ctx context.Context, in Input) error {
	var err error
	if g.src, g.file, err = g.stream(ctx, in.Progress); err != nil {
		var own *xlsx.Error
		if !errors.As(err, &own) {
			return err
		}
		g.unread()
		return g.Refuse(workbookProblem(own))
	}
	if err := g.findHeader(g.src, true); err != nil {
		return err
	}
	if g.table != nil && !in.headerOnly && !g.Refused() {
		if err := g.readTitles(); err != nil {
			return err
		}
	}
	if g.Refused() {
		g.unread()
		return nil
	}
	for i := range g.head.values {
		g.monthly = append(g.monthly, g.value.Called(g.valueName(i)))
	}
	if g.sheet == nil && g.profile.CRLF > 0 && g.profile.CRLF < g.profile.LF && g.profile.UTF16() == "" {
		if err := g.found.note(data.Problem{File: g.name, Rule: data.RuleMixedLineEnds, Severity: data.Warn,
			Message: fmt.Sprintf("el archivo mezcla fines de línea: %d CRLF y %d LF", g.profile.CRLF, g.profile.LF-g.profile.CRLF)}); err != nil {
			return err
		}
	}
	if g.ds.Wide == nil || in.headerOnly {
		return nil
	}
	err = g.survey(ctx, in.Day)
	if err == nil && g.Refused() {
		g.unread()
	}
	return err
}

// stream opens the file as blocks of UTF-8 text.
func (g *Gate) stream(ctx context.Context, progress func(int64)) (*split.Blocks, io.Closer, error) {
	f, err := g.open()
	if err != nil {
		return nil, nil, fmt.Errorf("open archived file: %w", err)
	}
	if g.sheet != nil {
		return g.rows(ctx, f, progress)
	}
	r, err := g.dec.Reader(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("read archived file: %w", err)
	}
	return split.NewBlocks(ctx, r, g.ds.Delimiter[0], g.limits.RecordBytes, progress), f, nil
}

// Refuse records a problem that refuses the whole file.
func (g *Gate) Refuse(p data.Problem) error {
	p.File, p.Severity = g.name, data.Refuse
	return g.found.note(p)
}

func (g *Gate) Refused() bool {
	g.found.mu.Lock()
	defer g.found.mu.Unlock()
	return len(g.found.refusals) > 0
}

// unread accounts for a file refused before its first record.
func (g *Gate) unread() {
	g.early = true
	n := g.profile.Lines()
	if g.sheet != nil {
		n = 0 // what was not read has no rows to count
	}
	g.total = Tally{Physical: n, RecordLines: n}
}

// Parser returns a new parser of the file. Several may run at once.
func (g *Gate) Parser() *Parser {
	p := newParser(g)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.parsers = append(g.parsers, p)
	return p
}

// Run parses the file with n parsers without storing anything; sink may be nil.
// Batches come in no particular order.
func (g *Gate) Run(n int, sink func(*Batch) error) error {
	if g.Refused() {
		return nil
	}
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		p := g.Parser()
		wg.Go(func() {
			b := g.NewBatch()
			for {
				if errs[i] = p.Fill(b); errs[i] != nil || b.N == 0 {
					return
				}
				if sink != nil {
					if errs[i] = sink(b); errs[i] != nil {
						return
					}
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Encoding names the encoding that the file is read in.
func (g *Gate) Encoding() string { return g.dec.Name }

// Columns are the columns of the rows that pass, in the warehouse's order.
func (g *Gate) Columns() []Column { return g.columns }

// NewBatch is an empty batch of such rows.
func (g *Gate) NewBatch() *Batch { return newBatch(g.columns, len(g.head.values)) }

// Totals is the account of the file, whole after Finish.
func (g *Gate) Totals() Tally { return g.total }

// Problems are the broken rules in the order of the file.
func (g *Gate) Problems() *spill.List[data.Problem] { return g.found.problems }

// Quarantine are the records set aside until Finish.
func (g *Gate) Quarantine() *spill.List[Held] { return g.found.quarantine }

// Keys are the texts that stand behind a key that is given as a number.
func (g *Gate) Keys() *spill.List[keys.Texts] { return g.numbers.Texts() }

// Refusals are the problems that refuse the file.
func (g *Gate) Refusals() []data.Problem {
	g.found.mu.Lock()
	defer g.found.mu.Unlock()
	return slices.Clone(g.found.refusals)
}

// Note records problems that were found elsewhere than in the gate.
func (g *Gate) Note(problems ...data.Problem) error { return g.found.note(problems...) }

// Dictionaries are the spellings of every column that is stored as codes, by the
// column's name.
func (g *Gate) Dictionaries() iter.Seq2[string, *cell.Dictionary] {
	return func(yield func(string, *cell.Dictionary) bool) {
		for _, f := range append(slices.Clone(g.fields), g.value) {
			if f != nil && f.Codes != nil && !yield(f.Name, f.Codes) {
				return
			}
		}
	}
}

// Close gives back the file and what was spilled.
func (g *Gate) Close() error {
	err := errors.Join(g.found.close(), g.numbers.Texts().Close())
	for _, p := range g.parsers { // of a gate that was not finished
		err = errors.Join(err, p.keys.Close())
	}
	if g.file != nil {
		err = errors.Join(err, g.file.Close())
	}
	return err
}
