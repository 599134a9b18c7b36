package gate

import (
	"context"
	"fmt"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/keys"
)

// Tally accounts for a file. For every file:
//
//	physical = header + blank + skipped lines + record lines
//	records  = accepted + quarantined + skipped
//
// A footer is a record that the contract declares as skipped; its lines are
// skipped lines. The lines of a file refused before its first record count as
// record lines of which none was read.
type Tally struct {
	Physical, Header, Blank, SkippedLines, RecordLines int64
	Records, Accepted, Quarantined, Skipped            int64
	Rows                                               int64 // rows for the raw table
	Synthetic                                          int64 // accepted records marked as generated
	Newest                                             Publication
}

// Publication is the newest date of publication among the accepted rows, with
// the source of the row that carries it. Set is false when no row carries one.
type Publication struct {
	Set       bool
	Days      int64 // since 1970
	Precision cell.Precision
	Source    string
	line      int64
}

func (t *Tally) add(o *Tally) {
	t.Blank += o.Blank
	t.SkippedLines += o.SkippedLines
	t.RecordLines += o.RecordLines
	t.Records += o.Records
	t.Accepted += o.Accepted
	t.Quarantined += o.Quarantined
	t.Skipped += o.Skipped
	t.Rows += o.Rows
	t.Synthetic += o.Synthetic
	t.Newest.offer(o.Newest)
}

// offer keeps the newer of two; of the same day, that of the earlier line, so
// that the answer does not depend on which parser was faster.
func (p *Publication) offer(o Publication) {
	if o.Set && (!p.Set || o.Days > p.Days || o.Days == p.Days && o.line < p.line) {
		*p = o
	}
}

// Threshold refuses the file when no row or too few rows can be accepted.
func (g *Gate) Threshold() error {
	t := &g.total
	switch {
	case g.only != nil:
		return nil
	case t.Accepted+t.Quarantined == 0 && g.ds.AllowEmpty:
		return nil
	case t.Accepted+t.Quarantined == 0:
		return g.Refuse(data.Problem{Rule: data.RuleHeaderOnly, Message: "el archivo tiene encabezado y ninguna fila"})
	case t.over(g.ds.Reject):
		share := 100 * float64(t.Quarantined) / float64(t.Accepted+t.Quarantined)
		return g.Refuse(data.Problem{Rule: data.RuleTooManyBad, Hint: g.found.encodingHint(t.Quarantined, g.profile.Guess()),
			Message: fmt.Sprintf("umbral %g %%, se encontró %.4g %%: %d de %d filas tienen problemas",
				100*g.ds.Reject.Share, share, t.Quarantined, t.Accepted+t.Quarantined)})
	case t.Accepted == 0:
		return g.Refuse(data.Problem{Rule: data.RuleNoneAccepted, Message: "ninguna fila pudo aceptarse"})
	}
	return nil
}

// over tells whether so many records are bad that the contract refuses the file.
func (t *Tally) over(r data.Reject) bool {
	all := t.Accepted + t.Quarantined
	return t.Quarantined > int64(r.Rows) && float64(t.Quarantined) > r.Share*float64(all)
}

// Limits bound what one delivered file may make the process do. A zero field
// stands for the default.
type Limits struct {
	FileBytes   int64 // bytes of one file; copying stops there (2 GiB)
	FieldBytes  int   // bytes of one cell (64 KiB); a longer one is a problem of its row
	RecordBytes int   // bytes of one record, all its cells (8 MiB); a longer one refuses the file
	Columns     int   // columns of a header (2,000)
	Distinct    int   // distinct spellings of one dictionary column (500,000)
	Shown       int   // problems that Result carries and messages show (20)
}

// DefaultLimits are the documented limits.
func DefaultLimits() Limits {
	return Limits{FileBytes: 2 << 30, FieldBytes: 64 << 10, RecordBytes: 8 << 20, Columns: 2000, Distinct: 500_000, Shown: 20}
}

// OrDefault fills the fields that are zero.
func (l Limits) OrDefault() Limits {
	d := DefaultLimits()
	if l.FileBytes == 0 {
		l.FileBytes = d.FileBytes
	}
	if l.FieldBytes == 0 {
		l.FieldBytes = d.FieldBytes
	}
	if l.RecordBytes == 0 {
		l.RecordBytes = d.RecordBytes
	}
	if l.Columns == 0 {
		l.Columns = d.Columns
	}
	if l.Distinct == 0 {
		l.Distinct = d.Distinct
	}
	if l.Shown == 0 {
		l.Shown = d.Shown
	}
	return l
}

// Finish closes the account once every parser is done: totals, keys, threshold.
func (g *Gate) Finish(ctx context.Context) error {
	if g.early {
		return g.found.finish(g.name)
	}
	var lists []*keys.List
	for _, p := range g.parsers {
		g.total.add(&p.tally)
		lists = append(lists, p.keys)
		defer p.keys.Close() // only read from here on
	}
	g.parsers = nil
	g.total.Physical = g.src.Lines()
	if g.only != nil { // the account is of these records
		g.total.Header, g.total.Blank, g.total.Physical = 0, 0, g.total.RecordLines+g.total.SkippedLines
	}
	if err := g.found.finish(g.name); err != nil {
		return err
	}
	for _, f := range g.fields {
		if f.Codes != nil && f.Codes.Overflowed() {
			if err := g.Refuse(data.Problem{Field: f.Name, Rule: data.RuleTooBig,
				Message: fmt.Sprintf("la columna tiene más de %d valores distintos", g.limits.Distinct)}); err != nil {
				return err
			}
		}
	}
	if g.table != nil && g.only == nil {
		if err := g.table.tell(g); err != nil {
			return err
		}
	}
	if g.Refused() {
		return nil
	}
	meet, err := keys.Candidates(lists)
	if err != nil {
		return err
	}
	if err := g.duplicates(ctx, meet); err != nil {
		return err
	}
	return g.Threshold()
}
