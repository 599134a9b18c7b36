package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/keys"
	"github.com/gttim/cauce/ingest/gate/spill"
)

// duplicatesAtOnce is how many candidate records are held in memory at a time.
const duplicatesAtOnce = 50_000

// duplicates reads the candidates again and compares them exactly. Of identical
// rows the first is kept; rows of one key that differ are all set aside, since
// nothing tells which is right.
func (g *Gate) duplicates(ctx context.Context, list []keys.Candidate) error {
	for len(list) > 0 {
		end := min(duplicatesAtOnce, len(list))
		for end < len(list) && list[end].Hash == list[end-1].Hash {
			end++ // one key's records stay together
		}
		if err := g.compare(ctx, list[:end]); err != nil {
			return err
		}
		list = list[end:]
	}
	return nil
}

// twin is one record of a key that may not be alone.
type twin struct {
	row  string
	rows int64
	held Held
	at   int // position of the key's first cell
}

func (g *Gate) compare(ctx context.Context, list []keys.Candidate) error {
	lines := make([]int64, len(list))
	for i, c := range list {
		lines[i] = c.Line
	}
	slices.Sort(lines)
	groups := map[string][]twin{}
	var order []string
	err := g.fetch(ctx, lines, func(p *Parser) {
		key, row := p.identity()
		if _, ok := groups[key]; !ok {
			order = append(order, key)
		}
		rows := int64(1)
		if g.value != nil {
			rows = p.wideRows()
		}
		groups[key] = append(groups[key], twin{row: row, rows: rows, held: quarantined(&p.sc.Rec), at: p.position(&p.sc.Rec, max(g.head.at[g.keys[0]], 0))})
	})
	if err != nil {
		return err
	}
	for _, key := range order {
		if err := g.judgeTwins(groups[key]); err != nil {
			return err
		}
	}
	return nil
}

func (g *Gate) judgeTwins(twins []twin) error {
	if len(twins) < 2 {
		return nil // only the hashes met
	}
	same, kept := true, 0
	for i, t := range twins {
		same = same && t.row == twins[0].row
		if g.only != nil && !g.only[t.held.Line] && (kept == 0 && g.only[twins[0].held.Line]) {
			kept = i // loaded before, so it stays
		}
	}
	for i, t := range twins {
		p := data.Problem{File: g.name, Line: int(t.held.Line), Column: t.at, Severity: data.Quarantine}
		switch {
		case g.only != nil && !g.only[t.held.Line]:
			continue
		case same && i == kept:
			continue
		case same:
			p.Rule, p.Message = data.RuleDuplicateRow, fmt.Sprintf("duplicada de la línea %d", twins[kept].held.Line)
		default:
			other := twins[0].held.Line
			if i == 0 {
				other = twins[1].held.Line
			}
			p.Rule = data.RuleDuplicateKey
			p.Message = fmt.Sprintf("misma clave que la línea %d y valores distintos", other)
			p.Expected = "una sola fila por clave (" + joined(g.ds.Key) + ")"
		}
		g.total.Accepted--
		g.total.Quarantined++
		g.total.Rows -= t.rows
		if err := g.found.note(p); err != nil {
			return err
		}
		if err := g.found.quarantine.Add(t.held); err != nil {
			return err
		}
	}
	return nil
}

func joined(names []string) string {
	out := ""
	for i, n := range names {
		if i > 0 {
			out += ", "
		}
		out += n
	}
	return out
}

// fetch reads the file again and calls fn on a parser that stands at each of the
// given lines, its record judged. Lines ascend; they are of accepted records.
func (g *Gate) fetch(ctx context.Context, lines []int64, fn func(*Parser)) error {
	src, file, err := g.stream(ctx, nil)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := g.findHeader(src, false); err != nil {
		return err
	}
	p := newParser(g)
	for len(lines) > 0 {
		ok, err := src.Next(&p.sc.Block)
		if err != nil {
			return fmt.Errorf("read archived file again: %w", err)
		}
		if !ok {
			return fmt.Errorf("read archived file again: line %d is gone", lines[0])
		}
		if lines[0] >= p.sc.Block.Line+p.sc.Block.Lines {
			continue
		}
		p.sc.Reset()
		for len(lines) > 0 && p.sc.Next() {
			if p.sc.Rec.Line != lines[0] {
				continue
			}
			lines = lines[1:]
			if g.sheet != nil {
				p.pad(&p.sc.Rec)
			}
			p.cells(&p.sc.Rec)
			fn(p)
		}
	}
	return nil
}

// identity is the record's key and whole row in canonical form.
func (p *Parser) identity() (key, row string) {
	var b []byte
	add := func(i int) {
		x := p.row[i]
		switch {
		case x.Null:
			b = append(b, 'n')
		case p.g.fields[i].Kind == cell.Code || p.g.fields[i].Kind == cell.Text:
			s := p.g.canonical(i, x)
			b = append(strconv.AppendInt(append(b, 't'), int64(len(s)), 10), ':')
			b = append(b, s...)
		case p.g.fields[i].Kind == cell.Decimal:
			b = strconv.AppendFloat(append(b, 'd'), x.Dec(), 'g', -1, 64)
		default:
			b = strconv.AppendInt(append(b, 'i'), x.Num, 10)
		}
		b = append(b, ';')
	}
	for _, i := range p.g.keys {
		add(i)
	}
	key = string(b)
	b = b[:0]
	for i := range p.row {
		add(i)
	}
	for i := range p.wideRows() {
		x := &p.values[i]
		b = fmt.Appendf(b, "%t %d %g;", x.Null, x.Num, x.Dec())
	}
	return key, string(b)
}

// Withdraw sets accepted records aside after all, for a rule that looks across
// rows, and lists them as delivered.
func (g *Gate) Withdraw(ctx context.Context, lines []int64) (*spill.List[Held], error) {
	into := spill.New(g.found.temp, sizeOfHeld)
	var failed error
	err := g.fetch(ctx, lines, func(p *Parser) {
		g.total.Accepted--
		g.total.Quarantined++
		if g.value != nil {
			g.total.Rows -= p.wideRows()
		} else {
			g.total.Rows--
		}
		if err := into.Add(quarantined(&p.sc.Rec)); err != nil && failed == nil {
			failed = err
		}
	})
	if err = errors.Join(err, failed); err != nil {
		return nil, errors.Join(err, into.Close())
	}
	return into, nil
}
