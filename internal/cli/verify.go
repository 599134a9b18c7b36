package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) verify() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Prove that archive, ledger, tables and publication agree",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer p.Close()
			proven, err := p.Verify(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "verificado: %d reportes, %d cargas, %d archivos, publicación %d\n",
				proven.Reports, proven.Loads, proven.Files, proven.Publication)
			return nil
		},
	}
}
