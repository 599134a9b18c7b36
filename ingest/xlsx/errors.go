package xlsx

import (
	"errors"
	"fmt"
)

// What a file that cannot be read is. Errors of Open and Next match one of them
// with errors.Is, but for those of the file system.
var (
	ErrOldXLS   = errors.New("old binary XLS workbook")
	ErrPassword = errors.New("password-protected workbook")
	ErrNotXLSX  = errors.New("not an XLSX workbook")
	ErrBroken   = errors.New("damaged workbook")
	ErrTooBig   = errors.New("workbook past a limit")
	ErrNoSheet  = errors.New("no such sheet")
	ErrNoHeader = errors.New("no sheet has the header")
	ErrHidden   = errors.New("the header is on a hidden sheet")
)

// Error is a workbook that cannot be read. Message and Hint are Spanish, for
// agencies: what is wrong and how to mend it. Sheet and Row tell where, "" and 0
// when it is the whole file.
type Error struct {
	Kind    error // one of the sentinels
	Message string
	Hint    string
	Sheet   string
	Row     int
	Cause   error // nil when there is none
}

// Error gives one line for logs.
func (e *Error) Error() string {
	s := "xlsx: " + e.Kind.Error()
	if e.Sheet != "" {
		s += fmt.Sprintf(", sheet %q", e.Sheet)
	}
	if e.Row > 0 {
		s += fmt.Sprintf(", row %d", e.Row)
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the sentinel and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// SaveXLS says step by step how an old XLS becomes a file that is read.
const SaveXLS = "guárdelo como .xlsx: 1) abra el archivo en Excel o en LibreOffice; 2) en el menú Archivo elija «Guardar como…»; " +
	"3) en «Tipo» elija en Excel «Libro de Excel (*.xlsx)», en LibreOffice el «Excel 2007-365 (.xlsx)», y guarde; " +
	"4) revise que las cifras sean las mismas y que ninguna celda diga #¿NOMBRE? o #N/D; " +
	"5) entregue el archivo nuevo, que termina en .xlsx; cambiar solo el nombre no basta"

// Ways out that a message offers.
const (
	hintSave  = "abra el archivo en Excel o LibreOffice y use «Guardar como…» «Libro de Excel (.xlsx)» o «CSV UTF-8 (delimitado por comas)»"
	hintSplit = "entregue solo la hoja de datos, guardada como «CSV UTF-8 (delimitado por comas)»"
)

func broken(cause error, format string, args ...any) *Error {
	return &Error{Kind: ErrBroken, Message: "el libro está dañado: " + fmt.Sprintf(format, args...), Hint: hintSave, Cause: cause}
}

func tooBig(format string, args ...any) *Error {
	return &Error{Kind: ErrTooBig, Message: fmt.Sprintf(format, args...), Hint: hintSplit}
}
