package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) verify() *cobra.Command {
	var rebuild bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Prove that archive, ledger, tables and publication agree",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open(cmd.Context())
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
			if !rebuild {
				return nil
			}
			r, err := p.VerifyRebuild(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "la reconstrucción da lo mismo: %d reportes, %d cargas%s\n", r.Reports, r.Loads, changedText(r.Changed))
			return nil
		},
	}
	cmd.Flags().BoolVar(&rebuild, "rebuild", false, "also make the warehouse again in a scratch folder and compare every table")
	return cmd
}
