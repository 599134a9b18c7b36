package data

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// defaultPatterns are the full-match patterns of each type where the contract
// gives none. DuckDB's casts are kinder than that and are never trusted alone.
var defaultPatterns = map[ColumnType]string{
	TypeInteger:  `^(0|[1-9][0-9]*)$`,
	TypeDecimal:  `^-?[0-9]+(\.[0-9]+)?$`,
	TypeDate:     `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`,
	TypePubDate:  `^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`,
	TypeMonth:    `^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$`,
	TypeBool:     `^[01]$`,
	TypeText:     `(?s)^.*$`,
	TypeCategory: `(?s)^.*$`,
	TypeCatalog:  `(?s)^.*$`,
}

// check holds a contract against its own rules and compiles its patterns. id is
// the name of the folder.
func (c *Contract) check(name, id string, reference map[string]*Table) error {
	p := &problems{name: name}
	if c.ID != id {
		p.add("id %q is not the folder's name %q", c.ID, id)
	}
	if c.Title.ES == "" || c.Agency == "" || c.Producer == "" || c.Contact == "" || c.Licence == "" {
		p.add("agency, title.es, producer, contact and licence are required")
	}
	oneOf(p, "class", string(c.Class), "publica", "interna", "sensible", "restringida")
	oneOf(p, "format", c.Format, "csv", "xlsx")
	if c.Format == "xlsx" && c.Workbook == nil {
		p.add("format xlsx needs workbook")
	}
	oneOf(p, "encoding", c.Encoding, "auto", "utf-8", "windows-1252", "latin-1", "utf-16")
	oneOf(p, "shape", c.Shape, "long", "wide", "hierarchical")
	if _, err := time.Parse("2006-01", c.Cadence.Since); c.Cadence.Since != "" && err != nil {
		p.add("cadence.since %q is not AAAA-MM", c.Cadence.Since)
	}
	oneOf(p, "cadence.every", c.Cadence.Every, "mes", "trimestre", "anio", "ninguna")
	oneOf(p, "revision.policy", string(c.Revision.Policy), string(ReplacePeriods), string(AppendByKey), string(Snapshot))
	if len(c.Delimiter) != 1 || c.Delimiter == `"` {
		p.add("delimiter must be one character")
	}
	if c.Reject.Rows == 0 && c.Reject.Share == 0 {
		c.Reject = Reject{Rows: 10, Share: 0.05}
	}
	if c.Decimal == "" {
		c.Decimal = "."
	}
	c.checkColumns(p, reference)
	c.checkKeys(p)
	for _, text := range append(slices.Clone(c.SkipRows), c.Footer) {
		if _, err := regexp.Compile(text); err != nil {
			p.add("pattern %q: %v", text, err)
		}
	}
	for _, r := range c.Rules {
		if r.ID == "" || r.Check == "" || r.Text == "" {
			p.add("rule %q needs id, check and text", r.ID)
		}
		oneOf(p, "rule "+r.ID+" severity", string(r.Severity), string(Warn), string(Quarantine), string(Refuse))
	}
	return p.err()
}

func (c *Contract) checkColumns(p *problems, reference map[string]*Table) {
	if len(c.Columns) == 0 {
		p.add("no columns")
	}
	seen := map[string]bool{"load_id": true, "line": true, "suprimido": len(c.Suppressed) > 0}
	one := func(col *Column) {
		if !identifier.MatchString(col.Name) {
			p.add("column %q is not of the form [a-z][a-z0-9_]*", col.Name)
		}
		if seen[col.Name] {
			p.add("column %q appears twice or is reserved", col.Name)
		}
		seen[col.Name] = true
		pattern := col.Pattern
		if pattern == "" {
			pattern = defaultPatterns[col.Type]
		}
		if pattern == "" {
			p.add("column %q has unknown type %q", col.Name, col.Type)
			return
		}
		re, err := regexp.Compile(`\A(?:` + pattern + `)\z`)
		if err != nil {
			p.add("column %q: pattern: %v", col.Name, err)
		}
		col.re = re
		col.checkForm(p)
		if (col.Type == TypeCatalog) != (col.Catalog != "") {
			p.add("column %q: type catalogo and catalog go together", col.Name)
		}
		if col.Catalog != "" && (reference[col.Catalog] == nil || !reference[col.Catalog].IsCatalog()) {
			p.add("column %q: no catalogue %q in reference", col.Name, col.Catalog)
		} else if now := reference[col.Catalog]; col.Version != "" && (now == nil || col.Version != now.Version()) {
			p.pinned(col, now)
		}
	}
	for i := range c.Columns {
		one(&c.Columns[i])
	}
	if (c.Shape != "long") != (c.Wide != nil) {
		p.add("shapes wide and hierarchical go with the wide block")
	}
	if c.Wide != nil {
		if len(c.Wide.Months) != 12 {
			p.add("wide.months needs twelve headers")
		}
		if !seen[c.Wide.YearName] {
			p.add("wide.year %q is not a column", c.Wide.YearName)
		}
		if !identifier.MatchString(c.Wide.MonthName) {
			p.add("wide.month_name %q is not of the form [a-z][a-z0-9_]*", c.Wide.MonthName)
		}
		seen[c.Wide.MonthName] = true
		one(&c.Wide.Value)
	}
	c.checkHierarchy(p, reference)
}

// checkForm holds that whoever fills a file in can read how a value is written where
// the contract has a pattern of its own.
func (c *Column) checkForm(p *problems) {
	switch {
	case c.Pattern == "" && c.Form != "":
		p.add("column %q: form says in words what a pattern of the contract's own asks for, and there is none", c.Name)
	case c.Pattern == "":
	case strings.TrimSpace(c.Form) == "":
		p.add("column %q: pattern needs form, which says it in Spanish to those who fill the file in, such as \"tres letras mayúsculas, un guion y cuatro cifras\"", c.Name)
	case strings.ContainsAny(c.Form, "\r\n") || strings.HasSuffix(c.Form, "."):
		p.add("column %q: form is a phrase of one line without a full stop: it goes on after \"se espera\"", c.Name)
	case c.Example == "" || c.re != nil && !c.re.MatchString(c.Example):
		p.add("column %q: pattern needs an example that it fits, and %q is none", c.Name, c.Example)
	}
}

// pinned complains of a catalogue whose codes are not those that the contract was
// written for.
func (p *problems) pinned(col *Column, now *Table) {
	if now == nil {
		p.add("column %q: catalog_version goes with catalog", col.Name)
		return
	}
	p.add("column %q: catalogue %q has version %s and the contract was written for %s: codes or names have changed; see what that does to the figures, then put the new version here",
		col.Name, col.Catalog, now.Version(), col.Version)
}

func (c *Contract) checkKeys(p *problems) {
	known := map[string]bool{}
	for _, col := range c.Columns {
		known[col.Name] = true
	}
	if len(c.Key) == 0 {
		p.add("key is required")
	}
	for _, k := range c.Key {
		if !known[k] {
			p.add("key column %q is not declared", k)
		}
	}
	if c.Period != nil {
		c.checkPeriod(p, *c.Period)
	}
	if (c.Revision.Policy == AppendByKey) != (len(c.Revision.Key) > 0) {
		p.add("revision.key goes with policy %s", AppendByKey)
	}
	for _, k := range c.Revision.Key {
		if !identifier.MatchString(k) {
			p.add("revision key %q is not of the form [a-z][a-z0-9_]*", k)
		}
	}
	for col := range c.SyntheticPrefix {
		if !known[col] {
			p.add("synthetic_prefix column %q is not declared", col)
		}
	}
}

// checkPeriod holds the period's columns to be there and of a type that can tell
// a period.
func (c *Contract) checkPeriod(p *problems, period Period) {
	if (period.Date == "") == (period.Year == "") || period.Month != "" && period.Year == "" || c.Wide != nil {
		p.add("period needs date, or year and perhaps month, and a long shape")
	}
	for name, types := range map[string][]ColumnType{
		period.Year: {TypeInteger}, period.Month: {TypeInteger}, period.Date: {TypeDate, TypeMonth, TypePubDate},
	} {
		if name != "" && !slices.ContainsFunc(c.Columns, func(col Column) bool { return col.Name == name && slices.Contains(types, col.Type) }) {
			p.add("period column %q is not declared as one of %v", name, types)
		}
	}
}

func oneOf(p *problems, what, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		p.add("%s is %q, expected one of %v", what, value, allowed)
	}
}

// MaxHierarchyValue is the largest bound that figures of a hierarchical table may
// declare, on either side of zero, so that no sum of them overflows.
const MaxHierarchyValue = 1e12

func (c *Contract) checkHierarchy(p *problems, reference map[string]*Table) {
	if (c.Shape == "hierarchical") != (c.Hierarchy != nil) {
		p.add("shape hierarchical and the hierarchy block go together")
		return
	}
	for i := range c.Columns {
		c.checkTitle(p, &c.Columns[i])
	}
	if c.Hierarchy == nil || c.Wide == nil {
		return
	}
	h := c.Hierarchy
	label := slices.IndexFunc(c.Columns, func(col Column) bool { return col.Name == h.Label && col.Title == nil && !col.Optional })
	if label < 0 {
		p.add("hierarchy.label %q is not a column of the file", h.Label)
		return
	}
	if !slices.ContainsFunc(c.Columns, func(col Column) bool {
		return col.Name == c.Wide.YearName && col.Title != nil && col.Type == TypeInteger && col.Required
	}) {
		p.add("wide.year %q of a hierarchical table is a required whole number from its title", c.Wide.YearName)
	}
	if v := c.Wide.Value; v.Type != TypeInteger || v.Min == nil || v.Max == nil || *v.Min < -MaxHierarchyValue || *v.Max > MaxHierarchyValue {
		p.add("wide.value of a hierarchical table is a whole number with min and max within ±%g", MaxHierarchyValue)
	}
	h.checkGroups(p, reference, reference[c.Columns[label].Catalog])
	if len(h.MonthHeaders) != 0 && len(h.MonthHeaders) != 12 {
		p.add("hierarchy.month_headers needs twelve lists")
	}
	if len(c.Suppressed) > 0 {
		p.add("a hierarchical table takes no suppressed marks: its totals could not be checked")
	}
	oneOf(p, "hierarchy.on_difference", string(h.OnDifference), string(Warn), string(Quarantine), string(Refuse))
	c.checkParts(p, reference)
	c.checkHeaders(p)
}

// checkGroups holds the groups against the catalogues that they come from; labels is
// that of the label column, nil for none.
func (h *Hierarchy) checkGroups(p *problems, reference map[string]*Table, labels *Table) {
	if g := h.Groups; (len(g.Catalogs) > 0) == g.Indent || g.After && g.Indent {
		p.add("hierarchy.groups needs catalogs or indent, and after goes with catalogs")
	}
	for _, id := range h.Groups.Catalogs {
		if t := reference[id]; t == nil || !t.IsCatalog() {
			p.add("hierarchy.groups: no catalogue %q in reference", id)
		}
	}
	for _, code := range h.Groups.Apart {
		if labels == nil || !slices.Contains(labels.Codes(), code) {
			p.add("hierarchy.groups.apart %q is no code of the label's catalogue", code)
		}
	}
}

func (c *Contract) checkParts(p *problems, reference map[string]*Table) {
	parts := c.Hierarchy.Parts
	if parts == nil {
		return
	}
	taken := append([]Column{{Name: c.Wide.MonthName}, c.Wide.Value, {Name: "load_id"}, {Name: "line"}}, c.Columns...)
	if !identifier.MatchString(parts.Name) || slices.ContainsFunc(taken, func(col Column) bool { return col.Name == parts.Name }) {
		p.add("hierarchy.parts.name %q is taken or not of the form [a-z][a-z0-9_]*", parts.Name)
	}
	if len(parts.Columns) == 0 {
		p.add("hierarchy.parts needs columns")
	}
	seen := map[string]bool{}
	for _, part := range parts.Columns {
		if part.Code == "" || seen[part.Code] || len(part.Headers) == 0 {
			p.add("hierarchy.parts: part %q needs a code of its own and headers", part.Code)
		}
		seen[part.Code] = true
		if parts.Catalog == "" {
			continue
		}
		if t := reference[parts.Catalog]; t == nil || !slices.Contains(t.Codes(), part.Code) {
			p.add("hierarchy.parts: %q is no code of the catalogue %q", part.Code, parts.Catalog)
		}
	}
}

// checkHeaders holds every spelling of a header to name one thing in its row.
func (c *Contract) checkHeaders(p *problems) {
	h := c.Hierarchy
	row := map[string]string{}
	name := func(what string, spellings ...string) {
		for _, s := range spellings {
			f := Fold(s)
			if old, ok := row[f]; f == "" || ok && old != what {
				p.add("hierarchy: header %q is empty or names both %s and %s", s, old, what)
			}
			row[f] = what
		}
	}
	for _, col := range c.Columns {
		if col.Title == nil {
			name("column "+col.Name, append([]string{col.Name}, col.Headers...)...)
		}
	}
	name("ignored", c.Ignored...)
	for m, s := range c.Wide.Months {
		name("month "+s, s)
		if m < len(h.MonthHeaders) {
			name("month "+s, h.MonthHeaders[m]...)
		}
	}
	name("sum", h.Sum...)
	clear(row)
	if h.Parts != nil {
		for _, part := range h.Parts.Columns {
			name("part "+part.Code, part.Headers...)
		}
		name("subtotal", h.Parts.Subtotal...)
	}
}

func (c *Contract) checkTitle(p *problems, col *Column) {
	if col.Title == nil {
		return
	}
	re, err := regexp.Compile(`\A(?:` + col.Title.Pattern + `)\z`)
	switch {
	case c.Hierarchy == nil:
		p.add("column %q: title goes with shape hierarchical", col.Name)
	case err != nil:
		p.add("column %q: title: %v", col.Name, err)
	case re.NumSubexp() != 1:
		p.add("column %q: the title's pattern needs one group", col.Name)
	default:
		if m := re.FindStringSubmatch(col.Title.Example); m == nil || col.re != nil && !col.re.MatchString(m[1]) {
			p.add("column %q: the title's example is none", col.Name)
		}
	}
}
