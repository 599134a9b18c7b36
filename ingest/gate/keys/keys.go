package keys

import (
	"cmp"
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

// List is one parser's keys: no map of rows, twelve bytes per record.
type List struct {
	parts [keyParts][]*chunk
}

// Add notes a record's key.
func (k *List) Add(hash uint64, line int64) {
	part := &k.parts[hash>>(64-keyBits)]
	if len(*part) == 0 || (*part)[len(*part)-1].n == chunkLines {
		*part = append(*part, &chunk{})
	}
	c := (*part)[len(*part)-1]
	c.hashes[c.n], c.lines[c.n] = hash, uint32(line)
	c.n++
}

// Candidate is a record whose key's hash another record shares.
type Candidate struct {
	Hash  uint64
	Line  int64
	first int64 // line of the first record with that hash
}

// Candidates lists the records whose hashes meet: hash by hash in the order of
// their first lines, which does not hang on the hashes, then by line.
func Candidates(lists []*List) []Candidate {
	var out []Candidate
	var hashes []uint64
	var lines []uint32
	for part := range keyParts {
		n := 0
		for _, l := range lists {
			for _, c := range l.parts[part] {
				n += c.n
			}
		}
		if n < 2 {
			continue
		}
		size := 1 << bits.Len(uint(2*n))
		if size > len(hashes) {
			hashes, lines = make([]uint64, size), make([]uint32, size)
		} else {
			clear(hashes[:size])
		}
		mask := uint64(size - 1)
		for _, l := range lists {
			for _, c := range l.parts[part] {
				for i := range c.n {
					h := max(c.hashes[i], 1) // 0 marks a free place
					at := h & mask
					for hashes[at] != 0 && hashes[at] != h {
						at = (at + 1) & mask
					}
					if hashes[at] == 0 {
						hashes[at], lines[at] = h, c.lines[i]
						continue
					}
					if lines[at] != 0 {
						out = append(out, Candidate{Hash: h, Line: int64(lines[at])})
						lines[at] = 0 // listed
					}
					out = append(out, Candidate{Hash: h, Line: int64(c.lines[i])})
				}
			}
		}
	}
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
	return out
}

// Mix folds the next value of a key into its hash.
func Mix(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v^0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9)
	return bits.RotateLeft64(hi^lo, 23) + v
}
