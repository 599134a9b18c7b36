package ingest

import (
	"bytes"
	"hash/maphash"
	"sync"

	"github.com/gttim/cauce/internal/warehouse"
)

// dictionary gives the spellings of one column their codes, in order of first
// sight. It is shared by the parsers; they meet it only when a spelling is new
// to them.
type dictionary struct {
	mu       sync.Mutex
	byText   map[string]int32
	entries  []warehouse.DictEntry
	limit    int
	bytes    int
	overflow bool
}

// dictionaryBytes is how much text one dictionary may hold.
const dictionaryBytes = 32 << 20

func newDictionary(limit int) *dictionary {
	return &dictionary{byText: map[string]int32{}, limit: limit}
}

// code returns the code of a spelling. Past the limit every new spelling gets
// code 0 and the file is refused at the end.
func (d *dictionary) code(delivered, canonical string, null bool) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c, ok := d.byText[delivered]; ok {
		return c
	}
	d.bytes += len(delivered) + len(canonical)
	if len(d.entries) >= d.limit || d.bytes > dictionaryBytes {
		d.overflow = true
		return 0
	}
	c := int32(len(d.entries) + 1)
	d.byText[delivered] = c
	d.entries = append(d.entries, warehouse.DictEntry{Code: c, Delivered: delivered, Canonical: canonical, Null: null})
	return c
}

// canonical is the text a code stands for.
func (d *dictionary) canonical(code int64) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if code < 1 || int(code) > len(d.entries) {
		return ""
	}
	return d.entries[code-1].Canonical
}

// spend takes one from a budget shared by the parsers; false when it is used up.
func (d *dictionary) spend(budget *int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	*budget--
	return *budget >= 0
}

// memo remembers one parser's verdicts on the values of one column: open
// addressing from the bytes of the value to its verdict. When values do not
// repeat it stops remembering, so that it cannot outgrow memory.
type memo struct {
	seed     maphash.Seed
	slots    []slot
	used     int
	lookups  int
	off      bool
	lastText []byte
	last     *verdict
}

type slot struct {
	hash uint64
	text []byte
	v    *verdict
}

const (
	memoStart = 256
	memoTrial = 16 << 10 // entries after which remembering must have paid
	memoMax   = 128 << 10
	memoText  = 256 // longer values are judged each time
)

func newMemo() *memo { return &memo{seed: maphash.MakeSeed(), slots: make([]slot, memoStart)} }

// judge is field.judge, once per distinct value.
func (m *memo) judge(f *field, raw []byte) *verdict {
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

func (m *memo) grow() {
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
