package ingest

import (
	"fmt"
	"hash/maphash"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gttim/cauce/data"
	"golang.org/x/text/unicode/norm"
)

// finding is one broken rule of one value, before it has a place in the file.
type finding struct {
	rule, message, expected, hint string
}

// verdict is what the rules say of one value: the typed value or what is wrong.
type verdict struct {
	null      bool
	bad       bool
	num       int64 // entero, dictionary code, logico, days since 1970
	dec       float64
	text      []byte
	precision string // of fecha_parcial
	id        uint64 // of a code: the same for every spelling of one thing
	findings  []finding
}

func (v *verdict) refuse(rule, message, expected, hint string) *verdict {
	v.bad = true
	v.findings = append(v.findings, finding{rule, message, expected, hint})
	return v
}

// kind is how a column's values are stored.
type kind uint8

const (
	kindInt kind = iota
	kindDecimal
	kindDate
	kindBool
	kindText
	kindCode
)

var kinds = map[data.ColumnType]kind{
	data.TypeInteger: kindInt, data.TypeDecimal: kindDecimal, data.TypeDate: kindDate, data.TypePubDate: kindDate,
	data.TypeMonth: kindDate, data.TypeBool: kindBool, data.TypeText: kindText,
	data.TypeCategory: kindCode, data.TypeCatalog: kindCode,
}

// field is one declared column with everything needed to judge its values.
type field struct {
	*data.Column
	contract *data.Contract
	kind     kind
	re       *regexp.Regexp
	expected string  // the pattern as messages show it
	fast     pattern // nil: every value goes through judge
	digits   bool    // whole numbers of the default pattern are read directly
	lo, hi   int64   // bounds of those
	seed     maphash.Seed
	table    *data.Table
	codes    *dictionary
	prefix   string // marks generated rows
	decoded  decoding
	nearest  int // how many more times a near match is looked for
}

func newField(col *data.Column, ds *data.Dataset, reference map[string]*data.Table, dec decoding, limits Limits, seed maphash.Seed) *field {
	f := &field{
		Column: col, contract: &ds.Contract, kind: kinds[col.Type], re: col.Regexp(),
		table: reference[col.Catalog], prefix: ds.SyntheticPrefix[col.Name], decoded: dec, nearest: 1000,
		seed: seed, lo: math.MinInt64, hi: math.MaxInt64,
	}
	f.expected = strings.TrimSuffix(strings.TrimPrefix(f.re.String(), `\A(?:`), `)\z`)
	marks := len(ds.Missing) + len(ds.Suppressed)
	if f.kind == kindText && marks == 0 {
		f.fast = compilePattern(f.re)
	}
	f.digits = f.kind == kindInt && col.Pattern == "" && marks == 0
	if f.Min != nil {
		f.lo = int64(math.Ceil(*f.Min))
	}
	if f.Max != nil {
		f.hi = int64(math.Floor(*f.Max))
	}
	if f.kind == kindCode {
		f.codes = newDictionary(limits.Distinct)
	}
	return f
}

// judge applies every rule of the column to one value. It is called once per
// distinct value where values repeat.
func (f *field) judge(raw []byte) *verdict {
	v := &verdict{}
	s := string(raw)
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
		v.null = true
		v.findings = append(v.findings, finding{data.RuleSuppressed, "dato suprimido por la fuente: no es cero ni falta", "", ""})
		if f.kind == kindCode {
			v.num, v.null = int64(f.codes.code(s, "", true)), false
		}
		return v
	}
	if f.badCharacters(v, s); v.bad {
		return v
	}
	switch f.kind {
	case kindInt:
		f.integer(v, s)
	case kindDecimal:
		f.decimal(v, s)
	case kindDate:
		f.date(v, s)
	case kindBool:
		if !f.re.MatchString(s) {
			return v.refuse(data.RuleBoolean, "no es 0 ni 1", "0 o 1", "")
		}
		v.num = int64(s[0] - '0')
	case kindText:
		f.shape(v, s)
		v.text = []byte(s)
	case kindCode:
		f.code(v, s)
	}
	return v
}

func (f *field) missing(v *verdict, mark string) *verdict {
	v.null = true
	if f.Required {
		return v.refuse(data.RuleRequired, "falta un valor obligatorio", "un valor", "")
	}
	if mark != "" && f.kind == kindCode {
		v.num, v.null = int64(f.codes.code(mark, "", true)), false
	}
	return v
}

func (f *field) shape(v *verdict, s string) {
	if f.Required && strings.TrimSpace(s) == "" {
		v.refuse(data.RuleRequired, "falta un valor obligatorio", "un valor", "")
		return
	}
	if !f.re.MatchString(s) {
		v.refuse(data.RulePattern, "no tiene la forma que pide el contrato", f.expected, "")
	}
}

func (f *field) code(v *verdict, s string) {
	f.shape(v, s)
	if v.bad {
		return
	}
	canonical := s
	if f.table != nil {
		c, ok := f.table.Code(s)
		if !ok {
			hint := ""
			// A near match costs a walk of the whole catalogue; a file of rubbish
			// must not buy a million of them.
			if f.codes.spend(&f.nearest) {
				if n := f.table.Nearest(s); n != "" {
					hint = fmt.Sprintf("¿quiso decir «%s»?", n)
				}
			}
			v.refuse(data.RuleCatalog, "no está en el catálogo "+f.Catalog, "clave, nombre o sinónimo del catálogo", hint)
			return
		}
		canonical = c
	}
	v.num = int64(f.codes.code(s, canonical, false))
	v.id = maphash.String(f.seed, canonical)
}

func (f *field) integer(v *verdict, s string) {
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
	v.num = n
	f.between(v, float64(n))
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

func (f *field) decimal(v *verdict, s string) {
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
	v.dec = n
	f.between(v, n)
}

func (f *field) between(v *verdict, n float64) {
	if f.Min != nil && n < *f.Min || f.Max != nil && n > *f.Max {
		v.refuse(data.RuleRange, "está fuera del intervalo admitido", f.interval(), "")
	}
}

func (f *field) interval() string {
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
func (f *field) plainNumber(s string) (string, bool) {
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
