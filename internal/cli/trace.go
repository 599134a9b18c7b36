package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gttim/cauce/internal/clock"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
)

func (a *app) trace() *cobra.Command {
	var q pipeline.TraceQuery
	var period, asOf, loaded string
	var dims []string
	cmd := &cobra.Command{
		Use:   "trace INDICATOR --period P",
		Short: "Walk a published figure back to files, lines and archived bytes",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if q.Start, q.End, err = pipeline.Period(period); err != nil {
				return usage(err)
			}
			if asOf != "" {
				if q.AsOf, err = time.Parse(time.DateOnly, asOf); err != nil {
					return usage(fmt.Errorf("--as-of %q: a day (AAAA-MM-DD)", asOf))
				}
			}
			if loaded != "" {
				if q.Loaded, err = clock.ParseLoadPoint(loaded); err != nil {
					return usage(fmt.Errorf("--as-of-carga: %w", err))
				}
			}
			q.Indicator, q.Dimensions = args[0], map[string]string{}
			for _, d := range dims {
				name, code, ok := strings.Cut(d, "=")
				if !ok {
					return usage(fmt.Errorf("--dimension %q: NAME=CODE", d))
				}
				q.Dimensions[name] = code
			}
			return a.runTrace(cmd, q)
		},
	}
	f := cmd.Flags()
	f.StringVar(&period, "period", "", "AAAA, AAAA-MM, AAAA-MM-DD, or two of them with / between (required)")
	f.StringVar(&asOf, "as-of", "", "as the agencies had published by that day (AAAA-MM-DD)")
	f.StringVar(&loaded, "as-of-carga", "", "as Cauce had loaded by that load's number, day (AAAA-MM-DD) or moment (RFC 3339)")
	f.StringSliceVar(&dims, "dimension", nil, "NAME=CODE, as in entidad=30; none: the total")
	return cmd
}

func (a *app) runTrace(cmd *cobra.Command, q pipeline.TraceQuery) error {
	p, err := a.open(cmd.Context(), nil)
	if err != nil {
		return err
	}
	defer p.Close()
	t, err := p.Trace(cmd.Context(), q)
	if errors.Is(err, pipeline.ErrNoFigure) {
		return err
	}
	if err != nil {
		return err
	}
	line := func(name string, value any) { fmt.Fprintf(a.stdout, "%-13s %v\n", name+":", value) }
	line("indicador", t.Indicator)
	line("periodo", t.Start+" a "+t.End)
	if len(q.Dimensions) > 0 {
		b, err := json.Marshal(q.Dimensions)
		if err != nil {
			return err
		}
		line("dimensiones", string(b))
	}
	line("valor", fmt.Sprintf("%v (%s)", t.Value, t.Unit))
	line("cálculo", t.Arithmetic)
	line("estado", t.Status+", vigencia "+t.Vintage)
	if !q.Loaded.IsZero() {
		line("cargas", fmt.Sprintf("hasta la %d", t.Load))
	}
	for _, r := range t.Reports {
		fmt.Fprintln(a.stdout)
		line("reporte", fmt.Sprintf("%d (%s): %s", r.ID, r.Dataset, printable(r.Name)))
		line("sha256", r.SHA256)
		line("copia", "archive/"+r.SHA256)
		line("publicado", r.PublishedOn.Format(time.DateOnly))
		line("fuente", printable(r.Source))
		for _, l := range r.Lines {
			fmt.Fprintf(a.stdout, "  %s:%d: %s\n", printable(r.Name), l.Line, printable(l.Text))
		}
		if r.More > 0 {
			fmt.Fprintf(a.stdout, "  … y %d líneas más del periodo\n", r.More)
		}
		for _, c := range r.Corrections {
			line("corrección", c)
		}
	}
	return nil
}
