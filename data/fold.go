package data

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the form in which names are compared: NFC, lower case, without
// accents (ñ stays ñ), outer space cut and inner space single.
func Fold(s string) string {
	s = norm.NFD.String(strings.ToLower(s))
	var b strings.Builder
	space := false
	var last rune
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if unicode.Is(unicode.Mn, r) {
			if last == 'n' && r == '̃' {
				b.WriteRune(r)
			}
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
		last = r
	}
	return norm.NFC.String(b.String())
}

// Nearest returns the candidate with the smallest edit distance to s in folded
// form, or "" when none is near enough to be worth offering.
func Nearest(s string, candidates []string) string {
	f := []rune(Fold(s))
	if len(f) > 200 {
		return ""
	}
	best, bestAt := "", len(f)/3+1
	for _, c := range candidates {
		if d := distance(f, []rune(Fold(c)), bestAt); d < bestAt || d == 0 {
			best, bestAt = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance of a and b, or limit when it is at least
// that.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit && limit > 0 || len(b)-len(a) >= limit && limit > 0 {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		prev := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, prev+cost)
			prev, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
