package cli

import (
	"errors"
	"fmt"

	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
)

func (a *app) check() *cobra.Command {
	var f rawFlags
	var raw bool
	cmd := &cobra.Command{
		Use:   "check [FILE --raw]",
		Short: "Check every declaration and run the declared tests of datasets and indicators; with FILE --raw, print what the CSV reader makes of a file",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if raw != (len(args) == 1) {
				return usage(errors.New("check: FILE and --raw go together"))
			}
			if raw {
				return a.raw(cmd.Context(), args[0], f)
			}
			datasets, n, err := pipeline.TestDatasets(cmd.Context(), a.declarations, a.now, nil)
			if err != nil {
				return err
			}
			indicators, m, err := pipeline.TestIndicators(cmd.Context(), a.declarations, a.now, nil)
			if err != nil {
				return err
			}
			failures := append(datasets, indicators...)
			for _, f := range failures {
				fmt.Fprintln(a.stderr, f)
			}
			fmt.Fprintf(a.stdout, "%d declared tests, %d failed\n", n+m, len(failures))
			if len(failures) > 0 {
				return exit(exitUsage)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&raw, "raw", false, "read FILE without a contract, by a declared or a detected dialect")
	cmd.Flags().StringVar(&f.format, "format", "jsonl", "with --raw: jsonl, the dialect and then one line a record")
	f.register(cmd.Flags())
	return cmd
}
