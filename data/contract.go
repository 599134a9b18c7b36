package data

import "regexp"

// Class says who may see what a dataset holds (design: disclosure).
type Class string

// The four disclosure classes of a dataset or indicator.
const (
	ClassPublic     Class = "publica"
	ClassInternal   Class = "interna"
	ClassSensitive  Class = "sensible"
	ClassRestricted Class = "restringida"
)

// Policy says how a newer report of a dataset replaces an older one.
type Policy string

// The revision policies. ReplacePeriods: a report rules every period between its
// first and its last. AppendByKey: a row rules its own key only. Snapshot: the
// newest report rules everything.
const (
	ReplacePeriods Policy = "reemplaza_periodos"
	AppendByKey    Policy = "agrega_por_clave"
	Snapshot       Policy = "instantanea"
)

// ColumnType is the type of the values of one column.
type ColumnType string

// The column types. Catalog values are stored as codes of a reference table;
// Category values are free text with many repetitions.
const (
	TypeInteger  ColumnType = "entero"
	TypeDecimal  ColumnType = "decimal"
	TypeDate     ColumnType = "fecha"         // AAAA-MM-DD
	TypePubDate  ColumnType = "fecha_parcial" // AAAA-MM-DD, AAAA-MM or AAAA; counts as its last day
	TypeMonth    ColumnType = "mes_anio"      // AAAA-MM or AAAA-MM-DD; start column: first day, end column: last day
	TypeBool     ColumnType = "logico"        // 0/1
	TypeText     ColumnType = "texto"
	TypeCategory ColumnType = "categoria"
	TypeCatalog  ColumnType = "catalogo"
)

// Text is a text in Spanish and, where given, English.
type Text struct {
	ES string `yaml:"es" json:"es"`
	EN string `yaml:"en" json:"en"`
}

// Column declares one column of a delivered file.
type Column struct {
	Name      string     `yaml:"name"`
	Headers   []string   `yaml:"headers"`  // accepted spellings besides Name
	Type      ColumnType `yaml:"type"`     //
	Text      string     `yaml:"text"`     // Spanish, for the guide
	Unit      string     `yaml:"unit"`     //
	Required  bool       `yaml:"required"` // empty value is a problem
	Optional  bool       `yaml:"optional"` // the column itself may be absent
	Pattern   string     `yaml:"pattern"`  // full match; default by type
	Form      string     `yaml:"form"`     // Pattern in Spanish, for people: a noun phrase after "se espera"
	Min       *float64   `yaml:"min"`
	Max       *float64   `yaml:"max"`
	Catalog   string     `yaml:"catalog"`         // reference table id
	Version   string     `yaml:"catalog_version"` // version of the table's codes that the contract was written for; "" for any
	Codebook  *Codebook  `yaml:"codebook"`        // values are codes that it explains; nil: they are not
	PeriodEnd bool       `yaml:"period_end"`      // mes_anio and AAAA-MM forms count as their last day
	Example   string     `yaml:"example"`
	Title     *Title     `yaml:"title"` // its value stands in a line above the header; shape hierarchical

	re *regexp.Regexp
}

// Title declares a column whose one value for the whole file stands in a title
// line. Pattern is full match and has one group, the value; Example is such a line.
type Title struct {
	Pattern string `yaml:"pattern"`
	Example string `yaml:"example"`
}

// Regexp is the compiled full-match pattern of the column; never nil after Load.
func (c *Column) Regexp() *regexp.Regexp { return c.re }

// Dictionary tells whether values of the column are stored as per-load codes.
func (c *Column) Dictionary() bool { return c.Type == TypeCatalog || c.Type == TypeCategory }

// Wide declares how month columns become rows: one row per month column, with
// MonthName (1–12) and the value column appended to the other columns.
type Wide struct {
	Months    []string `yaml:"months"`     // header of each month, January first; not repeated under columns
	YearName  string   `yaml:"year"`       // name of the column that holds the year
	MonthName string   `yaml:"month_name"` // name of the month column produced
	Value     Column   `yaml:"value"`      // name and type of the value produced
}

// Period names the columns that tell a row's period, so that one that lies in the
// future is told from the others: Date a day within it, or Year and, where
// periods are shorter, Month. A wide file's period is its year and its months.
type Period struct {
	Year  string `yaml:"year"`
	Month string `yaml:"month"`
	Date  string `yaml:"date"`
}

// Workbook says which sheet of an XLSX delivery holds the data.
type Workbook struct {
	Sheet string `yaml:"sheet"` // its name, blind to case, accents and outer space; "": the visible sheet with the header
}

// Cadence declares when reports are expected. A report for the period that ends
// in month M is due on day DueDay of month M+MonthsAfter, plus GraceDays.
type Cadence struct {
	Every       string `yaml:"every"` // mes | trimestre | anio | ninguna
	DueDay      int    `yaml:"due_day"`
	MonthsAfter int    `yaml:"months_after"`
	GraceDays   int    `yaml:"grace_days"`
	Since       string `yaml:"since"`    // AAAA-MM: first period that is expected here; "": the first that indicators answer for
	FormOf      string `yaml:"form_of"`  // dataset of the same information: of each period one of the two is expected, by that dataset's calendar
	Schedule    string `yaml:"schedule"` // cron expression of the scheduled load, America/Mexico_City
}

// RowRule is a rule of the dataset's own, checked by the SELECT of the same name
// in checks.sql, which reads Limit as the variable limite (NULL without one).
type RowRule struct {
	ID       string   `yaml:"id"`
	Check    string   `yaml:"check"`
	Severity Severity `yaml:"severity"`
	Limit    *float64 `yaml:"limit"`
	Text     string   `yaml:"text"`
}

// Contract is a dataset's contract.yml: everything that decides whether a
// delivered file is what it says it is.
type Contract struct {
	ID              string            `yaml:"id"`
	Agency          string            `yaml:"agency"`
	Title           Text              `yaml:"title"`
	Producer        string            `yaml:"producer"`
	SourceURL       string            `yaml:"source_url"`
	Licence         string            `yaml:"licence"`
	Class           Class             `yaml:"class"`
	Contact         string            `yaml:"contact"` // area to ask, never a person
	Cadence         Cadence           `yaml:"cadence"`
	Format          string            `yaml:"format"`   // csv | xlsx
	Workbook        *Workbook         `yaml:"workbook"` // XLSX is taken too; nil: it is refused
	Encoding        string            `yaml:"encoding"` // auto | utf-8 | windows-1252 | latin-1 | utf-16
	Delimiter       string            `yaml:"delimiter"`
	Decimal         string            `yaml:"decimal"`
	Thousands       string            `yaml:"thousands"`
	Missing         []string          `yaml:"missing"`
	Suppressed      []string          `yaml:"suppressed"`
	SkipRows        []string          `yaml:"skip_rows"` // title lines above the header, full-match patterns, in order
	Footer          string            `yaml:"footer"`    // full-match pattern of footer lines
	Ignored         []string          `yaml:"ignored"`   // extra columns that may be there and are not read
	AllowEmpty      bool              `yaml:"allow_empty"`
	Shape           string            `yaml:"shape"` // long | wide | hierarchical
	Wide            *Wide             `yaml:"wide"`
	Hierarchy       *Hierarchy        `yaml:"hierarchy"`
	Columns         []Column          `yaml:"columns"`
	Period          *Period           `yaml:"period"`
	Key             []string          `yaml:"key"` // unique within a file
	Revision        Revision          `yaml:"revision"`
	Reject          Reject            `yaml:"reject"`
	Rules           []RowRule         `yaml:"rules"`
	SyntheticPrefix map[string]string `yaml:"synthetic_prefix"` // column: prefix that marks generated rows
}

// Revision declares the policy and, for AppendByKey, the columns of the clean
// table that identify an observation.
type Revision struct {
	Policy Policy   `yaml:"policy"`
	Key    []string `yaml:"key"`
}

// Reject declares when too many bad rows refuse the file: more than Rows rows
// and more than Share of all records. No accepted row always refuses.
type Reject struct {
	Rows  int     `yaml:"rows"`
	Share float64 `yaml:"share"`
}

// Output lists the columns of the raw table in order: the file's own columns
// or, where months are columns, the identifying columns, the month, the part of
// it where months have parts, and the value.
func (c *Contract) Output() []Column {
	if c.Wide == nil {
		return c.Columns
	}
	out := append([]Column(nil), c.Columns...)
	out = append(out, Column{Name: c.Wide.MonthName, Type: TypeInteger, Required: true})
	if c.Hierarchy != nil && c.Hierarchy.Parts != nil {
		out = append(out, Column{Name: c.Hierarchy.Parts.Name, Type: TypeText})
	}
	return append(out, c.Wide.Value)
}

// NumberBits are the low bits of a numbered key that hold its own number; above them
// is which text comes before it.
const NumberBits = 48

var numberedRE = regexp.MustCompile(`(^|[^0-9])[0-9]{3,14}$`)

// Numbered names the column whose texts are stored as numbers, "" for none: the one
// column of the key, where its example ends in digits. A text costs several times
// what a number does; keys that look otherwise than the example are kept as well,
// each as a text of its own.
func (c *Contract) Numbered() string {
	if c.Wide != nil || len(c.Key) != 1 {
		return ""
	}
	for i := range c.Columns {
		if col := &c.Columns[i]; col.Name == c.Key[0] && col.Type == TypeText && numberedRE.MatchString(col.Example) {
			return col.Name
		}
	}
	return ""
}

// Hierarchy declares a table whose rows are the members of groups, with rows of
// the groups among them and months as columns (Wide). Totals of rows and columns
// are held against what they sum and are never rows. Its headers and labels are
// compared as names of a catalogue are: without case, accents and outer space.
type Hierarchy struct {
	Label        string     `yaml:"label"`         // column that names each row
	Groups       Groups     `yaml:"groups"`        //
	Total        []string   `yaml:"total"`         // names of the row that sums all; none: there is no such row
	MonthHeaders [][]string `yaml:"month_headers"` // spellings of each month's header besides Wide.Months
	Sum          []string   `yaml:"sum"`           // headers of the column that sums the months
	Parts        *Parts     `yaml:"parts"`         // columns beneath each month
	OnDifference Severity   `yaml:"on_difference"` // what a total that is not the sum of its parts does
}

// Groups says how the rows of groups are told from those of members: by
// catalogues of their names, outermost first, or by how far labels are set in.
type Groups struct {
	Catalogs []string `yaml:"catalogs"`
	Indent   bool     `yaml:"indent"`
	After    bool     `yaml:"after"` // a group stands below what it sums
	Apart    []string `yaml:"apart"` // codes of members that belong to no group
}

// Parts declares the columns beneath each month, named in a second header row.
type Parts struct {
	Name     string   `yaml:"name"`     // column produced: the part's code, NULL where a file has no second header row
	Catalog  string   `yaml:"catalog"`  // of the codes
	Columns  []Part   `yaml:"columns"`  //
	Subtotal []string `yaml:"subtotal"` // headers of the column that sums a month's parts
}

// Part is one column beneath each month.
type Part struct {
	Code    string   `yaml:"code"`
	Headers []string `yaml:"headers"` // the first is how it is best written
}

// MonthCells names the cells of a record that hold its months' figures, month by
// month and within it part by part: those of a file with every declared part.
func (c *Contract) MonthCells() []string {
	if c.Wide == nil || c.Hierarchy == nil || c.Hierarchy.Parts == nil {
		if c.Wide == nil {
			return nil
		}
		return c.Wide.Months
	}
	var out []string
	for _, m := range c.Wide.Months {
		for _, p := range c.Hierarchy.Parts.Columns {
			out = append(out, m+" "+p.Headers[0])
		}
	}
	return out
}
