package cli

import (
	"context"
	"database/sql"
	"embed"
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
	load, report                                   int
	dataset, kind, outcome, reason, file, sha      string
	bytes                                          int64
	received, finished, published                  time.Time
	precision, basis, source                       string
	records, accepted, quarantined, skipped, lines int64
	first, last                                    sql.NullTime
	contract, version                              string
	synthetic, shipped                             bool
	corrects                                       int    // 0: none
	correctedBy                                    string // reports, "" for none
	ended                                          string // why its rows do not count any more, "" where they do
}

// runReport reads the current publication, so that it answers while a load runs.
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
	found := false
	for rows.Next() {
		var r reportRow
		if err := rows.Scan(&r.load, &r.report, &r.dataset, &r.kind, &r.outcome, &r.reason, &r.file, &r.sha, &r.bytes,
			&r.received, &r.finished, &r.published, &r.precision, &r.basis, &r.source, &r.records, &r.accepted,
			&r.quarantined, &r.skipped, &r.lines, &r.first, &r.last, &r.contract, &r.version, &r.synthetic, &r.shipped,
			&r.corrects, &r.correctedBy, &r.ended); err != nil {
			return fmt.Errorf("read publication %d: %w", publication, err)
		}
		a.printReport(r, !found)
		if err := a.printCodebook(r); err != nil {
			return err
		}
		for _, w := range warnings[r.load] {
			fmt.Fprintf(a.stdout, "%-14s %s\n", "aviso:", w)
		}
		found = true
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read publication %d: %w", publication, err)
	}
	if !found {
		return fmt.Errorf("publication %d has no report %d", publication, id)
	}
	return nil
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
		line("bytes", r.bytes)
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
	if r.outcome != warehouse.Withdrawn { // a withdrawal reads no file
		line("registros", fmt.Sprintf("%d = %d aceptados + %d en cuarentena + %d omitidos", r.records, r.accepted, r.quarantined, r.skipped))
		line("líneas", r.lines)
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
