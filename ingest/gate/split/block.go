package split

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"slices"
	"sync"
)

// blockBytes is how much of the file one parser takes at a time. Larger blocks
// were measured slower: they leave the processor's cache.
const blockBytes = 256 << 10

// Block is a run of whole records. Line is the physical line of its first byte.
type Block struct {
	Seq    int
	Data   []byte
	Line   int64
	Lines  int64 // line ends in Data, plus one for a last line without one
	Quoted bool  // some record has a quote: only the exact path may cut it
	Rows   bool  // each record is one line, whatever line ends its cells hold
	// Overlong: the record that starts at Data[0] is longer than the limit. Data
	// holds its beginning, Lines all the rest of the file.
	Overlong bool
}

// Blocks cuts a stream of UTF-8 text into blocks at record ends. It is safe for
// several parsers: whoever needs a block reads it, under the lock.
type Blocks struct {
	ctx      context.Context
	in       io.Reader
	delim    byte
	limit    int
	progress func(done int64)
	rows     bool

	mu    sync.Mutex
	carry []byte
	line  int64
	seq   int
	done  int64
	eof   bool
	ended bool
	err   error
}

// NewBlocks cuts in, whose cells delim separates. A record of more than limit
// bytes ends the reading. progress, where not nil, hears how many bytes were read.
func NewBlocks(ctx context.Context, in io.Reader, delim byte, limit int, progress func(done int64)) *Blocks {
	return &Blocks{ctx: ctx, in: in, delim: delim, limit: limit, progress: progress, line: 1}
}

// NewRows is NewBlocks of rows of a sheet: each record counts as one line.
func NewRows(ctx context.Context, in io.Reader, delim byte, limit int, progress func(done int64)) *Blocks {
	s := NewBlocks(ctx, in, delim, limit, progress)
	s.rows = true
	return s
}

// Next fills b with the next run of whole records, reusing its memory. It
// returns false at the end and after an error, which the error tells.
func (s *Blocks) Next(b *Block) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && s.ctx.Err() != nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil || s.ended {
		return false, s.err
	}
	*b = Block{Seq: s.seq, Line: s.line, Rows: s.rows, Data: append(b.Data[:0], s.carry...)}
	s.carry = s.carry[:0]
	for {
		s.fill(b)
		if s.err != nil {
			return false, s.err
		}
		if len(b.Data) == 0 {
			s.ended = true
			return false, nil
		}
		end := s.cut(b)
		if end > 0 {
			s.carry = append(s.carry, b.Data[end:]...)
			b.Data = b.Data[:end]
			break
		}
		if len(b.Data) > s.limit {
			s.drain(b)
			break
		}
	}
	if !b.Overlong {
		b.Lines = s.count(b)
	}
	s.line += b.Lines
	s.seq++
	return true, nil
}

// count is how many lines b spans.
func (s *Blocks) count(b *Block) int64 {
	if s.rows && b.Quoted {
		n := int64(0)
		for at := 0; at >= 0 && at < len(b.Data); n++ {
			at = recordEnd(b.Data, at, s.delim)
		}
		return n
	}
	n := int64(bytes.Count(b.Data, newline))
	if b.Data[len(b.Data)-1] != '\n' {
		n++
	}
	return n
}

// Unread gives back the part of the last block that the header did not use. It
// may be called only before parsers start.
func (s *Blocks) Unread(rest []byte, line int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.carry = append(bytes.Clone(rest), s.carry...)
	s.line, s.seq = line, 0
}

// Lines is how many physical lines the blocks read so far span.
func (s *Blocks) Lines() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.line - 1
}

var newline = []byte{'\n'}

// fill adds one block of the stream to b.
func (s *Blocks) fill(b *Block) {
	if s.eof {
		return
	}
	at := len(b.Data)
	b.Data = slices.Grow(b.Data, blockBytes)[:at+blockBytes]
	n, err := io.ReadFull(s.in, b.Data[at:])
	b.Data = b.Data[:at+n]
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

// cut returns where a whole record of b ends, one of the last, 0 when none does.
func (s *Blocks) cut(b *Block) int {
	b.Quoted = bytes.IndexByte(b.Data, '"') >= 0
	if s.eof {
		return len(b.Data)
	}
	if !b.Quoted {
		return bytes.LastIndexByte(b.Data, '\n') + 1
	}
	end := certainEnd(b.Data, s.delim)
	for {
		n := firstQuoted(b.Data[end:])
		if n < 0 {
			return end + bytes.LastIndexByte(b.Data[end:], '\n') + 1
		}
		end += n
		next := recordEnd(b.Data, end, s.delim)
		if next < 0 {
			return end
		}
		end = next
	}
}

// certainEnd finds the end of a record near the end of data without reading what is
// before it, 0 when it finds none. A quote between a letter and a delimiter or line end
// opens no cell, since none begins there, and is not one of two that stand for one: it
// closes its cell, or means nothing. What follows it is outside of quotes either way: the
// end of the record, or the beginning of a cell.
func certainEnd(data []byte, delim byte) int {
	const near = 4 << 10
	least := max(1, len(data)-near)
	for q := bytes.LastIndexByte(data, '"'); q >= least; q = bytes.LastIndexByte(data[:q], '"') {
		if c := data[q-1]; c == delim || c == '\n' || c == '"' || q+1 == len(data) {
			continue
		}
		switch c := data[q+1]; {
		case c == '\n':
			return q + 2
		case c == '\r' && q+2 < len(data) && data[q+2] == '\n':
			return q + 3
		case c == delim:
			if end := recordEnd(data, q+2, delim); end >= 0 {
				return end
			}
		}
	}
	return 0
}

// firstQuoted is where the first record of data with a quote begins, data beginning with
// a record; -1 where none has one.
func firstQuoted(data []byte) int {
	quote := bytes.IndexByte(data, '"')
	if quote < 0 {
		return -1
	}
	return bytes.LastIndexByte(data[:quote], '\n') + 1
}

// drain counts the lines of what is left of the file without keeping it.
func (s *Blocks) drain(b *Block) {
	b.Overlong = true
	b.Lines = int64(bytes.Count(b.Data, newline))
	last := b.Data[len(b.Data)-1]
	buf := make([]byte, blockBytes)
	for !s.eof && s.err == nil {
		n, err := s.in.Read(buf)
		b.Lines += int64(bytes.Count(buf[:n], newline))
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
		b.Lines++
	}
}

// recordEnd returns the offset after the record that starts at from, -1 when it
// does not end in data. A quote opens a cell only at the cell's start; what
// follows a closing quote is taken as it comes.
func recordEnd(data []byte, from int, delim byte) int {
	open, second := false, -1 // within quotes; the second of two that stand for one
	for at := from; at < len(data); at += 8 {
		w := word(data[at:])
		for hits := zeroBytes(w^quotes) | zeroBytes(w^newlines); hits != 0; hits &= hits - 1 {
			i := at + bits.TrailingZeros64(hits)>>3
			switch {
			case data[i] == '\n':
				if !open {
					return i + 1
				}
			case i == second:
			case open:
				if i+1 < len(data) && data[i+1] == '"' {
					second = i + 1
				} else {
					open = false
				}
			default:
				open = i == from || data[i-1] == delim
			}
		}
	}
	return -1
}

// word is the first eight bytes of data, with zeros where it has fewer.
func word(data []byte) uint64 {
	if len(data) >= 8 {
		return binary.LittleEndian.Uint64(data)
	}
	var b [8]byte
	copy(b[:], data)
	return binary.LittleEndian.Uint64(b[:])
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
