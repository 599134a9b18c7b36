package ingest

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"regexp"
	"sync"
	"time"

	"github.com/gttim/cauce/data"
)

// opener opens the archived bytes from the start; the gate may read them more
// than once.
type opener func() (io.ReadCloser, error)

// gate holds one delivered file against its contract: it accounts for every
// line, gives every record its physical line and lets only records pass whose
// every cell is what the contract says. Parsers share it.
type gate struct {
	ds      *data.Dataset
	name    string
	limits  Limits
	profile profile
	open    opener
	seed    maphash.Seed
	seal    uint64 // hash of an absent value in keys

	dec     decoding
	fields  []*field
	value   *field // of a wide contract's months
	outs    []output
	keys    []int // fields of the key
	footer  *regexp.Regexp
	ahead   string // literal that every footer starts with
	head    header
	months  published
	year    int // field of the year of a wide contract
	dated   int // field publicado_en, -1 for none
	sourced int // field fuente, -1 for none

	early bool // refused before the first record
	found *collector
	total tally
	src   *blocks
	file  io.Closer

	mu      sync.Mutex
	parsers []*parser
}

// input is what the gate is opened with. Day is the day of publication as known
// without reading the file; Temp is where long lists may spill.
type input struct {
	Dataset   *data.Dataset
	Reference map[string]*data.Table
	Name      string
	Profile   profile
	Open      opener
	Limits    Limits
	Day       time.Time
	Temp      string
	Progress  func(done int64)
	Refusals  []data.Problem // what refuses the file whatever its content

	headerOnly bool // only the header is looked for
}

// openGate decides on encoding and header. A file that is refused for either
// gives a gate without records, whose refused method tells why. Its error is
// operational.
func openGate(ctx context.Context, in input) (*gate, error) {
	g := &gate{
		ds: in.Dataset, name: in.Name, limits: in.Limits.orDefault(), profile: in.Profile, open: in.Open,
		seed: maphash.MakeSeed(), outs: outputs(in.Dataset), found: newCollector(in.Temp), dated: -1, sourced: -1, year: -1,
	}
	g.seal = maphash.String(g.seed, "\x00")
	for _, p := range append(in.Refusals, in.Profile.complaints(g.limits)...) {
		if err := g.refuse(p); err != nil {
			return nil, err
		}
	}
	var ok bool
	if g.dec, ok = decide(g.ds.Encoding, in.Profile); !ok && !g.refused() {
		if err := g.refuse(data.Problem{Rule: data.RuleEncoding,
			Message:  fmt.Sprintf("el archivo está en %s y el contrato admite %s", g.dec.name, g.ds.Encoding),
			Expected: g.ds.Encoding, Hint: "guarde el archivo como CSV UTF-8"}); err != nil {
			return nil, err
		}
	}
	if g.refused() {
		g.unread()
		return g, nil
	}
	g.compile(in.Reference)
	if err := g.start(ctx, in); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

// complaints are the problems that the bytes alone show.
func (p *profile) complaints(l Limits) []data.Problem {
	one := func(rule, message, hint string) []data.Problem {
		return []data.Problem{{Rule: rule, Message: message, Hint: hint}}
	}
	switch {
	case p.bytes == 0:
		return one(data.RuleEmpty, "el archivo está vacío (0 bytes)", "")
	case p.bytes > l.FileBytes:
		return one(data.RuleTooBig, fmt.Sprintf("el archivo rebasa el tamaño admitido de %d bytes", l.FileBytes), "divida el archivo por periodos")
	case !p.visible:
		return one(data.RuleOnlyBlank, "el archivo solo tiene espacios o líneas en blanco", "")
	case p.looksLike() != "":
		return one(data.RuleNotCSV, "el contenido no es CSV: parece "+p.looksLike(), "guárdelo como CSV UTF-8 sin comprimir")
	case p.utf16() == "" && p.cr-p.crlf > p.lf:
		return one(data.RuleLoneCR, "los fines de línea son retornos de carro solos (CR)", "guarde el archivo como CSV con fines de línea de Windows o Unix")
	}
	return nil
}

func (g *gate) compile(reference map[string]*data.Table) {
	for i := range g.ds.Columns {
		col := &g.ds.Columns[i]
		g.fields = append(g.fields, newField(col, g.ds, reference, g.dec, g.limits, g.seed))
		switch {
		case col.Name == "publicado_en" && kinds[col.Type] == kindDate:
			g.dated = i
		case col.Name == "fuente":
			g.sourced = i
		}
		if g.ds.Wide != nil && col.Name == g.ds.Wide.YearName {
			g.year = i
		}
	}
	if g.ds.Wide != nil {
		g.value = newField(&g.ds.Wide.Value, g.ds, reference, g.dec, g.limits, g.seed)
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
func (g *gate) start(ctx context.Context, in input) error {
	var err error
	if g.src, g.file, err = g.stream(ctx, in.Progress); err != nil {
		return err
	}
	if err := g.findHeader(g.src, true); err != nil {
		return err
	}
	if g.refused() {
		g.unread()
		return nil
	}
	if g.profile.crlf > 0 && g.profile.crlf < g.profile.lf && g.profile.utf16() == "" {
		if err := g.found.note(data.Problem{File: g.name, Rule: data.RuleMixedLineEnds, Severity: data.Warn,
			Message: fmt.Sprintf("el archivo mezcla fines de línea: %d CRLF y %d LF", g.profile.crlf, g.profile.lf-g.profile.crlf)}); err != nil {
			return err
		}
	}
	if g.ds.Wide != nil && !in.headerOnly {
		return g.survey(ctx, in.Day)
	}
	return nil
}

// stream opens the file as blocks of UTF-8 text.
func (g *gate) stream(ctx context.Context, progress func(int64)) (*blocks, io.Closer, error) {
	f, err := g.open()
	if err != nil {
		return nil, nil, fmt.Errorf("open archived file: %w", err)
	}
	r, err := g.dec.reader(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("read archived file: %w", err)
	}
	b := newBlocks(ctx, r, g.ds.Delimiter[0], g.limits.RecordBytes)
	b.progress = progress
	return b, f, nil
}

// refuse records a problem that refuses the whole file.
func (g *gate) refuse(p data.Problem) error {
	p.File, p.Severity = g.name, data.Refuse
	return g.found.note(p)
}

func (g *gate) refused() bool {
	g.found.mu.Lock()
	defer g.found.mu.Unlock()
	return len(g.found.refusals) > 0
}

// unread accounts for a file refused before its first record.
func (g *gate) unread() {
	g.early = true
	n := g.profile.lines()
	g.total = tally{physical: n, recordLines: n}
}

// parser returns a new parser of the file. Several may run at once.
func (g *gate) parser() *parser {
	p := newParser(g)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.parsers = append(g.parsers, p)
	return p
}

// run parses the file with n parsers without storing anything; sink may be nil.
// Batches come in no particular order.
func (g *gate) run(n int, sink func(*batch) error) error {
	if g.refused() {
		return nil
	}
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		p := g.parser()
		wg.Go(func() {
			b := newBatch(g.outs)
			for {
				if errs[i] = p.fill(b); errs[i] != nil || b.n == 0 {
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

// finish closes the account once every parser is done: totals, keys, threshold.
func (g *gate) finish(ctx context.Context) error {
	if g.early {
		return g.found.finish(g.name)
	}
	var lists []*keyList
	for _, p := range g.parsers {
		g.total.add(&p.tally)
		lists = append(lists, &p.keys)
	}
	g.parsers = nil
	g.total.physical = g.src.line - 1
	if err := g.found.finish(g.name); err != nil {
		return err
	}
	for _, f := range g.fields {
		if f.codes != nil && f.codes.overflow {
			if err := g.refuse(data.Problem{Field: f.Name, Rule: data.RuleTooBig,
				Message: fmt.Sprintf("la columna tiene más de %d valores distintos", g.limits.Distinct)}); err != nil {
				return err
			}
		}
	}
	if g.refused() {
		return nil
	}
	if err := g.duplicates(ctx, candidates(lists)); err != nil {
		return err
	}
	return g.threshold()
}

// threshold refuses the file when no row or too few rows can be accepted.
func (g *gate) threshold() error {
	t := &g.total
	switch {
	case t.accepted+t.quarantined == 0 && g.ds.AllowEmpty:
		return nil
	case t.accepted+t.quarantined == 0:
		return g.refuse(data.Problem{Rule: data.RuleHeaderOnly, Message: "el archivo tiene encabezado y ninguna fila"})
	case t.over(g.ds.Reject):
		share := 100 * float64(t.quarantined) / float64(t.accepted+t.quarantined)
		return g.refuse(data.Problem{Rule: data.RuleTooManyBad,
			Message: fmt.Sprintf("umbral %g %%, se encontró %.4g %%: %d de %d filas tienen problemas",
				100*g.ds.Reject.Share, share, t.quarantined, t.accepted+t.quarantined)})
	case t.accepted == 0:
		return g.refuse(data.Problem{Rule: data.RuleNoneAccepted, Message: "ninguna fila pudo aceptarse"})
	}
	return nil
}

func (g *gate) close() error {
	err := g.found.close()
	if g.file != nil {
		err = errors.Join(err, g.file.Close())
	}
	return err
}
