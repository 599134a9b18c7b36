package gate

import (
	"fmt"
	"slices"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/keys"
)

const (
	// BatchRows is how many rows a batch takes at most: DuckDB's vector.
	BatchRows = 2048
	// batchCells makes batches of more than 64 columns shorter, so that they take no
	// more memory than others.
	batchCells = 64 * BatchRows
)

// Column is one column of the raw table after load_id and line, and where its
// value comes from.
type Column struct {
	Name      string
	Kind      cell.Kind
	Precision bool // the precision of a date of publication instead of the date
	Numbered  bool // a text that is given as its number
	shared    bool // a code that stands among others in one number
	into      int  // that of the first of them
	shift     int  // the code's first bit there
	field     int  // index of the contract's column; outputMonth, outputPart or outputValue
}

const (
	outputMonth = -1
	outputValue = -2
	outputPart  = -3
)

// columns lists the raw columns of a dataset in the warehouse's order.
func columns(ds *data.Dataset) []Column {
	var out []Column
	numbered := ds.Numbered()
	for i, c := range ds.Output() {
		o := Column{Name: c.Name, Kind: cell.KindOf(c.Type), field: i}
		if ds.Wide != nil && i >= len(ds.Columns) {
			o.field = outputMonth
			switch {
			case c.Name == ds.Wide.Value.Name:
				o.field = outputValue
			case i > len(ds.Columns):
				o.field = outputPart
			}
		}
		if c.Name == numbered {
			o.Kind, o.Numbered = cell.Int, true
		}
		out = append(out, o)
		if c.Type == data.TypePubDate {
			out = append(out, Column{Name: c.Name + "_precision", Kind: cell.Text, field: o.field, Precision: true})
		}
	}
	return out
}

// Share makes columns of codes share numbers, so many bits to a code: those of a group
// are given by its first column alone, in whose lowest bits it is itself, and 0 stands
// for an empty cell. It is said before there is a parser.
func (g *Gate) Share(groups [][]int, bits int) {
	for _, group := range groups {
		for k, at := range group {
			c := &g.columns[at]
			c.shared, c.into, c.shift = len(group) > 1, group[0], k*bits
		}
	}
}

// Batch is a run of N accepted rows, column by column.
type Batch struct {
	N       int
	Lines   []int64 // physical line of each row's record
	Columns []Vector
	places  []place
	own     keys.Texts // of the rows whose key gets a number of its own,
	ownRows []int32    // which are these
}

// place is where fields' values go: numbers straight into their column, where most of
// all values go, others as their column says.
type place struct {
	how   how
	field int
	at    int     // index of the column
	more  []code  // the codes that share the number
	nums  []int64 // of the column
	null  []bool
}

// code is one of several in a number.
type code struct {
	field int
	shift int
}

// how a value is put into a batch.
type how uint8

const (
	asNumber    how = iota // the column's own
	asCodes                // several in one number
	asNumbered             // the number that stands for a text
	asPrecision            // of a date of publication
	asValue                // whatever the column's kind is
)

// place says where the fields' values go in a batch of these columns.
func (b *Batch) place(columns []Column) {
	shared := map[int]int{} // the place of a column of several codes
	for i, c := range columns {
		v := &b.Columns[i]
		p := place{how: asValue, field: c.field, at: i, nums: v.Nums, null: v.Null}
		switch {
		case c.field < 0:
			continue
		case c.shared && c.into != i:
			at := &b.places[shared[c.into]]
			at.more = append(at.more, code{c.field, c.shift})
			continue
		case c.shared:
			p.how, p.more = asCodes, []code{{c.field, c.shift}}
			shared[i] = len(b.places)
		case c.Precision:
			p.how = asPrecision
		case c.Numbered:
			p.how = asNumbered
		case c.Kind != cell.Decimal && c.Kind != cell.Text:
			p.how = asNumber
		}
		b.places = append(b.places, p)
	}
}

// Vector is one column of a batch. Of Nums, Decs and Text only that of its kind
// is there: Nums for Int, Date, Bool and Code.
type Vector struct {
	Kind  cell.Kind
	Null  []bool
	valid []bool
	Nums  []int64
	Decs  []float64
	text  []byte
	ends  []int // end of each row's text
}

// newBatch has room for the rows of one record at least.
func newBatch(columns []Column, perRecord int) *Batch {
	rows := max(min(BatchRows, batchCells/len(columns)), perRecord)
	b := &Batch{Lines: make([]int64, rows), Columns: make([]Vector, len(columns))}
	for i, c := range columns {
		v := &b.Columns[i]
		v.Kind, v.Null = c.Kind, make([]bool, rows)
		switch c.Kind {
		case cell.Decimal:
			v.Decs = make([]float64, rows)
		case cell.Text:
			v.ends = make([]int, rows)
		default:
			v.Nums = make([]int64, rows)
		}
	}
	b.place(columns)
	return b
}

// Room is how many rows the batch takes at most.
func (b *Batch) Room() int { return len(b.Lines) }

func (b *Batch) reset() {
	b.N = 0
	b.own.Reset()
	b.ownRows = b.ownRows[:0]
	for i := range b.Columns {
		b.Columns[i].text = b.Columns[i].text[:0]
	}
}

// batchText is how many bytes of text make a batch end before its last row.
const batchText = 1 << 20

// heavy tells whether the batch holds that much text.
func (b *Batch) heavy() bool {
	n := len(b.own.Bytes)
	for i := range b.Columns {
		n += len(b.Columns[i].text)
	}
	return n >= batchText
}

// put writes a value into the current row of a column.
func (v *Vector) put(n int, x *cell.Value) {
	v.Null[n] = x.Null
	switch v.Kind {
	case cell.Decimal:
		v.Decs[n] = x.Dec()
	case cell.Text:
		v.text = append(v.text, x.Text()...)
		v.ends[n] = len(v.text)
	default:
		v.Nums[n] = x.Num
	}
}

// noteKey notes the accepted record's key, which must not come twice.
func (p *Parser) noteKey(line int64) {
	p.keyNumber = 0
	if i := p.g.numbered; i >= 0 && !p.row[i].Null {
		n, err := p.reader.Number(p.row[i].Text())
		p.keyNumber = n
		p.fail(err)
	}
	if p.keyNumber > 0 {
		p.keys.AddNumber(p.keyNumber, line)
		return
	}
	p.keys.Add(p.key(), line)
}

func (p *Parser) fail(err error) {
	if err != nil && p.failed == nil {
		p.failed = fmt.Errorf("keep keys: %w", err)
	}
}

// ownNumbers gives the keys of the batch that have no form their numbers.
func (p *Parser) ownNumbers(b *Batch) error {
	if len(b.ownRows) == 0 {
		return nil
	}
	number, err := p.g.numbers.Own(b.own)
	if err != nil {
		return fmt.Errorf("keep keys: %w", err)
	}
	nums := b.Columns[p.g.numberedAt].Nums
	for _, row := range b.ownRows {
		nums[row] = number
		number++
	}
	return nil
}

// putText writes a text that is none of the file's cells.
func (v *Vector) putText(n int, null bool, text string) {
	v.Null[n] = null
	v.text = append(v.text, text...)
	v.ends[n] = len(v.text)
}

// Valid tells of each of the first n rows whether it has a value; nil when all have.
// It is good until it is asked for again.
func (v *Vector) Valid(n int) []bool {
	if !slices.Contains(v.Null[:n], true) {
		return nil
	}
	v.valid = v.valid[:0]
	for _, null := range v.Null[:n] {
		v.valid = append(v.valid, !null)
	}
	return v.valid
}

// Text is the text of row n.
func (v *Vector) Text(n int) []byte {
	from := 0
	if n > 0 {
		from = v.ends[n-1]
	}
	return v.text[from:v.ends[n]]
}
