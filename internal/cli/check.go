package cli

import (
	"errors"

	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
)

func (a *app) check() *cobra.Command {
	var f rawFlags
	var c checkFlags
	var raw bool
	cmd := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Judge files as a load would, without a home; without FILE, check every declaration and run the declared tests",
		Long: `Judge files as a load would: the same gate and rules, the same problem lines and
exit codes. No home is needed, and nothing is written but the problem reports
asked for with --report. The dataset is --dataset, or recognised by the header.

With --raw, print what the CSV reader makes of FILE, by no contract.

Without FILE, check every declaration and run the declared tests of datasets and
indicators.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case raw && len(args) != 1:
				return usage(errors.New("check --raw takes one FILE"))
			case raw:
				if !cmd.Flags().Changed("format") {
					c.format = "jsonl"
				}
				f.format = c.format
				return a.raw(cmd.Context(), args[0], f)
			case len(args) > 0:
				return a.checkFiles(cmd.Context(), c, args)
			}
			datasets, n, err := pipeline.TestDatasets(cmd.Context(), a.declarations, a.now, nil)
			if err != nil {
				return err
			}
			indicators, m, err := pipeline.TestIndicators(cmd.Context(), a.declarations, a.now, nil)
			if err != nil {
				return err
			}
			return a.tested(append(datasets, indicators...), n+m)
		},
	}
	cmd.Flags().BoolVar(&raw, "raw", false, "read FILE without a contract, by a declared or a detected dialect")
	c.register(cmd.Flags())
	f.register(cmd.Flags())
	return cmd
}
