package cell

import (
	"bytes"
	"hash/maphash"
)

// Memo remembers one parser's verdicts on the values of one column: open
// addressing from the bytes of the value to its verdict. When values do not
// repeat it stops remembering, so that it cannot outgrow memory.
type Memo struct {
	seed     maphash.Seed
	slots    []slot
	used     int
	lookups  int
	off      bool
	lastText []byte
	last     *Verdict
}

type slot struct {
	hash uint64
	text []byte
	v    *Verdict
}

const (
	memoStart = 256
	memoTrial = 16 << 10 // entries after which remembering must have paid
	memoMax   = 128 << 10
	memoText  = 256 // longer values are judged each time
)

// NewMemo remembers nothing yet.
func NewMemo() *Memo { return &Memo{seed: maphash.MakeSeed(), slots: make([]slot, memoStart)} }

// Read judges one delivered value into x, which is null when the value is bad. The two common cases, plain text of a
// simple pattern and plain digits, need neither memory nor hash; they give no
// verdict.
func (m *Memo) Read(f *Field, raw []byte, x *Value) *Verdict {
	if len(raw) > 0 {
		if f.fast != nil && raw[0] != ' ' && f.fast.match(raw) {
			*x = Value{Text: raw}
			return nil
		}
		if f.digits {
			if n, ok := digits(raw); ok && n >= f.lo && n <= f.hi {
				*x = Value{Num: n}
				return nil
			}
		}
	}
	v := m.Judge(f, raw)
	*x = v.Value
	if v.Bad {
		*x = Value{Null: true}
	}
	return v
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

// Judge applies every rule of the column to one value, once per distinct value.
func (m *Memo) Judge(f *Field, raw []byte) *Verdict {
	if m.last != nil && bytes.Equal(m.lastText, raw) {
		return m.last
	}
	if m.off || len(raw) > memoText {
		return f.judge(raw)
	}
	m.lookups++
	hash := maphash.Bytes(m.seed, raw)
	mask := uint64(len(m.slots) - 1)
	i := hash & mask
	for m.slots[i].v != nil {
		if s := &m.slots[i]; s.hash == hash && bytes.Equal(s.text, raw) {
			m.lastText, m.last = s.text, s.v
			return s.v
		}
		i = (i + 1) & mask
	}
	v := f.judge(raw)
	if m.used >= memoMax || m.used >= memoTrial && m.used*2 > m.lookups {
		m.off, m.slots = true, nil
		return v
	}
	text := bytes.Clone(raw)
	if text == nil {
		text = []byte{}
	}
	m.slots[i] = slot{hash, text, v}
	m.lastText, m.last = text, v
	m.used++
	if m.used*2 > len(m.slots) {
		m.grow()
	}
	return v
}

func (m *Memo) grow() {
	old := m.slots
	m.slots = make([]slot, 2*len(old))
	mask := uint64(len(m.slots) - 1)
	for _, s := range old {
		if s.v == nil {
			continue
		}
		i := s.hash & mask
		for m.slots[i].v != nil {
			i = (i + 1) & mask
		}
		m.slots[i] = s
	}
}
