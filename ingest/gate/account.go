package gate

import (
	"context"
	"fmt"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/keys"
	"github.com/gttim/cauce/ingest/xlsx"
)

// Tally accounts for a file. For every file:
//
//	physical = header + blank + skipped lines + record lines
//	records  = accepted + quarantined + skipped
//
// A footer is a record that the contract declares as skipped; its lines are
// skipped lines. The lines of a file refused before its first record count as
// record lines of which none was read.
type Tally struct {
	Physical, Header, Blank, SkippedLines, RecordLines int64
	Records, Accepted, Quarantined, Skipped            int64
	Rows                                               int64 // rows for the raw table
	Synthetic                                          int64 // accepted records marked as generated
	Newest                                             Publication
}

// Publication is the newest date of publication among the accepted rows, with
// the source of the row that carries it. Set is false when no row carries one.
type Publication struct {
	Set       bool
	Days      int64 // since 1970
	Precision cell.Precision
	Source    string
	line      int64
}

func (t *Tally) add(o *Tally) {
	t.Blank += o.Blank
	t.SkippedLines += o.SkippedLines
	t.RecordLines += o.RecordLines
	t.Records += o.Records
	t.Accepted += o.Accepted
	t.Quarantined += o.Quarantined
	t.Skipped += o.Skipped
	t.Rows += o.Rows
	t.Synthetic += o.Synthetic
	t.Newest.offer(o.Newest)
}

// offer keeps the newer of two; of the same day, that of the earlier line, so
// that the answer does not depend on which parser was faster.
func (p *Publication) offer(o Publication) {
	if o.Set && (!p.Set || o.Days > p.Days || o.Days == p.Days && o.line < p.line) {
		*p = o
	}
}

// Threshold refuses the file when no row or too few rows can be accepted.
func (g *Gate) Threshold() error {
	t := &g.total
	switch {
	case g.only != nil:
		return nil
	case t.Accepted+t.Quarantined == 0 && g.ds.AllowEmpty:
		return nil
	case t.Accepted+t.Quarantined == 0:
		return g.Refuse(data.Problem{Rule: data.RuleHeaderOnly, Message: "el archivo tiene encabezado y ninguna fila"})
	case t.over(g.ds.Reject):
		share := 100 * float64(t.Quarantined) / float64(t.Accepted+t.Quarantined)
		return g.Refuse(data.Problem{Rule: data.RuleTooManyBad, Hint: g.found.encodingHint(t.Quarantined, g.profile.Guess()),
			Message: fmt.Sprintf("umbral %g %%, se encontró %.4g %%: %d de %d filas tienen problemas",
				100*g.ds.Reject.Share, share, t.Quarantined, t.Accepted+t.Quarantined)})
	case t.Accepted == 0:
		return g.Refuse(data.Problem{Rule: data.RuleNoneAccepted, Message: "ninguna fila pudo aceptarse"})
	}
	return nil
}

// crowded refuses a file whose columns of repeated text do not repeat, and names
// the one with the most values.
func (g *Gate) crowded() error {
	var most *cell.Field
	over := false
	for _, f := range g.fields {
		if f.Codes == nil {
			continue
		}
		over = over || f.Codes.Overflowed()
		if most == nil || len(f.Codes.Entries()) > len(most.Codes.Entries()) {
			most = f
		}
	}
	if !over {
		return nil
	}
	return g.Refuse(data.Problem{Field: most.Name, Rule: data.RuleTooBig,
		Message: fmt.Sprintf("las columnas de texto repetido pasan en conjunto de %d valores distintos o 32 MiB; la que más tiene es esta", g.limits.Distinct)})
}

// over tells whether so many records are bad that the contract refuses the file.
func (t *Tally) over(r data.Reject) bool {
	all := t.Accepted + t.Quarantined
	return t.Quarantined > int64(r.Rows) && float64(t.Quarantined) > r.Share*float64(all)
}

// complaints are the problems that the bytes alone show.
func (g *Gate) complaints() []data.Problem {
	p, l := &g.profile, g.limits
	one := func(rule, message, hint string) []data.Problem {
		return []data.Problem{{Rule: rule, Message: message, Hint: hint}}
	}
	switch {
	case p.Bytes == 0:
		return one(data.RuleEmpty, "el archivo está vacío (0 bytes)", "")
	case p.Bytes > l.FileBytes:
		return one(data.RuleTooBig, fmt.Sprintf("el archivo rebasa el tamaño admitido de %d bytes", l.FileBytes), "divida el archivo por periodos")
	case g.sheet != nil:
		return nil
	case g.ds.Format == "xlsx":
		return one(data.RuleWorkbook, "el contrato pide un libro .xlsx y el nombre dice otra cosa", "entregue el libro con su nombre terminado en .xlsx")
	case p.OldWorkbook() && g.ds.Workbook != nil:
		return one(data.RuleNotCSV, "el contenido no es CSV: parece "+p.LooksLike(), xlsx.SaveXLS)
	case p.OldWorkbook():
		return one(data.RuleNotCSV, "el contenido no es CSV: parece "+p.LooksLike(), saveCSV)
	case p.LooksLike() != "" && g.ds.Workbook != nil && p.Packed():
		return one(data.RuleNotCSV, "el contenido no es CSV: parece "+p.LooksLike(), "si es un libro de Excel, entréguelo con su nombre terminado en .xlsx")
	case !p.Visible:
		return one(data.RuleOnlyBlank, "el archivo solo tiene espacios o líneas en blanco", "")
	case p.LooksLike() != "":
		return one(data.RuleNotCSV, "el contenido no es CSV: parece "+p.LooksLike(), "guárdelo como CSV UTF-8 sin comprimir")
	case p.Lines() > l.Lines:
		return one(data.RuleTooBig, fmt.Sprintf("el archivo tiene %d líneas; se admiten hasta %d", p.Lines(), l.Lines), "divida el archivo por periodos")
	case p.UTF16() == "" && p.CR-p.CRLF > p.LF:
		return one(data.RuleLoneCR, "los fines de línea son retornos de carro solos (CR)", "guarde el archivo como CSV con fines de línea de Windows o Unix")
	}
	return nil
}

// Limits bound what one delivered file may make the process do. A zero field
// stands for the default.
type Limits struct {
	FileBytes   int64 // bytes of one file; copying stops there (2 GiB)
	FieldBytes  int   // bytes of one cell (64 KiB); a longer one is a problem of its row
	RecordBytes int   // bytes of one record, all its cells (8 MiB); a longer one refuses the file
	Columns     int   // columns of a header (2,000)
	Distinct    int   // distinct spellings of all dictionary columns together (500,000)
	Lines       int64 // physical lines of one file (16,000,000)
	Problems    int   // problems listed of one file (500,000); one more refuses it
	Repeated    int   // records whose key another one has (100,000); more refuse the file
	Shown       int   // problems that Result carries and messages show (20)
}

// DefaultLimits are the documented limits.
func DefaultLimits() Limits {
	return Limits{FileBytes: 2 << 30, FieldBytes: 64 << 10, RecordBytes: 8 << 20, Columns: 2000, Distinct: 500_000,
		Lines: 16_000_000, Problems: 500_000, Repeated: 100_000, Shown: 20}
}

// OrDefault fills the fields that are zero.
func (l Limits) OrDefault() Limits {
	d := DefaultLimits()
	if l.FileBytes == 0 {
		l.FileBytes = d.FileBytes
	}
	if l.FieldBytes == 0 {
		l.FieldBytes = d.FieldBytes
	}
	if l.RecordBytes == 0 {
		l.RecordBytes = d.RecordBytes
	}
	if l.Columns == 0 {
		l.Columns = d.Columns
	}
	if l.Distinct == 0 {
		l.Distinct = d.Distinct
	}
	if l.Lines == 0 {
		l.Lines = d.Lines
	}
	if l.Problems == 0 {
		l.Problems = d.Problems
	}
	if l.Repeated == 0 {
		l.Repeated = d.Repeated
	}
	if l.Shown == 0 {
		l.Shown = d.Shown
	}
	return l
}

// Finish closes the account once every parser is done: totals, keys, threshold.
func (g *Gate) Finish(ctx context.Context) error {
	if g.early {
		return g.found.finish(g.name)
	}
	var lists []*keys.List
	for _, p := range g.parsers {
		g.total.add(&p.tally)
		lists = append(lists, p.keys)
		defer p.keys.Close() // only read from here on
	}
	g.parsers = nil
	g.total.Physical = g.src.Lines()
	if g.only != nil { // the account is of these records
		g.total.Header, g.total.Blank, g.total.Physical = 0, 0, g.total.RecordLines+g.total.SkippedLines
	}
	if err := g.found.finish(g.name); err != nil {
		return err
	}
	if err := g.crowded(); err != nil {
		return err
	}
	if g.table != nil && g.only == nil {
		if err := g.table.tell(g); err != nil {
			return err
		}
	}
	if g.Refused() {
		return nil
	}
	list, repeated, err := keys.Candidates(lists, g.limits.Repeated, g.total.Header+int64(g.limits.Repeated))
	if err != nil {
		return err
	}
	if repeated > g.limits.Repeated {
		if err := g.Refuse(data.Problem{Rule: data.RuleTooBig,
			Message: fmt.Sprintf("%d filas tienen la clave de otra; se admiten hasta %d", repeated, g.limits.Repeated)}); err != nil {
			return err
		}
	}
	if err := g.duplicates(ctx, list); err != nil {
		return err
	}
	return g.Threshold()
}
