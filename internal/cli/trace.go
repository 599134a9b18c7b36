package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/internal/clock"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
)

func (a *app) trace() *cobra.Command {
	var q pipeline.TraceQuery
	var period, asOf, loaded, format string
	var dims []string
	cmd := &cobra.Command{
		Use:   "trace INDICATOR",
		Short: "Walk published figures back to files, lines and archived bytes",
		Long: `Walk a figure back to the reports it comes from: the hash of the archived file,
its date of publication and source, and its lines that speak of the figure, with
their text where the dataset is public. Without --period, every figure of the
indicator is walked back.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if period != "" {
				if q.Start, q.End, err = pipeline.Period(period); err != nil {
					return usage(err)
				}
			}
			if !slices.Contains([]string{"text", "json"}, format) {
				return usage(fmt.Errorf("--format %q: text or json", format))
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
			return a.runTrace(cmd, q, format)
		},
	}
	f := cmd.Flags()
	f.StringVar(&period, "period", "", "AAAA, AAAA-MM, AAAA-MM-DD, or two of them with / between (default: every figure)")
	f.StringVar(&asOf, "as-of", "", "as the agencies had published by that day (AAAA-MM-DD)")
	f.StringVar(&loaded, "as-of-carga", "", "as Cauce had loaded by that load's number, day (AAAA-MM-DD) or moment (RFC 3339)")
	f.IntVar(&q.Lines, "lines", 20, "lines shown of a report, the likeliest; 0: all")
	f.StringVar(&format, "format", "text", "text or json (one object a figure)")
	f.StringSliceVar(&dims, "dimension", nil, "NAME=CODE, as in entidad=30; none: the total")
	return cmd
}

func (a *app) runTrace(cmd *cobra.Command, q pipeline.TraceQuery, format string) error {
	p, err := a.open(cmd.Context())
	if err != nil {
		return err
	}
	defer p.Close()
	first := true
	return p.Trace(cmd.Context(), q, func(t pipeline.Traced) error {
		if format == "json" {
			return a.traceJSON(t)
		}
		if !first {
			fmt.Fprintln(a.stdout)
		}
		first = false
		return a.traceText(q, t)
	})
}

func (a *app) traceText(q pipeline.TraceQuery, t pipeline.Traced) error {
	line := func(name string, value any) { fmt.Fprintf(a.stdout, "%-13s %v\n", name+":", value) }
	line("indicador", t.Indicator)
	line("periodo", t.Start.Format(time.DateOnly)+" a "+t.End.Format(time.DateOnly))
	if len(t.Dimensions) > 0 {
		b, err := json.Marshal(t.Dimensions)
		if err != nil {
			return err
		}
		line("dimensiones", string(b))
	}
	line("valor", fmt.Sprintf("%s (%s)", figure(t.Value), t.Unit))
	arithmetic := figure(t.Numerator)
	if t.Denominator != nil {
		arithmetic += " entre " + figure(t.Denominator)
	}
	line("cálculo", arithmetic)
	line("estado", indicators.StatusText(t.Status)+", vigencia "+t.Vintage)
	if !q.Loaded.IsZero() {
		line("cargas", fmt.Sprintf("hasta la %d", t.Load))
	}
	for _, r := range t.Reports {
		fmt.Fprintln(a.stdout)
		line("reporte", fmt.Sprintf("%d (%s): %s", r.ID, r.Dataset, printable(r.Name)))
		if r.Corrects != 0 {
			line("corrige", fmt.Sprintf("reporte %d", r.Corrects))
		}
		line("sha256", r.SHA256)
		line("copia", "archive/"+r.SHA256)
		line("publicado", r.PublishedOn.Format(time.DateOnly))
		line("fuente", printable(r.Source))
		for _, l := range r.Lines {
			fmt.Fprintf(a.stdout, "  %s:%d: %s\n", printable(r.Name), l.Line, printable(l.Text))
		}
		if r.More > 0 {
			fmt.Fprintf(a.stdout, "  … y %d líneas más\n", r.More)
		}
		for _, c := range r.Corrections {
			line("corrección", c)
		}
	}
	return nil
}

func figure(x *float64) string {
	if x == nil {
		return "sin valor"
	}
	return fmt.Sprintf("%.15g", *x)
}

// traceJSON writes a figure as the API names its parts.
func (a *app) traceJSON(t pipeline.Traced) error {
	type line struct {
		Line int64  `json:"linea"`
		Text string `json:"texto"`
	}
	type report struct {
		ID        int    `json:"reporte"`
		Dataset   string `json:"conjunto"`
		File      string `json:"archivo"`
		SHA256    string `json:"sha256"`
		Published string `json:"publicado_en"`
		Source    string `json:"fuente"`
		Corrects  int    `json:"corrige,omitempty"`
		Lines     []line `json:"lineas"`
		More      int    `json:"mas"`

		Corrections []string `json:"correcciones,omitempty"`
	}
	out := struct {
		Indicator   string            `json:"indicador"`
		Start       string            `json:"periodo_inicio"`
		End         string            `json:"periodo_fin"`
		Dimensions  map[string]string `json:"dimensiones"`
		Value       *float64          `json:"valor"`
		Numerator   *float64          `json:"numerador"`
		Denominator *float64          `json:"denominador"`
		Unit        string            `json:"unidad"`
		Status      string            `json:"estado"`
		Vintage     string            `json:"vigencia"`
		Load        int               `json:"carga"`
		Reports     []report          `json:"reportes"`
	}{t.Indicator, t.Start.Format(time.DateOnly), t.End.Format(time.DateOnly), t.Dimensions, t.Value, t.Numerator, t.Denominator,
		t.Unit, t.Status, t.Vintage, t.Load, []report{}}
	for _, r := range t.Reports {
		lines := []line{}
		for _, l := range r.Lines {
			lines = append(lines, line{l.Line, l.Text})
		}
		out.Reports = append(out.Reports, report{r.ID, r.Dataset, r.Name, r.SHA256, r.PublishedOn.Format(time.DateOnly), r.Source, r.Corrects, lines, r.More, r.Corrections})
	}
	return json.NewEncoder(a.stdout).Encode(out)
}
