package pipeline

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
	"golang.org/x/text/encoding/charmap"
)

// Replay judges the open quarantined rows that the filter asks for again, report
// by report, brings in those that pass now, and publishes. Running it twice
// changes nothing. Errors of one report do not keep the others from being
// replayed; they come joined.
func (p *Pipeline) Replay(ctx context.Context, f warehouse.QuarantineFilter) ([]ingest.Result, error) {
	rows, err := p.quarantined(ctx, f)
	if err != nil {
		return nil, err
	}
	var results []ingest.Result
	var errs []error
	job := p.job()
	for at, r := range rows {
		if at > 0 && rows[at-1].ReportID == r.ReportID {
			continue
		}
		report, ok, err := p.DB.ReportByID(ctx, r.ReportID)
		if err == nil && !ok {
			err = fmt.Errorf("quarantined rows of report %d, which is not there: %w", r.ReportID, warehouse.ErrIntegrity)
		}
		if err != nil {
			return results, err
		}
		if p.Decls.Dataset(report.Dataset) == nil {
			continue // what is no longer declared waits
		}
		res, err := job.Replay(ctx, report, false)
		if err != nil {
			errs = append(errs, fmt.Errorf("replay report %d: %w", report.ID, err))
			continue
		}
		results = append(results, res)
	}
	_, err = p.Publish(ctx)
	return results, errors.Join(append(errs, err)...)
}

func (p *Pipeline) quarantined(ctx context.Context, f warehouse.QuarantineFilter) ([]warehouse.QuarantineRow, error) {
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := warehouse.Policies(ctx, conn, p.Decls.Datasets); err != nil {
		return nil, err
	}
	return warehouse.QuarantineRows(ctx, conn, f)
}

// Exported is one file of quarantined rows.
type Exported struct {
	Report int
	Path   string
	Rows   int
}

// Export writes the open quarantined rows that the filter asks for into dir: for
// each report a file with its header and those rows as they were delivered, in its
// encoding, and a sidecar that says which report they correct, so that the agency
// mends and returns only those. Files are for their owner alone (0600), and one
// that is there is not overwritten.
func (p *Pipeline) Export(ctx context.Context, f warehouse.QuarantineFilter, dir string) ([]Exported, error) {
	rows, err := p.quarantined(ctx, f)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("export quarantine: %w", err)
	}
	var out []Exported
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].ReportID == rows[0].ReportID {
			n++
		}
		e, err := p.exportReport(ctx, rows[:n], dir)
		if err != nil {
			return out, err
		}
		out = append(out, e)
		rows = rows[n:]
	}
	return out, nil
}

func (p *Pipeline) exportReport(ctx context.Context, rows []warehouse.QuarantineRow, dir string) (Exported, error) {
	e := Exported{Report: rows[0].ReportID, Rows: len(rows)}
	ds := p.Decls.Dataset(rows[0].Dataset)
	if ds == nil {
		return e, fmt.Errorf("dataset %q is not declared: %w", rows[0].Dataset, data.ErrDeclaration)
	}
	report, ok, err := p.DB.ReportByID(ctx, e.Report)
	if err != nil || !ok {
		return e, errors.Join(err, fmt.Errorf("report %d: %w", e.Report, warehouse.ErrIntegrity))
	}
	job := p.job()
	g, err := job.Archived(ctx, ds, report)
	if err != nil {
		return e, err
	}
	defer g.Close()
	if g.Refused() {
		return e, fmt.Errorf("the header of report %d is no longer the contract's: %v", e.Report, g.Refusals()[0])
	}
	var text strings.Builder
	text.WriteString(g.Header() + "\r\n")
	for _, r := range rows {
		text.WriteString(r.Content + "\r\n")
	}
	name := fmt.Sprintf("reporte-%d-%s.csv", e.Report, ds.ID)
	e.Path = filepath.Join(dir, name)
	if err := writeNew(e.Path, encoded(text.String(), g.Encoding())); err != nil {
		return e, err
	}
	if name, book, err := job.RecordedCodebook(report); err != nil {
		return e, err
	} else if name != "" {
		if err := writeNew(strings.TrimSuffix(e.Path, ".csv")+warehouse.CodebookSuffix, book); err != nil {
			return e, err
		}
	}
	side := fmt.Sprintf("# Corrija las filas de %s y entréguelo junto con este archivo.\ncorrige: %d\n", name, e.Report)
	return e, writeNew(strings.TrimSuffix(e.Path, ".csv")+warehouse.SidecarSuffix, []byte(side))
}

// encoded is the text in the encoding that the file came in; a workbook's rows
// come as UTF-8 with its mark, which spreadsheets need.
func encoded(text, encoding string) []byte {
	switch encoding {
	case "windows-1252", "latin-1":
		table := charmap.Windows1252
		if encoding == "latin-1" {
			table = charmap.ISO8859_1
		}
		if b, err := table.NewEncoder().String(text); err == nil {
			return []byte(b)
		}
	case "utf-8":
		return []byte(text)
	}
	return []byte("\ufeff" + text)
}

func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("export quarantine: %w", err)
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// aside is what is published of quarantined rows: rows of publicacion.cuarentena and of
// publicacion.estado_cuarentena.
type aside struct {
	open, became [][]driver.Value
}

// aside asks for it on a connection of its own, but for datasets whose counts are
// protected.
func (p *Pipeline) aside(ctx context.Context, but []string) (aside, error) {
	var a aside
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return a, err
	}
	defer conn.Close()
	var some bool
	if err := conn.QueryRowContext(ctx, mustSQL("quarantined.sql")).Scan(&some); err != nil || !some {
		return a, err // to ask what became of nothing takes a tenth of a publication
	}
	if err := warehouse.Policies(ctx, conn, p.Decls.Datasets); err != nil {
		return a, err
	}
	if a.open, err = listed(ctx, conn, "cuarentena_abierta.sql", jsonList(but)); err == nil {
		a.became, err = listed(ctx, conn, "cuarentena_estado.sql", jsonList(but))
	}
	return a, err
}

// listed returns a statement's rows.
func listed(ctx context.Context, conn *sql.Conn, file string, args ...any) ([][]driver.Value, error) {
	rows, err := conn.QueryContext(ctx, mustSQL(file), args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var out [][]driver.Value
	for rows.Next() {
		values, into, row := make([]any, len(columns)), make([]any, len(columns)), make([]driver.Value, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for i, v := range values {
			row[i] = v
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// fill writes them into the publication that is attached.
func (a aside) fill(ctx context.Context, conn *sql.Conn) error {
	for table, rows := range map[string][][]driver.Value{"cuarentena": a.open, "estado_cuarentena": a.became} {
		if len(rows) == 0 {
			continue
		}
		err := warehouse.Append(ctx, conn, "publicacion", "main", table, func(add func(...driver.Value) error) error {
			for _, row := range rows {
				if err := add(row...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
