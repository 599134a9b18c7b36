package dialect

import (
	"strings"
	"unicode/utf8"
)

// quoteRunes at an end of a cell are more likely quotes that were not seen.
const quoteRunes = "\"'`“”„«»"

// kind is what the text of a cell looks like.
type kind byte

const (
	kindEmpty   kind = iota
	kindMissing      // a mark for a missing value
	kindNumber
	kindDate // a date, a time or both
	kindCode // text with digits in it
	kindText
	kindList // text with commas, as in a sentence
	kindOdd  // text with what separates or quotes cells elsewhere
)

// kindOf looks at a cell; what surrounds it of blanks does not count.
func kindOf(cell string) kind {
	s := strings.TrimSpace(cell)
	switch {
	case s == "":
		return kindEmpty
	case isMissing(s):
		return kindMissing
	case isNumber(s):
		return kindNumber
	case isDate(s):
		return kindDate
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	if strings.ContainsRune(quoteRunes, first) || strings.ContainsRune(quoteRunes, last) {
		return kindOdd
	}
	k := kindText
	for i := range len(s) {
		switch c := s[i]; {
		case c == ';' || c == '|' || c == '\t':
			return kindOdd
		case c == ',':
			k = kindList
		case c >= '0' && c <= '9' && k == kindText:
			k = kindCode
		}
	}
	return k
}

func isMissing(s string) bool {
	if len(s) > len("sin información") {
		return false
	}
	switch strings.ToLower(s) {
	case "-", "--", "..", "...", "*", "na", "n/a", "n.a.", "n/d", "nd", "n.d.", "nan", "null", "none", "nil", "s/d", "x", "?", "#n/a",
		"sin dato", "sin datos", "sin información", "no disponible", "no aplica", "se desconoce":
		return true
	}
	return false
}

// isNumber admits a sign, a currency, a percent sign, an exponent, parentheses
// for a negative, and points, commas, apostrophes or blanks between groups of
// three digits.
func isNumber(s string) bool {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "("), ")")
	s = strings.TrimLeft(s, "+-$€£¥ ")
	s = strings.TrimRight(s, "%€ ")
	s = strings.TrimPrefix(s, "-")
	if len(s) == 0 || len(s) > 40 {
		return false
	}
	if i := strings.LastIndexAny(s, "eE"); i > 0 {
		exponent := strings.TrimLeft(s[i+1:], "+-")
		if exponent == "" || strings.Trim(exponent, "0123456789") != "" {
			return false
		}
		s = s[:i]
	}
	group, digits, before := 0, 0, byte(0)
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			group++
			digits++
		case c == '.' || c == ',' || c == '\'' || c == ' ':
			if before != 0 && (group != 3 || before == '.' && c == '.' && digits < 4) {
				return false // only groups of three may stand between two marks
			}
			before, group = c, 0
		default:
			return false
		}
	}
	return digits > 0 && (before != ' ' && before != '\'' || group == 3)
}

// isDate admits digits between at least two points, dashes, slashes or colons.
func isDate(s string) bool {
	if len(s) < 5 || len(s) > 35 || s[0] < '0' || s[0] > '9' {
		return false
	}
	marks, group := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if group++; group > 9 {
				return false
			}
		case strings.IndexByte("-/:.", c) >= 0:
			marks++
			group = 0
		case strings.IndexByte("TZ +,APMapm", c) >= 0: // of a moment, or of 10:30 PM
			group = 0
		default:
			return false
		}
	}
	return marks >= 2 || marks == 1 && strings.Contains(s, ":") && len(s) <= 8
}

// typed says that the kind is more than text.
func (k kind) typed() bool { return k == kindNumber || k == kindDate }
func (k kind) blank() bool { return k == kindEmpty || k == kindMissing }
