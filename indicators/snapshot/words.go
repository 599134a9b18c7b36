package snapshot

import (
	"regexp"
	"strings"
)

// said matches what of a statement names nothing, comments and texts, and names in
// quotes, which may have in them what looks like these.
var said = regexp.MustCompile(`--[^\n]*|/\*(?s:.*?)\*/|\b[eE]'(?s:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"`)

// odd matches what said would get wrong: texts in dollars, comments in comments.
var odd = regexp.MustCompile(`\$[A-Za-z_]*\$|/\*(?s:[^*]|\*+[^*/])*/\*`)

// Words are the words of a statement in lower case, without those of its comments and
// texts: a name that is not there is not read. Where it cannot be told what is a text,
// all words count.
func Words(query string) map[string]bool {
	if !odd.MatchString(query) {
		query = said.ReplaceAllStringFunc(query, func(s string) string {
			if s[0] == '"' {
				return s
			}
			return " "
		})
	}
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(query), func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}) {
		out[w] = true
	}
	return out
}
