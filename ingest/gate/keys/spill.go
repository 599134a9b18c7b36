package keys

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// spill keeps full chunks in an unnamed temporary file.
type spill struct {
	dir  string
	file *os.File
	size int64
	buf  []byte
	err  error // the first one
}

const chunkBytes = chunkLines * (8 + 4)

// put writes a full chunk and tells where.
func (s *spill) put(c *chunk) int64 {
	if s.err != nil {
		return 0
	}
	if s.file == nil {
		if s.file, s.err = os.CreateTemp(s.dir, "keys-*"); s.err != nil {
			return 0
		}
		// The name goes at once: whatever happens, nothing is left behind.
		if s.err = os.Remove(s.file.Name()); s.err != nil {
			return 0
		}
		s.buf = make([]byte, 0, chunkBytes)
	}
	b := s.buf[:0]
	for _, h := range c.hashes {
		b = binary.LittleEndian.AppendUint64(b, h)
	}
	for _, l := range c.lines {
		b = binary.LittleEndian.AppendUint32(b, l)
	}
	at := s.size
	_, s.err = s.file.WriteAt(b, at)
	s.size += int64(len(b))
	return at
}

// get reads a chunk back.
func (s *spill) get(at int64, c *chunk) error {
	if s.err != nil {
		return fmt.Errorf("spill keys: %w", s.err)
	}
	b := s.buf[:chunkBytes]
	if _, err := s.file.ReadAt(b, at); err != nil {
		return fmt.Errorf("read spilled keys: %w", err)
	}
	for i := range c.hashes {
		c.hashes[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	b = b[8*chunkLines:]
	for i := range c.lines {
		c.lines[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	c.n = chunkLines
	return nil
}

func (s *spill) close() error {
	if s.file == nil {
		return nil
	}
	return errors.Join(s.err, s.file.Close())
}
