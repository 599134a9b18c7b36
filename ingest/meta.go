package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/internal/warehouse"
)

// Where a report's date of publication or source comes from, as stored.
const (
	BasisColumn  = "columna"
	BasisSidecar = "acompanante"
	BasisFlag    = "parametro"
	BasisArrival = "llegada" // of a date: the day of arrival
	BasisInbox   = "buzon"   // of a source: none was given
)

// inboxSource is the source of a report that names none.
const inboxSource = "buzón"

// mexicoCity is the day's time zone: the country's centre has kept UTC−6 without
// summer time since 2022.
var mexicoCity = time.FixedZone("America/Mexico_City", -6*60*60)

// sidecar is the content of NAME.meta.yml.
type sidecar struct {
	Published string `yaml:"publicado_en"`
	Source    string `yaml:"fuente"`
	Corrects  int    `yaml:"corrige"`
}

const sidecarBytes = 64 << 10

// readSidecar reads the file beside the delivered one, NAME.csv.meta.yml or
// NAME.meta.yml. The name is "" when there is none. A mistake in it is a
// data.ErrDeclaration, which refuses the delivery.
func (j *Job) readSidecar(d Delivery) (name string, s sidecar, err error) {
	root, base, err := j.place(d)
	if err != nil {
		return "", s, fmt.Errorf("look for sidecar: %w", err)
	}
	defer root.Close()
	stem := base
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		stem = base[:i]
	}
	for _, name := range []string{base + warehouse.SidecarSuffix, stem + warehouse.SidecarSuffix} {
		info, err := root.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", s, fmt.Errorf("look for sidecar: %w", err)
		}
		if !info.Mode().IsRegular() || info.Size() > sidecarBytes {
			return name, s, fmt.Errorf("%s: not a small regular file: %w", name, data.ErrDeclaration)
		}
		f, err := root.Open(name)
		if err != nil {
			return "", s, fmt.Errorf("read sidecar: %w", err)
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, sidecarBytes))
		if err != nil {
			return "", s, fmt.Errorf("read sidecar: %w", err)
		}
		s, err = parseSidecar(name, b)
		return name, s, err
	}
	return "", s, nil
}

// parseSidecar reads the content of a sidecar. Error: data.ErrDeclaration.
func parseSidecar(name string, b []byte) (s sidecar, err error) {
	if err := data.DecodeYAML(name, b, &s); err != nil {
		return s, err
	}
	if _, _, ok := cell.ParseDate(s.Published, true); s.Published != "" && !ok {
		return s, fmt.Errorf("%s: publicado_en %q: %w", name, data.Printable(s.Published), data.ErrDeclaration)
	}
	return s, nil
}

// metadata fills the report's date of publication and source from what was given
// beside the file, else from its arrival.
func metadata(r *warehouse.Report, d Delivery, s sidecar) error {
	arrived := r.ArrivedAt.In(mexicoCity)
	r.PublishedOn = time.Date(arrived.Year(), arrived.Month(), arrived.Day(), 0, 0, 0, 0, time.UTC)
	r.PublishedPrecision, r.PublishedBasis = cell.PrecisionDay.String(), BasisArrival
	r.Source, r.SourceBasis = inboxSource, BasisInbox
	set := func(text, basis string) error {
		day, precision, ok := cell.ParseDate(text, true)
		if !ok {
			return fmt.Errorf("date of publication %q: expected AAAA-MM-DD, AAAA-MM or AAAA: %w", text, data.ErrDeclaration)
		}
		r.PublishedOn, r.PublishedPrecision, r.PublishedBasis = day, precision.String(), basis
		return nil
	}
	if d.Published != "" {
		if err := set(d.Published, BasisFlag); err != nil {
			return err
		}
	}
	if d.Source != "" {
		r.Source, r.SourceBasis = d.Source, BasisFlag
	}
	if s.Published != "" {
		if err := set(s.Published, BasisSidecar); err != nil {
			return err
		}
	}
	if s.Source != "" {
		r.Source, r.SourceBasis = s.Source, BasisSidecar
	}
	r.Corrects = d.Corrects
	if s.Corrects != 0 {
		r.Corrects = s.Corrects
	}
	return nil
}

// fromColumns lets what the file itself says of its publication win.
func fromColumns(r *warehouse.Report, p gate.Publication) {
	if !p.Set {
		return
	}
	if p.Precision == cell.NoPrecision {
		p.Precision = cell.PrecisionDay
	}
	r.PublishedOn, r.PublishedPrecision, r.PublishedBasis = cell.Day(p.Days), p.Precision.String(), BasisColumn
	if p.Source != "" {
		r.Source, r.SourceBasis = p.Source, BasisColumn
	}
}
