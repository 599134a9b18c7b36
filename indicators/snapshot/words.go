package snapshot

import (
	"regexp"
	"strings"
)

// odd matches what withoutSaid would get wrong: texts in dollars, comments in comments; and
// functions that are given names as texts.
var odd = regexp.MustCompile(`\$[^$\s]*\$|/\*(?s:[^*]|\*+[^*/])*/\*|(?i)\bquery(?:_table)?\b`)

// Words are the words of a statement in lower case, without those of its comments and
// texts: a name that is not there is not read. Where it cannot be told what is a text,
// all words count.
func Words(query string) map[string]bool {
	lower := strings.ToLower(query)
	if !(strings.ContainsRune(query, '$') || strings.Contains(query, "/*") || strings.Contains(lower, "query")) || !odd.MatchString(query) {
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

// withoutSaid is a statement without what of it names nothing, comments and texts.
// Names in quotes, which may have in them what looks like these, stay, and so does all
// from what is not ended.
func withoutSaid(query string) string {
	var b strings.Builder
	at := 0
	for from := 0; ; {
		i := strings.IndexAny(query[from:], `-/'"`)
		if i < 0 {
			break
		}
		start := from + i
		escapes := query[start] == '\'' && escaped(query[:start])
		n := said(query[start:], escapes)
		if n < 0 {
			break
		}
		if from = start + n; n == 1 || query[start] == '"' {
			continue
		}
		text := query[start:from]
		if escapes {
			start-- // the E before it
		}
		b.WriteString(query[at:start])
		if at = from; !escapes && text[0] == '\'' && isWord(text[1:len(text)-1]) && namesRelation(b.String()) {
			b.WriteString(text)
		} else {
			b.WriteString(" ")
		}
	}
	b.WriteString(query[at:])
	return b.String()
}

// escaped tells whether a text that follows is one in which a backslash escapes.
func escaped(before string) bool {
	n := len(before)
	return n > 0 && before[n-1]|0x20 == 'e' && (n == 1 || !isLetter(before[n-2]))
}

// said is the length of the comment, text or quoted name that rest begins with: 1 where
// it is none of them, -1 where it does not end.
func said(rest string, escapes bool) int {
	switch {
	case strings.HasPrefix(rest, "--"):
		if n := strings.IndexAny(rest, "\n\r"); n >= 0 {
			return n
		}
		return len(rest)
	case strings.HasPrefix(rest, "/*"):
		if n := strings.Index(rest[2:], "*/"); n >= 0 {
			return 2 + n + 2
		}
		return -1
	case rest[0] == '-' || rest[0] == '/':
		return 1
	}
	for i := 1; i < len(rest); i++ {
		switch {
		case escapes && rest[i] == '\\':
			i++
		case rest[i] != rest[0]:
		case i+1 < len(rest) && rest[i+1] == rest[0]:
			i++
		default:
			return i + 1
		}
	}
	return -1
}

// namesRelation tells whether a text that follows may name a relation, as in FROM 'name'.
func namesRelation(before string) bool {
	before = strings.TrimRightFunc(before, func(r rune) bool { return r >= 0x80 || strings.ContainsRune(" \t\n\v\f\r", r) })
	if strings.HasSuffix(before, ",") || strings.HasSuffix(before, "(") {
		return true
	}
	start := len(before)
	for start > 0 && isLetter(before[start-1]) {
		start--
	}
	switch strings.ToLower(before[start:]) {
	case "from", "join", "pivot", "unpivot", "describe", "summarize", "show", "table":
		return true
	}
	return false
}

// isLetter tells whether a byte may be of a word.
func isLetter(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isWord(s string) bool {
	for i := range len(s) {
		if !isLetter(s[i]) {
			return false
		}
	}
	return s != ""
}
