package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/spf13/cobra"
)

func (a *app) quarantine() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "Look at rows that were not loaded, and why",
		RunE:  func(*cobra.Command, []string) error { return usage(errors.New("quarantine: ls or show")) },
	}
	var format string
	var report int
	ls := &cobra.Command{
		Use:   "ls",
		Short: "List the problems of all quarantined rows: file, line, column, value, rule",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withWarehouse(cmd.Context(), func(db *warehouse.DB) error {
				problems, err := db.QuarantineProblems(cmd.Context(), report)
				if err != nil {
					return err
				}
				return printProblems(a.stdout, format, problems)
			})
		},
	}
	ls.Flags().StringVar(&format, "format", "text", "form of the list: text, json or csv")
	ls.Flags().IntVar(&report, "report", 0, "only of this report")
	show := &cobra.Command{
		Use:   "show REPORT LINE",
		Short: "Show one quarantined row as it was delivered, with its problems",
		Args:  cobra.ExactArgs(2),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.showRow(cmd.Context(), args) },
	}
	cmd.AddCommand(ls, show)
	return cmd
}

// withWarehouse opens the warehouse alone, without declarations, for looking.
func (a *app) withWarehouse(ctx context.Context, do func(*warehouse.DB) error) error {
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
	return do(db)
}

func (a *app) showRow(ctx context.Context, args []string) error {
	report, err1 := strconv.Atoi(args[0])
	line, err2 := strconv.Atoi(args[1])
	if err1 != nil || err2 != nil {
		return usage(errors.New("quarantine show: REPORT and LINE are numbers"))
	}
	return a.withWarehouse(ctx, func(db *warehouse.DB) error {
		rows, err := db.QuarantineRows(ctx, report)
		if err != nil {
			return err
		}
		problems, err := db.QuarantineProblems(ctx, report)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Line != int64(line) {
				continue
			}
			fmt.Fprintf(a.stdout, "%s\n", printable(r.Content))
			for _, p := range problems {
				if p.Line == line {
					fmt.Fprintln(a.stdout, p)
				}
			}
			return nil
		}
		return fmt.Errorf("report %d has no quarantined row at line %d", report, line)
	})
}

// printable makes a stored text safe for a terminal.
func printable(s string) string { return data.Printable(s) }
