package xlsx

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gttim/cauce/data"
)

// Info is what a reader knows of its sheet. Rows are numbered as the sheet
// numbers them. HiddenRows, FirstHidden and LastRow count rows with a value and
// grow as rows are read.
type Info struct {
	Sheet       string
	HiddenSheet bool     // the sheet that was named is hidden
	Header      int      // row of the header, 0 when none was looked for
	Also        []string // other visible sheets with the same header: they are not read
	HiddenRows  int      // rows that are hidden or filtered out; they are read like any other
	FirstHidden int
	LastRow     int
}

// Reader gives the rows of one sheet.
type Reader struct {
	info   Info
	book   *workbook
	sheet  *scanner
	merges merges
	file   io.Closer // nil when the bytes are not ours
}

// Open opens a workbook and finds the sheet to read. Everything but the cells
// of the sheet has been read when it returns, and the sheet's bytes are known to
// be whole. Errors: *Error, or of the file system.
func Open(path string, opt Options) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	r, err := New(f, st.Size(), opt)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.file = f
	return r, nil
}

// New is Open on any bytes; size is how many there are.
func New(in io.ReaderAt, size int64, opt Options) (*Reader, error) {
	opt = opt.orDefault()
	c, err := openContainer(in, size, &opt)
	if err != nil {
		return nil, err
	}
	book, err := c.workbook()
	if err != nil {
		return nil, err
	}
	r := &Reader{book: book}
	ref, err := r.choose()
	if err != nil {
		return nil, err
	}
	r.info.Sheet, r.info.HiddenSheet = ref.name, ref.hidden
	areas, err := book.merged(ref)
	if err != nil {
		return nil, err
	}
	r.merges.ahead = areas
	r.sheet, err = book.scan(ref)
	return r, err
}

// Info tells what is known of the sheet so far.
func (r *Reader) Info() Info { return r.info }

// Next gives the next row with a value: its number and its cells up to the last
// one with a value. The slice is good until the next call. Rows without a value
// are passed over. io.EOF ends the sheet; other errors are *Error.
func (r *Reader) Next() (row int, cells []string, err error) {
	ok, err := r.sheet.next()
	if err != nil {
		return 0, nil, err
	}
	if !ok {
		return 0, nil, io.EOF
	}
	s := r.sheet
	r.info.LastRow = s.row
	if s.hidden {
		if r.info.HiddenRows++; r.info.FirstHidden == 0 {
			r.info.FirstHidden = s.row
		}
	}
	if err := r.applyMerges(); err != nil {
		return 0, nil, err
	}
	return s.row, s.cells, nil
}

// Faults are the faulty cells of the row that Next gave.
func (r *Reader) Faults() []Fault { return r.sheet.faults }

// Close gives back what was opened.
func (r *Reader) Close() error {
	err := r.sheet.close()
	if r.file != nil {
		err = errors.Join(err, r.file.Close())
	}
	return err
}

// applyMerges writes into the header what its merged cells show. Below it a
// covered cell is a fault: whether the value counts once or in each cell is not
// for a reader to decide.
func (r *Reader) applyMerges() error {
	s := r.sheet
	r.merges.at(s.row, s.cells)
	switch {
	case len(r.merges.open) > r.book.opt.Columns:
		return s.broken(broken(nil, "en la fila %d de la hoja «%s» se enciman áreas combinadas", s.row, s.name))
	case s.row == r.info.Header:
		s.cells = r.merges.fill(s.cells, r.book.opt.Columns)
	case s.row > r.info.Header:
		s.faults = r.merges.covered(s.row, s.cells, s.faults)
	}
	return nil
}

// choose finds the sheet to read.
func (r *Reader) choose() (sheetRef, error) {
	if name := r.book.opt.Sheet; name != "" {
		return r.named(name)
	}
	found, err := r.withHeader(false)
	if err != nil {
		return sheetRef{}, err
	}
	if len(found) > 0 {
		if r.book.opt.Header != nil {
			r.info.Header = found[0].header
			for _, s := range found[1:] {
				r.info.Also = append(r.info.Also, s.name)
			}
		}
		return found[0].sheetRef, nil
	}
	if found, err = r.withHeader(true); err != nil {
		return sheetRef{}, err
	}
	if len(found) > 0 {
		return sheetRef{}, &Error{Kind: ErrHidden, Sheet: found[0].name,
			Message: fmt.Sprintf("el encabezado está en la hoja «%s», que está oculta", data.Printable(found[0].name)),
			Hint:    "muestre la hoja (clic derecho en las pestañas, «Mostrar») y guarde el libro de nuevo"}
	}
	return sheetRef{}, &Error{Kind: ErrNoHeader, Message: "ninguna hoja del libro tiene el encabezado; " + r.book.names(),
		Hint: "deje en una hoja una fila con los nombres de columna del contrato"}
}

// candidate is a sheet with the row of its header.
type candidate struct {
	sheetRef
	header int
}

func (r *Reader) withHeader(hidden bool) ([]candidate, error) {
	var out []candidate
	for _, s := range r.book.sheets {
		if s.hidden != hidden {
			continue
		}
		at, err := r.book.headerRow(s)
		if err != nil {
			return nil, err
		}
		if at > 0 {
			out = append(out, candidate{s, at})
		}
	}
	return out, nil
}

func (r *Reader) named(name string) (sheetRef, error) {
	for _, s := range r.book.sheets {
		if data.Fold(s.name) != data.Fold(name) {
			continue
		}
		var err error
		if r.book.opt.Header != nil {
			r.info.Header, err = r.book.headerRow(s)
		}
		return s, err
	}
	return sheetRef{}, &Error{Kind: ErrNoSheet, Message: fmt.Sprintf("no hay hoja «%s»; %s", data.Printable(name), r.book.names()),
		Hint: "nombre la hoja como pide el contrato"}
}

// headerRow looks for the header in the sheet's first rows; 0 when it has none.
// Without a header to look for it is the first row with a value.
func (w *workbook) headerRow(ref sheetRef) (int, error) {
	at, err := w.findHeader(ref, nil)
	if err != nil || at > 0 || w.opt.Header == nil {
		return at, err
	}
	areas, err := w.merged(ref)
	if err != nil || len(areas) == 0 {
		return 0, err
	}
	return w.findHeader(ref, areas)
}

func (w *workbook) findHeader(ref sheetRef, areas []area) (int, error) {
	s, err := w.scan(ref)
	if err != nil {
		return 0, err
	}
	defer s.close()
	m := merges{ahead: areas}
	for range w.opt.HeaderRows {
		ok, err := s.next()
		if err != nil || !ok {
			return 0, err
		}
		if w.opt.Header == nil {
			return s.row, nil
		}
		m.at(s.row, s.cells)
		if len(m.open) > w.opt.Columns {
			return 0, nil // areas on top of each other; no spreadsheet writes them
		}
		if w.opt.Header(m.fill(s.cells, w.opt.Columns)) {
			return s.row, nil
		}
	}
	return 0, nil
}
