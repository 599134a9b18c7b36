package handover

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/gttim/cauce/ingest/gate/keys"
)

// Forms and keys without one are given with their numbers, those that were spilled too.
func TestTexts(t *testing.T) {
	const batches, each = 200, 2000
	n := keys.NewNumbers(t.TempDir())
	defer n.Texts().Close()
	if _, err := n.Reader().Number([]byte("UPM-2024-0000017")); err != nil {
		t.Fatal(err)
	}
	tail := strings.Repeat("x", 30)
	want := map[int64]string{1: "UPM-2024-0000000"}
	for b := range batches {
		var own keys.Texts
		for i := range each {
			own.Add(fmt.Appendf(nil, "%d-%d%s", b, i, tail))
		}
		first, err := n.Own(own)
		if err != nil {
			t.Fatal(err)
		}
		for i := range int64(each) {
			want[first+i] = fmt.Sprintf("%d-%d%s", b, i, tail)
		}
	}
	s := NewTexts(n.Texts())
	rows := 0
	for s.Next() {
		r := s.RecordBatch()
		numbers, texts := r.Column(0).(*array.Int64), r.Column(1).(*array.String)
		if r.NumRows() > 2*recordRows {
			t.Errorf("a record of %d rows", r.NumRows())
		}
		for row := range int(r.NumRows()) {
			if got := texts.Value(row); got != want[numbers.Value(row)] {
				t.Fatalf("%d is %q, expected %q", numbers.Value(row), got, want[numbers.Value(row)])
			}
			delete(want, numbers.Value(row))
			rows++
		}
	}
	if s.Err() != nil || rows != batches*each+1 || len(want) != 0 {
		t.Errorf("%d texts, %d are missing: %v", rows, len(want), s.Err())
	}
	s.Stop()
	if left := s.memory.from.AllocatedBytes(); left != 0 {
		t.Errorf("%d bytes were not given back", left)
	}
}
