package handover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"go.uber.org/goleak"

	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// offered is the source of a file of one of the test datasets.
func offered(t *testing.T, ctx context.Context, dataset, content string, open func() (io.ReadCloser, error)) *Source {
	t.Helper()
	decls := ingesttest.Declarations(t, map[string]string{"prueba-encuesta": ingesttest.Survey(10, "entero", "decimal", "fecha", "categoria", "texto", "logico")})
	p := split.NewProfile()
	p.Add([]byte(content))
	p.Finish()
	if open == nil {
		open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }
	}
	g, err := gate.Open(ctx, gate.Input{Dataset: decls.Dataset(dataset), Reference: decls.Reference, Name: "f.csv", Profile: *p,
		Temp: t.TempDir(), Day: ingesttest.Day("2025-06-03"), Open: open})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	_, stored := warehouse.Layout(decls.Dataset(dataset))
	return New(ctx, g, stored)
}

// given holds that all memory is back where it came from.
func (s *Source) given(t *testing.T) {
	t.Helper()
	if n := s.memory.from.AllocatedBytes(); n != 0 {
		t.Errorf("%d bytes were not given back", n)
	}
}

// lines are the records' rows as text, in the order of their lines.
func (s *Source) lines() []string {
	byLine := map[int64]string{}
	for s.Next() {
		r := s.RecordBatch()
		for row := range int(r.NumRows()) {
			var cells []string
			for _, c := range r.Columns() {
				cells = append(cells, c.ValueStr(row))
			}
			byLine[r.Column(0).(*array.Int64).Value(row)] = strings.Join(cells, " ")
		}
	}
	var out []string
	for line := int64(0); len(out) < len(byLine); line++ {
		if row, ok := byLine[line]; ok {
			out = append(out, row)
		}
	}
	return out
}

// Every kind of column arrives as it was judged, empty cells as empty.
func TestKinds(t *testing.T) {
	s := offered(t, t.Context(), "prueba-eventos", "mes,entidad,tipo,eventos,tasa,fecha,texto\n"+
		"1,Chiapas,x,1,0.5,2024-02-29,uno\n2,07,,2,,,\n3,27,x,3,-1.25,1969-12-31,ñandú\n", nil)
	var names []string
	for _, f := range s.Schema().Fields() {
		names = append(names, f.Name+" "+f.Type.Name())
	}
	if got, want := strings.Join(names, ", "), "line int64, mes int64, entidad+tipo int64, eventos int64, tasa float64, fecha date32, texto utf8"; got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	s.Start()
	got := s.lines()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 {
		t.Fatalf("%d rows: %q", len(got), got)
	}
	// Which code a spelling has is told by whichever parser meets it first.
	for i, want := range []string{"2 1 # 1 0.5 2024-02-29 uno", "3 2 # 2 (null) (null) (null)", "4 3 # 3 -1.25 1969-12-31 ñandú"} {
		cells := strings.Split(got[i], " ")
		cells[2] = "#"
		if row := strings.Join(cells, " "); row != want {
			t.Errorf("row %d: %s, want %s", i, row, want)
		}
	}
	s.given(t)
}

// Where columns are many, those of a kind arrive in lists, empty cells as empty.
func TestLists(t *testing.T) {
	header, row := "folio", "F-0001"
	for i, kind := range []string{"entero", "decimal", "fecha", "categoria", "texto", "logico"} {
		for k := range 10 {
			header += fmt.Sprintf(",%s_%d", kind, k)
			row += ","
			if k%3 == 0 {
				row += []string{"7", "2.5", "2024-02-29", "si", "uno", "1"}[i]
			}
		}
	}
	s := offered(t, t.Context(), "prueba-encuesta", header+"\n"+row+"\n", nil)
	s.Start()
	got := s.lines()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	want := "2 281474976710657"
	for _, x := range []string{"7", "2.5", `"2024-02-29"`, "1", `"uno"`, "true"} {
		want += " [" + strings.Repeat(x+",null,null,", 3) + x + "]"
	}
	if len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %s", got, want)
	}
	s.given(t)
}

// A long file comes in several records, whole.
func TestManyRecords(t *testing.T) {
	const rows = 5*recordRows + 17
	s := offered(t, t.Context(), "prueba-registro", string(ingesttest.RegisterFile(rows)), nil)
	s.Start()
	var records, sum, n int64
	for s.Next() {
		r := s.RecordBatch()
		records++
		if r.NumRows() > recordRows {
			t.Errorf("a record of %d rows", r.NumRows())
		}
		for _, line := range r.Column(0).(*array.Int64).Int64Values() {
			sum += line
		}
		n += r.NumRows()
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if n != rows || sum != rows*(rows+3)/2 || records < 6 {
		t.Errorf("%d rows in %d records, their lines add up to %d", n, records, sum)
	}
	s.given(t)
}

// Many columns make shorter records, so that they take no more memory than few.
func TestManyColumns(t *testing.T) {
	for _, c := range []struct{ columns, batch, want int }{
		{2, gate.BatchRows, recordRows}, {16, gate.BatchRows, recordRows}, {17, gate.BatchRows, 3 * gate.BatchRows}, {64, gate.BatchRows, gate.BatchRows},
		{301, 436, 436}, {5000, gate.BatchRows, gate.BatchRows},
	} {
		if got := rowsOf(c.columns, c.batch); got != c.want {
			t.Errorf("%d columns: %d rows, want %d", c.columns, got, c.want)
		}
	}
}

// Text ends a record before its rows do.
func TestMuchText(t *testing.T) {
	var b strings.Builder
	b.WriteString("mes,entidad,eventos,texto\n")
	for i := range 2 * recordRows {
		fmt.Fprintf(&b, "%d,07,1,%s\n", i%12+1, strings.Repeat("a", 400))
	}
	s := offered(t, t.Context(), "prueba-eventos", b.String(), nil)
	s.Start()
	var most int64
	for s.Next() {
		most = max(most, s.RecordBatch().NumRows())
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if most == 0 || most*400 > 2*recordText+400*gate.BatchRows {
		t.Errorf("a record of %d rows of 400 bytes", most)
	}
	s.given(t)
}

// breaks gives what it has and then fails.
type breaks struct{ io.Reader }

var errDisk = errors.New("disk failed")

func (b breaks) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errDisk
	}
	return n, err
}
func (breaks) Close() error { return nil }

// What fails while rows are judged is told as it is, and ends the reading.
func TestFails(t *testing.T) {
	content := string(ingesttest.RegisterFile(3 * recordRows))
	s := offered(t, t.Context(), "prueba-registro", content, func() (io.ReadCloser, error) { return breaks{strings.NewReader(content)}, nil })
	s.Start()
	for s.Next() {
	}
	if !errors.Is(s.Err(), errDisk) {
		t.Errorf("reading ends with %v", s.Err())
	}
	if err := s.Stop(); !errors.Is(err, errDisk) {
		t.Errorf("stopped with %v", err)
	}
	s.given(t)
}

// bursts gives what it has and then panics, as a parser with a fault does.
type bursts struct{ io.Reader }

func (b bursts) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		panic("a fault")
	}
	return n, err
}
func (bursts) Close() error { return nil }

// A panic while rows are judged is an error of the load: threads of the database cannot
// unwind it, and it leaves nothing behind.
func TestPanics(t *testing.T) {
	content := string(ingesttest.RegisterFile(3 * recordRows))
	s := offered(t, t.Context(), "prueba-registro", content, func() (io.ReadCloser, error) { return bursts{strings.NewReader(content)}, nil })
	s.Start()
	for s.Next() {
	}
	if err := s.Stop(); err == nil || err.Error() != "gate: a fault" {
		t.Errorf("stopped with %v", err)
	}
	s.given(t)
}

// A reader that loses interest leaves neither goroutines nor memory behind, and one
// whose context ends is told so.
func TestLeftEarly(t *testing.T) {
	content := string(ingesttest.RegisterFile(40 * recordRows))
	s := offered(t, t.Context(), "prueba-registro", content, nil)
	s.Start()
	if !s.Next() {
		t.Fatal(s.Err())
	}
	kept := s.RecordBatch()
	kept.Retain()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	kept.Release() // the database may give a record back late
	s.given(t)

	ctx, cancel := context.WithCancel(t.Context())
	s = offered(t, ctx, "prueba-registro", content, nil)
	s.Start()
	cancel()
	for s.Next() {
	}
	if err := s.Stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped with %v", err)
	}
	s.given(t)
}

// Memory that was given back is used again, and begins as what it grew from.
func TestPool(t *testing.T) {
	p := newPool()
	a := p.Allocate(128)
	copy(a, "abc")
	b := p.Reallocate(256, a)
	if c := p.Allocate(128); &c[0] != &a[0] {
		t.Error("a free block was not used")
	} else {
		p.Free(c)
	}
	if len(b) != 256 || string(b[:3]) != "abc" {
		t.Errorf("%d bytes that begin %q", len(b), b[:3])
	}
	if s := p.Reallocate(10, b); len(s) != 10 || &s[0] != &b[0] {
		t.Error("a block moved to become smaller")
	}
	if z := p.Allocate(0); len(z) != 0 {
		t.Error("something of nothing")
	} else {
		p.Free(z)
	}
	p.close()
	p.Free(b[:10])
	if n := p.from.AllocatedBytes(); n != 0 {
		t.Errorf("%d bytes were not given back", n)
	}
}

// What a stored column's type is follows from what the gate's columns are.
func TestSchema(t *testing.T) {
	s := offered(t, t.Context(), "prueba-publicadas", "serie,valor,publicado_en,fuente\na,1,2024-03,x\nb,*,2024-03-05,x\n", nil)
	types := map[string]arrow.Type{}
	for _, f := range s.Schema().Fields() {
		types[f.Name] = f.Type.ID()
	}
	if types["publicado_en"] != arrow.DATE32 || types["publicado_en_precision"] != arrow.STRING || types["valor"] != arrow.FLOAT64 {
		t.Errorf("columns %v", types)
	}
	s.Start()
	got := s.lines()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(got, func(row string) bool { return strings.Contains(row, "(null)") }) || len(got) != 2 {
		t.Errorf("rows %q", got)
	}
	s.given(t)
}
