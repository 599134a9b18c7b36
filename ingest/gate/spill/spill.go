package spill

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// List is a list that keeps its beginning in memory and the rest in an unnamed
// temporary file, so that a file of nothing but problems costs disk, not memory.
type List[T any] struct {
	dir   string
	room  int // bytes of memory left
	size  func(*T) int
	head  []T
	total int

	file *os.File
	buf  *bufio.Writer
	enc  *gob.Encoder
}

// spillRoom is how many bytes of a list stay in memory.
const spillRoom = 8 << 20

// New is an empty list that spills into dir; size tells an item's bytes.
func New[T any](dir string, size func(*T) int) *List[T] {
	return &List[T]{dir: dir, room: spillRoom, size: size}
}

// Add adds items at the end.
func (s *List[T]) Add(items ...T) error {
	for i := range items {
		s.total++
		if s.room -= s.size(&items[i]); s.room >= 0 {
			s.head = append(s.head, items[i])
			continue
		}
		if s.file == nil {
			f, err := os.CreateTemp(s.dir, "spill-*")
			if err != nil {
				return fmt.Errorf("spill problems: %w", err)
			}
			s.file, s.buf = f, bufio.NewWriterSize(f, 64<<10)
			s.enc = gob.NewEncoder(s.buf)
			// The name goes at once: whatever happens, nothing is left behind.
			if err := os.Remove(f.Name()); err != nil {
				return fmt.Errorf("spill problems: %w", err)
			}
		}
		if err := s.enc.Encode(&items[i]); err != nil {
			return fmt.Errorf("spill problems: %w", err)
		}
	}
	return nil
}

const (
	batchItems = 2000
	batchBytes = 1 << 20
)

// Each calls fn with the items in order, in batches.
func (s *List[T]) Each(fn func([]T) error) error {
	for r := s.Reader(); ; {
		items, err := r.Next()
		if err != nil || len(items) == 0 {
			return err
		}
		if err := fn(items); err != nil {
			return err
		}
	}
}

// Reader reads a list that nothing is added to any more. There is one at a time.
type Reader[T any] struct {
	list *List[T]
	at   int // in the head
	dec  *gob.Decoder
}

// Reader begins at the first item.
func (s *List[T]) Reader() *Reader[T] { return &Reader[T]{list: s} }

// Next gives the next batch of items, none at the end. A batch ends with the item that
// makes it large.
func (r *Reader[T]) Next() ([]T, error) {
	s := r.list
	if r.at < len(s.head) {
		from, bytes := r.at, 0
		for ; r.at < len(s.head) && r.at < from+batchItems && bytes < batchBytes; r.at++ {
			bytes += s.size(&s.head[r.at])
		}
		return s.head[from:r.at], nil
	}
	if s.file == nil {
		return nil, nil
	}
	if r.dec == nil {
		if err := s.buf.Flush(); err != nil {
			return nil, fmt.Errorf("spill problems: %w", err)
		}
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("read spilled problems: %w", err)
		}
		r.dec = gob.NewDecoder(bufio.NewReaderSize(s.file, 64<<10))
	}
	var items []T
	for bytes := 0; len(items) < batchItems && bytes < batchBytes; {
		var item T
		if err := r.dec.Decode(&item); errors.Is(err, io.EOF) {
			return items, nil
		} else if err != nil {
			return nil, fmt.Errorf("read spilled problems: %w", err)
		}
		bytes += s.size(&item)
		items = append(items, item)
	}
	return items, nil
}

// Len is how many items there are.
func (s *List[T]) Len() int { return s.total }

// First are the first n items, or fewer: no more than stay in memory.
func (s *List[T]) First(n int) []T { return slices.Clone(s.head[:min(len(s.head), n)]) }

// Close gives the disk back.
func (s *List[T]) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
