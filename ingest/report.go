package ingest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/problems"
	"github.com/gttim/cauce/internal/warehouse"
)

// Suffixes of the problem report's files, after the name of the delivered file.
const (
	reportStem = ".problemas."
	reportHTML = reportStem + "html"
	reportCSV  = reportStem + "csv"
	reportXLSX = reportStem + "xlsx"
)

// writeReport writes the problem report of a refused or partly quarantined file
// beside it: a page to read and print, and a table to work with, as CSV and as a workbook.
// It holds no more
// than the file's own content and what its contract asks for.
func (j *Job) writeReport(ctx context.Context, w *work, res Result, dir, name string, repeated bool) error {
	var each problems.Each
	switch {
	case w.gate != nil && (res.Outcome == warehouse.Refused || res.Outcome == warehouse.Partial):
		each = w.gate.Problems().Each
	case res.Outcome == warehouse.Refused: // refused by a run that died before it wrote the report
		list, err := j.DB.LoadProblems(ctx, res.Load.ID)
		if err != nil {
			return err
		}
		each = func(fn func([]data.Problem) error) error { return fn(list) }
	case res.Outcome == AlreadyLoaded && res.Load.Outcome == warehouse.Partial && !repeated && w.FromInbox:
		// A run died after the commit and before it wrote the report.
		list, err := j.DB.LoadProblems(ctx, res.Load.ID)
		if err != nil {
			return err
		}
		each = func(fn func([]data.Problem) error) error { return fn(list) }
	default:
		return nil
	}
	err := j.writeFile(path.Join(dir, name+reportCSV), func(out io.Writer) error { return problems.CSV(out, w.Name, each) })
	if err != nil {
		return err
	}
	err = j.writeFile(path.Join(dir, name+reportXLSX), func(out io.Writer) error {
		return problems.XLSX(out, j.Home.Path(warehouse.TempDir), w.Name, each)
	})
	if err != nil {
		return err
	}
	page, err := problems.NewPage(w.ds, w.Name, res.Report, res.Load, each)
	if err != nil {
		return err
	}
	page.Trial = w.Alone
	return j.writeFile(path.Join(dir, name+reportHTML), page.Write)
}

// writeFile makes a file below the home, anew where a died run left a part.
func (j *Job) writeFile(name string, fill func(io.Writer) error) error {
	f, err := j.Home.Root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(f)
	err = fill(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
