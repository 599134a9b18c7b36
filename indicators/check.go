package indicators

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
)

// sheetKeys are the keys that every declaration has, empty lists included: that an
// indicator has no break or no breakdown is said, not left out.
var sheetKeys = []string{
	"id", "name", "definition", "formula", "formula_math", "calculation", "unit", "decimals", "periodicity", "coverage", "dimensions", "variables", "sources",
	"does_not_measure", "limits", "breaks", "interpretation", "direction", "class", "additive", "version", "valid_from", "history", "responsible", "chart", "tests",
}

var topKey = regexp.MustCompile(`^([a-z_]+):`)

// keyLines finds the line of each top-level key of a declaration, from 1.
func keyLines(text []byte) map[string]int {
	out := map[string]int{}
	for i, l := range strings.Split(string(text), "\n") {
		if m := topKey.FindStringSubmatch(l); m != nil && out[m[1]] == 0 {
			out[m[1]] = i + 1
		}
	}
	return out
}

// check holds one declaration against the sheet: what every sheet must say is
// said, and what it says hangs together. Each mistake is an ErrDeclaration that
// begins with file:line, line 1 for a key that is not there.
func (i *Indicator) check(name string, text []byte) error {
	lines := keyLines(text)
	var errs []error
	add := func(key, format string, args ...any) {
		line := max(1, lines[strings.SplitN(key, ".", 2)[0]])
		errs = append(errs, fmt.Errorf("%s:%d: %s: %w", name, line, fmt.Sprintf(format, args...), data.ErrDeclaration))
	}
	for _, key := range sheetKeys {
		if lines[key] == 0 {
			add(key, "%s is required", key)
		}
	}
	i.checkTexts(lines, add)
	i.checkChoices(add)
	i.checkVariables(add)
	i.checkHistory(add)
	sort.SliceStable(errs, func(a, b int) bool { return errs[a].Error() < errs[b].Error() })
	return errors.Join(errs...)
}

type addFunc = func(key, format string, args ...any)

// checkTexts finds mandatory texts that are empty under a key that is there.
func (i *Indicator) checkTexts(lines map[string]int, add addFunc) {
	empty := func(key, value string) {
		if strings.TrimSpace(value) == "" && lines[strings.SplitN(key, ".", 2)[0]] != 0 {
			add(key, "%s is empty", key)
		}
	}
	for key, value := range map[string]string{
		"name.es": i.Name.ES, "definition.es": i.Definition.ES, "formula": i.Formula, "formula_math": i.FormulaMath,
		"unit": i.Unit, "periodicity": i.Periodicity, "coverage": i.Coverage, "interpretation": i.Interpretation,
		"direction": i.Direction, "version": i.Version, "valid_from": i.ValidFrom, "responsible": i.Responsible,
		"chart.kind": i.Chart.Kind, "chart.title": i.Chart.Title,
	} {
		empty(key, value)
	}
	for key, list := range map[string][]string{"does_not_measure": i.NotMeasured, "limits": i.Limits} {
		if len(list) == 0 {
			empty(key, "")
		}
		for _, text := range list {
			empty(key, text)
		}
	}
	if strings.TrimSpace(i.SQL) == "" {
		add("sql", "sql is required, in the file or beside it")
	}
	if len(i.Sources) == 0 {
		empty("sources", "")
	}
	for _, s := range i.Sources {
		empty("sources", s.Text)
		if !isDay(s.Consulted) && s.Consulted != ReadAlways {
			add("sources", "sources: consulted %q is neither a day (AAAA-MM-DD) nor %q", s.Consulted, ReadAlways)
		}
	}
	if len(i.Tests) == 0 && i.tests.text == nil {
		add("tests", "at least one declared test is required")
	}
	for _, b := range i.Breaks {
		empty("breaks", b.Text.ES)
		if !isDay(b.From) {
			add("breaks", "breaks: from %q is not a day (AAAA-MM-DD)", b.From)
		}
	}
	for key, t := range map[string]*Target{"baseline": i.Baseline, "target": i.Target} {
		if t != nil && (t.By == "" || t.Source == "") {
			add(key, "%s lacks by or source; only what was published is declared", key)
		}
	}
	for _, t := range i.Thresholds {
		if t.Text == "" || t.Source == "" {
			add("thresholds", "thresholds: one lacks text or source; only what was published is declared")
		}
	}
}

func (i *Indicator) checkChoices(add addFunc) {
	if !indicatorID.MatchString(i.ID) {
		add("id", "id %q is not of the form [a-z][a-z0-9_]*", i.ID)
	}
	if len(i.Datasets)+len(i.Uses) == 0 {
		add("datasets", "datasets (or uses) is required")
	}
	if !slices.Contains([]Calculation{Count, Percent, Ratio, Change}, i.Calculation) {
		add("calculation", "calculation %q is not one of conteo, porcentaje, razon, cambio_porcentual", i.Calculation)
	}
	if !slices.Contains([]data.Class{data.ClassPublic, data.ClassInternal, data.ClassSensitive}, i.Class) {
		add("class", "class %q is not one of publica, interna, sensible", i.Class)
	}
	if !slices.Contains([]Calendar{NoCalendar, Years, Periods}, i.Calendar) {
		add("calendar", "calendar %q is not one of anios, periodos", i.Calendar)
	}
	if i.Additive && i.Calculation != Count {
		add("additive", "a rate is never additive")
	}
}

// checkVariables holds that each variable is whole, is a symbol of the formula and
// comes from what the indicator reads.
func (i *Indicator) checkVariables(add addFunc) {
	if len(i.Variables) == 0 {
		add("variables", "variables is empty")
	}
	for _, v := range i.Variables {
		if v.Symbol == "" || v.Name == "" || v.Unit == "" || len(v.From) == 0 {
			add("variables", "variables: %q lacks its symbol, name, unit or where it comes from", v.Symbol)
			continue
		}
		base, _, _ := strings.Cut(v.Symbol, "(")
		if !strings.Contains(i.FormulaMath, base) {
			add("variables", "variables: %q is not in formula_math", v.Symbol)
		}
		for _, id := range v.From {
			if !slices.Contains(i.Datasets, id) && !slices.Contains(i.Uses, id) {
				add("variables", "variables: %q comes from %q, which is neither among datasets nor among uses", v.Symbol, id)
			}
		}
	}
}

// checkHistory holds that the last version told of is the one declared.
func (i *Indicator) checkHistory(add addFunc) {
	if len(i.History) == 0 {
		add("history", "history is empty")
		return
	}
	before := ""
	for _, v := range i.History {
		if v.Version == "" || strings.TrimSpace(v.Text) == "" || !isDay(v.From) {
			add("history", "history: version %q lacks its number, its day (AAAA-MM-DD) or what changed", v.Version)
		}
		if v.From < before {
			add("history", "history: version %q begins before the one above it", v.Version)
		}
		before = v.From
	}
	if last := i.History[len(i.History)-1]; last.Version != i.Version || last.From != i.ValidFrom {
		add("history", "history ends with version %q of %q, version is %q of %q", last.Version, last.From, i.Version, i.ValidFrom)
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
