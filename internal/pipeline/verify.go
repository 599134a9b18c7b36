package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// Proven counts what Verify has compared.
type Proven struct {
	Reports, Loads, Files, Publication int
}

var archivedName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Verify proves that archive, ledger, tables and publication agree: every
// report's bytes are there and hash to their name, every load has the rows that
// the ledger counts, every act that a journal calls committed is in the ledger, every
// value of the warehouse and of the current publication can be read, and that one gives
// away nothing that must stay hidden.
// The first contradiction is an ErrIntegrity.
func (p *Pipeline) Verify(ctx context.Context) (Proven, error) {
	var out Proven
	reports, err := p.DB.Reports(ctx)
	if err != nil {
		return out, err
	}
	loads, err := p.DB.Loads(ctx)
	if err != nil {
		return out, err
	}
	hashed := map[string]bool{}
	for _, r := range reports {
		if !hashed[r.SHA256] {
			if err := p.verifyFile(r.SHA256); err != nil {
				return out, err
			}
			hashed[r.SHA256] = true
		}
	}
	known := map[int]bool{}
	for _, l := range loads {
		known[l.ID] = true
		if err := p.DB.CheckLoad(ctx, p.Decls.Dataset(l.Dataset), l); err != nil {
			return out, err
		}
	}
	files, err := p.verifyJournals(known)
	if err != nil {
		return out, err
	}
	if err := p.DB.ReadAll(ctx); err != nil {
		return out, err
	}
	out = Proven{Reports: len(reports), Loads: len(loads), Files: files}
	out.Publication, err = p.verifyPublication(ctx)
	return out, err
}

func (p *Pipeline) verifyFile(sum string) error {
	f, err := os.Open(p.Home.Path(warehouse.ArchiveDir, sum))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("archive/%s is missing: %w", sum, warehouse.ErrIntegrity)
	}
	if err != nil {
		return fmt.Errorf("verify archive: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("verify archive: %w", err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sum {
		return fmt.Errorf("archive/%s now hashes to %s: %w", sum, got, warehouse.ErrIntegrity)
	}
	return nil
}

// verifyJournals holds the archive's journals against the ledger and counts the
// archived files.
func (p *Pipeline) verifyJournals(known map[int]bool) (int, error) {
	entries, err := os.ReadDir(p.Home.Path(warehouse.ArchiveDir))
	if err != nil {
		return 0, fmt.Errorf("verify archive: %w", err)
	}
	files := 0
	for _, e := range entries {
		if archivedName.MatchString(e.Name()) {
			files++
		}
		sum, isJournal := strings.CutSuffix(e.Name(), ".json")
		if !isJournal || !archivedName.MatchString(sum) {
			continue
		}
		j, err := ingest.ReadJournal(p.Home, sum)
		if err != nil {
			return files, err
		}
		for _, a := range j.Acts {
			if a.Committed && !known[a.Sequence] {
				return files, fmt.Errorf("archive/%s says load %d was committed and the ledger lacks it: %w", e.Name(), a.Sequence, warehouse.ErrIntegrity)
			}
			if a.Committed && a.Codebook != "" {
				if err := p.verifyFile(a.Codebook); err != nil {
					return files, err
				}
			}
		}
	}
	return files, nil
}

func (p *Pipeline) verifyPublication(ctx context.Context) (int, error) {
	path, id, err := warehouse.Current(p.Home.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := warehouse.ProveReadable(ctx, path, id); err != nil {
		return id, err
	}
	return id, p.auditCurrent(ctx, path)
}
