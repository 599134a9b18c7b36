package ingest

import (
	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// tally accounts for a file. For every file:
//
//	physical = header + blank + skipped lines + record lines
//	records  = accepted + quarantined + skipped
//
// A footer is a record that the contract declares as skipped; its lines are
// skipped lines. The lines of a file refused before its first record count as
// record lines of which none was read.
type tally struct {
	physical, header, blank, skippedLines, recordLines int64
	records, accepted, quarantined, skipped            int64
	rows                                               int64 // rows for the raw table
	synthetic                                          int64 // accepted records marked as generated
	newest                                             publication
}

// publication is the newest date of publication among the accepted rows, with
// the source of the row that carries it.
type publication struct {
	set       bool
	days      int64
	precision string
	source    string
	line      int64
}

func (t *tally) add(o *tally) {
	t.blank += o.blank
	t.skippedLines += o.skippedLines
	t.recordLines += o.recordLines
	t.records += o.records
	t.accepted += o.accepted
	t.quarantined += o.quarantined
	t.skipped += o.skipped
	t.rows += o.rows
	t.synthetic += o.synthetic
	t.newest.offer(o.newest)
}

// offer keeps the newer of two; of the same day, that of the earlier line, so
// that the answer does not depend on which parser was faster.
func (p *publication) offer(o publication) {
	if o.set && (!p.set || o.days > p.days || o.days == p.days && o.line < p.line) {
		*p = o
	}
}

func (t *tally) fill(l *warehouse.Load) {
	l.PhysicalLines, l.HeaderLines, l.BlankLines, l.SkippedLines, l.RecordLines = t.physical, t.header, t.blank, t.skippedLines, t.recordLines
	l.Records, l.Accepted, l.Quarantined, l.Skipped, l.RawRows = t.records, t.accepted, t.quarantined, t.skipped, t.rows
}

// over tells whether so many records are bad that the contract refuses the file.
func (t *tally) over(r data.Reject) bool {
	all := t.accepted + t.quarantined
	return t.quarantined > int64(r.Rows) && float64(t.quarantined) > r.Share*float64(all)
}
