package gate

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/keys"
	"github.com/gttim/cauce/ingest/gate/split"
)

// Parser turns blocks into rows. Each runs on its own goroutine with its own
// memory of verdicts; they meet only when they take a block or post findings.
type Parser struct {
	g         *Gate
	sc        split.Scanner
	loaded    bool
	memos     []*cell.Memo
	reads     []read // how each field is read, made with the first record
	months    *cell.Memo
	row       []*cell.Value // by field; those of the record at hand, until the next
	values    []cell.Value  // by month and part, when wide
	last      int           // published months of the row at hand, when wide
	tally     Tally
	keys      *keys.List
	reader    *keys.Reader // of keys that are stored as numbers
	keyNumber int64        // of the record at hand's key, 0 when it has none
	failed    error        // of what could not be kept
	found     found
	absent    cell.Value
	rowBad    int // problems of the row at hand
	quiet     bool
}

// rowProblems is how many problems of one row are listed.
const rowProblems = 50

func newParser(g *Gate) *Parser {
	p := &Parser{g: g, row: make([]*cell.Value, len(g.fields)), sc: split.NewScanner(g.ds.Delimiter[0]),
		absent: cell.Value{Null: true, ID: g.seal}, keys: keys.New(g.found.temp, keys.Room, g.seal), reader: g.numbers.Reader()}
	for range g.fields {
		p.memos = append(p.memos, cell.NewMemo().Within(&g.memory))
	}
	if g.value != nil {
		p.months, p.values = cell.NewMemo().Within(&g.memory), make([]cell.Value, len(g.head.values))
	}
	return p
}

// Fill fills the batch with accepted rows. An empty batch means the file ended.
func (p *Parser) Fill(b *Batch) error {
	b.reset()
	if err := p.fill(b); err != nil {
		return err
	}
	return p.ownNumbers(b)
}

func (p *Parser) fill(b *Batch) error {
	room := 1
	if p.g.value != nil {
		room = len(p.values)
	}
	for b.N+room <= b.Room() {
		if !p.loaded {
			if b.heavy() {
				return nil
			}
			ok, err := p.g.src.Next(&p.sc.Block)
			if err != nil {
				return p.g.broken(err)
			}
			if !ok {
				return nil
			}
			p.sc.Reset()
			p.keys.Cut()
			if p.sc.Block.Overlong {
				p.overlong()
				if err := p.post(); err != nil {
					return err
				}
				continue
			}
			p.loaded = true
		}
		if !p.sc.Next() {
			p.loaded = false
			if err := p.post(); err != nil {
				return err
			}
			continue
		}
		if p.record(b); p.failed != nil {
			return p.failed
		}
	}
	return nil
}

func (p *Parser) post() error {
	f := p.found
	p.found = found{}
	return p.g.found.post(p.sc.Block.Seq, f)
}

// overlong quarantines the rest of a file whose next record does not end within
// the limit.
func (p *Parser) overlong() {
	b := &p.sc.Block
	r := &split.Record{Raw: b.Data, Line: b.Line, Lines: int(b.Lines)}
	p.tally.Records++
	p.tally.RecordLines += b.Lines
	p.file(r, data.RuleTooBig, fmt.Sprintf("un registro rebasa %d bytes; probablemente una comilla no se cierra", p.g.limits.RecordBytes))
	p.setAside(r)
}

func (p *Parser) file(r *split.Record, rule, message string) {
	if p.quiet {
		return
	}
	p.found.problems = append(p.found.problems, data.Problem{File: p.g.name, Line: int(r.Line), Rule: rule,
		Severity: data.Refuse, Message: message, Value: shown(r.Raw)})
}

// record judges one record and, when nothing is wrong, adds its rows.
func (p *Parser) record(b *Batch) {
	r := &p.sc.Rec
	if p.g.only != nil && !p.g.only[r.Line] {
		p.other(r)
		return
	}
	if r.Blank {
		p.tally.Blank += int64(r.Lines)
		if p.found.blank++; p.found.blank <= blankListed {
			p.found.problems = append(p.found.problems, blankLine(p.g.name, r.Line))
		}
		return
	}
	p.tally.Records++
	if p.isFooter(r) || p.g.table.skips(r.Line) {
		p.tally.Skipped++
		p.tally.SkippedLines += int64(r.Lines)
		return
	}
	p.tally.RecordLines += int64(r.Lines)
	p.rowBad = 0
	if p.g.sheet != nil {
		p.pad(r)
		if !p.faulty(r) {
			p.setAside(r)
			return
		}
	}
	if !p.whole(r) || !p.cells(r) || !p.trusted(r) {
		p.setAside(r)
		return
	}
	p.tally.Accepted++
	p.noteKey(r.Line)
	p.noteFacts(r)
	p.emit(b, r.Line)
}

// other reads a record that is not asked for: its key counts, nothing else.
func (p *Parser) other(r *split.Record) {
	if r.Blank || p.isFooter(r) || p.g.table.skips(r.Line) {
		return
	}
	p.quiet = true
	defer func() { p.quiet = false }()
	if p.g.sheet != nil {
		p.pad(r)
		if !p.faulty(r) {
			return
		}
	}
	if p.whole(r) && p.cells(r) && p.trusted(r) {
		p.noteKey(r.Line)
	}
}

func (p *Parser) isFooter(r *split.Record) bool {
	if p.g.footer == nil || !bytes.HasPrefix(bytes.TrimLeft(r.Raw, `"`), []byte(p.g.ahead)) {
		return false
	}
	return p.g.footer.MatchString(titleText(r, p.g.ds.Delimiter[0]))
}

// whole checks the record's shape before any cell is looked at.
func (p *Parser) whole(r *split.Record) bool {
	switch {
	case r.Open:
		p.file(r, data.RuleOpenQuote, "una comilla se abre aquí y no se cierra")
	case len(r.Cells)+r.More != p.g.head.width:
		p.problem(r, -1, nil, nil, &cell.Finding{Rule: data.RuleWidth,
			Message: fmt.Sprintf("la fila tiene %d celdas y el encabezado %d", len(r.Cells)+r.More, p.g.head.width), Expected: fmt.Sprintf("%d celdas", p.g.head.width)})
	case r.Quote >= 0:
		p.problem(r, r.Quote, nil, r.Cells[r.Quote], &cell.Finding{Rule: data.RuleQuotes, Message: "las comillas están mal puestas",
			Expected: "comillas alrededor de toda la celda; las de adentro, dobles"})
	case len(r.Raw) > p.g.limits.FieldBytes && !p.short(r):
	default:
		return true
	}
	return false
}

func (p *Parser) short(r *split.Record) bool {
	ok := true
	for i, c := range r.Cells {
		if len(c) > p.g.limits.FieldBytes {
			p.problem(r, i, nil, c, &cell.Finding{Rule: data.RuleFieldTooLong,
				Message: fmt.Sprintf("la celda tiene %d bytes; se admiten hasta %d", len(c), p.g.limits.FieldBytes)})
			ok = false
		}
	}
	return ok
}

// key is the hash of the record's key. Equal keys have equal hashes, however
// their values were spelled.
func (p *Parser) key() uint64 {
	var h uint64
	for _, i := range p.g.keys {
		x := p.row[i]
		switch {
		case x.Null:
			h = keys.Mix(h, p.g.seal)
		case p.g.fields[i].Kind == cell.Text:
			h = keys.Mix(h, maphash.Bytes(p.g.seed, x.Text()))
		case p.g.fields[i].Kind == cell.Code:
			h = keys.Mix(h, x.ID)
		case p.g.fields[i].Kind == cell.Decimal:
			h = keys.Mix(h, maphash.Comparable(p.g.seed, x.Dec()))
		default:
			h = keys.Mix(h, uint64(x.Num))
		}
	}
	return h
}

// noteFacts notes what the accepted record says of the report as a whole.
func (p *Parser) noteFacts(r *split.Record) {
	for _, i := range p.g.marked {
		if at := p.g.head.at[i]; at >= 0 && bytes.HasPrefix(r.Cells[at], []byte(p.g.fields[i].Prefix)) {
			p.tally.Synthetic++
			break
		}
	}
	if p.g.dated < 0 || p.row[p.g.dated].Null {
		return
	}
	x := p.row[p.g.dated]
	n := &p.tally.Newest
	if !n.Set || x.Num > n.Days || x.Num == n.Days && r.Line < n.line {
		*n = Publication{Set: true, Days: x.Num, Precision: x.Precision, line: r.Line}
		if p.g.sourced >= 0 && p.g.head.at[p.g.sourced] >= 0 {
			n.Source = p.g.canonical(p.g.sourced, p.row[p.g.sourced])
		}
	}
}

// canonical is the text that a text or code value stands for.
func (g *Gate) canonical(field int, x *cell.Value) string {
	if x.Null {
		return ""
	}
	if g.fields[field].Kind == cell.Code {
		return g.fields[field].Codes.Canonical(x.Num)
	}
	return string(x.Text())
}

// emit adds the record's rows to the batch: one, or one per published month.
func (p *Parser) emit(b *Batch, line int64) {
	if p.g.value == nil {
		p.put(b, line)
		p.tally.Rows++
		return
	}
	for i := range p.last * p.g.head.parts {
		n := b.N
		p.put(b, line)
		b.Columns[p.g.monthAt].put(n, &cell.Value{Num: int64(i/p.g.head.parts + 1)})
		if p.g.partAt >= 0 {
			code, known := p.g.part(i)
			b.Columns[p.g.partAt].putText(n, !known, code)
		}
		b.Columns[p.g.valueAt].put(n, &p.values[i])
	}
	p.tally.Rows += p.wideRows()
}

// wideRows is how many rows the record at hand gives.
func (p *Parser) wideRows() int64 { return int64(p.last * p.g.head.parts) }

// put adds one row of the fields' values.
func (p *Parser) put(b *Batch, line int64) {
	n := b.N
	b.Lines[n] = line
	for i := range b.places {
		o := &b.places[i]
		x := p.row[o.field]
		switch o.how {
		case asNumber:
			o.null[n], o.nums[n] = x.Null, x.Num
		case asCodes: // 0 stands for an empty cell
			var number int64
			for _, c := range o.more {
				if x := p.row[c.field]; !x.Null {
					number |= x.Num << c.shift
				}
			}
			o.nums[n] = number
		case asNumbered:
			if o.null[n], o.nums[n] = x.Null, p.keyNumber; p.keyNumber == 0 && !x.Null {
				b.own.Add(x.Text())
				b.ownRows = append(b.ownRows, int32(n))
			}
		case asPrecision:
			b.Columns[o.at].putText(n, x.Null, x.Precision.String())
		default:
			b.Columns[o.at].put(n, x)
		}
	}
	b.N++
}

// position is where a cell begins in its line, in characters, or in its row, in
// cells; from 1, 0 for none.
func (p *Parser) position(r *split.Record, at int) int {
	if p.g.sheet != nil {
		return at + 1
	}
	return r.Position(at)
}

// problem notes a broken rule of the record at hand.
func (p *Parser) problem(r *split.Record, at int, f *cell.Field, raw []byte, what *cell.Finding) {
	if what.Rule != data.RuleSuppressed { // every one of those is listed: sums hang on it
		p.rowBad++
	}
	if p.quiet || p.rowBad > rowProblems || p.g.found.full.Load() {
		return
	}
	q := data.Problem{File: p.g.name, Line: int(r.Line), Column: p.position(r, at), Value: shown(raw), Rule: what.Rule,
		Severity: data.Quarantine, Message: what.Message, Expected: what.Expected, Hint: what.Hint}
	if f != nil {
		q.Field = f.Name
	}
	if what.Rule == data.RuleCatalog && f != nil && f.Codebook != nil {
		q.Rule, q.Message, q.Expected, q.Hint = data.RuleCode, "la clave no está en el libro de códigos", "una clave del libro de códigos", ""
	}
	if what.Rule == data.RuleSuppressed {
		q.Severity = data.Warn
	}
	p.found.problems = append(p.found.problems, q)
}

// setAside puts the record in quarantine as delivered.
func (p *Parser) setAside(r *split.Record) {
	p.tally.Quarantined++
	if p.g.found.full.Load() {
		return
	}
	p.found.quarantine = append(p.found.quarantine, quarantined(r))
}

// quarantineBytes is how much of a record is kept beside the ledger; the archive
// has all of it.
const quarantineBytes = 64 << 10

func quarantined(r *split.Record) Held {
	raw := r.Raw
	if len(raw) > quarantineBytes {
		raw = raw[:quarantineBytes]
	}
	s := strings.ToValidUTF8(string(raw), "\uFFFD")
	return Held{Line: r.Line, Lines: r.Lines, Content: strings.ReplaceAll(s, "\x00", "\u2400")}
}
