package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/gttim/cauce/internal/backup"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
)

func (a *app) backup() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Copy the archive, its journals and the current publication to a new folder",
		Long: `Copy the archive, its journals and the current publication to a new folder.

That is all that a home cannot be made again without: restore makes the warehouse
from it. Every archived file is proven on the way. Loads wait meanwhile; serve
goes on answering.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := backup.Backup(a.dir, args[0])
			if errors.Is(err, backup.ErrExists) {
				return usage(err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "respaldado en %s: %d archivos, %d bytes, publicación %d\n", args[0], c.Files, c.Bytes, c.Publication)
			return nil
		},
	}
}

func (a *app) restore() *cobra.Command {
	return &cobra.Command{
		Use:   "restore FOLDER",
		Short: "Lay a backup into an empty home, make the warehouse from it and publish",
		Long: `Lay a backup into an empty home, make the warehouse from it and publish.

The home may not hold a warehouse or archived files: move it aside first. A
warehouse.duckdb.wal that lies there stops it with exit 6: beside another
warehouse it would be replayed into it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := backup.Restore(args[0], a.dir)
			if errors.Is(err, backup.ErrExists) {
				return usage(err)
			}
			if err != nil {
				return err
			}
			r, err := pipeline.Rebuild(cmd.Context(), pipeline.Options{
				Dir: a.dir, Declarations: a.declarations, Version: a.version, Now: a.now, Log: a.log,
				Failpoint: failpoint(os.Getenv("CAUCE_FAIL_AT")), MemoryLimit: a.memory, Limits: a.limits.gate(),
				MoreProcessors: moreProcessors,
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "restaurado: %d archivos, %d reportes, %d cargas%s\n", c.Files, r.Reports, r.Loads, changedText(r.Changed))
			return nil
		},
	}
}
