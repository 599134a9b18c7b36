package data

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Correction is one entry of a dataset's corrections.yml: a value of one report
// that is known to be wrong, what it must have been delivered as for the
// correction to hold, and what stands in its place between raw and clean rows.
type Correction struct {
	ID     string           `yaml:"id"`
	Report CorrectedReport  `yaml:"report"`
	Line   int64            `yaml:"line"` // physical line of the record; else Key
	Key    map[string]Value `yaml:"key"`  // every column of the contract's key
	Column string           `yaml:"column"`
	Expect Value            `yaml:"expect"` // as delivered
	Value  Value            `yaml:"value"`
	Reason string           `yaml:"reason"` // Spanish, shown beside the figures
	Source string           `yaml:"source"` // who says so: document or address
	Since  string           `yaml:"since"`  // AAAA-MM-DD, the day it was declared

	// At is where it is declared: path:line:column. Target, Month, Rows, Expected
	// and Corrected are derived: the column of the raw table, the month of a wide file
	// (0: none), the key's values, and both values as the database casts them, nil for
	// an empty cell.
	At                  string            `yaml:"-"`
	Target              Column            `yaml:"-"`
	Month               int               `yaml:"-"`
	Rows                map[string]string `yaml:"-"`
	Expected, Corrected *string           `yaml:"-"`
}

// Value is a text that YAML may take for a number.
type Value string

// UnmarshalYAML keeps the value as it is written.
func (v *Value) UnmarshalYAML(b []byte) error {
	var s string
	err := yaml.Unmarshal(b, &s)
	*v = Value(s)
	return err
}

// CorrectedReport names the report that a correction is about: by its bytes or by
// the source that it was published under, and then perhaps the date of publication
// (AAAA, AAAA-MM or AAAA-MM-DD).
type CorrectedReport struct {
	SHA256    string `yaml:"sha256"`
	Source    string `yaml:"source"`
	Published string `yaml:"published"`
}

var (
	correctionID = regexp.MustCompile(`^[A-Z]{2}-[0-9]{1,4}$`)
	hashRE       = regexp.MustCompile(`^[0-9a-f]{64}$`)
	publishedRE  = regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`)
)

// readCorrections reads a dataset's corrections.yml and holds every entry against
// the contract; no such file means none.
func readCorrections(dir fs.FS, id string, c *Contract, reference map[string]*Table) ([]Correction, error) {
	b, err := fs.ReadFile(dir, "corrections.yml")
	name := path.Join("datasets", id, "corrections.yml")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %w", name, err, ErrDeclaration)
	}
	var file struct {
		Corrections []Correction `yaml:"corrections"`
	}
	if err := DecodeYAML(name, b, &file); err != nil {
		return nil, err
	}
	tree, err := parser.ParseBytes(b, 0)
	if err != nil {
		return nil, declarationError(name, 0, 0, err.Error())
	}
	seen, places := map[string]bool{}, map[string]string{}
	for i := range file.Corrections {
		x := &file.Corrections[i]
		x.At = name
		if at, err := yaml.PathString(fmt.Sprintf("$.corrections[%d]", i)); err == nil {
			if node, err := at.FilterFile(tree); err == nil {
				start := firstToken(node)
				x.At = fmt.Sprintf("%s:%d:%d", name, start.Line, start.Column)
			}
		}
		p := &problems{name: x.At}
		x.check(p, c, reference)
		if seen[x.ID] {
			p.add("correction %q is declared twice", x.ID)
		}
		seen[x.ID] = true
		place := fmt.Sprint(x.Report, x.Line, x.Rows, x.Column)
		if other := places[place]; other != "" {
			p.add("it corrects the same value as %s", other)
		}
		places[place] = x.ID
		if err := p.err(); err != nil {
			return nil, err
		}
	}
	return file.Corrections, nil
}

func (x *Correction) check(p *problems, c *Contract, reference map[string]*Table) {
	if !correctionID.MatchString(x.ID) {
		p.add("id %q is not of the form XX-1", x.ID)
	}
	if (x.Report.SHA256 == "") == (x.Report.Source == "") || x.Report.SHA256 != "" && (!hashRE.MatchString(x.Report.SHA256) || x.Report.Published != "") {
		p.add("report needs sha256 (64 hexadecimal digits), or source and perhaps published")
	}
	if x.Report.Published != "" && !publishedRE.MatchString(x.Report.Published) {
		p.add("report.published %q is not AAAA, AAAA-MM or AAAA-MM-DD", x.Report.Published)
	}
	if x.Reason == "" || x.Source == "" {
		p.add("reason and source are required")
	}
	if _, err := time.Parse(time.DateOnly, x.Since); err != nil {
		p.add("since %q is not a day (AAAA-MM-DD)", x.Since)
	}
	if (x.Line > 0) == (len(x.Key) > 0) || x.Line < 0 {
		p.add("either line or key says which row it is")
	}
	x.checkKey(p, c, reference)
	if !x.target(c) {
		p.add("column %q is not one that can be corrected: a declared one outside the key that is no date of publication (of a wide file, a month; of one whose months have parts, none)", x.Column)
		return
	}
	var err error
	if x.Expected, err = c.canonical(x.Target, string(x.Expect), reference); err != nil {
		p.add("expect %q: %v", x.Expect, err)
	}
	if x.Corrected, err = c.canonical(x.Target, string(x.Value), reference); err != nil {
		p.add("value %q: %v", x.Value, err)
	}
	if x.Corrected == nil && x.Target.Required {
		p.add("value is empty and column %q is required", x.Column)
	}
	if x.Expected == nil && x.Corrected == nil || x.Expected != nil && x.Corrected != nil && *x.Expected == *x.Corrected {
		p.add("value %q is what it expects", x.Value)
	}
}

func (x *Correction) checkKey(p *problems, c *Contract, reference map[string]*Table) {
	if len(x.Key) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(x.Key))
	if want := slices.Sorted(slices.Values(c.Key)); !slices.Equal(names, want) {
		p.add("key names %v, the contract's key is %v", names, c.Key)
		return
	}
	x.Rows = map[string]string{}
	for _, col := range c.Columns {
		v, ok := x.Key[col.Name]
		if !ok {
			continue
		}
		text, err := c.canonical(col, string(v), reference)
		if err != nil {
			p.add("key %s %q: %v", col.Name, v, err)
		} else if text != nil {
			x.Rows[col.Name] = *text
		}
	}
}

// target finds the raw column that the correction is about.
func (x *Correction) target(c *Contract) bool {
	if c.Hierarchy != nil && c.Hierarchy.Parts != nil {
		return false // a month has several values, and a correction names but one cell
	}
	if c.Wide != nil {
		x.Month = slices.Index(c.Wide.Months, x.Column) + 1
		x.Target = c.Wide.Value
		return x.Month > 0
	}
	for _, col := range c.Columns {
		if col.Name == x.Column {
			x.Target = col
			return !slices.Contains(c.Key, col.Name) && col.Type != TypePubDate
		}
	}
	return false
}

// canonical is a value of a column in the form that the database casts to the
// column's type; nil for an empty cell. Of a column delivered in codes it is what the
// code means.
func (c *Contract) canonical(col Column, s string, reference map[string]*Table) (*string, error) {
	if s == "" || slices.Contains(c.Missing, s) {
		return nil, nil
	}
	if slices.Contains(c.Suppressed, s) {
		return nil, fmt.Errorf("what the source suppressed is neither expected nor put in its place")
	}
	out := s
	switch col.Type {
	case TypeInteger, TypeDecimal:
		if c.Thousands != "" {
			out = strings.ReplaceAll(out, c.Thousands, "")
		}
		out = strings.Replace(out, c.Decimal, ".", 1)
	case TypeCatalog:
		code, ok := reference[col.Catalog].Code(s)
		if !ok {
			return nil, fmt.Errorf("it is not in catalogue %s", col.Catalog)
		}
		return &code, nil
	}
	if col.re != nil && col.Codebook == nil && !col.re.MatchString(out) {
		return nil, fmt.Errorf("it is not of the form %s", col.re)
	}
	switch col.Type {
	case TypeInteger, TypeDecimal:
		n, err := strconv.ParseFloat(out, 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return nil, fmt.Errorf("it is no number")
		}
		if col.Min != nil && n < *col.Min || col.Max != nil && n > *col.Max {
			return nil, fmt.Errorf("it is outside the column's interval")
		}
		if _, err := strconv.ParseInt(out, 10, 64); err != nil && col.Type == TypeInteger {
			return nil, fmt.Errorf("it is no whole number")
		}
	case TypeDate, TypeMonth:
		day, err := dayOf(out, col.PeriodEnd)
		if err != nil {
			return nil, err
		}
		out = day
	}
	return &out, nil
}

// dayOf reads AAAA-MM-DD or AAAA-MM, which counts as the month's first day or,
// where end is set, its last.
func dayOf(s string, end bool) (string, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day.Format(time.DateOnly), nil
	}
	month, err := time.Parse("2006-01", s)
	if err != nil {
		return "", fmt.Errorf("it is no date")
	}
	if end {
		month = month.AddDate(0, 1, -1)
	}
	return month.Format(time.DateOnly), nil
}

// firstToken is where an entry of a list begins.
func firstToken(n ast.Node) *token.Position {
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 {
			return firstToken(m.Values[0])
		}
	case *ast.MappingValueNode:
		return m.Key.GetToken().Position
	}
	return n.GetToken().Position
}
