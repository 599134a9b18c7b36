package cell

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gttim/cauce/data"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Finding is one broken rule of one value, before it has a place in the file.
type Finding struct {
	Rule, Message, Expected, Hint string
}

// Value is one typed value, small enough to be kept by the thousand beside what
// it was read from. A bad value is null.
type Value struct {
	Num       int64     // Int, Bool, Code: of the dictionary, Date: days since 1970; Decimal: its bits
	ID        uint64    // of a Code: the same for every spelling of one thing
	more      *Verdict  // its text and findings, nil when it has neither
	Precision Precision // of fecha_parcial
	Null      bool
	Bad       bool // some rule is broken that sets the row aside
	Noted     bool // there are findings
}

// Dec is the value of a Decimal.
func (v *Value) Dec() float64 { return math.Float64frombits(uint64(v.Num)) }

// Text is the value of a Text. It may point into the bytes it was read from.
func (v *Value) Text() []byte {
	if v.more == nil {
		return nil
	}
	return v.more.Text
}

// Findings are the rules that the value breaks.
func (v *Value) Findings() []Finding {
	if v.more == nil {
		return nil
	}
	return v.more.Findings
}

// Verdict is what the rules say of one value: the typed value and what is wrong.
type Verdict struct {
	Value
	Text     []byte
	Findings []Finding
}

func (v *Verdict) refuse(rule, message, expected, hint string) *Verdict {
	v.Bad = true
	v.Findings = append(v.Findings, Finding{rule, message, expected, hint})
	return v
}

// Kind is how a column's values are stored.
type Kind uint8

// The kinds of values.
const (
	Int Kind = iota
	Decimal
	Date
	Bool
	Text
	Code
)

// KindOf is the kind of each type of column.
func KindOf(t data.ColumnType) Kind {
	switch t {
	case data.TypeInteger:
		return Int
	case data.TypeDecimal:
		return Decimal
	case data.TypeDate, data.TypePubDate, data.TypeMonth:
		return Date
	case data.TypeBool:
		return Bool
	case data.TypeCategory, data.TypeCatalog:
		return Code
	}
	return Text
}

// Field is one declared column with everything needed to judge its values.
type Field struct {
	*data.Column
	Kind     Kind
	Codes    *Dictionary // of a Code, else nil
	Prefix   string      // marks generated rows
	contract *data.Contract
	re       *regexp.Regexp
	expected string  // form, as messages show it
	fast     pattern // nil: every value goes through judge
	digits   bool    // whole numbers of the default pattern are read directly
	lo, hi   int64   // bounds of those
	table    *data.Table
	setting  Setting
	nearest  int // how many more times a near match is looked for
}

// Setting is what the fields of one file share.
type Setting struct {
	Reference map[string]*data.Table
	Encoding  string           // as messages name it
	Table     *charmap.Charmap // of a single-byte encoding: text is looked at for mojibake
	Budget    *Budget          // of the file's dictionaries together
	Seed      maphash.Seed     // of Value.ID
}

// NewField makes a declared column ready to judge values.
func NewField(col *data.Column, ds *data.Dataset, set Setting) *Field {
	f := &Field{
		Column: col, contract: &ds.Contract, Kind: KindOf(col.Type), re: col.Regexp(),
		table: set.Reference[col.Catalog], Prefix: ds.SyntheticPrefix[col.Name], setting: set, nearest: 1000,
		lo: math.MinInt64, hi: math.MaxInt64,
	}
	f.expected = f.form()
	marks := len(ds.Missing) + len(ds.Suppressed)
	if f.Kind == Text && marks == 0 {
		f.fast = compilePattern(f.re)
	}
	f.digits = f.Kind == Int && col.Pattern == "" && marks == 0
	if f.Min != nil {
		f.lo = int64(math.Ceil(*f.Min))
	}
	if f.Max != nil {
		f.hi = int64(math.Floor(*f.Max))
	}
	if f.Kind == Code {
		f.Codes = newDictionary(set.Budget)
	}
	return f
}

// form says in words how a value is written: as the contract does where it has a
// pattern of its own, else by type.
func (f *Field) form() string {
	switch {
	case f.Pattern != "":
		return f.Column.Form + ", como «" + f.Example + "»"
	case f.Kind == Int && f.contract.Thousands != "":
		return "un número entero sin signo, con «" + f.contract.Thousands + "» o nada entre millares"
	case f.Kind == Int:
		return "un número entero sin signo, solo dígitos"
	case f.Kind == Decimal:
		between := "nada"
		if f.contract.Thousands != "" {
			between = "«" + f.contract.Thousands + "» o nada"
		}
		return "un número, con «" + cmp.Or(f.contract.Decimal, ".") + "» antes de los decimales y " + between + " entre millares"
	}
	return "un texto" // of any form
}

// Plain tells whether values of the column can be told without memory: plain text of
// a simple pattern, or plain digits.
func (f *Field) Plain() bool { return f.fast != nil || f.digits }

// Called is the same column under another name: a month of a wide file.
func (f *Field) Called(name string) *Field {
	col, other := *f.Column, *f
	col.Name = name
	other.Column = &col
	return &other
}

// judge applies every rule of the column to one value. It is called once per
// distinct value where values repeat.
func (f *Field) judge(raw []byte) *Value {
	v := f.verdict(string(raw))
	if v.Bad {
		v.Value = Value{Null: true, Bad: true}
	}
	v.Noted = len(v.Findings) > 0
	if v.Noted || f.Kind == Text {
		v.more = v
	}
	return &v.Value
}

func (f *Field) verdict(s string) *Verdict {
	v := &Verdict{}
	if !utf8.ValidString(s) {
		at := strings.IndexFunc(s, func(r rune) bool { return r == utf8.RuneError })
		return v.refuse(data.RuleInvalidBytes, fmt.Sprintf("contiene bytes que no son UTF-8 (byte %d de la celda)", at+1),
			"texto en UTF-8", "guarde el archivo como CSV UTF-8, o pida que el contrato declare encoding: windows-1252")
	}
	s = norm.NFC.String(s)
	switch {
	case s == "" || slices.Contains(f.contract.Missing, s):
		return f.missing(v, s)
	case slices.Contains(f.contract.Suppressed, s):
		v.Null = true
		v.Findings = append(v.Findings, Finding{data.RuleSuppressed, "dato suprimido por la fuente: no es cero ni falta", "", ""})
		if f.Kind == Code {
			v.Num, v.Null = int64(f.Codes.add(s, "", true)), false
		}
		return v
	}
	if f.badCharacters(v, s); v.Bad {
		return v
	}
	switch f.Kind {
	case Int:
		f.integer(v, s)
	case Decimal:
		f.decimal(v, s)
	case Date:
		f.date(v, s)
	case Bool:
		if !f.re.MatchString(s) {
			return v.refuse(data.RuleBoolean, "no es 0 ni 1", "0 o 1", "")
		}
		v.Num = int64(s[0] - '0')
	case Text:
		f.shape(v, s)
		v.Text = []byte(s)
	case Code:
		f.code(v, s)
	}
	return v
}

func (f *Field) missing(v *Verdict, mark string) *Verdict {
	v.Null = true
	if f.Required {
		return v.refuse(data.RuleRequired, "falta un valor obligatorio", "un valor", "")
	}
	if mark != "" && f.Kind == Code {
		v.Num, v.Null = int64(f.Codes.add(mark, "", true)), false
	}
	return v
}

func (f *Field) shape(v *Verdict, s string) {
	if f.Required && strings.TrimSpace(s) == "" {
		v.refuse(data.RuleRequired, "falta un valor obligatorio", "un valor", "")
		return
	}
	if !f.re.MatchString(s) {
		v.refuse(data.RulePattern, "no tiene la forma que pide el contrato", f.expected, "")
	}
}

func (f *Field) code(v *Verdict, s string) {
	f.shape(v, s)
	if v.Bad {
		return
	}
	canonical := s
	if f.table != nil {
		c, ok := f.table.Code(s)
		if !ok {
			hint := ""
			// A near match costs a walk of the whole catalogue; a file of rubbish
			// must not buy a million of them.
			if f.Codes.spend(&f.nearest) {
				if n := f.table.Nearest(s); n != "" {
					hint = fmt.Sprintf("¿quiso decir «%s»?", n)
				}
			}
			v.refuse(data.RuleCatalog, "no está en el catálogo "+f.Catalog, "clave, nombre o sinónimo del catálogo", hint)
			return
		}
		canonical = c
	}
	v.Num = int64(f.Codes.add(s, canonical, false))
	v.ID = maphash.String(f.setting.Seed, canonical)
}

func (f *Field) integer(v *Verdict, s string) {
	plain, ok := f.plainNumber(s)
	if !ok || !f.re.MatchString(plain) || strings.IndexFunc(plain, notDigit) > 0 {
		v.refuse(data.RuleInteger, "no es un número entero", f.expected, "")
		return
	}
	n, err := strconv.ParseInt(plain, 10, 64)
	if err != nil {
		v.refuse(data.RuleRange, "está fuera del intervalo que se puede guardar", "un entero de hasta 18 cifras", "")
		return
	}
	v.Num = n
	f.between(v, float64(n))
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

func (f *Field) decimal(v *Verdict, s string) {
	plain, ok := f.plainNumber(s)
	if !ok || !f.re.MatchString(plain) {
		v.refuse(data.RuleDecimal, "no es un número decimal", f.expected, "")
		return
	}
	n, err := strconv.ParseFloat(plain, 64)
	if err != nil || n-n != 0 {
		v.refuse(data.RuleRange, "está fuera del intervalo que se puede guardar", "un número decimal", "")
		return
	}
	v.Num = int64(math.Float64bits(n))
	f.between(v, n)
}

func (f *Field) between(v *Verdict, n float64) {
	if f.Min != nil && n < *f.Min || f.Max != nil && n > *f.Max {
		v.refuse(data.RuleRange, "está fuera del intervalo admitido", f.interval(), "")
	}
}

func (f *Field) interval() string {
	show := func(p *float64) string { return strconv.FormatFloat(*p, 'f', -1, 64) }
	switch {
	case f.Min != nil && f.Max != nil:
		return "de " + show(f.Min) + " a " + show(f.Max)
	case f.Min != nil:
		return show(f.Min) + " o más"
	default:
		return show(f.Max) + " o menos"
	}
}

// plainNumber takes the declared separators out of a number: groups of exactly
// three digits after the first, then the decimal mark as a point. False when a
// separator is where it cannot be.
func (f *Field) plainNumber(s string) (string, bool) {
	c := f.contract
	whole, frac, hasFrac := s, "", false
	if c.Decimal != "" {
		whole, frac, hasFrac = strings.Cut(s, c.Decimal)
	}
	if c.Decimal != "." && strings.Contains(s, ".") && c.Thousands != "." {
		return "", false
	}
	if c.Thousands != "" && strings.Contains(whole, c.Thousands) {
		groups := strings.Split(strings.TrimPrefix(whole, "-"), c.Thousands)
		for i, g := range groups {
			if i == 0 && (len(g) == 0 || len(g) > 3) || i > 0 && len(g) != 3 || strings.IndexFunc(g, notDigit) >= 0 {
				return "", false
			}
		}
		whole = strings.ReplaceAll(whole, c.Thousands, "")
	}
	if hasFrac {
		return whole + "." + frac, true
	}
	return whole, true
}
