package template

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"

	"github.com/gttim/cauce/data"
)

// ownRules are the dataset's own rules with an example of each, taken from the
// files that its declared tests deliver: the line that breaks the rule, and a
// line of a file that breaks none. A rule that no single line breaks has neither.
func ownRules(ds *data.Dataset) []data.Rule {
	var out []data.Rule
	for _, r := range ds.Rules {
		rule := data.Rule{ID: r.ID, Severity: r.Severity, Text: r.Text, Expected: "que la regla se cumpla", Bad: brokenLine(ds, r.ID)}
		if lines := testLines(ds, "ok.csv"); rule.Bad != "" && len(lines) > 1 {
			rule.Good = lines[1]
		}
		out = append(out, rule)
	}
	return out
}

// brokenLine is the delivered line for which a declared test expects the rule.
func brokenLine(ds *data.Dataset, rule string) string {
	for _, pattern := range []string{"bad-" + rule + "*.csv", "aviso-" + rule + "*.csv"} {
		names, err := fs.Glob(ds.Dir, "testdata/"+pattern)
		if err != nil {
			continue // a rule id that is no pattern has no example
		}
		slices.SortFunc(names, func(a, b string) int { return len(a) - len(b) })
		for _, name := range names {
			if line := wantedLine(ds, strings.TrimPrefix(name, "testdata/"), rule); line != "" {
				return line
			}
		}
	}
	return ""
}

func wantedLine(ds *data.Dataset, name, rule string) string {
	b, err := fs.ReadFile(ds.Dir, "testdata/"+strings.TrimSuffix(name, ".csv")+".want.json")
	if err != nil {
		return ""
	}
	var want struct {
		Problems []data.Problem `json:"problems"`
	}
	if json.Unmarshal(b, &want) != nil {
		return ""
	}
	lines := testLines(ds, name)
	for _, p := range want.Problems {
		if p.Rule == rule && p.Line > 0 && p.Line <= len(lines) {
			return lines[p.Line-1]
		}
	}
	return ""
}

// testLines are the lines of a declared test's file.
func testLines(ds *data.Dataset, name string) []string {
	b, err := fs.ReadFile(ds.Dir, "testdata/"+name)
	if err != nil {
		return nil
	}
	text := strings.TrimPrefix(strings.ToValidUTF8(string(b), "?"), "\ufeff")
	return strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
}
