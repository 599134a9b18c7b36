package dashboard

import (
	"fmt"
	"strconv"

	"github.com/gttim/cauce/internal/warehouse"
)

// endings tell, by the number of a load, which later one ended what it brought: a load
// of the report as a whole, or its withdrawal. Loads whose rows still stand have none.
type endings map[int]*Load

// endingsOf works them out of loads, newest first, as the ledger does.
func endingsOf(loads []*Load) endings {
	out, by := endings{}, map[int]*Load{} // by: of each report, what ends the loads before it
	for _, l := range loads {
		if l.refused() {
			continue
		}
		if e := by[l.Report]; e != nil && l.Succeeded() {
			out[l.ID] = e
		}
		if l.Kind != warehouse.KindReplay {
			by[l.Report] = l
		}
	}
	return out
}

// stands tells whether a load brought rows that no later one ended.
func (e endings) stands(l *Load) bool { return l.Succeeded() && e[l.ID] == nil }

// withdrawn tells whether a load's rows ended with the withdrawal of its report.
func (e endings) withdrawn(l *Load) bool {
	return e[l.ID] != nil && e[l.ID].Outcome == warehouse.Withdrawn
}

// text says what ended a load's rows, "" where they stand.
func (e endings) text(l *Load) string {
	switch end := e[l.ID]; {
	case end == nil:
		return ""
	case e.withdrawn(l):
		return "retirado en la carga " + strconv.Itoa(end.ID)
	default:
		return "cargado otra vez, completo, en la carga " + strconv.Itoa(end.ID)
	}
}

// rowCounts is how many records the reports of a dataset brought.
type rowCounts struct {
	newest                *Load // the newest load that stands, nil for none
	accepted, quarantined int64 // of reports that stand, each record once
	withdrawn             int64 // accepted, of reports that were withdrawn since
	reports               int   // that were withdrawn
}

// rowCounts counts what loads of a dataset, newest first, brought.
func (q *request) rowCounts(d *Dataset, loads []*Load) rowCounts {
	var c rowCounts
	e, gone := endingsOf(loads), map[int]bool{}
	for _, l := range loads {
		switch {
		case l.Dataset != d.ID:
		case e.stands(l):
			if c.newest == nil {
				c.newest = l
			}
			c.accepted += l.Accepted
			c.quarantined += l.Quarantined - l.pending(q.load)
		case e.withdrawn(l):
			c.withdrawn += l.Accepted
			gone[l.Report] = true
		}
	}
	c.reports = len(gone)
	return c
}

// note says what the count of accepted records leaves out, "" for nothing.
func (c rowCounts) note(hidden bool) string {
	if c.reports == 0 {
		return ""
	}
	of := "los"
	if !hidden {
		of = formatCount(c.withdrawn)
	}
	if c.reports == 1 {
		return "sin contar " + of + " de un reporte retirado"
	}
	return fmt.Sprintf("sin contar %s de %s reportes retirados", of, formatCount(int64(c.reports)))
}
