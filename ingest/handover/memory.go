package handover

import (
	"sync"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"
)

// pool is memory for records, used again: to get each block from the system and to give
// it back would cost as much as all that is copied into it. It is C's, which the
// database may keep pointers into.
type pool struct {
	from *mallocator.Mallocator

	mu     sync.Mutex
	free   map[int][][]byte // by size
	closed bool
}

var _ memory.Allocator = (*pool)(nil)

func newPool() *pool { return &pool{from: mallocator.NewMallocator(), free: map[int][][]byte{}} }

// Allocate gives a block of that size, which may hold anything.
func (p *pool) Allocate(size int) []byte {
	if size == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.free[size]; len(l) > 0 {
		p.free[size] = l[:len(l)-1]
		return l[len(l)-1]
	}
	return p.from.Allocate(size)
}

// Reallocate gives a block of that size that begins as b does, which is given back.
func (p *pool) Reallocate(size int, b []byte) []byte {
	if cap(b) >= size {
		return b[:size]
	}
	more := p.Allocate(size)
	copy(more, b)
	p.Free(b)
	return more
}

// Free keeps a block for whoever needs one of its size.
func (p *pool) Free(b []byte) {
	b = b[:cap(b)]
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case len(b) == 0:
	case p.closed:
		p.from.Free(b)
	default:
		p.free[len(b)] = append(p.free[len(b)], b)
	}
}

// close gives back what is free now and, later, what will be.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, l := range p.free {
		for _, b := range l {
			p.from.Free(b)
		}
	}
	p.free = nil
}
