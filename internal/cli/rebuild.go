package cli

import (
	"fmt"
	"os"

	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
)

func (a *app) rebuild() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the warehouse again from the archive and the declarations, and publish",
		Long: `Make the warehouse again from the archive and the declarations, and publish.

It is built beside the one in use and takes its place at the end; the old one
stays as warehouse.duckdb.anterior. Loads whose contract has changed since are
read by the contract of now, which is said.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := pipeline.Rebuild(cmd.Context(), pipeline.Options{
				Dir: a.dir, Declarations: a.declarations, Version: a.version, Now: a.now, Log: a.log,
				Failpoint: failpoint(os.Getenv("CAUCE_FAIL_AT")), MemoryLimit: a.memory, Limits: a.limits.gate(),
				MoreProcessors: moreProcessors,
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "reconstruido: %d reportes, %d cargas%s\n", r.Reports, r.Loads, changedText(r.Changed))
			return nil
		},
	}
}

// changedText says which loads were read by another contract than at first.
func changedText(loads []int) string {
	if len(loads) == 0 {
		return ""
	}
	return fmt.Sprintf("; %d cargas juzgadas con declaraciones distintas a las de entonces, la primera es la %d", len(loads), loads[0])
}
