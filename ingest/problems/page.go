package problems

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

// problemsOnPage is how many problems the page shows; the CSV has all of them.
const problemsOnPage = 500

// Page is the problem report as HTML, in one file that needs no other.
type Page struct {
	Dataset  *data.Dataset
	File     string
	Refused  bool
	Trial    bool // judged only: nothing is loaded, and the report has no number
	Reason   string
	Report   warehouse.Report
	Load     warehouse.Load
	Arrived  string
	Columns  []expectedColumn
	Rules    []ruleCount
	Problems []data.Problem
	Total    int
}

type expectedColumn struct {
	Name, Text, Form, Example string
	Required                  bool
}

type ruleCount struct {
	data.Rule
	Count int
}

// Each calls fn with the problems in order, in batches.
type Each func(fn func([]data.Problem) error) error

// NewPage gathers what the page shows of a load's problems.
func NewPage(ds *data.Dataset, file string, r warehouse.Report, l warehouse.Load, each Each) (*Page, error) {
	p := &Page{Dataset: ds, File: file, Refused: l.Outcome == warehouse.Refused, Reason: l.Reason,
		Report: r, Load: l, Arrived: r.ArrivedAt.In(data.MexicoCity()).Format("2006-01-02 15:04")}
	counts, first := map[string]int{}, map[string]data.Problem{}
	err := each(func(batch []data.Problem) error {
		for _, q := range batch {
			if counts[q.Rule]++; counts[q.Rule] == 1 {
				first[q.Rule] = q
			}
			p.Total++
			if len(p.Problems) < problemsOnPage {
				p.Problems = append(p.Problems, q)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	standard := ds.StandardRules()
	for id, n := range counts {
		r := data.Rule{ID: id}
		if i := slices.IndexFunc(standard, func(r data.Rule) bool { return r.ID == id }); i >= 0 {
			r = exemplified(standard[i], ds, first[id])
		} else {
			for _, own := range ds.Rules {
				if own.ID == id {
					r.Text, r.Severity = own.Text, own.Severity
				}
			}
		}
		p.Rules = append(p.Rules, ruleCount{r, n})
	}
	sort.Slice(p.Rules, func(i, k int) bool { return p.Rules[i].ID < p.Rules[k].ID })
	for _, c := range ds.Columns {
		p.Columns = append(p.Columns, expected(c))
	}
	if ds.Wide != nil {
		for _, m := range ds.Wide.Months {
			c := expected(ds.Wide.Value)
			c.Name, c.Required = m, false
			p.Columns = append(p.Columns, c)
		}
	}
	return p, nil
}

// exemplified is a rule of single cells with the first value that broke it and what
// its column's look like; another rule stays as it is.
func exemplified(r data.Rule, ds *data.Dataset, p data.Problem) data.Rule {
	if r.Severity != data.Quarantine || p.Value == "" {
		return r
	}
	for _, c := range ds.Columns {
		if c.Name == p.Field && c.Example != "" && c.Example != p.Value {
			r.Bad, r.Good = p.Value, c.Example
		}
	}
	return r
}

func expected(c data.Column) expectedColumn {
	forms := map[data.ColumnType]string{
		data.TypeInteger: "número entero", data.TypeDecimal: "número", data.TypeDate: "fecha AAAA-MM-DD",
		data.TypePubDate: "AAAA-MM-DD, AAAA-MM o AAAA", data.TypeMonth: "AAAA-MM", data.TypeBool: "0 o 1",
		data.TypeText: "texto", data.TypeCategory: "texto", data.TypeCatalog: "catálogo " + c.Catalog,
	}
	e := expectedColumn{Name: c.Name, Text: c.Text, Form: forms[c.Type], Example: c.Example, Required: c.Required}
	if c.Pattern != "" {
		e.Form += ": " + c.Form
	}
	return e
}

// Write writes the page.
func (p *Page) Write(out io.Writer) error {
	t, err := template.New("problemas.html.tmpl").Funcs(template.FuncMap{
		"visible": data.Printable,
		"miles":   thousands,
		"filas":   rows,
		"dia":     func(t time.Time) string { return t.Format(time.DateOnly) },
	}).ParseFS(templateFiles, "templates/problemas.html.tmpl")
	if err != nil {
		return fmt.Errorf("problem report: %w", err)
	}
	if err := t.Execute(out, p); err != nil {
		return fmt.Errorf("problem report: %w", err)
	}
	return nil
}

// thousands writes a count as es-MX does: 1,234,698.
func thousands(n any) string {
	s := fmt.Sprint(n)
	if _, err := strconv.Atoi(s); err != nil {
		return s
	}
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// rows counts rows in words.
func rows(n int64) string {
	if n == 1 {
		return "1 fila"
	}
	return thousands(n) + " filas"
}
