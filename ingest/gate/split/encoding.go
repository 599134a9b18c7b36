package split

import (
	"io"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Names of encodings as the ledger stores them.
const (
	encUTF8    = "utf-8"
	encUTF8BOM = "utf-8-bom"
	encCP1252  = "windows-1252"
	encLatin1  = "latin-1"
	encUTF16LE = "utf-16le"
	encUTF16BE = "utf-16be"
)

// Decoding is how the bytes of one file become UTF-8 text.
type Decoding struct {
	Name   string
	Table  *charmap.Charmap // of a single-byte encoding, else nil
	skip   int              // bytes of the byte order mark
	endian unicode.Endianness
}

// Workbook is the decoding of a sheet's rows, which come as text.
func Workbook() Decoding { return Decoding{Name: "xlsx"} }

// Decide chooses the decoding that the contract admits for bytes of this
// profile; false when it admits none, with the name of what the bytes are.
// `auto` is strict UTF-8 with or without mark, else Windows-1252, which is what
// office programs in Mexico write.
func Decide(declared string, p Profile) (Decoding, bool) {
	utf16 := p.UTF16()
	if declared == "utf-16" {
		if utf16 == "" {
			return Decoding{Name: p.Guess()}, false
		}
		d := Decoding{Name: utf16, endian: unicode.LittleEndian}
		if utf16 == encUTF16BE {
			d.endian = unicode.BigEndian
		}
		if p.bom16 != "" {
			d.skip = 2
		}
		return d, true
	}
	if utf16 != "" {
		return Decoding{Name: utf16}, false
	}
	utf8 := Decoding{Name: encUTF8}
	if p.bom {
		utf8 = Decoding{Name: encUTF8BOM, skip: 3}
	}
	switch declared {
	case "windows-1252", "latin-1":
		if p.bom {
			return utf8, false
		}
		return single(declared), true
	case "utf-8":
		return utf8, true
	default:
		if p.UTF8 {
			return utf8, true
		}
		if p.bom { // the mark says UTF-8: what is not is a fault of its row
			return utf8, true
		}
		return single(encCP1252), true
	}
}

func single(name string) Decoding {
	d := Decoding{Name: name, Table: charmap.Windows1252}
	if name == encLatin1 {
		d.Table = charmap.ISO8859_1
	}
	return d
}

// Reader gives r as UTF-8 text without byte order mark.
func (d Decoding) Reader(r io.Reader) (io.Reader, error) {
	if d.skip > 0 {
		if _, err := io.CopyN(io.Discard, r, int64(d.skip)); err != nil {
			return nil, err
		}
	}
	switch d.Name {
	case encUTF16LE, encUTF16BE:
		return transform.NewReader(r, unicode.UTF16(d.endian, unicode.IgnoreBOM).NewDecoder()), nil
	case encCP1252, encLatin1:
		return transform.NewReader(r, d.Table.NewDecoder()), nil
	}
	return r, nil
}
