package indicators

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators/snapshot"
)

//go:embed catalog
var catalogFiles embed.FS

// Load reads the declared indicators: those built in and, over them, those of
// the declarations' overlay (indicators/*.yml). They come in an order in which
// each follows those it uses. Every mistake is an ErrDeclaration.
func Load(d *data.Declarations) ([]*Indicator, error) {
	built, err := fs.Sub(catalogFiles, "catalog")
	if err != nil {
		return nil, err
	}
	found := map[string]*Indicator{}
	if err := loadDir(built, ".", false, found); err != nil {
		return nil, err
	}
	if d.Overlay != nil {
		if err := loadDir(d.Overlay, "indicators", true, found); err != nil {
			return nil, err
		}
	}
	return arrange(found, d)
}

// loadDir reads the declarations of a directory, with their tests or without.
func loadDir(fsys fs.FS, dir string, tests bool, into map[string]*Indicator) error {
	names, err := fs.Glob(fsys, path.Join(dir, "*.yml"))
	if err != nil {
		return err
	}
	all, err := data.Each(names, func(name string) (*Indicator, error) { return loadFile(fsys, name, tests) })
	here := map[string]bool{}
	for i, ind := range all {
		if here[ind.ID] {
			return fmt.Errorf("%s: id %q is declared twice: %w", names[i], ind.ID, data.ErrDeclaration)
		}
		here[ind.ID] = true
		into[ind.ID] = ind
	}
	return err
}

func loadFile(fsys fs.FS, name string, tests bool) (*Indicator, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	sheet, rest := b, unread{}
	if !tests {
		sheet, rest = withoutTests(name, b)
	}
	ind := &Indicator{tests: rest}
	if err := data.DecodeYAML(name, sheet, ind); err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(name, ".yml")
	sum := sha256.New()
	sum.Write(b)
	for suffix, into := range map[string]*string{".sql": &ind.SQL, ".detalle.sql": &ind.DetailSQL} {
		text, err := fs.ReadFile(fsys, base+suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if *into != "" {
			return nil, fmt.Errorf("%s: SQL stands both in it and in %s: %w", name, base+suffix, data.ErrDeclaration)
		}
		*into = string(text)
	}
	fmt.Fprintf(sum, "%s\n%s", ind.SQL, ind.DetailSQL)
	ind.Hash = hex.EncodeToString(sum.Sum(nil))
	if want := path.Base(base); ind.ID != want {
		return nil, fmt.Errorf("%s: id %q is not the file's name: %w", name, ind.ID, data.ErrDeclaration)
	}
	return ind, ind.check(name, b)
}

// arrange orders indicators so that each follows those it uses, and by their
// declared order otherwise; missing tables and cycles are mistakes.
func arrange(found map[string]*Indicator, d *data.Declarations) ([]*Indicator, error) {
	ids := make([]string, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(a, b int) bool {
		x, y := found[ids[a]], found[ids[b]]
		if x.Order != y.Order {
			return x.Order < y.Order
		}
		return x.ID < y.ID
	})
	var out []*Indicator
	state := map[string]int{} // 1 being placed, 2 placed
	var place func(id, from string) error
	place = func(id, from string) error {
		ind := found[id]
		switch {
		case ind == nil:
			return fmt.Errorf("indicator %s uses %q, which is not declared: %w", from, id, data.ErrDeclaration)
		case state[id] == 1:
			return fmt.Errorf("indicator %s uses itself through %s: %w", id, from, data.ErrDeclaration)
		case state[id] == 2:
			return nil
		}
		state[id] = 1
		if slices.Equal(ind.Datasets, []string{allExpected}) {
			ind.Datasets = expected(d)
		}
		for _, ds := range ind.Datasets {
			if d.Dataset(ds) == nil {
				return fmt.Errorf("indicator %s reads dataset %q, which is not declared: %w", id, ds, data.ErrDeclaration)
			}
		}
		for _, dim := range ind.Dimensions {
			if dim.Catalog != "" && d.Reference[dim.Catalog] == nil {
				return fmt.Errorf("indicator %s labels %q by %q, which is not declared: %w", id, dim.ID, dim.Catalog, data.ErrDeclaration)
			}
		}
		if taken(id, d) {
			return fmt.Errorf("indicator %s: its id is the name of something else that statements read: %w", id, data.ErrDeclaration)
		}
		for _, u := range ind.Uses {
			if slices.Contains(marts, u) {
				continue
			}
			if err := place(u, id); err != nil {
				return err
			}
		}
		state[id] = 2
		out = append(out, ind)
		return ind.checkClass(d, found)
	}
	for _, id := range ids {
		if err := place(id, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// allExpected stands, as the only dataset of an indicator, for all those of which
// reports are expected by a declared cadence, and for their other forms.
const allExpected = "*"

func expected(d *data.Declarations) []string {
	out := []string{}
	for _, ds := range d.Datasets {
		if ds.Cadence.Known() || ds.Cadence.FormOf != "" {
			out = append(out, ds.ID)
		}
	}
	return out
}

// taken tells whether a name already means a mart, a relation or a dataset's table.
func taken(id string, d *data.Declarations) bool {
	return slices.Contains(marts, id) || slices.Contains([]string{snapshot.Coverage, "entregas", "rupturas"}, id) ||
		slices.ContainsFunc(d.Datasets, func(ds *data.Dataset) bool { return ds.Table() == id })
}

// guarded ranks the classes by what they hide. Datasets of class restringida are
// not listed: only aggregates of them leave the warehouse, under the indicator's
// own class.
var guarded = map[data.Class]int{data.ClassInternal: 1, data.ClassSensitive: 2}

// checkClass refuses an indicator that would show what a dataset or an indicator it
// reads hides.
func (i *Indicator) checkClass(d *data.Declarations, found map[string]*Indicator) error {
	for _, id := range i.Datasets {
		if c := d.Dataset(id).Class; guarded[c] > guarded[i.Class] {
			return fmt.Errorf("indicator %s is of class %s and reads dataset %s of class %s: %w", i.ID, i.Class, id, c, data.ErrDeclaration)
		}
	}
	for _, id := range i.Uses {
		if u := found[id]; u != nil && guarded[u.Class] > guarded[i.Class] {
			return fmt.Errorf("indicator %s is of class %s and uses %s of class %s: %w", i.ID, i.Class, id, u.Class, data.ErrDeclaration)
		}
	}
	return nil
}

// AllDatasets lists the datasets an indicator hangs on, its own and those of the
// indicators it uses.
func AllDatasets(all []*Indicator, ind *Indicator) []string {
	byID := map[string]*Indicator{}
	for _, i := range all {
		byID[i.ID] = i
	}
	seen := map[string]bool{}
	var out []string
	var walk func(i *Indicator)
	walk = func(i *Indicator) {
		for _, ds := range i.Datasets {
			if !seen[ds] {
				seen[ds] = true
				out = append(out, ds)
			}
		}
		for _, u := range i.Uses {
			if byID[u] != nil {
				walk(byID[u])
			}
		}
	}
	walk(ind)
	return out
}
