package cell

import (
	"regexp"
	"slices"
	"testing"
)

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		re   string
		fast bool
		yes  []string
		no   []string
	}{
		{`[A-Z]{3}-[0-9]{4,12}`, true, []string{"UPM-0001"}, []string{"UPM-1", "UPM-00x", "é"}},
		{`^SIM-[0-9]+$`, true, []string{"SIM-1"}, []string{"SIM-", "xSIM-1"}},
		{`[0-9]*5`, false, []string{"15"}, []string{"1"}},
		{`a|b`, true, []string{"a"}, []string{"c"}},
		{`ab|cd`, false, []string{"ab"}, []string{"ad"}},
		{`x?y`, true, []string{"xy", "y"}, []string{"x"}},
		{`(a)(^b)`, false, nil, []string{"ab"}},
		{`(?i)abc`, false, []string{"ABC"}, nil},
		{`(?s)^.*$`, true, []string{"", "anything at all"}, nil},
	} {
		re := regexp.MustCompile(`\A(?:` + c.re + `)\z`)
		p := compilePattern(re)
		if (p != nil) != c.fast {
			t.Errorf("%s: fast %v, want %v", c.re, p != nil, c.fast)
		}
		for _, s := range append(c.yes, c.no...) {
			want := slices.Contains(c.yes, s)
			if re.MatchString(s) != want || p != nil && p.match([]byte(s)) && !want || p != nil && want && !p.match([]byte(s)) {
				t.Errorf("%s on %q: want %v", c.re, s, want)
			}
		}
	}
}
