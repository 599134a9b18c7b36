package data

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrDeclaration marks a mistake in a declaration (contract, catalogue,
// reference table, indicator). Commands that meet it exit with code 2.
var ErrDeclaration = errors.New("declaration")

// MaxShownValue is how many characters of a value a message shows.
const MaxShownValue = 80

// Severity says what a broken rule does to the data it was found in.
type Severity string

// The three things a broken rule can do: be noted beside the figures, put the
// row in quarantine, or refuse the whole file.
const (
	Warn       Severity = "aviso"
	Quarantine Severity = "fila"
	Refuse     Severity = "archivo"
)

// Problem is one broken rule at one place of one delivered file. Line and
// Column are physical and start at 1; 0 means the whole file or the whole line.
// Value is what was delivered; Message and Expected are Spanish, for agencies.
type Problem struct {
	File     string   `json:"archivo"`
	Line     int      `json:"linea"`
	Column   int      `json:"posicion"`
	Field    string   `json:"columna,omitempty"`
	Value    string   `json:"valor,omitempty"`
	Rule     string   `json:"regla"`
	Severity Severity `json:"severidad"`
	Message  string   `json:"mensaje"`
	Expected string   `json:"se_espera,omitempty"`
	Hint     string   `json:"sugerencia,omitempty"`
	From     string   `json:"periodo_inicio,omitempty"` // AAAA-MM-DD: the period it is about, "" for all of the file
	To       string   `json:"periodo_fin,omitempty"`
}

// Hidden stands in messages for a value that must not be repeated in them.
const Hidden = "(oculto)"

// Discreet is the problem as it may leave the quarantine: of a sensitive or
// restricted dataset, without the delivered value where that may be a text about
// somebody. Told are the names of columns, what comes close to a name of a
// catalogue, and, of columns of numbers and dates, what has no letters.
func (c *Contract) Discreet(p Problem) Problem {
	if p.Value == "" || c.Class != ClassSensitive && c.Class != ClassRestricted || c.harmless(p) {
		return p
	}
	p.Value = Hidden
	return p
}

func (c *Contract) harmless(p Problem) bool {
	switch p.Rule {
	case RuleMissingColumn, RuleExtraColumn, RuleRepeatedName, RuleSidecar:
		return true
	}
	for _, col := range c.Columns {
		if col.Name != p.Field {
			continue
		}
		switch col.Type {
		case TypeText, TypeCategory:
			return false
		case TypeCatalog:
			return p.Hint != ""
		}
		return strings.IndexFunc(p.Value, unicode.IsLetter) < 0
	}
	month := c.Wide != nil && (slices.Contains(c.Wide.Months, p.Field) || slices.Contains(c.MonthCells(), p.Field))
	return month && strings.IndexFunc(p.Value, unicode.IsLetter) < 0
}

// String renders the problem as the one-line form of the load protocol:
// FILE:LINE:COL: columna "x", valor "y": R014 mensaje (se espera …).
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(Printable(p.File))
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	b.WriteString(": ")
	if p.Field != "" {
		fmt.Fprintf(&b, "columna %q, valor \"%s\": ", Printable(p.Field), Printable(p.Value))
	}
	b.WriteString(p.Rule + " " + p.Message)
	if p.Expected != "" {
		b.WriteString(" (se espera " + p.Expected + ")")
	}
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// Printable cuts s at MaxShownValue characters and writes control, format and
// invalid characters as escapes, so that no delivered text can forge a log line
// or reorder what a terminal shows.
func Printable(s string) string {
	var b strings.Builder
	n := 0
	for i, r := range s {
		if n == MaxShownValue {
			b.WriteString("…")
			break
		}
		n++
		switch {
		case r == utf8.RuneError && !utf8.FullRuneInString(s[i:]) || r == utf8.RuneError && s[i] != 0xEF:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r), r == '\u2028', r == '\u2029':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// GuardFormula keeps a text that a spreadsheet would run as a formula from being
// run: one that starts with = + - @, a tab, a carriage return or NUL gets an
// apostrophe before it. For text columns only; numbers stay numbers.
// Source: OWASP ASVS 5.0, requirement 1.2.10.
func GuardFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\x00", rune(s[0])) {
		return "'" + s
	}
	return s
}
