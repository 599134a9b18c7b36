package split

import (
	"bytes"
	"unicode/utf8"
)

// Profile is what the bytes of a file look like, gathered while they are copied.
type Profile struct {
	Bytes    int64
	UTF8     bool   // all of it is valid UTF-8
	bom      bool   // starts with the UTF-8 byte order mark
	bom16    string // starts with a UTF-16 byte order mark: which
	nul      bool
	LF       int64 // line feeds
	CRLF     int64 // of which after a carriage return
	CR       int64 // carriage returns
	Visible  bool  // some byte is not space
	lastByte byte
	head     []byte // the first bytes, for magic numbers

	tail [utf8.UTFMax]byte // a character cut by the end of a chunk
	cut  int
}

const headBytes = 1024

// NewProfile is the profile of no bytes.
func NewProfile() *Profile { return &Profile{UTF8: true} }

// Lines is the number of physical lines, a last one without line end included.
func (p *Profile) Lines() int64 {
	n := p.LF
	if p.Bytes > 0 && p.lastByte != '\n' {
		n++
	}
	return n
}

// Add looks at the next bytes of the file.
func (p *Profile) Add(b []byte) {
	if len(b) == 0 {
		return
	}
	if len(p.head) < headBytes {
		p.head = append(p.head, b[:min(len(b), headBytes-len(p.head))]...)
		p.bom = bytes.HasPrefix(p.head, []byte("\xef\xbb\xbf"))
		switch {
		case bytes.HasPrefix(p.head, []byte("\xff\xfe")):
			p.bom16 = encUTF16LE
		case bytes.HasPrefix(p.head, []byte("\xfe\xff")):
			p.bom16 = encUTF16BE
		}
	}
	if b[0] == '\n' && p.lastByte == '\r' {
		p.CRLF++
	}
	p.LF += int64(bytes.Count(b, newline))
	if cr := bytes.Count(b, []byte{'\r'}); cr > 0 {
		p.CR += int64(cr)
		p.CRLF += int64(bytes.Count(b, []byte("\r\n")))
	}
	p.nul = p.nul || bytes.IndexByte(b, 0) >= 0
	p.Visible = p.Visible || len(bytes.TrimLeft(b, " \t\r\n\xef\xbb\xbf")) > 0
	p.addUTF8(b)
	p.Bytes += int64(len(b))
	p.lastByte = b[len(b)-1]
}

// addUTF8 checks validity across chunk ends.
func (p *Profile) addUTF8(b []byte) {
	if !p.UTF8 {
		return
	}
	for p.cut > 0 && len(b) > 0 && !utf8.FullRune(p.tail[:p.cut]) {
		p.tail[p.cut] = b[0]
		p.cut++
		b = b[1:]
	}
	if p.cut > 0 && utf8.FullRune(p.tail[:p.cut]) {
		if !utf8.Valid(p.tail[:p.cut]) {
			p.UTF8 = false
			return
		}
		p.cut = 0
	}
	end := len(b)
	for back := 1; back < utf8.UTFMax && back <= len(b); back++ {
		if c := b[len(b)-back]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-back:]) {
				end = len(b) - back
			}
			break
		}
	}
	p.UTF8 = utf8.Valid(b[:end])
	if end < len(b) {
		p.cut = copy(p.tail[:], b[end:])
	}
}

// Finish closes the profile at the end of the file.
func (p *Profile) Finish() { p.UTF8 = p.UTF8 && p.cut == 0 }

// UTF16 names the UTF-16 form of the bytes, "" when they are not UTF-16. Without
// a mark it is told by zero bytes on every second place.
func (p *Profile) UTF16() string {
	if p.bom16 != "" {
		return p.bom16
	}
	if !p.nul || len(p.head) < 4 {
		return ""
	}
	var zero [2]int
	for i, c := range p.head {
		if c == 0 {
			zero[i&1]++
		}
	}
	half := len(p.head) / 2
	switch {
	case zero[1] > half*3/4 && zero[0] < half/8+1:
		return encUTF16LE
	case zero[0] > half*3/4 && zero[1] < half/8+1:
		return encUTF16BE
	}
	return ""
}

// Guess names the encoding that the bytes most likely have.
func (p *Profile) Guess() string {
	switch {
	case p.UTF16() != "":
		return p.UTF16()
	case p.bom:
		return encUTF8BOM
	case p.UTF8:
		return encUTF8
	}
	return encCP1252
}

// magics are the first bytes of what is often sent under the name .csv.
var magics = []struct{ prefix, name string }{
	{"\x1f\x8b", "gzip"},
	{"PK\x03\x04", "zip o XLSX"},
	{"PK\x05\x06", "zip vacío"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "libro de Excel 97-2003 (.xls)"},
	{"%PDF", "PDF"},
	{"7z\xbc\xaf\x27\x1c", "7z"},
	{"Rar!\x1a\x07", "RAR"},
	{"BZh", "bzip2"},
	{"\xfd7zXZ\x00", "xz"},
	{"\x28\xb5\x2f\xfd", "zstd"},
	{"PAR1", "Parquet"},
	{"SQLite format 3\x00", "SQLite"},
	{"\x89PNG", "imagen PNG"},
	{"\xff\xd8\xff", "imagen JPEG"},
	{"{\\rtf", "RTF"},
}

// Packed tells whether the bytes begin as those of a workbook of today do.
func (p *Profile) Packed() bool { return bytes.HasPrefix(p.head, []byte("PK\x03\x04")) }

// OldWorkbook tells whether the bytes begin as a workbook of Excel 97-2003 does.
func (p *Profile) OldWorkbook() bool {
	return bytes.HasPrefix(p.head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// LooksLike names what the bytes are when they are not delimited text, "" when
// they may be.
func (p *Profile) LooksLike() string {
	for _, m := range magics {
		if bytes.HasPrefix(p.head, []byte(m.prefix)) {
			return m.name
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(p.head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	for _, tag := range []string{"<!doctype", "<html", "<?xml", "<head", "<script"} {
		if bytes.HasPrefix(text, []byte(tag)) {
			return "página HTML o XML"
		}
	}
	return ""
}
