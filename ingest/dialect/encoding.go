package dialect

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Names of the encodings that detection can find.
const (
	encUTF8    = "utf-8"
	encUTF8BOM = "utf-8-bom"
	encUTF16LE = "utf-16le"
	encUTF16BE = "utf-16be"
	encCP1252  = "windows-1252"
	encLatin1  = "latin-1"
)

const (
	bomUTF8    = "\xef\xbb\xbf"
	bomUTF16LE = "\xff\xfe"
	bomUTF16BE = "\xfe\xff"
)

// decoding is how bytes become UTF-8 text.
type decoding struct {
	name string
	skip int // bytes of the byte order mark
	// transformer gives a fresh one for each pass over the bytes.
	transformer func() transform.Transformer
}

func (d decoding) reader(r io.Reader) io.Reader {
	return transform.NewReader(r, d.transformer())
}

// text is the decoded sample, whose mark is cut. What is left of a character
// that the sample cuts in two is dropped.
func (d decoding) text(sample []byte) []byte {
	out, _, err := transform.Bytes(d.transformer(), sample[d.skip:])
	if err != nil {
		return nil // only a table that cannot decode at all
	}
	return out
}

// chooseEncoding finds how the sample is encoded: byte order mark, UTF-16 by
// its NULs, strict UTF-8, else Windows-1252. A declared name wins, except that
// a mark is always cut and tells the byte order.
func chooseEncoding(declared string, sample []byte, whole bool) (decoding, error) {
	mark := markOf(sample)
	if declared == "" {
		switch {
		case mark != "":
			return named(mark, len(markBytes(mark)), true), nil
		case looksUTF16(sample, 1):
			return named(encUTF16LE, 0, true), nil
		case looksUTF16(sample, 0):
			return named(encUTF16BE, 0, true), nil
		case validUTF8(sample, whole):
			return named(encUTF8, 0, true), nil
		}
		return named(encCP1252, 0, true), nil
	}
	name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(declared)), "_", "-")
	switch name {
	case "utf-8", "utf8", "utf-8-bom", "utf-8-sig", "ascii", "us-ascii":
		if mark == encUTF8BOM {
			return named(encUTF8BOM, 3, false), nil
		}
		// Pure ASCII is a guess from the start of a file; what is not is read as
		// if nothing had been declared.
		return named(encUTF8, 0, strings.HasSuffix(name, "ascii")), nil
	case "utf-16", "utf16", "utf-16le", "utf-16-le", "utf-16be", "utf-16-be":
		if mark == encUTF16LE || mark == encUTF16BE {
			return named(mark, 2, false), nil
		}
		if strings.HasSuffix(name, "be") || !strings.HasSuffix(name, "le") && looksUTF16(sample, 0) {
			return named(encUTF16BE, 0, false), nil
		}
		return named(encUTF16LE, 0, false), nil
	case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1":
		return named(encLatin1, 0, false), nil
	case "ansi":
		return named(encCP1252, 0, false), nil
	// Names that other programs give to encodings of the tables.
	case "cp949", "uhc":
		name = "windows-949"
	case "cp932":
		name = "shift-jis"
	case "macroman", "mac-roman":
		name = "macintosh"
	}
	table, err := htmlindex.Get(name)
	if err != nil {
		table, err = ianaindex.IANA.Encoding(name)
	}
	if err != nil || table == nil || table == encoding.Replacement {
		return decoding{}, fmt.Errorf("encoding %q is not known: %w", declared, ErrDialect)
	}
	return decoding{name: name, transformer: func() transform.Transformer { return table.NewDecoder() }}, nil
}

// named is a decoding by its own name; mixed reads bytes that are no UTF-8 as
// Windows-1252 instead of as U+FFFD, for files glued together from both.
func named(name string, skip int, mixed bool) decoding {
	d := decoding{name: name, skip: skip}
	switch name {
	case encUTF16LE:
		d.transformer = decoder(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM))
	case encUTF16BE:
		d.transformer = decoder(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM))
	case encCP1252, encLatin1:
		// Latin-1 stands for its superset, as on the web: the controls that it has
		// for dashes and quotes are never meant.
		d.transformer = decoder(charmap.Windows1252)
	default:
		d.transformer = func() transform.Transformer { return tolerant{mixed: mixed} }
	}
	return d
}

func decoder(e encoding.Encoding) func() transform.Transformer {
	return func() transform.Transformer { return e.NewDecoder() }
}

func markOf(b []byte) string {
	for _, name := range []string{encUTF8BOM, encUTF16LE, encUTF16BE} {
		if bytes.HasPrefix(b, []byte(markBytes(name))) {
			return name
		}
	}
	return ""
}

func markBytes(name string) string {
	return map[string]string{encUTF8BOM: bomUTF8, encUTF16LE: bomUTF16LE, encUTF16BE: bomUTF16BE}[name]
}

// looksUTF16 says whether the bytes at odd (1) or even (0) places are mostly
// NUL and the others hardly ever.
func looksUTF16(b []byte, place int) bool {
	b = b[:min(len(b), 4096)&^1]
	if len(b) < 4 {
		return false
	}
	var nul [2]int
	for i, c := range b {
		if c == 0 {
			nul[i&1]++
		}
	}
	half := len(b) / 2
	return nul[place]*10 > half*6 && nul[1-place]*20 < half
}

// validUTF8 is strict, but a sample may end within a character.
func validUTF8(b []byte, whole bool) bool {
	if !whole {
		for n := 0; n < utf8.UTFMax-1 && len(b) > 0; n++ {
			if r, size := utf8.DecodeLastRune(b); r != utf8.RuneError || size != 1 {
				break
			}
			b = b[:len(b)-1]
		}
	}
	return utf8.Valid(b)
}

// tolerant passes UTF-8 on and replaces single bytes that are none. The controls
// U+0080 to U+009F are Windows-1252 that was taken for Latin-1 on its way to
// UTF-8: they become the dashes and quotes that they were.
type tolerant struct {
	transform.NopResetter
	mixed bool
}

func (t tolerant) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		n := min(len(dst)-nDst, len(src)-nSrc)
		if n > 0 && utf8.Valid(src[nSrc:nSrc+n]) {
			if n = control(src[nSrc : nSrc+n]); n > 0 {
				nDst += copy(dst[nDst:], src[nSrc:nSrc+n])
				nSrc += n
				continue
			}
		}
		r, size := utf8.DecodeRune(src[nSrc:])
		if r == utf8.RuneError && size == 1 {
			if !atEOF && !utf8.FullRune(src[nSrc:]) {
				return nDst, nSrc, transform.ErrShortSrc
			}
			if t.mixed {
				r = charmap.Windows1252.DecodeByte(src[nSrc])
			}
		}
		if r >= 0x80 && r <= 0x9f {
			r = charmap.Windows1252.DecodeByte(byte(r))
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// control is where the first of the controls U+0080 to U+009F starts in valid
// UTF-8, its length for none.
func control(b []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], 0xc2)
		if i < 0 || at+i+1 >= len(b) {
			return len(b)
		}
		at += i
		if b[at+1] < 0xa0 {
			return at
		}
		at += 2
	}
}
