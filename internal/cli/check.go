package cli

import (
	"fmt"

	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
)

func (a *app) check() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check every declaration and run the declared tests of datasets and indicators",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
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
}
