package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/generate"
	"github.com/spf13/cobra"
)

func (a *app) generate() *cobra.Command {
	var opt generate.Options
	var out string
	var faults []string
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write a made-up event file like the agencies', for tests and trials",
		Long: `Write a made-up event file of dataset upmrip-eventos-registro.

Its margins are those of the published figures of the year; every folio starts
with SIM-, and a home that holds real reports refuses such rows unless
--allow-synthetic is given.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if opt.Declarations, err = data.Load(a.declarations); err != nil {
				return err
			}
			opt.Files = data.Files
			for _, f := range faults {
				opt.Faults = append(opt.Faults, generate.Fault(f))
			}
			w := a.stdout
			if out != "-" {
				f, err := os.Create(out)
				if err != nil {
					return fmt.Errorf("generate: %w", err)
				}
				defer func() { err = errors.Join(err, f.Close()) }()
				w = f
			}
			return writeEvents(w, opt)
		},
	}
	var known []string
	for _, f := range generate.Faults() {
		known = append(known, string(f))
	}
	fl := cmd.Flags()
	fl.StringVar(&out, "out", "-", "file to write, - for standard output")
	fl.IntVar(&opt.Rows, "rows", 0, "number of events; 0: as many as published for the year")
	fl.IntVar(&opt.Year, "year", 2024, "year of the events")
	fl.Uint64Var(&opt.Seed, "seed", 1, "seed: the same seed gives the same file")
	fl.Float64Var(&opt.FaultRate, "fault-rate", 0, "share of rows that are spoiled, 0 to 1")
	fl.StringSliceVar(&faults, "fault", nil, "kinds of fault: "+strings.Join(known, ", "))
	fl.BoolVar(&opt.Shuffle, "shuffle", false, "rows in no order")
	fl.BoolVar(&opt.Quoted, "quoted", false, "every cell in quotes")
	return cmd
}

func writeEvents(w io.Writer, opt generate.Options) error {
	b := bufio.NewWriterSize(w, 1<<20)
	if err := generate.Events(b, opt); err != nil {
		return err
	}
	return b.Flush()
}
