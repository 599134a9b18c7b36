package xlsx

import (
	"bytes"
	"errors"
	"io"
)

const (
	magicZip = "PK\x03\x04"
	magicOLE = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// refuseByMagic tells what the bytes are when they are no zip; nil when they may
// be one.
func refuseByMagic(r io.ReaderAt, size int64) error {
	head := make([]byte, 512)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	head = head[:n]
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	switch {
	case bytes.HasPrefix(head, []byte(magicZip)):
		return nil
	case bytes.HasPrefix(head, []byte(magicOLE)):
		return compound(r, size)
	case biffStart(head):
		return oldXLS()
	case n == 0:
		return notXLSX("el archivo está vacío (0 bytes)")
	case bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("office:spreadsheet")):
		return notXLSX("es una «Hoja de cálculo XML 2003», no un libro XLSX")
	case bytes.HasPrefix(text, []byte("<")):
		return notXLSX("es una página HTML o XML, aunque el nombre diga otra cosa")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return notXLSX("es un PDF")
	}
	return notXLSX("no es un libro XLSX, aunque el nombre lo diga")
}

func notXLSX(message string) *Error {
	return &Error{Kind: ErrNotXLSX, Message: message, Hint: hintSave}
}

func oldXLS() *Error {
	return &Error{Kind: ErrOldXLS, Message: "es un libro de Excel 97-2003 (.xls), formato que no se lee: ninguna biblioteca probada da sus cifras con certeza", Hint: SaveXLS}
}

// biffStart tells whether the bytes begin like a worksheet of Excel 2 to 4, which
// had no container: a BOF record with its length.
func biffStart(b []byte) bool {
	return len(b) >= 4 && b[0] == 0x09 && (b[1] == 0x00 || b[1] == 0x02 || b[1] == 0x04 || b[1] == 0x08) && b[2] >= 4 && b[2] <= 16 && b[3] == 0
}

// compound tells the files apart that come in Microsoft's compound container: a
// protected XLSX is one, with a stream of this name; so is every old XLS.
func compound(r io.ReaderAt, size int64) error {
	protected, err := contains(io.NewSectionReader(r, 0, size), utf16("EncryptedPackage"))
	if err != nil {
		return err
	}
	if protected {
		return &Error{Kind: ErrPassword, Message: "el libro está protegido con contraseña",
			Hint: "quite la contraseña (Archivo, Información, Proteger libro, Cifrar con contraseña) y guárdelo de nuevo"}
	}
	return oldXLS()
}

func utf16(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return out
}

// contains looks for the bytes in all of r.
func contains(r io.Reader, what []byte) (bool, error) {
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		if bytes.Contains(buf[:kept+n], what) {
			return true, nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		kept = copy(buf, buf[len(buf)-len(what)+1:])
	}
}
