package xlsx

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// readStrings gives the shared strings by number: the texts that cells refer to.
func (c *container) readStrings(part string) ([]string, error) {
	f := c.parts[partName(part)]
	if f == nil {
		return nil, nil
	}
	s, err := c.stream(f)
	if err != nil {
		return nil, err
	}
	defer s.close()
	var out []string
	var total int64
	for {
		tok, err := s.token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, inPart(err, part)
		}
		start, ok := tok.(xml.StartElement)
		if !ok || start.Name.Local != "si" {
			continue
		}
		text, err := s.richText("si")
		if err != nil {
			return nil, inPart(err, part)
		}
		out = append(out, text)
		total += int64(len(text))
		if len(out) > c.opt.Strings || total > c.opt.StringBytes {
			return nil, tooBig("el libro tiene más de %d textos distintos o de %d MiB de texto", c.opt.Strings, c.opt.StringBytes>>20)
		}
		s.budget.refill()
	}
}

// inPart says of which part an error of its XML is.
func inPart(err error, part string) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	return broken(err, "la parte %.80q no se puede leer", part)
}

// stream is a part read token by token in bounded memory.
type stream struct {
	file   io.ReadCloser
	budget *budget
	dec    *xml.Decoder
	text   strings.Builder // of one element
	rich   strings.Builder // of several
}

// budget bounds what is read between two refills, so that neither a token nor a
// row grows without end.
type budget struct {
	r           io.Reader
	left, limit int64
}

var errRow = errors.New("row past its limit")

func (b *budget) refill() { b.left = b.limit }

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errRow
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}

// readAhead is how much is unpacked at once.
const readAhead = 64 << 10

func (s *stream) close() error { return s.file.Close() }

// token gives the next token. It need not be closed where the document ends:
// who reads a part knows the element that must have been there.
func (s *stream) token() (xml.Token, error) {
	tok, err := s.dec.RawToken()
	switch {
	case errors.Is(err, errRow):
		return nil, tooBig("una fila o un texto del libro mide más de %d MiB", s.budget.limit>>20)
	case err != nil:
		return nil, err
	}
	if _, ok := tok.(xml.Directive); ok {
		return nil, broken(nil, "trae una definición de documento (DOCTYPE)")
	}
	return tok, nil
}

// until reads the characters up to the end of the element that was opened.
func (s *stream) until(name string) (string, error) {
	s.text.Reset()
	depth := 0
	for {
		tok, err := s.token()
		if err != nil {
			return "", unfinished(err)
		}
		switch t := tok.(type) {
		case xml.CharData:
			s.text.Write(t)
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth == 0 && t.Name.Local == name {
				return s.text.String(), nil
			}
			depth--
		}
	}
}

// richText reads the text of an element whose parts may differ in looks; reading
// aids (rPh) are not part of it.
func (s *stream) richText(name string) (string, error) {
	s.rich.Reset()
	aids := 0
	for {
		tok, err := s.token()
		if err != nil {
			return "", unfinished(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "rPh":
				aids++
			case "t":
				part, err := s.until("t")
				if err != nil {
					return "", err
				}
				if aids == 0 {
					s.rich.WriteString(part)
				}
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "rPh":
				aids--
			case name:
				return unescape(s.rich.String()), nil
			}
		}
	}
}

// unfinished makes the end of the file inside an element what it is.
func unfinished(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
