package snapshot

import (
	"regexp"
	"strings"
)

// said matches what of a statement names nothing: comments and texts.
var said = regexp.MustCompile(`--[^\n]*|/\*(?s:.*?)\*/|'(?:[^']|'')*'`)

// Words are the words of a statement in lower case, without those of its comments and
// texts: a name that is not there is not read.
func Words(query string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(said.ReplaceAllString(query, " ")), func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}) {
		out[w] = true
	}
	return out
}
