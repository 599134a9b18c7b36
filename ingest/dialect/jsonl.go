package dialect

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
)

// top is the first line that WriteJSONLines writes. Header is one name per
// column; when the header has several rows, HeaderRows has them as written.
type top struct {
	Dialect    Dialect    `json:"dialect"`
	Header     []string   `json:"header"`
	HeaderRows [][]string `json:"header_rows,omitempty"`
}

const checkEvery = 4096 // records between two looks at the context

// WriteJSONLines writes a file as lines of JSON: {"dialect":…,"header":[…]},
// then {"line":n,"cells":[…]} for each record, n being the physical line it
// starts on. Errors: those of r and w, and the context's.
func WriteJSONLines(ctx context.Context, w io.Writer, r *Reader) error {
	out := bufio.NewWriterSize(w, 64<<10)
	first := top{Dialect: r.Dialect(), Header: r.Names()}
	if rows := r.Header(); len(rows) > 1 {
		first.HeaderRows = rows
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(first); err != nil {
		return err
	}
	var b []byte
	for n := 1; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return errors.Join(ctx.Err(), out.Flush())
		}
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		b = appendRecord(b[:0], rec)
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
}

func appendRecord(b []byte, rec Record) []byte {
	b = append(b, `{"line":`...)
	b = strconv.AppendInt(b, rec.Line, 10)
	b = append(b, `,"cells":[`...)
	for i, c := range rec.Cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, c)
	}
	return append(b, "]}\n"...)
}

// appendString writes valid UTF-8 as a JSON string; only what JSON forbids is
// escaped.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}
