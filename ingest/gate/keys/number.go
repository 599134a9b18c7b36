package keys

import (
	"slices"
	"strings"
	"sync"

	"github.com/gttim/cauce/data"
	lists "github.com/gttim/cauce/ingest/gate/spill"
)

const (
	// mostForms is how many forms the keys of one file may have; what else it has
	// are keys of their own.
	mostForms = 1000
	mostForm  = 64 // bytes of a form
	mostDigit = 14 // what fits below data.NumberBits
)

// Numbers are the keys of one file as numbers, shared by its parsers. A key that ends
// in digits is the number they make, with its form above it: the text before them and
// how many they are. Any other key gets a number of its own and is kept as text. Equal
// keys have equal numbers only where they have a form.
type Numbers struct {
	mu    sync.Mutex
	forms map[string]int64 // by form with zeros for digits
	other int64            // numbers given to other keys
	texts *lists.List[Texts]
}

// Texts are what numbers stand for that follow one another: a form with zeros for its
// digits, or whole keys.
type Texts struct {
	First int64
	Bytes []byte
	Ends  []int32 // of each text in Bytes
}

// Add adds the text that the next number stands for.
func (t *Texts) Add(text []byte) {
	t.Bytes = append(t.Bytes, text...)
	t.Ends = append(t.Ends, int32(len(t.Bytes)))
}

// Len is how many texts there are.
func (t *Texts) Len() int { return len(t.Ends) }

// Text is text i.
func (t *Texts) Text(i int) []byte {
	from := int32(0)
	if i > 0 {
		from = t.Ends[i-1]
	}
	return t.Bytes[from:t.Ends[i]]
}

// Reset takes all texts out and keeps their room.
func (t *Texts) Reset() { t.Bytes, t.Ends = t.Bytes[:0], t.Ends[:0] }

// NewNumbers has seen no key yet; texts beyond what memory holds spill into dir.
func NewNumbers(dir string) *Numbers {
	return &Numbers{forms: map[string]int64{}, texts: lists.New(dir, func(t *Texts) int { return 64 + len(t.Bytes) + 4*len(t.Ends) })}
}

// Texts are the forms and the keys without one.
func (n *Numbers) Texts() *lists.List[Texts] { return n.texts }

// form is the number of a form, 0 when there is no room for another one.
func (n *Numbers) form(text string) (int64, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if f, ok := n.forms[text]; ok || len(n.forms) >= mostForms {
		return f, nil
	}
	f := int64(len(n.forms) + 1)
	n.forms[text] = f
	one := Texts{First: f}
	one.Add([]byte(text))
	return f, n.texts.Add(one)
}

// Own keeps keys that have no form, and gives them numbers that follow one another from
// the first on.
func (n *Numbers) Own(own Texts) (first int64, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	own.First = mostForms + n.other + 1
	own.Bytes, own.Ends = slices.Clone(own.Bytes), slices.Clone(own.Ends)
	n.other += int64(own.Len())
	return own.First, n.texts.Add(own)
}

// Reader is one parser's way to the numbers: it remembers the forms it has met.
type Reader struct {
	n      *Numbers
	prefix []byte // of the key read last, up to its digits
	digits int
	form   int64
	forms  map[form]int64
}

type form struct {
	prefix string
	digits int
}

// Reader is a new one.
func (n *Numbers) Reader() *Reader { return &Reader{n: n, forms: map[form]int64{}} }

// Number is the key's number, 0 when it has no form: for one key it is always either.
func (r *Reader) Number(key []byte) (int64, error) {
	at, number, unit := len(key), int64(0), int64(1)
	for at > 0 && len(key)-at < mostDigit && key[at-1]-'0' < 10 {
		at--
		number += unit * int64(key[at]-'0')
		unit *= 10
	}
	prefix, digits := key[:at], len(key)-at
	if digits == 0 || len(key) > mostForm {
		return 0, nil
	}
	if digits != r.digits || string(prefix) != string(r.prefix) {
		f, ok := r.forms[form{string(prefix), digits}]
		if !ok {
			var err error
			if f, err = r.n.form(string(prefix) + strings.Repeat("0", digits)); err != nil || f == 0 {
				return 0, err
			}
			r.forms[form{string(prefix), digits}] = f
		}
		r.prefix, r.digits, r.form = append(r.prefix[:0], prefix...), digits, f
	}
	return r.form<<data.NumberBits | number, nil
}
