package cell

import (
	"regexp"
	"regexp/syntax"
)

// pattern is a full-match pattern that needs no backtracking, over printable
// ASCII: a run of character sets, each with how often it may repeat. It exists
// because a regexp costs more per cell than all the rest of the gate together.
type pattern []atom

type atom struct {
	set      [2]uint64 // bit per ASCII character; control characters are never set
	min, max int       // max < 0: no bound
}

func (a *atom) has(c byte) bool { return c < 128 && a.set[c>>6]&(1<<(c&63)) != 0 }

// match tells whether b matches. False means "ask the regexp", never "refuse".
func (p pattern) match(b []byte) bool {
	at := 0
	for i := range p {
		a := &p[i]
		n := 0
		for at < len(b) && n != a.max && a.has(b[at]) {
			at++
			n++
		}
		if n < a.min {
			return false
		}
	}
	return at == len(b)
}

// compilePattern gives the fast form of a full-match regexp, nil when it has
// alternation, look at other than ASCII, or would need to backtrack.
func compilePattern(re *regexp.Regexp) pattern {
	tree, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	var p pattern
	if !p.add(tree) || !p.deterministic() {
		return nil
	}
	if p == nil {
		p = pattern{}
	}
	return p
}

func (p *pattern) add(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText:
		// The whole is anchored; an anchor inside a concat would only narrow it.
		return true
	case syntax.OpCapture:
		if anchored(re.Sub[0]) {
			return false
		}
		return p.add(re.Sub[0])
	case syntax.OpConcat:
		for i, s := range re.Sub {
			anchor := s.Op == syntax.OpBeginText && i > 0 && re.Sub[i-1].Op != syntax.OpBeginText ||
				s.Op == syntax.OpEndText && i < len(re.Sub)-1 && re.Sub[i+1].Op != syntax.OpEndText
			if anchor || !p.add(s) {
				return false
			}
		}
		return true
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			set, ok := runeSet([]rune{r, r})
			if !ok || re.Flags&syntax.FoldCase != 0 {
				return false
			}
			*p = append(*p, atom{set: set, min: 1, max: 1})
		}
		return true
	case syntax.OpStar:
		return p.repeat(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		return p.repeat(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		return p.repeat(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		return p.repeat(re.Sub[0], re.Min, re.Max)
	default:
		return p.repeat(re, 1, 1)
	}
}

// anchored tells whether an anchor is hidden inside a group, where it would mean
// something that the atoms cannot say.
func anchored(re *syntax.Regexp) bool {
	if re.Op == syntax.OpBeginText || re.Op == syntax.OpEndText {
		return true
	}
	for _, s := range re.Sub {
		if anchored(s) {
			return true
		}
	}
	return false
}

// repeat adds one character set that may repeat; anything larger is refused.
func (p *pattern) repeat(re *syntax.Regexp, lo, hi int) bool {
	var set [2]uint64
	ok := false
	switch re.Op {
	case syntax.OpCharClass:
		set, ok = runeSet(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		set, ok = runeSet([]rune{' ', '~'})
	case syntax.OpLiteral:
		if len(re.Rune) == 1 && re.Flags&syntax.FoldCase == 0 {
			set, ok = runeSet([]rune{re.Rune[0], re.Rune[0]})
		}
	}
	if ok {
		*p = append(*p, atom{set: set, min: lo, max: hi})
	}
	return ok
}

// runeSet is the printable ASCII part of a class given as pairs of bounds; false
// when that part is empty.
func runeSet(pairs []rune) (set [2]uint64, ok bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		for c := max(pairs[i], ' '); c <= pairs[i+1] && c <= '~'; c++ {
			set[c>>6] |= 1 << (c & 63)
			ok = true
		}
	}
	return set, ok
}

// deterministic tells whether taking as many as possible is always right: what
// may follow a set of variable length shares no character with it.
func (p pattern) deterministic() bool {
	for i, a := range p {
		if a.min == a.max {
			continue
		}
		for _, next := range p[i+1:] {
			if a.set[0]&next.set[0] != 0 || a.set[1]&next.set[1] != 0 {
				return false
			}
			if next.min > 0 {
				break
			}
		}
	}
	return true
}
