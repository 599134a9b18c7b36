package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// wanted is a NAME.want.json of a dataset's testdata: what loading NAME.csv must
// give. A field that is absent is not compared.
type wanted struct {
	Outcome     string           `json:"resultado"`
	Records     *int64           `json:"registros"`
	Accepted    *int64           `json:"aceptados"`
	Quarantined *int64           `json:"cuarentena"`
	Skipped     *int64           `json:"omitidos"`
	Clean       []map[string]any `json:"clean"`
	Problems    []wantedProblem  `json:"problems"`
	Published   string           `json:"publicado"` // as --published
	Before      []given          `json:"anterior"`  // reports loaded before, in order
}

// given is a report that a declared test loads before the one it judges.
type given struct {
	File      string `json:"archivo"` // of the same testdata
	Published string `json:"publicado"`
}

// wantedProblem is one broken rule; empty fields are not compared.
type wantedProblem struct {
	Line   int    `json:"linea"`
	Field  string `json:"columna"`
	Rule   string `json:"regla"`
	Column int    `json:"posicion"`
}

// TestDatasets loads every file of the testdata of the named datasets, or of
// all, into a scratch home and compares it with its want file. It returns what
// failed, one text per failure, and how many files it loaded.
func TestDatasets(ctx context.Context, declarations string, now func() time.Time, ids []string) (failures []string, ran int, err error) {
	p, done, err := scratch(ctx, declarations, now)
	if err != nil {
		return nil, 0, err
	}
	defer done()
	for _, id := range ids {
		if p.Decls.Dataset(id) == nil {
			return nil, 0, fmt.Errorf("dataset %q is not declared: %w", id, data.ErrDeclaration)
		}
	}
	for _, ds := range p.Decls.Datasets {
		if len(ids) > 0 && !slices.Contains(ids, ds.ID) {
			continue
		}
		names, err := fs.Glob(ds.Dir, "testdata/*.want.json")
		if err != nil {
			return nil, ran, err
		}
		if len(names) == 0 {
			failures = append(failures, fmt.Sprintf("%s: no declared test (testdata/*.want.json)", ds.ID))
		}
		for _, name := range names {
			differs, err := p.testDataset(ctx, ds, name)
			if err != nil {
				return failures, ran, fmt.Errorf("%s/%s: %w", ds.ID, name, err)
			}
			ran++
			for _, d := range differs {
				failures = append(failures, fmt.Sprintf("%s/%s: %s", ds.ID, name, d))
			}
		}
	}
	return failures, ran, nil
}

// testDataset loads what the test gives, then its file, and takes all of it out of
// force again: no test sees another's rows.
func (p *Pipeline) testDataset(ctx context.Context, ds *data.Dataset, name string) (differs []string, err error) {
	want, err := readWanted(ds.Dir, name)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "cauce-file-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := strings.TrimSuffix(path.Base(name), ".want.json") + ".csv"
	var res ingest.Result
	for _, g := range append(slices.Clone(want.Before), given{file, want.Published}) {
		if res, err = p.loadTestdata(ctx, ds, dir, g); err != nil {
			return nil, err
		}
		loaded := res
		defer func() { err = errors.Join(err, p.forget(ctx, loaded)) }()
		if g.File != file && res.Load.Accepted == 0 {
			return []string{fmt.Sprintf("%s, given before: %s (%v)", g.File, res.Outcome, res.Problems)}, nil
		}
	}
	differs = want.compare(res)
	if want.Clean != nil {
		d, err := p.compareClean(ctx, ds, res.Load.ID, want.Clean)
		if err != nil {
			return nil, err
		}
		differs = append(differs, d...)
	}
	return differs, nil
}

func (p *Pipeline) loadTestdata(ctx context.Context, ds *data.Dataset, dir string, g given) (ingest.Result, error) {
	content, err := fs.ReadFile(ds.Dir, path.Join("testdata", g.File))
	if err != nil {
		return ingest.Result{}, fmt.Errorf("%w: %w", err, data.ErrDeclaration)
	}
	local := filepath.Join(dir, path.Base(g.File))
	if err := os.WriteFile(local, content, 0o600); err != nil {
		return ingest.Result{}, err
	}
	stem := strings.TrimSuffix(g.File, ".csv")
	if book, err := fs.ReadFile(ds.Dir, path.Join("testdata", stem+warehouse.CodebookSuffix)); err == nil {
		if err := os.WriteFile(filepath.Join(dir, path.Base(stem)+warehouse.CodebookSuffix), book, 0o600); err != nil {
			return ingest.Result{}, err
		}
	}
	return p.load(ctx, ingest.Delivery{Path: local, Name: path.Base(g.File), Dataset: ds.ID, Published: g.Published, AllowSynthetic: true, Again: true})
}

// forget takes what a load of a scratch home brought out of force.
func (p *Pipeline) forget(ctx context.Context, res ingest.Result) error {
	if res.Load.Outcome != warehouse.Accepted && res.Load.Outcome != warehouse.Partial {
		return nil
	}
	return p.retract(ctx, res.Report.ID, "prueba")
}

func readWanted(dir fs.FS, name string) (wanted, error) {
	var w wanted
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return w, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil {
		return w, fmt.Errorf("%w: %w", err, data.ErrDeclaration)
	}
	return w, nil
}

func (w wanted) compare(res ingest.Result) []string {
	var out []string
	if w.Outcome != "" && w.Outcome != res.Outcome {
		out = append(out, fmt.Sprintf("outcome %s, expected %s (%v)", res.Outcome, w.Outcome, res.Problems))
	}
	for what, pair := range map[string]struct {
		want *int64
		got  int64
	}{
		"records": {w.Records, res.Load.Records}, "accepted": {w.Accepted, res.Load.Accepted},
		"quarantined": {w.Quarantined, res.Load.Quarantined}, "skipped": {w.Skipped, res.Load.Skipped},
	} {
		if pair.want != nil && *pair.want != pair.got {
			out = append(out, fmt.Sprintf("%s %d, expected %d (%v)", what, pair.got, *pair.want, res.Problems))
		}
	}
	if w.Problems != nil && len(w.Problems) != len(res.Problems) {
		out = append(out, fmt.Sprintf("%d problems, expected %d: %v", len(res.Problems), len(w.Problems), res.Problems))
	}
	for _, want := range w.Problems {
		if !slices.ContainsFunc(res.Problems, want.is) {
			out = append(out, fmt.Sprintf("no problem is %+v among %v", want, res.Problems))
		}
	}
	return out
}

func (w wantedProblem) is(p data.Problem) bool {
	return w.Rule == p.Rule && (w.Line == 0 || w.Line == p.Line) && (w.Field == "" || w.Field == p.Field) && (w.Column == 0 || w.Column == p.Column)
}

// compareClean compares the clean rows of a load, in order of all their columns,
// with the wanted ones, column by column as wanted.
func (p *Pipeline) compareClean(ctx context.Context, ds *data.Dataset, load int, want []map[string]any) ([]string, error) {
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	got, err := p.DB.CleanRows(ctx, conn, ds, load)
	if err != nil {
		return nil, err
	}
	if len(got) != len(want) {
		return []string{fmt.Sprintf("%d clean rows, expected %d", len(got), len(want))}, nil
	}
	var out []string
	for _, w := range want {
		at := slices.IndexFunc(got, func(row map[string]any) bool {
			for k, v := range w {
				if fmt.Sprint(row[k]) != fmt.Sprint(v) {
					return false
				}
			}
			return true
		})
		if at < 0 {
			b, err := json.Marshal(w)
			out = append(out, fmt.Sprintf("no clean row is %s among %v", b, got))
			if err != nil {
				return nil, errors.Join(err, data.ErrDeclaration)
			}
			continue
		}
		got = slices.Delete(got, at, at+1)
	}
	return out, nil
}
