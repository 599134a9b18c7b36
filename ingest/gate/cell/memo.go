package cell

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"sync/atomic"
)

// Memo remembers one parser's verdicts on the values of one column: open
// addressing from the bytes of the value to its verdict. When values do not
// repeat it stops remembering, so that it cannot outgrow memory.
//
// Values of up to sixteen bytes, which are nearly all, are compared as two words
// and their length; what is longer is compared as text.
type Memo struct {
	seed    maphash.Seed
	salt    uint64
	slots   []slot
	used    int
	lookups int
	off     bool
	room    *atomic.Int64 // slots that all memos of a file may still take; nil for no bound
	last    *slot         // the slot of the value read last
	direct  Verdict
}

// slot is one remembered value: its words, or of a longer one its hash, and what
// was read from it; 64 bytes, so that a value costs one look into memory. A slot
// without length is free: an empty value's is emptyLen.
type slot struct {
	a, b uint64
	n    int
	Value
	long *string // a longer value as delivered
}

const (
	memoStart = 256
	memoTrial = 16 << 10 // entries after which remembering must have paid
	memoMax   = 128 << 10
	memoText  = 256 // longer values are judged each time
	memoShort = 16  // longest value that its words tell whole
	emptyLen  = -1  // stands for the length of an empty value
)

// NewMemo remembers nothing yet.
func NewMemo() *Memo {
	m := &Memo{seed: maphash.MakeSeed(), slots: make([]slot, memoStart)}
	m.salt = maphash.Bytes(m.seed, nil) | 1
	m.direct.more = &m.direct
	return m
}

// MemoRoom is how many slots all memos of a file may hold together: 32 MiB.
const MemoRoom = 1 << 19

// Within makes the memo take its slots from room, which memos share.
func (m *Memo) Within(room *atomic.Int64) *Memo {
	m.room = room
	m.room.Add(-int64(len(m.slots)))
	return m
}

// forget ends remembering and gives the slots back.
func (m *Memo) forget() {
	if m.room != nil {
		m.room.Add(int64(len(m.slots)))
	}
	m.off, m.slots, m.last = true, nil, nil
}

// Read judges one delivered value. The two common cases, plain text of a simple
// pattern and plain digits, need neither memory nor hash. The value holds until
// the memo reads the next one.
func (m *Memo) Read(f *Field, raw []byte) *Value {
	if len(raw) > 0 {
		if f.fast != nil && raw[0] != ' ' && f.fast.match(raw) {
			m.direct.Text = raw
			return &m.direct.Value
		}
		if f.digits {
			if n, ok := digits(raw); ok && n >= f.lo && n <= f.hi {
				m.direct.Num = n
				return &m.direct.Value
			}
		}
	}
	return m.Judge(f, raw)
}

// digits reads a whole number without leading zero of up to 18 digits.
func digits(b []byte) (int64, bool) {
	if len(b) > 18 || b[0] == '0' && len(b) > 1 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// words are the first and the last eight bytes of a value, or all of a shorter
// one. With its length they tell a value of up to sixteen bytes whole.
func words(b []byte) (first, last uint64) {
	switch n := len(b); {
	case n >= 8:
		return binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	case n > 0:
		return uint64(b[0])<<16 | uint64(b[n>>1])<<8 | uint64(b[n-1]), 0
	}
	return 0, 0
}

// Judge applies every rule of the column to one value, once per distinct value.
func (m *Memo) Judge(f *Field, raw []byte) *Value {
	if m.off || len(raw) > memoText {
		return f.judge(raw)
	}
	var a, b uint64
	n := len(raw)
	short := n <= memoShort
	if short {
		a, b = words(raw)
		if n == 0 {
			n = emptyLen
		}
		if s := m.last; s != nil && s.a == a && s.b == b && s.n == n {
			return &s.Value
		}
	} else {
		a = maphash.Bytes(m.seed, raw)
	}
	m.lookups++
	mask := uint64(len(m.slots) - 1)
	i := m.place(a, b, n) & mask
	for m.slots[i].n != 0 {
		if s := &m.slots[i]; s.a == a && s.b == b && s.n == n && (short || *s.long == string(raw)) {
			m.last = s
			return &s.Value
		}
		i = (i + 1) & mask
	}
	v := f.judge(raw)
	if m.used >= memoMax || m.used >= memoTrial && m.used*2 > m.lookups {
		m.forget()
		return v
	}
	s := &m.slots[i]
	*s = slot{a: a, b: b, n: n, Value: *v}
	if !short {
		text := string(raw)
		s.long = &text
	}
	m.last = s
	m.used++
	if m.used*2 > len(m.slots) {
		m.grow()
	}
	return v
}

// place is where a value is looked for first. The salt is another one in every
// memo, so that no file can be made whose values all meet.
func (m *Memo) place(a, b uint64, n int) uint64 {
	hi, lo := bits.Mul64(a^m.salt, 0x9e3779b97f4a7c15^uint64(n))
	x := hi ^ lo
	hi, lo = bits.Mul64(x^b, m.salt)
	return hi ^ lo
}

func (m *Memo) grow() {
	old := m.slots
	if m.room != nil && m.room.Add(-int64(len(old))) < 0 {
		m.room.Add(int64(len(old)))
		m.forget()
		return
	}
	m.slots, m.last = make([]slot, 2*len(old)), nil
	mask := uint64(len(m.slots) - 1)
	for _, s := range old {
		if s.n == 0 {
			continue
		}
		i := m.place(s.a, s.b, s.n) & mask
		for m.slots[i].n != 0 {
			i = (i + 1) & mask
		}
		m.slots[i] = s
	}
}
