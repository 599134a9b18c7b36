package indicators

import (
	"regexp"

	"github.com/gttim/cauce/data"
)

// Calculation says how a value follows from numerator and denominator.
type Calculation string

// The calculations: Count is the numerator; Percent 100·n/d; Ratio n/d; Change
// (n/d − 1)·100, the year over its base.
const (
	Count   Calculation = "conteo"
	Percent Calculation = "porcentaje"
	Ratio   Calculation = "razon"
	Change  Calculation = "cambio_porcentual"
)

// Indicator is one declared number: a file of indicators/catalog. The JSON form
// is its sheet (ficha técnica), in Spanish as readers see it.
type Indicator struct {
	ID             string       `yaml:"id" json:"id"`
	Order          int          `yaml:"order" json:"orden"`
	Name           data.Text    `yaml:"name" json:"nombre"`
	Definition     data.Text    `yaml:"definition" json:"definicion"`
	Formula        string       `yaml:"formula" json:"formula"`
	FormulaMath    string       `yaml:"formula_math" json:"formula_matematica"`
	Calculation    Calculation  `yaml:"calculation" json:"calculo"`
	Unit           string       `yaml:"unit" json:"unidad"`
	Decimals       int          `yaml:"decimals" json:"decimales"`
	Periodicity    string       `yaml:"periodicity" json:"periodicidad"`
	Coverage       string       `yaml:"coverage" json:"cobertura"`
	Dimensions     []Dimension  `yaml:"dimensions" json:"dimensiones"`
	Datasets       []string     `yaml:"datasets" json:"conjuntos"` // in order of preference; "*": all with a cadence
	Uses           []string     `yaml:"uses" json:"usa"`           // other indicators its SQL reads
	Variables      []Variable   `yaml:"variables" json:"variables"`
	Sources        []Source     `yaml:"sources" json:"fuentes"`
	NotMeasured    []string     `yaml:"does_not_measure" json:"no_mide"`
	Limits         []string     `yaml:"limits" json:"limites"`
	Breaks         []data.Break `yaml:"breaks" json:"rupturas"`
	Interpretation string       `yaml:"interpretation" json:"interpretacion"`
	Direction      string       `yaml:"direction" json:"direccion"`
	Baseline       *Target      `yaml:"baseline" json:"linea_base"`
	Target         *Target      `yaml:"target" json:"meta"`
	Thresholds     []Threshold  `yaml:"thresholds" json:"umbrales"`
	Class          data.Class   `yaml:"class" json:"clase"`
	Disclosure     Disclosure   `yaml:"disclosure" json:"divulgacion,omitzero"`
	Additive       bool         `yaml:"additive" json:"aditivo"`
	Version        string       `yaml:"version" json:"version"`
	ValidFrom      string       `yaml:"valid_from" json:"vigente_desde"`
	History        []Version    `yaml:"history" json:"historial"` // oldest first; the last is the one in force
	Responsible    string       `yaml:"responsible" json:"responsable"`
	Notes          []string     `yaml:"notes" json:"notas"`
	Chart          Chart        `yaml:"chart" json:"grafica"`
	Calendar       Calendar     `yaml:"calendar" json:"calendario"` // answers change as these deadlines pass
	SQL            string       `yaml:"sql" json:"-"`
	DetailSQL      string       `yaml:"detail_sql" json:"-"`
	Tests          []Test       `yaml:"tests" json:"-"` // of one that is built in, after ReadTests
	Hash           string       `yaml:"-" json:"hash"`

	tests unread
}

// Dimension is one way the value is broken down: a column of the SQL's result
// with its Spanish name and the reference table that labels its codes.
type Dimension struct {
	ID      string `yaml:"id" json:"id"`
	Name    string `yaml:"name" json:"nombre"`
	Catalog string `yaml:"catalog" json:"catalogo"`
}

// Disclosure names what an indicator of class interna or sensible counts. Figures
// of one measure, period and dimensions are one cell, in whatever indicator: they
// are shown or hidden together, and what one gives away counts for all. The
// measure of an indicator that names none is its id.
type Disclosure struct {
	Numerator   string `yaml:"numerator" json:"numerador,omitempty"`
	Denominator string `yaml:"denominator" json:"denominador,omitempty"`
	Text        string `yaml:"-" json:"texto,omitempty"` // what its class hides, as it was published
}

// Variable is what a symbol of the formula stands for and whence it is read: ids
// of the indicator's datasets, or of what it uses.
type Variable struct {
	Symbol string   `yaml:"symbol" json:"simbolo"`
	Name   string   `yaml:"name" json:"nombre"`
	Unit   string   `yaml:"unit" json:"unidad"`
	From   []string `yaml:"from" json:"de"`
}

// Source is where the figures come from and the day on which they were read
// there, AAAA-MM-DD; ReadAlways where they are read anew for each publication.
type Source struct {
	Text      string `yaml:"text" json:"texto"`
	URL       string `yaml:"url" json:"url"`
	Consulted string `yaml:"consulted" json:"consultado"`
}

// ReadAlways is the day of consultation of what Cauce itself holds.
const ReadAlways = "continua"

// Threshold is a published value from which on a figure reads differently; none
// is ever invented.
type Threshold struct {
	From   float64 `yaml:"from" json:"desde"`
	Text   string  `yaml:"text" json:"texto"`
	Source string  `yaml:"source" json:"fuente"`
}

// Version is one version of a declaration: what it changed, from which day on.
type Version struct {
	Version string `yaml:"version" json:"version"`
	From    string `yaml:"from" json:"desde"`
	Text    string `yaml:"text" json:"texto"`
}

// Target is a published aim, or a published value to start from; none is ever
// invented.
type Target struct {
	Value  float64 `yaml:"value" json:"valor"`
	By     string  `yaml:"by" json:"para"`
	Source string  `yaml:"source" json:"fuente"`
}

// Chart says how the sheet draws the values: lineas | barras | barras_horizontales | dona | ejes.
type Chart struct {
	Kind  string `yaml:"kind" json:"tipo"`
	Title string `yaml:"title" json:"titulo"`
}

// Test is a declared test: rows given to datasets, as their clean tables hold
// them, and the values expected. A column that a given row leaves out is NULL;
// report ids follow the order of the datasets' rows.
type Test struct {
	Name   string                      `yaml:"name"`
	AsOf   string                      `yaml:"as_of"` // AAAA-MM-DD; default: no limit
	Given  map[string][]map[string]any `yaml:"given"`
	Expect []map[string]any            `yaml:"expect"`
	// ExpectSome lists values that must be among those computed.
	ExpectSome []map[string]any `yaml:"expect_some"`
}

var indicatorID = regexp.MustCompile(`^[a-z][a-z0-9_]{2,62}$`)
