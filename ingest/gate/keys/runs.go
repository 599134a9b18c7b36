package keys

import (
	"cmp"
	"encoding/binary"
	"slices"
)

const (
	shortRun  = 256     // keys below which a run that breaks off was not worth it
	mostShort = 64      // such runs after which a parser gives up
	runBytes  = 4 << 20 // steps of one parser's runs; past them it gives up
)

// run is a stretch of a block whose keys ascend: numbers and lines from the first to
// the last. Its steps are those of runs between two places: how many times both
// ascend by one, then by how much they do, and so on.
type run struct {
	first, last   int64
	line, through int64
	count         int
	from, to      int
}

// runs are one parser's. A file in the order of its keys is told by them to have none
// twice, with nothing kept of a key and nothing looked up.
type runs struct {
	seal   uint64
	list   []run
	steps  []byte
	ones   uint64 // of the last run, not among its steps yet
	open   bool
	short  int
	off    bool
	hashed bool // some numbered keys are among the hashes
}

// Cut says that what follows may lie elsewhere in the file.
func (k *List) Cut() {
	if r := &k.runs; r.open {
		r.close()
	}
}

func (r *runs) close() {
	r.open = false
	r.steps = binary.AppendUvarint(r.steps, r.ones)
	r.list[len(r.list)-1].to = len(r.steps)
	r.ones = 0
}

// AddNumber notes the key of a record that has a number above 0: equal keys have equal
// numbers.
func (k *List) AddNumber(number, line int64) {
	r := &k.runs
	if r.open {
		at := &r.list[len(r.list)-1]
		step, down := uint64(number-at.last), uint64(line-at.through)
		if step == 1 && down == 1 {
			at.last, at.through = number, line
			at.count++
			r.ones++
			return
		}
		if number > at.last && line > at.through {
			r.steps = binary.AppendUvarint(binary.AppendUvarint(binary.AppendUvarint(r.steps, r.ones), step), down)
			r.ones = 0
			at.last, at.through = number, line
			at.count++
			r.off = len(r.steps) > runBytes
			if r.off {
				r.close()
			}
			return
		}
		r.close()
		if at.count < shortRun {
			r.short++
			r.off = r.short >= mostShort
		}
	}
	if r.off {
		r.hashed = true
		k.Add(Mix(r.seal, uint64(number)), line)
		return
	}
	r.list = append(r.list, run{first: number, last: number, line: line, through: line, count: 1, from: len(r.steps)})
	r.open = true
}

// unroll adds the hashes of a run's keys.
func (k *List) unroll(a run) {
	r := &k.runs
	number, line := a.first, a.line
	add := func() { k.Add(Mix(r.seal, uint64(number)), line) }
	add()
	for steps := r.steps[a.from:a.to]; len(steps) > 0; {
		next := func() int64 {
			v, n := binary.Uvarint(steps)
			steps = steps[n:]
			return int64(v)
		}
		for range next() {
			number, line = number+1, line+1
			add()
		}
		if len(steps) > 0 {
			number += next()
			line += next()
			add()
		}
	}
}

// unrolled leaves as hashes what runs do not tell to be apart: all of them where other
// keys are hashes already, else those that reach into another.
func unrolled(lists []*List) {
	type of struct {
		run
		list *List
	}
	var all []of
	hashed := false
	for _, l := range lists {
		l.Cut()
		hashed = hashed || l.runs.hashed
		for _, a := range l.runs.list {
			all = append(all, of{a, l})
		}
	}
	slices.SortFunc(all, func(a, b of) int { return cmp.Compare(a.first, b.first) })
	for i, end := 0, int64(0); i < len(all); i++ {
		meets := i > 0 && all[i].first <= end || i+1 < len(all) && all[i+1].first <= all[i].last
		end = max(end, all[i].last)
		if hashed || meets {
			all[i].list.unroll(all[i].run)
		}
	}
	for _, l := range lists {
		l.runs.list, l.runs.steps = nil, nil
	}
}
