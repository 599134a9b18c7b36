package template

import (
	"encoding/csv"
	"fmt"
	"io"

	"github.com/gttim/cauce/data"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// CSV writes an empty file of the dataset: the header, in the encoding and with
// the delimiter that the contract declares. UTF-8 carries its byte order mark,
// by which a spreadsheet knows it.
func CSV(out io.Writer, ds *data.Dataset) error {
	switch ds.Encoding {
	case "latin-1":
		out = charmap.ISO8859_1.NewEncoder().Writer(out)
	case "windows-1252":
		out = charmap.Windows1252.NewEncoder().Writer(out)
	case "utf-16":
		out = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Writer(out)
	default:
		if _, err := io.WriteString(out, "\ufeff"); err != nil {
			return fmt.Errorf("template: %w", err)
		}
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	w.Comma = rune(ds.Delimiter[0])
	if err := w.WriteAll(head(ds)); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	return nil
}
