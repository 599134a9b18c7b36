package dialect

import (
	"bytes"
	"errors"
	"io"
)

// lines gives the physical lines of UTF-8 text, looking ahead as far as it is
// asked. A line ends at LF, CRLF or a lone CR.
type lines struct {
	r       io.Reader
	max     int // bytes of one line
	buf     []byte
	scanned int // buf[:scanned] is cut into spans
	lf, cr  int // next LF and CR at or after scanned; len(buf) when none was seen before there
	spans   []span
	head    int   // spans[head] is the current line
	number  int64 // of the current line, from 1
	err     error // why no more can be read; io.EOF
}

// span is one physical line: buf[start:end], and its line end buf[end:next].
type span struct{ start, end, next int }

const readBytes = 64 << 10

func newLines(r io.Reader, maxBytes int) *lines {
	return &lines{r: r, max: maxBytes, number: 1}
}

// peek gives the i-th line from the current one and its line end, valid until
// the next call. False at the end of the text, on a read error and on a line
// beyond the limit; failure tells which.
func (l *lines) peek(i int) (line, end []byte, ok bool) {
	for l.head+i >= len(l.spans) {
		if !l.more() {
			return nil, nil, false
		}
	}
	s := l.spans[l.head+i]
	return l.buf[s.start:s.end], l.buf[s.end:s.next], true
}

// advance goes n lines on; they were peeked at.
func (l *lines) advance(n int) {
	l.head += n
	l.number += int64(n)
}

// failure is why peek said no: nil at the end of the text.
func (l *lines) failure() error {
	if l.err == nil || errors.Is(l.err, io.EOF) {
		return nil
	}
	return l.err
}

// more cuts at least one further line, reading as needed.
func (l *lines) more() bool {
	for {
		if l.cut() {
			return true
		}
		if l.err != nil {
			if l.scanned < len(l.buf) && errors.Is(l.err, io.EOF) {
				l.spans = append(l.spans, span{l.scanned, len(l.buf), len(l.buf)})
				l.scanned = len(l.buf)
				return true
			}
			return false
		}
		if len(l.buf)-l.scanned > l.max {
			l.err = &LimitError{Line: l.number + int64(len(l.spans)-l.head), What: "a record of bytes", Limit: l.max}
			return false
		}
		l.fill()
	}
}

// cut cuts all complete lines of the buffer; false when there was none.
func (l *lines) cut() bool {
	before := len(l.spans)
	for l.scanned < len(l.buf) {
		if l.lf < l.scanned {
			l.lf = find(l.buf, l.scanned, '\n')
		}
		if l.cr < l.scanned {
			l.cr = find(l.buf, l.scanned, '\r')
		}
		at := min(l.lf, l.cr)
		if at == len(l.buf) {
			break
		}
		next := at + 1
		if at == l.cr {
			if next == len(l.buf) && l.err == nil {
				break // the LF of this CR may still come
			}
			if next == l.lf {
				next++
			}
		}
		l.spans = append(l.spans, span{l.scanned, at, next})
		l.scanned = next
	}
	return len(l.spans) > before
}

func find(b []byte, from int, c byte) int {
	if i := bytes.IndexByte(b[from:], c); i >= 0 {
		return from + i
	}
	return len(b)
}

// fill reads once more, after dropping the lines that were passed.
func (l *lines) fill() {
	if l.head == len(l.spans) && l.scanned > 0 || l.head > 4096 {
		drop := l.scanned
		if l.head < len(l.spans) {
			drop = l.spans[l.head].start
		}
		l.buf = append(l.buf[:0], l.buf[drop:]...)
		l.spans = append(l.spans[:0], l.spans[l.head:]...)
		for i := range l.spans {
			l.spans[i] = span{l.spans[i].start - drop, l.spans[i].end - drop, l.spans[i].next - drop}
		}
		l.head, l.scanned, l.lf, l.cr = 0, l.scanned-drop, l.lf-drop, l.cr-drop
	}
	old := len(l.buf)
	if cap(l.buf)-old < readBytes {
		l.buf = append(make([]byte, 0, 2*old+readBytes), l.buf...)
	}
	n, err := l.r.Read(l.buf[old : old+readBytes])
	l.buf = l.buf[:old+n]
	// What was searched in vain up to the old end goes on from there.
	if l.lf >= old {
		l.lf = find(l.buf, old, '\n')
	}
	if l.cr >= old {
		l.cr = find(l.buf, old, '\r')
	}
	l.err = err
}
