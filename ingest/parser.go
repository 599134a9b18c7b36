package ingest

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// parser turns blocks into rows. Each runs on its own goroutine with its own
// memory of verdicts; they meet only when they take a block or post findings.
type parser struct {
	g      *gate
	sc     scanner
	loaded bool
	memos  []*memo
	months *memo
	row    []value // by field
	values []value // by month, when wide
	last   int     // published months of the row at hand, when wide
	tally  tally
	keys   keyList
	found  found
	rowBad int // problems of the row at hand
}

// rowProblems is how many problems of one row are listed.
const rowProblems = 50

func newParser(g *gate) *parser {
	p := &parser{g: g, row: make([]value, len(g.fields))}
	p.sc.delim = g.ds.Delimiter[0]
	for range g.fields {
		p.memos = append(p.memos, newMemo())
	}
	if g.value != nil {
		p.months, p.values = newMemo(), make([]value, len(g.ds.Wide.Months))
	}
	return p
}

// fill fills the batch with accepted rows. An empty batch means the file ended.
func (p *parser) fill(b *batch) error {
	b.reset()
	room := 1
	if p.g.value != nil {
		room = len(p.values)
	}
	for b.n+room <= batchRows {
		if !p.loaded {
			ok, err := p.g.src.next(&p.sc.b)
			if err != nil {
				return fmt.Errorf("read archived file: %w", err)
			}
			if !ok {
				return nil
			}
			p.sc.reset()
			if p.sc.b.overlong {
				p.overlong()
				if err := p.post(); err != nil {
					return err
				}
				continue
			}
			p.loaded = true
		}
		if !p.sc.next() {
			p.loaded = false
			if err := p.post(); err != nil {
				return err
			}
			continue
		}
		p.record(b)
	}
	return nil
}

func (p *parser) post() error {
	f := p.found
	p.found = found{}
	return p.g.found.post(p.sc.b.seq, f)
}

// overlong quarantines the rest of a file whose next record does not end within
// the limit.
func (p *parser) overlong() {
	b := &p.sc.b
	r := &record{raw: b.data, line: b.line, lines: int(b.lines)}
	p.tally.records++
	p.tally.recordLines += b.lines
	p.file(r, data.RuleTooBig, fmt.Sprintf("un registro rebasa %d bytes; probablemente una comilla no se cierra", p.g.limits.RecordBytes))
	p.setAside(r)
}

func (p *parser) file(r *record, rule, message string) {
	p.found.problems = append(p.found.problems, data.Problem{File: p.g.name, Line: int(r.line), Rule: rule,
		Severity: data.Refuse, Message: message, Value: shown(r.raw)})
}

// record judges one record and, when nothing is wrong, adds its rows.
func (p *parser) record(b *batch) {
	r := &p.sc.rec
	if r.blank {
		p.tally.blank += int64(r.lines)
		p.found.problems = append(p.found.problems, blankLine(p.g.name, r.line))
		return
	}
	p.tally.records++
	if p.isFooter(r) {
		p.tally.skipped++
		p.tally.skippedLines += int64(r.lines)
		return
	}
	p.tally.recordLines += int64(r.lines)
	p.rowBad = 0
	if !p.whole(r) || !p.cells(r) {
		p.setAside(r)
		return
	}
	p.tally.accepted++
	p.keys.add(p.key(), r.line)
	p.noteFacts(r)
	p.emit(b, r.line)
}

func (p *parser) isFooter(r *record) bool {
	if p.g.footer == nil || !bytes.HasPrefix(bytes.TrimLeft(r.raw, `"`), []byte(p.g.ahead)) {
		return false
	}
	return p.g.footer.MatchString(titleText(r, p.sc.delim))
}

// whole checks the record's shape before any cell is looked at.
func (p *parser) whole(r *record) bool {
	switch {
	case r.open:
		p.file(r, data.RuleOpenQuote, "una comilla se abre aquí y no se cierra")
	case len(r.cells) != p.g.head.width:
		p.problem(r, -1, nil, nil, &finding{data.RuleWidth,
			fmt.Sprintf("la fila tiene %d celdas y el encabezado %d", len(r.cells), p.g.head.width), fmt.Sprintf("%d celdas", p.g.head.width), ""})
	case r.quote >= 0:
		p.problem(r, r.quote, nil, r.cells[r.quote], &finding{data.RuleQuotes, "las comillas están mal puestas",
			"comillas alrededor de toda la celda; las de adentro, dobles", ""})
	case len(r.raw) > p.g.limits.FieldBytes && !p.short(r):
	default:
		return true
	}
	return false
}

func (p *parser) short(r *record) bool {
	ok := true
	for i, c := range r.cells {
		if len(c) > p.g.limits.FieldBytes {
			p.problem(r, i, nil, c, &finding{data.RuleFieldTooLong,
				fmt.Sprintf("la celda tiene %d bytes; se admiten hasta %d", len(c), p.g.limits.FieldBytes), "", ""})
			ok = false
		}
	}
	return ok
}

// cells judges every cell of the record into p.row; false when one is bad.
func (p *parser) cells(r *record) bool {
	ok := true
	for i, f := range p.g.fields {
		x := &p.row[i]
		at := p.g.head.at[i]
		if at < 0 { // an optional column that the file does not have
			*x = value{null: true, id: p.g.seal}
			continue
		}
		if !p.cell(r, at, f, p.memos[i], x) {
			ok = false
		}
	}
	if p.g.value != nil && ok {
		ok = p.wideCells(r)
	}
	return ok
}

// cell judges one cell. The two common cases, plain text of a simple pattern and
// plain digits, need neither memory nor hash.
func (p *parser) cell(r *record, at int, f *field, m *memo, x *value) bool {
	raw := r.cells[at]
	if len(raw) > 0 {
		if f.fast != nil && raw[0] != ' ' && f.fast.match(raw) {
			*x = value{text: raw}
			return true
		}
		if f.digits {
			if n, ok := digits(raw); ok && n >= f.lo && n <= f.hi {
				*x = value{num: n}
				return true
			}
		}
	}
	v := m.judge(f, raw)
	if len(v.findings) > 0 {
		for i := range v.findings {
			p.problem(r, at, f, raw, &v.findings[i])
		}
		if v.bad {
			return false
		}
	}
	*x = value{null: v.null, num: v.num, dec: v.dec, text: v.text, precision: v.precision, id: v.id}
	return true
}

// digits reads a whole number without leading zero of up to 18 digits.
func digits(b []byte) (int64, bool) {
	if len(b) > 18 || b[0] == '0' && len(b) > 1 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// key is the hash of the record's key. Equal keys have equal hashes, however
// their values were spelled.
func (p *parser) key() uint64 {
	var h uint64
	for _, i := range p.g.keys {
		x := &p.row[i]
		switch {
		case x.null:
			h = mix(h, p.g.seal)
		case p.g.fields[i].kind == kindText:
			h = mix(h, maphash.Bytes(p.g.seed, x.text))
		case p.g.fields[i].kind == kindCode:
			h = mix(h, x.id)
		case p.g.fields[i].kind == kindDecimal:
			h = mix(h, maphash.Comparable(p.g.seed, x.dec))
		default:
			h = mix(h, uint64(x.num))
		}
	}
	return h
}

// noteFacts notes what the accepted record says of the report as a whole.
func (p *parser) noteFacts(r *record) {
	for i, f := range p.g.fields {
		if f.prefix != "" && bytes.HasPrefix(r.cells[max(p.g.head.at[i], 0)], []byte(f.prefix)) && p.g.head.at[i] >= 0 {
			p.tally.synthetic++
			break
		}
	}
	if p.g.dated < 0 || p.row[p.g.dated].null {
		return
	}
	x := &p.row[p.g.dated]
	n := &p.tally.newest
	if !n.set || x.num > n.days || x.num == n.days && r.line < n.line {
		*n = publication{set: true, days: x.num, precision: x.precision, line: r.line}
		if p.g.sourced >= 0 && p.g.head.at[p.g.sourced] >= 0 {
			n.source = p.g.canonical(p.g.sourced, &p.row[p.g.sourced])
		}
	}
}

// canonical is the text that a text or code value stands for.
func (g *gate) canonical(field int, x *value) string {
	if x.null {
		return ""
	}
	if g.fields[field].kind == kindCode {
		return g.fields[field].codes.canonical(x.num)
	}
	return string(x.text)
}

// emit adds the record's rows to the batch: one, or one per published month.
func (p *parser) emit(b *batch, line int64) {
	rows := 1
	if p.g.value != nil {
		rows = p.last
	}
	for m := range rows {
		b.lines[b.n] = line
		for i := range p.g.outs {
			o := &p.g.outs[i]
			switch {
			case o.field == outputMonth:
				b.cols[i].put(b.n, &value{num: int64(m + 1)})
			case o.field == outputValue:
				b.cols[i].put(b.n, &p.values[m])
			case o.precision:
				x := &p.row[o.field]
				b.cols[i].put(b.n, &value{null: x.null, text: precisionBytes[x.precision]})
			default:
				b.cols[i].put(b.n, &p.row[o.field])
			}
		}
		b.n++
	}
	p.tally.rows += int64(rows)
}

var precisionBytes = map[string][]byte{
	precisionDay: []byte(precisionDay), precisionMonth: []byte(precisionMonth), precisionYear: []byte(precisionYear),
}

// problem notes a broken rule of the record at hand.
func (p *parser) problem(r *record, cell int, f *field, raw []byte, what *finding) {
	p.rowBad++
	if p.rowBad > rowProblems {
		return
	}
	q := data.Problem{File: p.g.name, Line: int(r.line), Column: r.position(cell), Value: shown(raw), Rule: what.rule,
		Severity: data.Quarantine, Message: what.message, Expected: what.expected, Hint: what.hint}
	if f != nil {
		q.Field = f.Name
	}
	if what.rule == data.RuleSuppressed {
		q.Severity = data.Warn
	}
	p.found.problems = append(p.found.problems, q)
}

// setAside puts the record in quarantine as delivered.
func (p *parser) setAside(r *record) {
	p.tally.quarantined++
	p.found.quarantine = append(p.found.quarantine, quarantined(r))
}

// quarantineBytes is how much of a record is kept beside the ledger; the archive
// has all of it.
const quarantineBytes = 64 << 10

func quarantined(r *record) warehouse.QuarantineRow {
	raw := r.raw
	if len(raw) > quarantineBytes {
		raw = raw[:quarantineBytes]
	}
	s := strings.ToValidUTF8(string(raw), "\uFFFD")
	return warehouse.QuarantineRow{Line: r.line, Lines: r.lines, Content: strings.ReplaceAll(s, "\x00", "\u2400")}
}
