package problems

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
)

// CSV writes every problem as a row that opens well in a spreadsheet:
// UTF-8 with byte order mark, CRLF, and no cell that would run as a formula.
func CSV(out io.Writer, file string, each Each) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(out)
	c.UseCRLF = true
	if err := c.Write([]string{"archivo", "linea", "posicion", "columna", "valor", "regla", "severidad", "mensaje", "se_espera", "sugerencia"}); err != nil {
		return err
	}
	err := each(func(batch []data.Problem) error {
		for _, p := range batch {
			row := []string{file, number(p.Line), number(p.Column), p.Field, p.Value, p.Rule, string(p.Severity), p.Message, p.Expected, p.Hint}
			for i := range row {
				row[i] = guardFormula(row[i])
			}
			if err := c.Write(row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// guardFormula keeps a delivered text from being run by a spreadsheet: one that
// starts like a formula gets an apostrophe before it. Characters that a terminal
// or a spreadsheet would act on are written as escapes.
func guardFormula(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\t' && r != '\n' && cell.Invisible(r, 0) || r == 0 {
			return '\uFFFD'
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
