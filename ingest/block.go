package ingest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"
)

// blockBytes is how much of the file one parser takes at a time. Larger blocks
// were measured slower: they leave the processor's cache.
const blockBytes = 256 << 10

// block is a run of whole records. line is the physical line of its first byte.
type block struct {
	seq    int
	data   []byte
	line   int64
	lines  int64 // line ends in data, plus one for a last line without one
	quoted bool  // some record has a quote: only the exact path may cut it
	// overlong: the record that starts at data[0] is longer than the limit. data
	// holds its beginning, lines all the rest of the file.
	overlong bool
}

// blocks cuts a stream of UTF-8 text into blocks at record ends. It is safe for
// several parsers: whoever needs a block reads it, under the lock.
type blocks struct {
	ctx      context.Context
	in       io.Reader
	delim    byte
	limit    int
	progress func(done int64)

	mu    sync.Mutex
	carry []byte
	line  int64
	seq   int
	done  int64
	eof   bool
	ended bool
	err   error
}

func newBlocks(ctx context.Context, in io.Reader, delim byte, limit int) *blocks {
	return &blocks{ctx: ctx, in: in, delim: delim, limit: limit, line: 1}
}

// next fills b with the next run of whole records, reusing its memory. It
// returns false at the end and after an error, which err tells.
func (s *blocks) next(b *block) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && s.ctx.Err() != nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil || s.ended {
		return false, s.err
	}
	*b = block{seq: s.seq, line: s.line, data: append(b.data[:0], s.carry...)}
	s.carry = s.carry[:0]
	for {
		s.fill(b)
		if s.err != nil {
			return false, s.err
		}
		if len(b.data) == 0 {
			s.ended = true
			return false, nil
		}
		end := s.cut(b)
		if end > 0 {
			s.carry = append(s.carry, b.data[end:]...)
			b.data = b.data[:end]
			break
		}
		if len(b.data) > s.limit {
			s.drain(b)
			break
		}
	}
	if !b.overlong {
		b.lines = int64(bytes.Count(b.data, newline))
		if b.data[len(b.data)-1] != '\n' {
			b.lines++
		}
	}
	s.line += b.lines
	s.seq++
	return true, nil
}

// unread gives back the part of the last block that the header did not use. It
// may be called only before parsers start.
func (s *blocks) unread(rest []byte, line int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.carry = append(bytes.Clone(rest), s.carry...)
	s.line, s.seq = line, 0
}

var newline = []byte{'\n'}

// fill adds one block of the stream to b.
func (s *blocks) fill(b *block) {
	if s.eof {
		return
	}
	at := len(b.data)
	b.data = slices.Grow(b.data, blockBytes)[:at+blockBytes]
	n, err := io.ReadFull(s.in, b.data[at:])
	b.data = b.data[:at+n]
	s.done += int64(n)
	if s.progress != nil {
		s.progress(s.done)
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		s.eof = true
	case err != nil:
		s.err = err
	}
}

// cut returns where the last whole record of b ends, 0 when none does.
func (s *blocks) cut(b *block) int {
	b.quoted = bytes.IndexByte(b.data, '"') >= 0
	if s.eof {
		return len(b.data)
	}
	if !b.quoted {
		return bytes.LastIndexByte(b.data, '\n') + 1
	}
	end := 0
	for {
		next := recordEnd(b.data, end, s.delim)
		if next < 0 {
			return end
		}
		end = next
	}
}

// drain counts the lines of what is left of the file without keeping it.
func (s *blocks) drain(b *block) {
	b.overlong = true
	b.lines = int64(bytes.Count(b.data, newline))
	last := b.data[len(b.data)-1]
	buf := make([]byte, blockBytes)
	for !s.eof && s.err == nil {
		n, err := s.in.Read(buf)
		b.lines += int64(bytes.Count(buf[:n], newline))
		if n > 0 {
			last = buf[n-1]
		}
		if errors.Is(err, io.EOF) {
			s.eof = true
		} else if err != nil {
			s.err = err
		}
	}
	if last != '\n' {
		b.lines++
	}
}

// recordEnd returns the offset after the record that starts at from, -1 when it
// does not end in data. A quote opens a cell only at the cell's start; what
// follows a closing quote is taken as it comes.
func recordEnd(data []byte, from int, delim byte) int {
	nl := bytes.IndexByte(data[from:], '\n')
	if nl >= 0 && bytes.IndexByte(data[from:from+nl], '"') < 0 {
		return from + nl + 1
	}
	for at := from; at < len(data); {
		if data[at] == '"' {
			end := closingQuote(data, at+1)
			if end < 0 {
				return -1
			}
			at = end + 1
		}
		for at < len(data) && data[at] != delim && data[at] != '\n' {
			at++
		}
		if at == len(data) {
			return -1
		}
		if data[at] == '\n' {
			return at + 1
		}
		at++
	}
	return -1
}

// closingQuote finds the quote that ends a quoted cell whose text starts at from;
// a doubled quote is part of the text. -1 when there is none in data. A quote at
// the very end of data is taken as closing: the caller has the whole record or
// reads on.
func closingQuote(data []byte, from int) int {
	for {
		i := bytes.IndexByte(data[from:], '"')
		if i < 0 {
			return -1
		}
		i += from
		if i+1 < len(data) && data[i+1] == '"' {
			from = i + 2
			continue
		}
		return i
	}
}
