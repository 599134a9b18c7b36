package indicators

import (
	"slices"
	"time"
)

// Span is the rectangle of both clocks for which a line of a result held: as_of
// in [From, To) and loads in [LoadFrom, LoadTo). Zero To and LoadTo mean still.
type Span struct {
	From, To         time.Time
	LoadFrom, LoadTo int
}

// line is one result line (a value or a detail row) with its rectangle. Content
// is its whole canonical form: two lines say the same when it is equal.
type line struct {
	Content string
	Span
}

// state is the result of one evaluation: the lines as of At.
type state struct {
	At    time.Time
	Lines []string
}

// timeline makes the lines over as_of from states ordered by At: a line that
// stays the same from one state to the next is one line. Lines of old that lie
// before cut, the first state's day, are kept up to it and joined where they
// continue.
func timeline(old []line, states []state, load int) []line {
	var out []line
	open := map[string]int{} // content of a line that reaches the day in hand → its index in out
	if len(states) == 0 {
		return old
	}
	cut := states[0].At
	for _, l := range old {
		if !l.From.Before(cut) {
			continue
		}
		if l.To.IsZero() || l.To.After(cut) {
			l.To = cut
		}
		out = append(out, l)
		if l.To.Equal(cut) {
			open[l.Content] = len(out) - 1
		}
	}
	for i, s := range states {
		var until time.Time
		if i+1 < len(states) {
			until = states[i+1].At
		}
		next := map[string]int{}
		for _, c := range s.Lines {
			at, ok := open[c]
			if ok {
				out[at].To = until
			} else {
				out = append(out, line{Content: c, Span: Span{From: s.At, To: until, LoadFrom: load}})
				at = len(out) - 1
			}
			next[c] = at
		}
		open = next
	}
	return out
}

// change is what has to be written so that the stored lines become new: lines to
// close at a load, lines to remove (they began at that same load), lines to add;
// Keep are those left alone.
type change struct {
	Close, Remove, Add, Keep []line
}

// difference compares what is stored and still open with the new timeline at
// load. A line with the same content and the same days is left alone.
func difference(stored, now []line, load int) change {
	type key struct {
		content  string
		from, to int64
	}
	of := func(l line) key { return key{l.Content, unix(l.From), unix(l.To)} }
	want := map[key]int{}
	for _, l := range now {
		want[of(l)]++
	}
	var ch change
	for _, l := range stored {
		switch {
		case want[of(l)] > 0:
			want[of(l)]--
			ch.Keep = append(ch.Keep, l)
		case l.LoadFrom >= load:
			ch.Remove = append(ch.Remove, l)
		default:
			ch.Close = append(ch.Close, l)
		}
	}
	for _, l := range now {
		if want[of(l)] > 0 {
			want[of(l)]--
			l.LoadFrom, l.LoadTo = load, 0
			ch.Add = append(ch.Add, l)
		}
	}
	return ch
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 1<<63 - 1
	}
	return t.Unix()
}

// days sorts and dedups, keeping those not before from (zero: all).
func days(all []time.Time, from time.Time) []time.Time {
	var out []time.Time
	for _, d := range all {
		if from.IsZero() || !d.Before(from) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b time.Time) int { return a.Compare(b) })
	return slices.CompactFunc(out, time.Time.Equal)
}
