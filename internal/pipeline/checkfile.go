package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// CheckFiles judges files as a load would, in a scratch home that is removed: no
// home is read or written. Where reports is not "", the problem report of each
// file that has problems is left in that folder, over one of an earlier check. A
// Of opt only declarations, clock and limits count. A
// delivery without a dataset is recognised by its header; one that corrects a
// report is judged as a delivery of its own, since there is no report here.
// Errors of one file do not keep the others from being judged; they come joined.
func CheckFiles(ctx context.Context, opt Options, files []ingest.Delivery, reports string) ([]ingest.Result, error) {
	p, done, err := scratch(ctx, opt.Declarations, opt.Now)
	if err != nil {
		return nil, err
	}
	defer done()
	p.opt.Limits = opt.Limits
	var results []ingest.Result
	var errs []error
	for _, d := range files {
		if d.Dataset != "" && p.Decls.Dataset(d.Dataset) == nil {
			return nil, fmt.Errorf("dataset %q is not declared: %w", d.Dataset, data.ErrDeclaration)
		}
		d.Alone, d.Again, d.AllowSynthetic = true, true, true
		r, err := p.load(ctx, d)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if err := p.forget(ctx, r); err != nil { // each file is judged by itself
			return results, err
		}
		results = append(results, r)
		if reports != "" {
			if err := p.takeReports(r, reports); err != nil {
				errs = append(errs, err)
			}
		}
	}
	return results, errors.Join(errs...)
}

// takeReports copies what a load wrote beside its file out of the scratch home,
// under the delivered name.
func (p *Pipeline) takeReports(r ingest.Result, into string) error {
	if r.Load.ID == 0 {
		return nil
	}
	folder := warehouse.DoneDir
	if r.Outcome == warehouse.Refused {
		folder = warehouse.RefusedDir
	}
	dir := path.Join(folder, r.Report.Dataset)
	names, err := fs.Glob(p.Home.Root.FS(), path.Join(dir, fmt.Sprintf("%06d-*.problemas.*", r.Load.ID)))
	if err != nil || len(names) == 0 {
		return err
	}
	if err := os.MkdirAll(into, 0o755); err != nil {
		return fmt.Errorf("write problem report: %w", err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(p.Home.Root.FS(), name)
		if err != nil {
			return fmt.Errorf("write problem report: %w", err)
		}
		_, plain, _ := strings.Cut(path.Base(name), "-")
		if err := os.WriteFile(filepath.Join(into, plain), b, 0o600); err != nil {
			return fmt.Errorf("write problem report: %w", err)
		}
	}
	return nil
}
