package snapshot

import (
	"regexp"
	"strings"
)

// said matches what of a statement names nothing, comments and texts, and names in
// quotes, which may have in them what looks like these.
var said = regexp.MustCompile(`--[^\n\r]*|/\*(?s:.*?)\*/|\b[eE]'(?s:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"`)

// odd matches what said would get wrong: texts in dollars, comments in comments; and
// functions that are given names as texts.
var odd = regexp.MustCompile(`\$[^$\s]*\$|/\*(?s:[^*]|\*+[^*/])*/\*|(?i)\bquery(?:_table)?\b`)

// A relation may be named by a text, as in FROM 'name'.
var (
	name  = regexp.MustCompile(`^'\w+'$`)
	named = regexp.MustCompile(`(?i)(?:\b(?:from|join|pivot|unpivot|describe|summarize|show|table)|[,(])[\s\v\x{80}-\x{10FFFF}]*$`)
)

// Words are the words of a statement in lower case, without those of its comments and
// texts: a name that is not there is not read. Where it cannot be told what is a text,
// all words count.
func Words(query string) map[string]bool {
	if !odd.MatchString(query) {
		query = withoutSaid(query)
	}
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(query), func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}) {
		out[w] = true
	}
	return out
}

func withoutSaid(query string) string {
	var b strings.Builder
	at := 0
	for _, m := range said.FindAllStringIndex(query, -1) {
		b.WriteString(query[at:m[0]])
		at = m[1]
		if s := query[m[0]:at]; s[0] == '"' || name.MatchString(s) && named.MatchString(b.String()) {
			b.WriteString(s)
		} else {
			b.WriteString(" ")
		}
	}
	b.WriteString(query[at:])
	return b.String()
}
