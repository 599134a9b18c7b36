package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// The examples of each dataset's rules are what the program says of them: the right row
// is accepted, and each wrong header, row and value breaks the rule that it stands for.
func TestStandardRules_examples(t *testing.T) {
	p, done, err := scratch(t.Context(), "", now)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	dir := t.TempDir()
	judge := func(ds *data.Dataset, content string) ingest.Result {
		t.Helper()
		path := filepath.Join(dir, "archivo.csv")
		if err := os.WriteFile(path, []byte(content+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		res, err := p.load(t.Context(), ingest.Delivery{Path: path, Name: "archivo.csv", Dataset: ds.ID, Published: "2026-11-20", Alone: true, Again: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.forget(t.Context(), res); err != nil {
			t.Fatal(err)
		}
		return res
	}
	broken := 0
	for _, ds := range p.Decls.Datasets {
		rules := map[string]data.Rule{}
		for _, r := range ds.StandardRules() {
			rules[r.ID] = r
		}
		header, row, ok := strings.Cut(rules[data.RuleHeaderOnly].Good, " / ")
		if ds.Hierarchy != nil {
			continue // no row of it stands by itself
		}
		if !ok {
			t.Fatalf("%s: no row in %+v", ds.ID, rules[data.RuleHeaderOnly])
		}
		if res := judge(ds, header+"\n"+row); res.Outcome != warehouse.Accepted || res.Load.Accepted != 1 {
			t.Errorf("%s: the example %s is %s: %v", ds.ID, row, res.Outcome, res.Problems)
		}
		files := map[string]string{}
		for _, id := range []string{data.RuleDelimiter, data.RuleMissingColumn, data.RuleExtraColumn, data.RuleRepeatedName, data.RuleNoHeader, data.RuleHeaderOnly} {
			files[id] = rules[id].Bad + "\n" + row
		}
		files[data.RuleHeaderOnly] = rules[data.RuleHeaderOnly].Bad
		for _, id := range []string{data.RuleOpenQuote, data.RuleRequired, data.RuleWidth} {
			files[id] = header + "\n" + rules[id].Bad
		}
		files[data.RuleDuplicateRow] = header + "\n" + row + "\n" + row
		for _, id := range []string{data.RuleInteger, data.RuleRange, data.RulePattern, data.RuleCatalog} {
			for i, c := range ds.Columns {
				if bad, of := strings.CutSuffix(rules[id].Bad, " ("+c.Name+")"); of {
					cells := make([]string, len(ds.Columns))
					for k, x := range ds.Columns {
						cells[k] = fmt.Sprintf("%q", x.Example)
					}
					cells[i] = fmt.Sprintf("%q", bad)
					if ds.Wide != nil {
						cells = append(cells, slices.Repeat([]string{ds.Wide.Value.Example}, 12)...)
					}
					files[id] = header + "\n" + strings.Join(cells, ds.Delimiter)
				}
			}
		}
		for id, content := range files {
			if rules[id].Bad == "" {
				continue
			}
			broken++
			res := judge(ds, content)
			if !slices.ContainsFunc(res.Problems, func(p data.Problem) bool { return p.Rule == id }) {
				t.Errorf("%s: the example of %s breaks %v\n%s", ds.ID, id, res.Problems, content)
			}
		}
	}
	if broken < 150 {
		t.Errorf("only %d examples were judged", broken)
	}
}
