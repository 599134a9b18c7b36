package cell

import (
	"sync"
	"sync/atomic"
)

// Dictionary gives the spellings of one column their codes, in order of first
// sight. It is shared by the parsers; they meet it only when a spelling is new
// to them.
type Dictionary struct {
	mu       sync.Mutex
	byText   map[string]int32
	entries  []Entry
	budget   *Budget
	overflow bool
}

// dictionaryBytes is how much text the dictionaries of one file may hold.
const dictionaryBytes = 32 << 20

// Budget is what the dictionaries of one file may hold together.
type Budget struct{ spellings, bytes atomic.Int64 }

// NewBudget gives room for so many spellings.
func NewBudget(spellings int) *Budget {
	b := &Budget{}
	b.spellings.Store(int64(spellings))
	b.bytes.Store(dictionaryBytes)
	return b
}

// take takes one spelling of so many bytes; false when there is no room for it.
func (b *Budget) take(bytes int) bool {
	return b.spellings.Add(-1) >= 0 && b.bytes.Add(-int64(bytes)) >= 0
}

func newDictionary(budget *Budget) *Dictionary {
	return &Dictionary{byText: map[string]int32{}, budget: budget}
}

// Entry is one spelling of a column: the code that stands for it, the text as
// delivered and what it means. Null marks the missing and suppressed marks.
type Entry struct {
	Code                 int32
	Delivered, Canonical string
	Null                 bool
}

// add returns the code of a spelling. Past the limit every new spelling gets
// code 0 and the file is refused at the end.
func (d *Dictionary) add(delivered, canonical string, null bool) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c, ok := d.byText[delivered]; ok {
		return c
	}
	if !d.budget.take(len(delivered) + len(canonical)) {
		d.overflow = true
		return 0
	}
	c := int32(len(d.entries) + 1)
	d.byText[delivered] = c
	d.entries = append(d.entries, Entry{Code: c, Delivered: delivered, Canonical: canonical, Null: null})
	return c
}

// Canonical is the text a code stands for.
func (d *Dictionary) Canonical(code int64) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if code < 1 || int(code) > len(d.entries) {
		return ""
	}
	return d.entries[code-1].Canonical
}

// Entries are the spellings in order of first sight.
func (d *Dictionary) Entries() []Entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.entries
}

// Overflowed tells whether there were more spellings than it may hold.
func (d *Dictionary) Overflowed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.overflow
}

// spend takes one from a budget shared by the parsers; false when it is used up.
func (d *Dictionary) spend(budget *int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	*budget--
	return *budget >= 0
}
