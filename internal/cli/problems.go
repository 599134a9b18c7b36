package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/gttim/cauce/data"
)

// printProblems writes problems as lines of text, as JSON lines or as CSV.
func printProblems(w io.Writer, format string, problems []data.Problem) error {
	switch format {
	case "text":
		for _, p := range problems {
			if _, err := fmt.Fprintln(w, p); err != nil {
				return err
			}
		}
		return nil
	case "json":
		enc := json.NewEncoder(w)
		for _, p := range problems {
			if err := enc.Encode(p); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		return problemsCSV(w, problems)
	}
	return usage(fmt.Errorf("--format %q: text, json or csv", format))
}

func problemsCSV(w io.Writer, problems []data.Problem) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	out.Write([]string{"archivo", "linea", "posicion", "columna", "valor", "regla", "severidad", "mensaje", "se_espera", "sugerencia"})
	for _, p := range problems {
		out.Write([]string{
			data.GuardFormula(p.File), strconv.Itoa(p.Line), strconv.Itoa(p.Column), data.GuardFormula(p.Field), data.GuardFormula(p.Value),
			p.Rule, string(p.Severity), p.Message, p.Expected, p.Hint,
		})
	}
	out.Flush()
	return out.Error()
}
