package cli

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/spf13/cobra"
)

//go:embed sql
var sqlFiles embed.FS

// mustSQL returns an embedded statement; a missing file is a fault of the build.
func mustSQL(name string) string {
	b, err := sqlFiles.ReadFile("sql/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (a *app) report() *cobra.Command {
	return &cobra.Command{
		Use:   "report ID",
		Short: "Show where a report came from and what became of it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.Atoi(args[0])
			if err != nil {
				return usage(fmt.Errorf("report %q is not a number", args[0]))
			}
			return a.runReport(cmd, id)
		},
	}
}

// reportRow is one load of a report as published.
type reportRow struct {
	load, report                              int
	dataset, kind, outcome, reason, file, sha string
	counts                                    loadCounts
	received, finished, published             time.Time
	precision, basis, source                  string
	first, last                               sql.NullTime
	contract, version                         string
	synthetic, shipped                        bool
	corrects                                  int    // 0: none
	correctedBy                               string // reports, "" for none
	ended                                     string // why its rows do not count any more, "" where they do
}

// loadCounts are what a load counted; known is false where nobody can say.
type loadCounts struct {
	known                                                 bool
	bytes, records, accepted, quarantined, skipped, lines int64
}

// runReport reads the current publication, so that it answers while a load runs. Counts
// that disclosure control keeps out of it come from the ledger, when no load runs.
func (a *app) runReport(cmd *cobra.Command, id int) error {
	path, publication, err := warehouse.Current(a.dir)
	if err != nil {
		return err
	}
	db, err := warehouse.OpenPublished(path)
	if err != nil {
		return err
	}
	defer db.Close()
	warnings, err := reportWarnings(cmd.Context(), db, id)
	if err != nil {
		return fmt.Errorf("read publication %d: %w", publication, err)
	}
	rows, err := db.QueryContext(cmd.Context(), mustSQL("report.sql"), id)
	if err != nil {
		return fmt.Errorf("read publication %d: %w", publication, err)
	}
	defer rows.Close()
	var loads []reportRow
	hidden := false
	for rows.Next() {
		var r reportRow
		var n [6]sql.NullInt64
		if err := rows.Scan(&r.load, &r.report, &r.dataset, &r.kind, &r.outcome, &r.reason, &r.file, &r.sha, &n[0],
			&r.received, &r.finished, &r.published, &r.precision, &r.basis, &r.source, &n[1], &n[2],
			&n[3], &n[4], &n[5], &r.first, &r.last, &r.contract, &r.version, &r.synthetic, &r.shipped,
			&r.corrects, &r.correctedBy, &r.ended); err != nil {
			return fmt.Errorf("read publication %d: %w", publication, err)
		}
		r.counts = loadCounts{n[0].Valid, n[0].Int64, n[1].Int64, n[2].Int64, n[3].Int64, n[4].Int64, n[5].Int64}
		hidden = hidden || !r.counts.known
		loads = append(loads, r)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read publication %d: %w", publication, err)
	}
	if len(loads) == 0 {
		return fmt.Errorf("publication %d has no report %d", publication, id)
	}
	if hidden {
		if err := a.countReport(cmd.Context(), id, loads); err != nil && !errors.Is(err, warehouse.ErrBusy) {
			return err
		}
	}
	for i, r := range loads {
		a.printReport(r, i == 0)
		if err := a.printCodebook(r); err != nil {
			return err
		}
		for _, w := range warnings[r.load] {
			fmt.Fprintf(a.stdout, "%-14s %s\n", "aviso:", w)
		}
	}
	return nil
}

// countReport fills in the counts of a report's loads from the ledger.
func (a *app) countReport(ctx context.Context, id int, loads []reportRow) error {
	return a.withWarehouse(ctx, func(db warehouse.Execer) error {
		rows, err := db.QueryContext(ctx, mustSQL("report_counts.sql"), id)
		if err != nil {
			return fmt.Errorf("count rows of report %d: %w", id, err)
		}
		defer rows.Close()
		for rows.Next() {
			var load int
			c := loadCounts{known: true}
			if err := rows.Scan(&load, &c.bytes, &c.records, &c.accepted, &c.quarantined, &c.skipped, &c.lines); err != nil {
				return fmt.Errorf("count rows of report %d: %w", id, err)
			}
			for i := range loads {
				if loads[i].load == load {
					loads[i].counts = c
				}
			}
		}
		return rows.Err()
	})
}

// reportWarnings reads the warnings of a report's loads, by load.
func reportWarnings(ctx context.Context, db *sql.DB, id int) (map[int][]string, error) {
	rows, err := db.QueryContext(ctx, mustSQL("report_avisos.sql"), id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int][]string{}
	for rows.Next() {
		var load, times int
		var rule, text string
		if err := rows.Scan(&load, &rule, &text, &times); err != nil {
			return nil, err
		}
		if times > 1 {
			text += fmt.Sprintf(" (%d veces)", times)
		}
		out[load] = append(out[load], rule+" "+text)
	}
	return out, rows.Err()
}

func (a *app) printReport(r reportRow, head bool) {
	line := func(name string, value any) { fmt.Fprintf(a.stdout, "%-14s %v\n", name+":", value) }
	if head {
		line("reporte", r.report)
		line("conjunto", r.dataset)
		line("archivo", printable(r.file))
		line("sha256", r.sha)
		line("copia", "archive/"+r.sha)
		if r.counts.known {
			line("bytes", r.counts.bytes)
		}
		line("recibido", r.received.UTC().Format(time.RFC3339))
		line("publicado", fmt.Sprintf("%s (precisión: %s; según: %s)", r.published.Format(time.DateOnly), r.precision, r.basis))
		line("fuente", printable(r.source))
		if r.corrects != 0 {
			line("corrige", fmt.Sprintf("reporte %d", r.corrects))
		}
		if r.correctedBy != "" {
			line("corregido por", "reporte "+r.correctedBy)
		}
		line("incluido", yes(r.shipped))
		line("sintético", yes(r.synthetic))
	}
	fmt.Fprintln(a.stdout)
	line("carga", fmt.Sprintf("%d (%s): %s", r.load, r.kind, r.outcome))
	if r.reason != "" {
		line("motivo", printable(r.reason))
	}
	line("terminada", r.finished.UTC().Format(time.RFC3339))
	switch c := r.counts; {
	case r.outcome == warehouse.Withdrawn: // it reads no file
	case !c.known:
		line("registros", "protegidos en lo publicado; los dice cuando no corre una carga")
	default:
		line("registros", fmt.Sprintf("%d = %d aceptados + %d en cuarentena + %d omitidos", c.records, c.accepted, c.quarantined, c.skipped))
		line("líneas", c.lines)
	}
	if r.ended != "" && (r.outcome == warehouse.Accepted || r.outcome == warehouse.Partial) {
		line("ya no cuenta", r.ended)
	}
	if r.first.Valid {
		line("periodos", r.first.Time.Format(time.DateOnly)+" a "+r.last.Time.Format(time.DateOnly))
	}
	line("contrato", r.contract)
	line("programa", r.version)
}

// printCodebook says which codebook a load's codes were read by, as the archive's
// journal has it.
func (a *app) printCodebook(r reportRow) error {
	journal, err := ingest.ReadJournal(&warehouse.Home{Dir: a.dir}, r.sha)
	if err != nil {
		return err
	}
	for _, act := range journal.Acts {
		if act.Sequence == r.load && act.Codebook != "" {
			fmt.Fprintf(a.stdout, "%-14s %s, copia archive/%s\n", "códigos:", printable(act.CodebookName), act.Codebook)
		}
	}
	return nil
}

func yes(b bool) string {
	if b {
		return "sí"
	}
	return "no"
}
