package cell

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gttim/cauce/data"
	"golang.org/x/text/encoding/charmap"
)

// badCharacters holds the characters of a value against the rules that every
// value shares: nothing invisible, nothing that reorders what is shown, nothing
// that was decoded wrongly.
func (f *Field) badCharacters(v *Verdict, s string) {
	var before rune
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			v.refuse(data.RuleInvalidBytes, "contiene bytes que no existen en "+f.setting.Encoding, "texto en la codificación declarada", "")
			return
		case r == '\r' && i+1 < len(s) && s[i+1] == '\n':
		case Invisible(r, before):
			v.refuse(data.RuleControl, fmt.Sprintf("contiene el carácter invisible U+%04X", r), "texto visible", "")
			return
		}
		before = r
	}
	if f.setting.Table != nil && mojibake(s, f.setting.Table) {
		v.refuse(data.RuleMojibake, "contiene una secuencia sospechosa: parece texto UTF-8 leído como "+f.setting.Encoding,
			"texto con sus acentos", "guarde el archivo como CSV UTF-8")
	}
}

// Invisible tells whether r is a control character other than tab and line feed, a
// zero-width character or one that changes the direction of text. The joiner of
// emoji is let pass after an emoji.
func Invisible(r, before rune) bool {
	switch {
	case r >= 0x20 && r < 0x7f, r > 0xad && r < 0x61c, r == '\t', r == '\n': // nearly all there is
		return false
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		return true
	case r == 0x200d:
		return !(before >= 0x1f000 || before == 0xfe0f || before >= 0x2600 && before < 0x27c0)
	case r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0x061c, r == 0x00ad:
		return true
	}
	return false
}

// mojibake tells whether s, put back into the bytes it was decoded from, is
// valid UTF-8 with characters of several bytes: then it was UTF-8 all along.
func mojibake(s string, table *charmap.Charmap) bool {
	if !strings.ContainsAny(s, "ÃÂâð") {
		return false
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		c, ok := table.EncodeRune(r)
		if !ok {
			return false
		}
		b = append(b, c)
	}
	return utf8.Valid(b)
}
