package gate

import (
	"cmp"
	"math/bits"
	"slices"
)

// Keys are compared by 64-bit hashes while parsing: no map of rows, twelve bytes
// per record. Hashes that meet are only candidates; their records are read again
// and compared exactly (duplicates.go).

const (
	keyBits    = 6
	keyParts   = 1 << keyBits // partitions by the hash's top bits, each checked in the cache
	chunkLines = 2048
)

// keyChunk holds hashes and lines of one partition. Lines fit 32 bits because
// files do not exceed 4 GiB.
type keyChunk struct {
	n      int
	hashes [chunkLines]uint64
	lines  [chunkLines]uint32
}

// keyList is one parser's keys.
type keyList struct {
	parts [keyParts][]*keyChunk
}

func (k *keyList) add(hash uint64, line int64) {
	part := &k.parts[hash>>(64-keyBits)]
	if len(*part) == 0 || (*part)[len(*part)-1].n == chunkLines {
		*part = append(*part, &keyChunk{})
	}
	c := (*part)[len(*part)-1]
	c.hashes[c.n], c.lines[c.n] = hash, uint32(line)
	c.n++
}

// candidate is a record whose key's hash another record shares.
type candidate struct {
	hash  uint64
	line  int64
	first int64 // line of the first record with that hash
}

// candidates lists the records whose hashes meet: hash by hash in the order of
// their first lines, which does not hang on the hashes, then by line.
func candidates(lists []*keyList) []candidate {
	var out []candidate
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
						out = append(out, candidate{hash: h, line: int64(lines[at])})
						lines[at] = 0 // listed
					}
					out = append(out, candidate{hash: h, line: int64(c.lines[i])})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		if c := cmp.Compare(a.hash, b.hash); c != 0 {
			return c
		}
		return cmp.Compare(a.line, b.line)
	})
	for i := range out {
		out[i].first = out[i].line
		if i > 0 && out[i-1].hash == out[i].hash {
			out[i].first = out[i-1].first
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		if c := cmp.Compare(a.first, b.first); c != 0 {
			return c
		}
		return cmp.Compare(a.line, b.line)
	})
	return out
}

// mix folds the next value of a key into its hash.
func mix(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v^0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9)
	return bits.RotateLeft64(hi^lo, 23) + v
}
