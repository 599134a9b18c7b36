package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
)

func (a *app) indicators() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "indicators",
		Short: "List the declared indicators",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			d, err := data.Load(a.declarations)
			if err != nil {
				return err
			}
			all, err := indicators.Load(d)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
			fmt.Fprintln(w, "INDICADOR\tUNIDAD\tVERSIÓN\tNOMBRE")
			for _, i := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", i.ID, i.Unit, i.Version, i.Name.ES)
			}
			return w.Flush()
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "test [ID…]",
		Short: "Run the declared tests of indicators",
		RunE: func(cmd *cobra.Command, args []string) error {
			failures, n, err := pipeline.TestIndicators(cmd.Context(), a.declarations, a.now, args)
			if err != nil {
				return err
			}
			return a.tested(failures, n)
		},
	})
	return cmd
}

// tested prints what declared tests gave; a failure is an exit code of its own.
func (a *app) tested(failures []string, n int) error {
	for _, f := range failures {
		fmt.Fprintln(a.stderr, f)
	}
	fmt.Fprintf(a.stdout, "%d declared tests, %d failed\n", n, len(failures))
	if len(failures) > 0 {
		return exit(exitUsage)
	}
	return nil
}
