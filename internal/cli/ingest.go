package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/spf13/cobra"
)

// ingestFlags are what a delivery can be given on the command line.
type ingestFlags struct {
	dataset, published, source, format string
	again, synthetic, shipped, publish bool
	corrects                           int
}

func (a *app) ingest() *cobra.Command {
	var f ingestFlags
	cmd := &cobra.Command{
		Use:   "ingest [FILE…]",
		Short: "Load reports, compute the indicators and publish; without FILE, all that lies in the inbox",
		Long: `Load reports, compute the indicators and publish.

Without FILE, every file in the inbox is loaded; with nothing there, only what
has become due is computed and published. The dataset is the inbox folder's, or
--dataset, or recognised by the file's header. A file in the inbox is moved to
done/ or refused/; any other stays where it is.`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runIngest(cmd.Context(), f, args) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.dataset, "dataset", "", "dataset of the files")
	fl.StringVar(&f.published, "published", "", "date on which the agency published them (AAAA-MM-DD, AAAA-MM or AAAA)")
	fl.StringVar(&f.source, "source", "", "where they were taken from: an address or a text")
	fl.BoolVar(&f.again, "again", false, "load as a new report what was loaded before")
	fl.IntVar(&f.corrects, "corrects", 0, "number of the report that the files correct")
	fl.BoolVar(&f.synthetic, "allow-synthetic", false, "accept generated rows into a home that holds real reports")
	fl.BoolVar(&f.shipped, "shipped", false, "load the reports shipped with the program into an empty home")
	fl.BoolVar(&f.publish, "publish", false, "load nothing: compute and publish what has become due")
	fl.StringVar(&f.format, "format", "text", "form of the problem list: text, json or csv")
	return cmd
}

func (a *app) runIngest(ctx context.Context, f ingestFlags, args []string) (err error) {
	if f.format != "text" && f.format != "json" && f.format != "csv" {
		return usage(fmt.Errorf("--format %q: text, json or csv", f.format))
	}
	ctx, release := a.guard(ctx)
	defer release()
	meter := newMeter(a.stderr)
	p, err := a.openFor(ctx, meter.stage, pipeline.ThreadsFor(a.dir, args))
	if err != nil {
		return a.late(ctx, err)
	}
	give := p.Close
	if a.ends {
		give = p.Leave
	}
	defer func() { err = errors.Join(err, give()) }()
	deliveries, err := a.deliveries(ctx, p, f, args)
	if err != nil {
		return err
	}
	meter.files(len(deliveries))
	results, err := p.Run(ctx, deliveries)
	meter.done()
	err = a.late(ctx, err)
	code := exitDone
	for _, r := range results {
		code = worst(code, resultCode(r))
		a.printResult(f, r)
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

// deliveries lists what to load, in order.
func (a *app) deliveries(ctx context.Context, p *pipeline.Pipeline, f ingestFlags, args []string) ([]ingest.Delivery, error) {
	if f.dataset != "" && p.Decls.Dataset(f.dataset) == nil {
		return nil, usage(fmt.Errorf("--dataset %q is not declared; `cauce datasets` lists them", f.dataset))
	}
	switch {
	case (f.shipped || f.publish) && len(args) > 0:
		return nil, usage(errors.New("--shipped and --publish take no FILE"))
	case f.publish:
		return nil, nil
	case f.shipped:
		return p.Shipped(ctx)
	case len(args) == 0:
		return p.Inbox()
	}
	var out []ingest.Delivery
	for _, path := range args {
		d := ingest.Delivery{
			Path: path, Name: filepath.Base(path), Dataset: f.dataset, Published: f.published, Source: f.source,
			Again: f.again, AllowSynthetic: f.synthetic, Corrects: f.corrects,
		}
		if ds, ok := p.InInbox(path); ok {
			d.FromInbox = true
			if d.Dataset == "" {
				d.Dataset = ds
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// printResult prints what became of one file: its problems on standard error,
// one line of totals on standard output.
func (a *app) printResult(f ingestFlags, r ingest.Result) {
	if r.Outcome == "" {
		return // the error says it
	}
	if err := printProblems(a.stderr, f.format, r.Problems); err != nil {
		a.log.Error("print problems", "error", err)
	}
	if more := r.ProblemCount - len(r.Problems); more > 0 {
		where := fmt.Sprintf("`cauce quarantine ls --report %d` los lista", r.Report.ID)
		if r.Outcome == warehouse.Refused { // none of its rows is kept in quarantine
			where = "`cauce check ARCHIVO --report CARPETA` los escribe todos"
		}
		fmt.Fprintf(a.stderr, "… y %d problemas más; %s\n", more, where)
	}
	name := data.Printable(r.Name)
	switch {
	case r.Outcome == ingest.AlreadyLoaded:
		fmt.Fprintf(a.stdout, "%s: %s\n", name, r.Note)
	case r.Outcome == warehouse.Refused && r.Report.ID == 0: // nothing of it was taken in
		fmt.Fprintf(a.stdout, "%s: %s\n", name, data.Printable(r.Note))
	case r.Outcome == warehouse.Refused:
		fmt.Fprintf(a.stdout, "%s: rechazado (reporte %d): %s\n", name, r.Report.ID, data.Printable(r.Load.Reason))
	default:
		fmt.Fprintf(a.stdout, "%s: reporte %d, carga %d: %d registros = %d aceptados + %d en cuarentena + %d omitidos%s\n",
			name, r.Report.ID, r.Load.ID, r.Load.Records, r.Load.Accepted, r.Load.Quarantined, r.Load.Skipped, note(r.Note))
	}
}

func note(s string) string {
	if s == "" {
		return ""
	}
	return "; " + s
}
