package gate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/ingest/gate/tablehead"
	"github.com/gttim/cauce/ingest/xlsx"
)

// IsWorkbook tells whether a delivery of that name is read as a workbook: the
// contract takes one, and the name says that it is.
func IsWorkbook(ds *data.Dataset, name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ds.Workbook != nil && (ext == ".xlsx" || ext == ".xlsm" || ext == ".xls")
}

// sheet holds what a workbook's rows carry besides their text.
type sheet struct {
	broken sync.Once
	mu     sync.Mutex
	faults map[int64][]xlsx.Fault // by row, until its parser asks
}

// take gives a row's faults, once.
func (s *sheet) take(row int64) []xlsx.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.faults[row]
	if ok {
		delete(s.faults, row)
	}
	return f
}

// decide chooses how the bytes become text; false when the contract admits no way.
func (g *Gate) decide() bool {
	if g.sheet != nil {
		g.dec = split.Workbook()
		return true
	}
	var ok bool
	g.dec, ok = split.Decide(g.ds.Encoding, g.profile)
	return ok
}

// rows opens the sheet as blocks of rows. Its errors are *xlsx.Error or of the
// file system.
func (g *Gate) rows(ctx context.Context, f io.ReadCloser, progress func(int64)) (*split.Blocks, io.Closer, error) {
	at, ok := f.(io.ReaderAt)
	if !ok {
		return nil, nil, errors.Join(fmt.Errorf("read archived file: %T cannot be read at a place", f), f.Close())
	}
	r, err := openSheet(g.ds, at, g.profile.Bytes, g.limits)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	t := &rowText{g: g, r: r, ctx: ctx, delim: g.ds.Delimiter}
	return split.NewRows(ctx, t, g.ds.Delimiter[0], g.limits.RecordBytes, progress), closers{r, f}, nil
}

// HasSheet tells whether a workbook has the dataset's header on a visible sheet.
// Its error is Spanish, for people: the file is an old XLS, and how to save it.
func HasSheet(ds *data.Dataset, in io.ReaderAt, size int64) (bool, error) {
	match := headerMatcher(&ds.Contract)
	r, err := xlsx.New(in, size, xlsx.Options{Sheet: ds.Workbook.Sheet,
		Header: func(cells []string) bool { return match(rowCells(cells)).exact() }})
	if old := new(xlsx.Error); errors.Is(err, xlsx.ErrOldXLS) && errors.As(err, &old) {
		return false, errors.New(old.Message + "; " + old.Hint)
	}
	if err != nil {
		return false, nil //nolint:nilerr // what is no workbook has no such sheet
	}
	found := r.Info().Header > 0
	return r.Close() == nil && found, nil
}

// closers are closed one after the other.
type closers []io.Closer

// Close closes all.
func (c closers) Close() error {
	var errs []error
	for _, x := range c {
		errs = append(errs, x.Close())
	}
	return errors.Join(errs...)
}

// openSheet finds the sheet with the dataset's header or, where none has it
// exactly, one whose header has mistakes that can be named.
func openSheet(ds *data.Dataset, in io.ReaderAt, size int64, l Limits) (*xlsx.Reader, error) {
	opt := xlsx.Options{Sheet: ds.Workbook.Sheet, FileBytes: l.FileBytes, RowBytes: int64(l.RecordBytes)}
	match := headerMatcher(&ds.Contract)
	opt.Header = func(cells []string) bool { return match(rowCells(cells)).exact() }
	r, err := xlsx.New(in, size, opt)
	if !errors.Is(err, xlsx.ErrNoHeader) && (err != nil || r.Info().Header > 0) {
		return r, err
	}
	if r != nil {
		if err := r.Close(); err != nil {
			return nil, err
		}
	}
	opt.Header = func(cells []string) bool { return match(rowCells(cells)).likely() }
	return xlsx.New(in, size, opt)
}

// headerMatcher judges one row of a sheet as the header or, where the header has
// two rows, as the first of them.
func headerMatcher(c *data.Contract) func([][]byte) headerMatch {
	if c.Hierarchy != nil {
		names := tablehead.New(c)
		return func(cells [][]byte) headerMatch { return firstRow(&names, cells) }
	}
	names := headerNames(c)
	return func(cells [][]byte) headerMatch { return matchHeader(c, names, cells) }
}

// rowCells is a row as a record's cells, without empty ones at its end.
func rowCells(cells []string) [][]byte {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	out := make([][]byte, len(cells))
	for i, c := range cells {
		out[i] = []byte(c)
	}
	return out
}

// rowText gives the rows of a sheet as delimited text, one record a row; rows
// without a value are blank lines, so that a record's line is its row.
type rowText struct {
	g     *Gate
	r     *xlsx.Reader
	ctx   context.Context
	delim string
	row   int
	text  []byte
	at    int
	err   error
}

// Read gives the next bytes of the text.
func (t *rowText) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if t.at == len(t.text) {
			if t.err == nil {
				t.err = t.next()
			}
			if t.err != nil {
				if n > 0 {
					return n, nil
				}
				return 0, t.err
			}
		}
		c := copy(p[n:], t.text[t.at:])
		t.at += c
		n += c
	}
	return n, nil
}

func (t *rowText) next() error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	row, cells, err := t.r.Next()
	if err != nil {
		return err
	}
	t.text, t.at = t.text[:0], 0
	for t.row++; t.row < row; t.row++ {
		t.text = append(t.text, '\n')
	}
	if f := t.r.Faults(); len(f) > 0 {
		t.g.sheet.mu.Lock()
		t.g.sheet.faults[int64(row)] = append([]xlsx.Fault(nil), f...)
		t.g.sheet.mu.Unlock()
	}
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	for i, c := range cells {
		if i > 0 {
			t.text = append(t.text, t.delim...)
		}
		t.text = appendCell(t.text, c, t.delim)
	}
	t.text = append(t.text, '\n')
	return nil
}

// appendCell writes a cell as CSV does, in quotes where its text needs them.
func appendCell(to []byte, text, delim string) []byte {
	if !strings.ContainsAny(text, "\"\r\n"+delim) {
		return append(to, text...)
	}
	to = append(to, '"')
	to = append(to, strings.ReplaceAll(text, `"`, `""`)...)
	return append(to, '"')
}

// broken is what reading the file ended with: a workbook that is found damaged on
// the way is refused, once; anything else is operational.
func (g *Gate) broken(err error) error {
	var own *xlsx.Error
	if !errors.As(err, &own) {
		return fmt.Errorf("read archived file: %w", err)
	}
	g.sheet.broken.Do(func() { err = g.Refuse(workbookProblem(own)) })
	if errors.As(err, &own) {
		return nil
	}
	return err
}

// saveCSV says step by step how a workbook becomes a file that is read, where the
// contract takes no workbook.
const saveCSV = "guárdelo como CSV: 1) abra el archivo en Excel o en LibreOffice, en la hoja de los datos; 2) en el menú Archivo elija «Guardar como…»; " +
	"3) en «Tipo» elija en Excel «CSV UTF-8 (delimitado por comas)», en LibreOffice «Texto CSV (.csv)» con juego de caracteres Unicode (UTF-8) y coma como separador, y guarde; " +
	"4) entregue el archivo nuevo, que termina en .csv; cambiar solo el nombre no basta"

// workbookProblem is the refusal of a workbook that cannot be read.
func workbookProblem(e *xlsx.Error) data.Problem {
	p := data.Problem{Line: e.Row, Rule: data.RuleWorkbook, Message: e.Message, Hint: e.Hint}
	if errors.Is(e, xlsx.ErrNoHeader) {
		p.Rule = data.RuleNoHeader
	}
	return p
}

// faulty notes the cells of the row at hand that the workbook itself has no value
// for; false when the record is bad for it.
func (p *Parser) faulty(r *split.Record) bool {
	ok := true
	for _, f := range p.g.sheet.take(r.Line) {
		field := p.fieldAt(f.Column)
		if field == nil {
			continue // an ignored column
		}
		var value []byte
		if f.Column < len(r.Cells) {
			value = r.Cells[f.Column]
		}
		p.problem(r, f.Column, field, value, faultFinding(f.Kind))
		ok = false
	}
	return ok
}

// fieldAt is the declared column that stands at a place of the file, nil for none.
func (p *Parser) fieldAt(at int) *cell.Field {
	for i, a := range p.g.head.at {
		if a == at {
			return p.g.fields[i]
		}
	}
	for i, a := range p.g.head.values {
		if a == at {
			return p.g.monthly[i]
		}
	}
	return nil
}

func faultFinding(k xlsx.FaultKind) *cell.Finding {
	f := &cell.Finding{Rule: data.RuleSheetCell, Expected: "un valor escrito en la celda"}
	switch k {
	case xlsx.ErrorValue:
		f.Message, f.Hint = "la celda muestra un error de Excel", "escriba el valor en lugar de la fórmula"
	case xlsx.Uncalculated:
		f.Message, f.Hint = "la fórmula no tiene valor guardado", "abra el libro en Excel, espere a que calcule y guárdelo, o escriba el valor"
	case xlsx.Covered:
		f.Message, f.Hint = "la celda está combinada con otra", "quite la combinación y escriba el valor en cada celda"
	case xlsx.Imprecise:
		f.Message, f.Hint = "el número tiene más dígitos de los que Excel guarda", "escríbalo como texto"
	}
	return f
}

// pad gives a row of a sheet the empty cells that end it: a sheet stores none.
func (p *Parser) pad(r *split.Record) {
	for len(r.Cells) < p.g.head.width {
		if len(r.Starts) > 0 {
			r.Starts = append(r.Starts, len(r.Raw))
		}
		r.Cells = append(r.Cells, nil)
	}
}
