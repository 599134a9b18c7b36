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

// Each calls fn with the items in order, in batches.
func (s *List[T]) Each(fn func([]T) error) error {
	const batch = 2000
	for at := 0; at < len(s.head); at += batch {
		if err := fn(s.head[at:min(at+batch, len(s.head))]); err != nil {
			return err
		}
	}
	if s.file == nil {
		return nil
	}
	if err := s.buf.Flush(); err != nil {
		return fmt.Errorf("spill problems: %w", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read spilled problems: %w", err)
	}
	dec := gob.NewDecoder(bufio.NewReaderSize(s.file, 64<<10))
	for {
		items := make([]T, 0, batch)
		for len(items) < batch {
			var item T
			if err := dec.Decode(&item); errors.Is(err, io.EOF) {
				if len(items) > 0 {
					return fn(items)
				}
				return nil
			} else if err != nil {
				return fmt.Errorf("read spilled problems: %w", err)
			}
			items = append(items, item)
		}
		if err := fn(items); err != nil {
			return err
		}
	}
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
