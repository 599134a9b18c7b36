package keys

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

const (
	keyBits    = 6
	keyParts   = 1 << keyBits // partitions by the hash's top bits, each checked in the cache
	chunkLines = 2048
)

// chunk holds hashes and lines of one partition. Lines fit 32 bits because
// files do not exceed 4 GiB.
type chunk struct {
	n      int
	hashes [chunkLines]uint64
	lines  [chunkLines]uint32
}

// Room is how many keys a list keeps in memory: twelve bytes each.
const Room = 1 << 18

// List is one parser's keys: no map of rows, twelve bytes per record. What exceeds
// its room goes to an unnamed temporary file, so that a file of any length costs
// disk, not memory.
type List struct {
	parts [keyParts]part
	room  int // keys that may still be held
	spill spill
	runs  runs
}

// part is one partition: chunks in memory, the last one open, and where full ones
// were put on disk.
type part struct {
	chunks  []*chunk
	spilled []int64
}

// New is an empty list that keeps room keys in memory and the rest in dir.
// The seal goes into the hashes of numbers, so that no file can be made whose keys
// all meet.
func New(dir string, room int, seal uint64) *List {
	return &List{room: room, spill: spill{dir: dir}, runs: runs{seal: seal}}
}

// Add notes a record's key. An error of the disk is told by Candidates.
func (k *List) Add(hash uint64, line int64) {
	p := &k.parts[hash>>(64-keyBits)]
	if len(p.chunks) == 0 || p.chunks[len(p.chunks)-1].n == chunkLines {
		k.open(p)
	}
	c := p.chunks[len(p.chunks)-1]
	c.hashes[c.n], c.lines[c.n] = hash, uint32(line)
	c.n++
}

// open gives the partition a chunk with a free place: a new one or, without room,
// the full one after it is on disk.
func (k *List) open(p *part) {
	if k.room >= chunkLines || len(p.chunks) == 0 {
		k.room -= chunkLines
		p.chunks = append(p.chunks, &chunk{})
		return
	}
	last := p.chunks[len(p.chunks)-1]
	p.spilled = append(p.spilled, k.spill.put(last))
	last.n = 0
}

// Close gives the temporary file back.
func (k *List) Close() error { return k.spill.close() }

// count is how many keys the partition has.
func (p *part) count() int {
	n := len(p.spilled) * chunkLines
	for _, c := range p.chunks {
		n += c.n
	}
	return n
}

// each calls fn with the partition's chunks.
func (k *List) each(p *part, fn func(*chunk)) error {
	for _, c := range p.chunks {
		fn(c)
	}
	var c chunk
	for _, at := range p.spilled {
		if err := k.spill.get(at, &c); err != nil {
			return err
		}
		fn(&c)
	}
	return nil
}

// Candidate is a record whose key's hash another record shares.
type Candidate struct {
	Hash  uint64
	Line  int64
	first int64 // line of the first record with that hash
}

// Candidates lists the records whose hashes meet: hash by hash in the order of
// their first lines, which does not hang on the hashes, then by line. It counts
// those that repeat another's; where they are more than most, only those up to a
// line are listed.
func Candidates(lists []*List, most int, upTo int64) (out []Candidate, repeated int, err error) {
	unrolled(lists)
	out, repeated, err = meeting(lists, most, math.MaxUint32)
	if err == nil && repeated > most {
		out, _, err = meeting(lists, most, uint32(min(upTo, math.MaxUint32)))
	}
	sortCandidates(out)
	return out, repeated, err
}

// meeting gives the records up to a line whose hashes meet, in no order, and how
// many they are beyond the first of each hash. Past most of these it only counts.
func meeting(lists []*List, most int, upTo uint32) (out []Candidate, repeated int, err error) {
	t := table{most: most, upTo: upTo}
	for at := range keyParts {
		n := 0
		for _, l := range lists {
			n += l.parts[at].count()
		}
		if n < 2 {
			continue
		}
		t.reset(n)
		for _, l := range lists {
			if err := l.each(&l.parts[at], func(c *chunk) { out = t.add(c, out) }); err != nil {
				return nil, 0, err
			}
		}
	}
	return out, t.repeated, nil
}

// table is an open-addressing table of one partition's hashes.
type table struct {
	hashes []uint64
	lines  []uint32
	mask   uint64

	most     int // records beyond the first of their hash that are listed
	repeated int // of them so far
	upTo     uint32
}

func (t *table) reset(n int) {
	size := 1 << bits.Len(uint(2*n))
	t.mask = uint64(size - 1)
	if size > len(t.hashes) {
		t.hashes, t.lines = make([]uint64, size), make([]uint32, size)
		return
	}
	clear(t.hashes[:size])
}

// add puts a chunk's hashes in and appends those that meet another to out.
func (t *table) add(c *chunk, out []Candidate) []Candidate {
	hashes, lines, mask := t.hashes, t.lines, t.mask
	for i := range c.n {
		if c.lines[i] > t.upTo {
			continue
		}
		h := max(c.hashes[i], 1) // 0 marks a free place
		at := h & mask
		for hashes[at] != 0 && hashes[at] != h {
			at = (at + 1) & mask
		}
		if hashes[at] == 0 {
			hashes[at], lines[at] = h, c.lines[i]
			continue
		}
		if t.repeated++; t.repeated > t.most {
			continue
		}
		if lines[at] != 0 {
			out = append(out, Candidate{Hash: h, Line: int64(lines[at])})
			lines[at] = 0 // listed
		}
		out = append(out, Candidate{Hash: h, Line: int64(c.lines[i])})
	}
	return out
}

func sortCandidates(out []Candidate) {
	slices.SortFunc(out, func(a, b Candidate) int {
		if c := cmp.Compare(a.Hash, b.Hash); c != 0 {
			return c
		}
		return cmp.Compare(a.Line, b.Line)
	})
	for i := range out {
		out[i].first = out[i].Line
		if i > 0 && out[i-1].Hash == out[i].Hash {
			out[i].first = out[i-1].first
		}
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		if c := cmp.Compare(a.first, b.first); c != 0 {
			return c
		}
		return cmp.Compare(a.Line, b.Line)
	})
}

// Mix folds the next value of a key into its hash.
func Mix(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v^0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9)
	return bits.RotateLeft64(hi^lo, 23) + v
}
