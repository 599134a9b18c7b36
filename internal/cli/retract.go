package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
)

func (a *app) retract() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "retract REPORT",
		Short: "Withdraw a report: what it replaced is in force again, nothing is deleted",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := strconv.Atoi(args[0])
			if err != nil {
				return usage(fmt.Errorf("retract: %q is not a report's number", args[0]))
			}
			if reason == "" {
				return usage(errors.New("retract: --reason is required"))
			}
			p, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer p.Close()
			if err := p.Retract(cmd.Context(), report, reason); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "reporte %d retirado\n", report)
			return nil
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, as it will be shown (required)")
	return cmd
}
