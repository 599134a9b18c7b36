package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"text/tabwriter"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/spf13/cobra"
)

func (a *app) quarantine() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "Look at rows that were not loaded, and why; send them back; take them up again",
		RunE: func(*cobra.Command, []string) error {
			return usage(errors.New("quarantine: ls, show, export or replay"))
		},
	}
	cmd.AddCommand(a.listQuarantine(), &cobra.Command{
		Use:   "show REPORT LINE",
		Short: "Show one quarantined row as it was delivered, with its state and all its problems",
		Args:  cobra.ExactArgs(2),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.showRow(cmd.Context(), args) },
	}, a.exportQuarantine(), a.replayQuarantine())
	return cmd
}

// filterFlags choose quarantined rows.
func filterFlags(cmd *cobra.Command, f *warehouse.QuarantineFilter) {
	cmd.Flags().IntVar(&f.Report, "report", 0, "only of this report")
	cmd.Flags().StringVar(&f.Dataset, "dataset", "", "only of this dataset")
	cmd.Flags().StringVar(&f.Rule, "rule", "", "only rows that broke this rule")
}

func (a *app) listQuarantine() *cobra.Command {
	var format string
	var counts bool
	var f warehouse.QuarantineFilter
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the problems of open quarantined rows: file, line, column, value, rule",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withWarehouse(cmd.Context(), func(db warehouse.Execer) error {
				if counts {
					return a.countQuarantine(cmd.Context(), db)
				}
				problems, err := warehouse.QuarantineProblems(cmd.Context(), db, f)
				if err != nil {
					return err
				}
				return printProblems(a.stdout, format, problems)
			})
		},
	}
	filterFlags(cmd, &f)
	cmd.Flags().BoolVar(&f.Closed, "all", false, "also rows that a correction, a replay, a newer report or a withdrawal closed")
	cmd.Flags().BoolVar(&counts, "counts", false, "count rows by dataset, state and rule instead")
	cmd.Flags().StringVar(&format, "format", "text", "form of the list: text, json or csv")
	return cmd
}

func (a *app) countQuarantine(ctx context.Context, db warehouse.Execer) error {
	counts, err := warehouse.QuarantineCounts(ctx, db)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "CONJUNTO\tESTADO\tREGLA\tFILAS\tDÍAS")
	for _, c := range counts {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\n", c.Dataset, c.State, c.Rule, c.Rows, int(a.now().Sub(c.Oldest).Hours()/24))
	}
	return w.Flush()
}

func (a *app) exportQuarantine() *cobra.Command {
	var f warehouse.QuarantineFilter
	var out string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write open quarantined rows as files that the agency can correct and return",
		Long: `Write open quarantined rows as files that the agency can correct and return: for
each report its own header and those rows as delivered, with a sidecar that says
which report they correct. Delivered back together, they close those rows.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usage(errors.New("quarantine export: --out DIR is needed"))
			}
			p, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer p.Close()
			files, err := p.Export(cmd.Context(), f, out)
			for _, e := range files {
				fmt.Fprintf(a.stdout, "%s: %d filas del reporte %d\n", e.Path, e.Rows, e.Report)
			}
			if err == nil && len(files) == 0 {
				fmt.Fprintln(a.stdout, "no hay filas abiertas en cuarentena")
			}
			return err
		},
	}
	filterFlags(cmd, &f)
	cmd.Flags().StringVar(&out, "out", "", "folder for the files")
	return cmd
}

func (a *app) replayQuarantine() *cobra.Command {
	var f warehouse.QuarantineFilter
	cmd := &cobra.Command{
		Use:   "replay",
		Short: "Judge open quarantined rows again by the contracts and catalogues of now, and load those that pass",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer p.Close()
			results, err := p.Replay(cmd.Context(), f)
			code := exitDone
			for _, r := range results {
				a.printReplay(r)
				if r.Outcome == warehouse.Refused {
					code = worst(code, exitRefused)
				}
			}
			if len(results) == 0 && err == nil {
				fmt.Fprintln(a.stdout, "no hay filas abiertas en cuarentena")
			}
			if err == nil && code != exitDone {
				return exit(code)
			}
			return err
		},
	}
	filterFlags(cmd, &f)
	return cmd
}

func (a *app) printReplay(r ingest.Result) {
	if err := printProblems(a.stderr, "text", r.Problems); err != nil {
		a.log.Error("print problems", "error", err)
	}
	name := data.Printable(r.Name)
	if r.Load.ID == 0 {
		fmt.Fprintf(a.stdout, "%s: reporte %d: %s\n", name, r.Report.ID, r.Note)
		return
	}
	fmt.Fprintf(a.stdout, "%s: reporte %d, carga %d: de %d filas abiertas entraron %d y siguen %d\n",
		name, r.Report.ID, r.Load.ID, r.Load.Records, r.Load.Accepted, r.Load.Quarantined)
}

// withWarehouse opens the warehouse for looking, without registering anything.
func (a *app) withWarehouse(ctx context.Context, do func(warehouse.Execer) error) error {
	d, err := data.Load(a.declarations)
	if err != nil {
		return err
	}
	home, err := warehouse.OpenHome(a.dir)
	if err != nil {
		return err
	}
	defer home.Close()
	db, err := warehouse.Open(ctx, home, warehouse.Options{Version: a.version, Now: a.now, MemoryLimit: a.memory})
	if err != nil {
		return err
	}
	defer db.Close()
	job := &ingest.Job{DB: db, Home: home, Decls: d, Now: a.now, Log: a.log, Version: a.version, Limits: a.limits.gate()}
	if err := job.CorrectAgain(ctx); err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := warehouse.Policies(ctx, conn, d.Datasets); err != nil {
		return err
	}
	return do(conn)
}

func (a *app) showRow(ctx context.Context, args []string) error {
	report, err1 := strconv.Atoi(args[0])
	line, err2 := strconv.Atoi(args[1])
	if err1 != nil || err2 != nil {
		return usage(errors.New("quarantine show: REPORT and LINE are numbers"))
	}
	return a.withWarehouse(ctx, func(db warehouse.Execer) error {
		f := warehouse.QuarantineFilter{Report: report, Closed: true}
		rows, err := warehouse.QuarantineRows(ctx, db, f)
		if err != nil {
			return err
		}
		found := false
		for _, r := range rows {
			if r.Line != int64(line) {
				continue
			}
			found = true
			state := r.State
			if r.By != 0 {
				state += fmt.Sprintf(" por la carga %d", r.By)
			}
			fmt.Fprintf(a.stdout, "%s\ncarga %d: %s\n", printable(r.Content), r.LoadID, state)
		}
		if !found {
			return fmt.Errorf("report %d has no quarantined row at line %d", report, line)
		}
		problems, err := warehouse.QuarantineProblems(ctx, db, f)
		for _, p := range problems {
			if p.Line == line {
				fmt.Fprintln(a.stdout, p)
			}
		}
		return err
	})
}

// printable makes a stored text safe for a terminal.
func printable(s string) string { return data.Printable(s) }
