package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/gttim/cauce/internal/warehouse"
)

// Acts of a journal.
const (
	ActLoad    = "carga"
	ActReplay  = "repeticion"
	ActRetract = "retiro"
)

// Journal is archive/<sha256>.json: every delivery of those bytes and every act
// on their reports. With the bytes and the declarations it is all that is needed
// to make the same warehouse again.
type Journal struct {
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Acts   []Act  `json:"actos"`
}

// Act is one delivery or act. Sequence orders acts over all journals: it is the
// load's id, since clocks can go back. An act that is not Committed was written
// ahead of a commit that may not have happened.
type Act struct {
	Sequence      int       `json:"secuencia"`
	Committed     bool      `json:"confirmado"`
	Kind          string    `json:"acto"`
	Dataset       string    `json:"conjunto"`
	Name          string    `json:"nombre"`
	ReportID      int       `json:"reporte"`
	LoadKind      string    `json:"tipo_de_carga"`
	Outcome       string    `json:"resultado"`
	Reason        string    `json:"motivo,omitempty"`
	ArrivedAt     time.Time `json:"llegada"`
	PublishedOn   string    `json:"publicado_en"` // AAAA-MM-DD
	Precision     string    `json:"publicado_en_precision"`
	PublishedFrom string    `json:"publicado_en_origen"`
	Source        string    `json:"fuente"`
	SourceFrom    string    `json:"fuente_origen"`
	Corrects      int       `json:"corrige,omitempty"`
	Synthetic     bool      `json:"simulado,omitempty"`
	Shipped       bool      `json:"incluido,omitempty"`
	ContractHash  string    `json:"contrato"`
	Codebook      string    `json:"libro_de_codigos,omitempty"` // sha256 of the codebook that was delivered with it, archived too
	CodebookName  string    `json:"libro_de_codigos_nombre,omitempty"`
	Version       string    `json:"version"`
}

// ReadJournal reads the journal of the bytes with that hash; an empty one when
// there is none yet.
func ReadJournal(home *warehouse.Home, sha256 string) (Journal, error) {
	j := Journal{SHA256: sha256}
	b, err := os.ReadFile(home.Path(warehouse.ArchiveDir, sha256+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return j, nil
	}
	if err != nil {
		return j, fmt.Errorf("read journal: %w", err)
	}
	if err := json.Unmarshal(b, &j); err != nil {
		return j, fmt.Errorf("read journal %s: %w: %w", sha256, err, warehouse.ErrIntegrity)
	}
	return j, nil
}

// Record adds an act to the journal of those bytes, in place of one of the same
// sequence, durably: when it returns nil the act survives a power cut.
func Record(home *warehouse.Home, sha256 string, bytes int64, a Act) error {
	j, err := ReadJournal(home, sha256)
	if err != nil {
		return err
	}
	j.Bytes = bytes
	j.Acts = slices.DeleteFunc(j.Acts, func(o Act) bool { return o.Sequence == a.Sequence })
	j.Acts = append(j.Acts, a)
	slices.SortFunc(j.Acts, func(a, b Act) int { return a.Sequence - b.Sequence })
	text, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	if err := warehouse.WriteFileAtomic(home.Path(warehouse.ArchiveDir), sha256+".json", append(text, '\n')); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// NewAct is the journal's form of a load.
func NewAct(r warehouse.Report, l warehouse.Load, name string, committed bool) Act {
	return Act{
		Sequence: l.ID, Committed: committed, Kind: ActLoad, Dataset: l.Dataset, Name: name, ReportID: l.ReportID,
		LoadKind: l.Kind, Outcome: l.Outcome, Reason: l.Reason, ArrivedAt: r.ArrivedAt,
		PublishedOn: r.PublishedOn.Format(time.DateOnly), Precision: r.PublishedPrecision, PublishedFrom: r.PublishedBasis,
		Source: r.Source, SourceFrom: r.SourceBasis, Corrects: r.Corrects, Synthetic: r.Synthetic, Shipped: r.Shipped,
		ContractHash: l.ContractHash, Version: l.BinaryVersion,
	}
}

// act is the journal's form of the load in hand.
func (w *work) act(r warehouse.Report, l warehouse.Load, committed bool) Act {
	a := NewAct(r, l, w.Name, committed)
	a.Codebook, a.CodebookName = w.book.sha256, w.book.name
	if w.replay {
		a.Kind = ActReplay
	}
	return a
}

// restore puts what the act recorded of a report's provenance back into it.
func (a Act) restore(r *warehouse.Report) error {
	day, err := time.Parse(time.DateOnly, a.PublishedOn)
	if err != nil {
		return fmt.Errorf("journal of load %d: %w: %w", a.Sequence, err, warehouse.ErrIntegrity)
	}
	r.ArrivedAt, r.PublishedOn, r.PublishedPrecision, r.PublishedBasis = a.ArrivedAt, day, a.Precision, a.PublishedFrom
	r.Source, r.SourceBasis, r.Corrects = a.Source, a.SourceFrom, a.Corrects
	return nil
}
