package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/spf13/pflag"
)

// checkFlags are what a file to be judged can be given.
type checkFlags struct{ dataset, published, source, report, format string }

func (c *checkFlags) register(set *pflag.FlagSet) {
	set.StringVar(&c.dataset, "dataset", "", "dataset of the files")
	set.StringVar(&c.published, "published", "", "date on which they were published (AAAA-MM-DD, AAAA-MM or AAAA)")
	set.StringVar(&c.source, "source", "", "where they were taken from: an address or a text")
	set.StringVar(&c.report, "report", "", "write the problem reports into this folder")
	set.StringVar(&c.format, "format", "text", "form of the problem list: text, json or csv; with --raw: jsonl, the dialect and then one line a record")
}

// checkFiles judges files and prints what a load of them would say.
func (a *app) checkFiles(ctx context.Context, c checkFlags, args []string) error {
	if c.format != "text" && c.format != "json" && c.format != "csv" {
		return usage(fmt.Errorf("--format %q: text, json or csv", c.format))
	}
	var files []ingest.Delivery
	for _, path := range args {
		files = append(files, ingest.Delivery{Path: path, Name: filepath.Base(path), Dataset: c.dataset, Published: c.published, Source: c.source})
	}
	ctx, release := a.guard(ctx)
	defer release()
	results, err := pipeline.CheckFiles(ctx, pipeline.Options{Declarations: a.declarations, Now: a.now, Limits: a.limits.gate()}, files, c.report)
	err = a.late(ctx, err)
	code := exitDone
	for _, r := range results {
		code = worst(code, resultCode(r))
		if err := printProblems(a.stderr, c.format, r.Problems); err != nil {
			return err
		}
		if more := r.ProblemCount - len(r.Problems); more > 0 {
			fmt.Fprintf(a.stderr, "… y %d problemas más; --report DIR los escribe todos\n", more)
		}
		name := data.Printable(r.Name)
		if r.Outcome == warehouse.Refused {
			reason := r.Load.Reason
			if reason == "" {
				reason = r.Note
			}
			fmt.Fprintf(a.stdout, "%s: se rechazaría: %s\n", name, data.Printable(reason))
			continue
		}
		fmt.Fprintf(a.stdout, "%s: %s: %d registros = %d aceptados + %d en cuarentena + %d omitidos; no se cargó nada\n",
			name, r.Report.Dataset, r.Load.Records, r.Load.Accepted, r.Load.Quarantined, r.Load.Skipped)
	}
	if err != nil {
		fmt.Fprintln(a.stderr, "cauce:", err)
		code = worst(code, worstCode(err))
	}
	if code != exitDone {
		return exit(code)
	}
	return nil
}
