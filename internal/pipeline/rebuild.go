package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// rebuildFolder is where a warehouse is made anew, in the temporary folder of its
// home: what a crash leaves there is swept away at the next start.
const rebuildFolder = "rebuild"

// Rebuilt is what a rebuild did. Changed lists the loads that are judged otherwise than
// they were: by another contract, or by catalogues of now that let rows pass which were
// set aside then, or set rows aside.
type Rebuilt struct {
	Loads, Reports int
	Changed        []int
}

// Rebuild makes the warehouse of a home anew from its archive and the declarations
// alone: every act of the journals again, in their order, with the arrival, source
// and dates that they recorded. It is built beside the one in use, which it takes
// the place of at the end; the old one stays as warehouse.duckdb.anterior. Then it
// publishes. Errors: warehouse.ErrIntegrity where the archive is damaged or an act
// does not give what its journal says, warehouse.ErrBusy.
func Rebuild(ctx context.Context, opt Options) (Rebuilt, error) {
	home, err := warehouse.OpenHome(opt.Dir)
	if err != nil {
		return Rebuilt{}, err
	}
	defer home.Close()
	release, err := home.Hold()
	if err != nil {
		return Rebuilt{}, err
	}
	out, err := rebuildInto(ctx, opt, home, home.Path(warehouse.TempDir, rebuildFolder))
	if err == nil {
		err = home.Replace(home.Path(warehouse.TempDir, rebuildFolder))
	}
	if err = errors.Join(err, release()); err != nil {
		return out, err
	}
	p, err := Open(ctx, opt)
	if err != nil {
		return out, err
	}
	defer p.Close()
	_, err = p.Publish(ctx)
	return out, err
}

// VerifyRebuild rebuilds the home's warehouse in a scratch folder and compares it,
// table by table, with the one in use. A difference is an ErrIntegrity.
func (p *Pipeline) VerifyRebuild(ctx context.Context) (Rebuilt, error) {
	dir, err := os.MkdirTemp(p.Home.Path(warehouse.TempDir), rebuildFolder+"-*")
	if err != nil {
		return Rebuilt{}, fmt.Errorf("verify rebuild: %w", err)
	}
	defer os.RemoveAll(dir)
	out, err := rebuildInto(ctx, p.opt, p.Home, dir)
	if err != nil {
		return out, err
	}
	opt := p.opt
	opt.Dir = dir
	q, err := Open(ctx, opt)
	if err != nil {
		return out, err
	}
	defer q.Close()
	mine, err := p.DB.Fingerprints(ctx, p.Decls.Datasets)
	if err != nil {
		return out, err
	}
	other, err := q.DB.Fingerprints(ctx, q.Decls.Datasets)
	if err != nil {
		return out, err
	}
	var differ []string
	for table, f := range mine {
		if other[table] != f {
			differ = append(differ, fmt.Sprintf("%s has %s and the archive gives %s", table, f, other[table]))
		}
	}
	if len(differ) > 0 {
		slices.Sort(differ)
		return out, fmt.Errorf("%s (`cauce rebuild` makes the warehouse as the archive gives it, and keeps this one): %w", strings.Join(differ, "; "), warehouse.ErrIntegrity)
	}
	return out, nil
}

// rebuildInto makes the warehouse of a home again in an empty folder.
func rebuildInto(ctx context.Context, opt Options, home *warehouse.Home, dir string) (Rebuilt, error) {
	var out Rebuilt
	acts, err := recordedActs(home)
	if err != nil {
		return out, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return out, fmt.Errorf("rebuild: %w", err)
	}
	opt.Dir = dir
	p, err := Open(ctx, opt)
	if err != nil {
		return out, err
	}
	defer p.Close()
	reports := map[int]bool{}
	for _, a := range acts {
		otherwise, err := p.again(ctx, home, a)
		if err != nil {
			return out, fmt.Errorf("rebuild load %d (%s): %w", a.act.Sequence, data.Printable(a.act.Name), err)
		}
		reports[a.act.ReportID] = true
		if ds := p.Decls.Dataset(a.act.Dataset); otherwise || ds != nil && ds.HashWith(a.act.Codebook) != a.act.ContractHash {
			out.Changed = append(out.Changed, a.act.Sequence)
		}
	}
	out.Loads, out.Reports = len(acts), len(reports)
	return out, p.DB.Checkpoint(ctx)
}

// recorded is an act with the bytes it was about.
type recorded struct {
	sha256 string
	act    ingest.Act
}

// recordedActs reads all journals, proves the bytes they are about, and gives the
// acts in order. One written ahead of a commit that never came is left out: the
// next load took its number.
func recordedActs(home *warehouse.Home) ([]recorded, error) {
	entries, err := fs.ReadDir(home.Root.FS(), warehouse.ArchiveDir)
	if err != nil {
		return nil, fmt.Errorf("read archive: %w", err)
	}
	var out []recorded
	for _, e := range entries {
		sum, isJournal := strings.CutSuffix(e.Name(), ".json")
		if !isJournal || !archivedName.MatchString(sum) {
			continue
		}
		j, err := ingest.ReadJournal(home, sum)
		if err != nil {
			return nil, err
		}
		if err := (&Pipeline{Home: home}).verifyFile(sum); err != nil {
			return nil, err
		}
		for _, a := range j.Acts {
			if a.Codebook != "" {
				if err := (&Pipeline{Home: home}).verifyFile(a.Codebook); err != nil {
					return nil, err
				}
			}
			out = append(out, recorded{sum, a})
		}
	}
	slices.SortStableFunc(out, func(a, b recorded) int { return a.act.Sequence - b.act.Sequence })
	last := 0
	kept := out[:0]
	for i, r := range out {
		switch {
		case r.act.Committed:
		case slices.ContainsFunc(out, func(o recorded) bool { return o.act.Committed && o.act.Sequence == r.act.Sequence }):
			continue
		case i == len(out)-1:
			continue
		}
		if r.act.Sequence != last+1 {
			return nil, fmt.Errorf("the archive's journals know load %d and not load %d: %w", r.act.Sequence, last+1, warehouse.ErrIntegrity)
		}
		last = r.act.Sequence
		kept = append(kept, r)
	}
	return kept, nil
}

// again does one act again and holds it against what its journal recorded. It tells
// whether rows were judged otherwise: what was set aside when a catalogue lacked a
// spelling passes at once by the catalogue of now, and a replay of it finds nothing left.
func (p *Pipeline) again(ctx context.Context, home *warehouse.Home, r recorded) (otherwise bool, err error) {
	a := r.act
	job := p.job()
	var res ingest.Result
	switch a.Kind {
	case ingest.ActRetract:
		return false, p.retract(ctx, a.ReportID, a.Reason)
	case ingest.ActReplay:
		var report warehouse.Report
		var ok bool
		if report, ok, err = p.DB.ReportByID(ctx, a.ReportID); err != nil || !ok {
			return false, errors.Join(err, fmt.Errorf("report %d is not there: %w", a.ReportID, warehouse.ErrIntegrity))
		}
		if res, err = job.Replay(ctx, report, true); err == nil && res.Outcome == ingest.Unchanged {
			return true, p.emptyReplay(ctx, a)
		}
	default:
		res, err = job.Run(ctx, ingest.Delivery{Path: filepath.Join(home.Path(warehouse.ArchiveDir), r.sha256), Name: a.Name, Dataset: a.Dataset,
			AllowSynthetic: true, Shipped: a.Shipped, Recorded: &a})
	}
	if err != nil {
		return false, err
	}
	took := func(outcome string) bool { return outcome == warehouse.Accepted || outcome == warehouse.Partial }
	if res.Load.ID != a.Sequence || res.Load.ReportID != a.ReportID || res.Outcome != a.Outcome && !(took(res.Outcome) && took(a.Outcome)) {
		return false, fmt.Errorf("gives load %d, report %d, %s; the journal says load %d, report %d, %s: %w",
			res.Load.ID, res.Load.ReportID, res.Outcome, a.Sequence, a.ReportID, a.Outcome, warehouse.ErrIntegrity)
	}
	return res.Outcome != a.Outcome, nil
}

// emptyReplay keeps the number of a replay that brings in nothing any more, so that the
// loads after it are those that their journals name.
func (p *Pipeline) emptyReplay(ctx context.Context, a ingest.Act) error {
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, id, err := warehouse.NextIDs(ctx, conn)
	if err != nil {
		return err
	}
	if id != a.Sequence {
		return fmt.Errorf("gives load %d, the journal says load %d: %w", id, a.Sequence, warehouse.ErrIntegrity)
	}
	now := p.DB.Now()
	return p.writeLoad(ctx, conn, warehouse.Load{ID: id, ReportID: a.ReportID, Dataset: a.Dataset, Kind: warehouse.KindReplay, Outcome: warehouse.Accepted,
		ContractHash: contractHash(p.Decls.Dataset(a.Dataset)), BinaryVersion: p.opt.Version, StartedAt: now, FinishedAt: now})
}
