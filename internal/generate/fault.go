package generate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/gttim/cauce/data"
)

// Fault is a kind of fault that a generated row can be given.
type Fault string

// The kinds of faults. A row with quoted cells is a good row, delivered in the
// form that takes the long way through the gate.
const (
	BadDate      Fault = "fecha"
	BadInteger   Fault = "entero"
	UnknownState Fault = "entidad"
	MissingValue Fault = "vacio"
	ExtraCell    Fault = "celda"
	QuotedCells  Fault = "comillas"
)

// Faults lists every kind, in a fixed order.
func Faults() []Fault {
	return []Fault{BadDate, BadInteger, UnknownState, MissingValue, ExtraCell, QuotedCells}
}

// spoiler joins cells to a row and spoils the share of rows it was told to.
type spoiler struct {
	r      *rand.Rand
	rate   float64
	kinds  []Fault
	quoted bool
}

// Positions of the cells that faults are put into.
const (
	fechaCell        = 1
	entidadCell      = 2
	nacionalidadCell = 4
	edadCell         = 6
)

func newSpoiler(opt Options, r *rand.Rand) (*spoiler, error) {
	s := &spoiler{r: r, rate: opt.FaultRate, kinds: opt.Faults, quoted: opt.Quoted}
	if s.rate < 0 || s.rate > 1 {
		return nil, fmt.Errorf("fault rate %v is not between 0 and 1: %w", s.rate, data.ErrDeclaration)
	}
	if len(s.kinds) == 0 {
		s.kinds = Faults()
	}
	for _, k := range s.kinds {
		if !slices.Contains(Faults(), k) {
			return nil, fmt.Errorf("unknown fault %q, known are %v: %w", k, Faults(), data.ErrDeclaration)
		}
	}
	return s, nil
}

func (s *spoiler) row(b []byte, cells [][]byte) []byte {
	quoted, extra := s.quoted, false
	if s.rate > 0 && s.r.Float64() < s.rate {
		switch s.kinds[s.r.IntN(len(s.kinds))] {
		case BadDate: // a day that no February has
			cells[fechaCell] = append(cells[fechaCell][:len("2006")], "-02-30"...)
		case BadInteger:
			cells[edadCell] = append(cells[edadCell], ".5"...)
		case UnknownState:
			cells[entidadCell] = append(cells[entidadCell][:0], "Aztlán"...)
		case MissingValue:
			cells[nacionalidadCell] = cells[nacionalidadCell][:0]
		case ExtraCell:
			extra = true
		case QuotedCells:
			quoted = true
		}
	}
	for i, c := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCell(b, c, quoted)
	}
	if extra {
		b = append(b, ",sobra"...)
	}
	return append(b, '\n')
}

// appendCell quotes a cell where it is asked for or where its text needs it.
func appendCell(b, cell []byte, quoted bool) []byte {
	if !quoted && !bytes.ContainsAny(cell, ",\"\r\n") {
		return append(b, cell...)
	}
	b = append(b, '"')
	for _, c := range cell {
		if c == '"' {
			b = append(b, '"')
		}
		b = append(b, c)
	}
	return append(b, '"')
}
