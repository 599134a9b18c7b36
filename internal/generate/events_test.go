package generate_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/generate"
)

func options(t *testing.T, change func(*generate.Options)) generate.Options {
	t.Helper()
	decls, err := data.Load("")
	if err != nil {
		t.Fatal(err)
	}
	opt := generate.Options{Files: data.Files, Declarations: decls, Year: 2024, Rows: 200_000, Seed: 7}
	if change != nil {
		change(&opt)
	}
	return opt
}

func write(t *testing.T, opt generate.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := generate.Events(&b, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// counts gives, by column and value, the share of the rows.
func counts(t *testing.T, text []byte) map[string]map[string]float64 {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(text))
	header, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(header, ","), "folio,fecha,entidad,municipio,nacionalidad,sexo,edad,condicion,acompanamiento"; got != want {
		t.Fatalf("header = %s, want %s", got, want)
	}
	out := map[string]map[string]float64{}
	for _, h := range header {
		out[h] = map[string]float64{}
	}
	last, n := "", 0.0
	for ; ; n++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if row[0] <= last || !strings.HasPrefix(row[0], generate.FolioPrefix) {
			t.Fatalf("folio %q after %q", row[0], last)
		}
		last = row[0]
		row[1] = row[1][:7]
		if age, err := strconv.Atoi(row[6]); err != nil || (age < 18) != (row[8] != "no_aplica") {
			t.Fatalf("row %v: age and company do not go together (%v)", row, err)
		} else if age < 18 {
			row[6] = "<18"
		}
		for i, cell := range row {
			if i > 0 {
				out[header[i]][cell]++
			}
		}
	}
	for _, values := range out {
		for v := range values {
			values[v] /= n
		}
	}
	return out
}

// The shares are those of the published figures of 2024 (shipped reports).
func TestEvents_margins(t *testing.T) {
	opt := options(t, nil)
	got := counts(t, write(t, opt))
	const total, toJuly = 1_234_698, 828_505
	for _, c := range []struct {
		column, value string
		want          float64
	}{
		{"nacionalidad", "Venezuela", 361_203. / total},
		{"nacionalidad", "Haití", 41_653. / total},
		{"entidad", "Tabasco", 628_000. / total},
		{"entidad", "Baja California", 40_000. / total},
		{"condicion", "presentado", 986_314. / total},
		{"condicion", "canalizado", 248_384. / total},
		{"sexo", "mujer", 263_846. / toJuly},
		{"sexo", "sin_dato", 0},
		{"edad", "<18", 1 - 730_746./toJuly},
		{"fecha", "2024-01", 113_839. / total},
		{"fecha", "2024-07", 116_626. / total},
	} {
		if share := got[c.column][c.value]; math.Abs(share-c.want) > 0.005 {
			t.Errorf("%s %s: share %.4f, published %.4f", c.column, c.value, share, c.want)
		}
	}
	for column, table := range map[string]string{"nacionalidad": "paises", "entidad": "entidades"} {
		codes := opt.Declarations.Reference[table].Codes()
		if len(got[column]) != len(codes) {
			t.Errorf("%s has %d values, catalogue %d", column, len(got[column]), len(codes))
		}
	}
}

func TestEvents_sameSeedSameBytes(t *testing.T) {
	small := func(o *generate.Options) { o.Rows, o.FaultRate = 5000, 0.1 }
	a, b := write(t, options(t, small)), write(t, options(t, small))
	if !bytes.Equal(a, b) {
		t.Error("same options gave other bytes")
	}
	c := write(t, options(t, func(o *generate.Options) { small(o); o.Seed++ }))
	if bytes.Equal(a, c) {
		t.Error("another seed gave the same bytes")
	}
}

func TestEvents_faults(t *testing.T) {
	const rows = 20_000
	for kind, bad := range map[generate.Fault]func(line string, cells []string) bool{
		generate.BadDate:      func(_ string, c []string) bool { return c[1] == "2024-02-30" },
		generate.BadInteger:   func(_ string, c []string) bool { return strings.HasSuffix(c[6], ".5") },
		generate.UnknownState: func(_ string, c []string) bool { return c[2] == "Aztlán" },
		generate.MissingValue: func(_ string, c []string) bool { return c[4] == "" },
		generate.ExtraCell:    func(_ string, c []string) bool { return len(c) == 10 },
		generate.QuotedCells:  func(line string, _ []string) bool { return strings.HasPrefix(line, `"SIM-`) },
	} {
		t.Run(string(kind), func(t *testing.T) {
			text := write(t, options(t, func(o *generate.Options) {
				o.Rows, o.FaultRate, o.Faults = rows, 0.05, []generate.Fault{kind}
			}))
			lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[1:]
			n := 0.0
			for _, line := range lines {
				if bad(line, strings.Split(line, ",")) {
					n++
				}
			}
			if len(lines) != rows || math.Abs(n/rows-0.05) > 0.01 {
				t.Errorf("%v of %d rows are spoilt", n, len(lines))
			}
		})
	}
	for _, change := range []func(*generate.Options){
		func(o *generate.Options) { o.Faults = []generate.Fault{"nada"} },
		func(o *generate.Options) { o.FaultRate = 2 },
	} {
		if err := generate.Events(io.Discard, options(t, change)); !errors.Is(err, data.ErrDeclaration) {
			t.Errorf("err = %v, want data.ErrDeclaration", err)
		}
	}
}

func TestEvents_shuffledRowsAreTheSameFolios(t *testing.T) {
	for _, rows := range []int{1, 2, 3, 4, 10, 9_973} {
		text := write(t, options(t, func(o *generate.Options) { o.Rows, o.Shuffle, o.Quoted = rows, true, true }))
		folios := map[string]bool{}
		ascending, last := true, ""
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
			folio, _, _ := strings.Cut(strings.Trim(line, `"`), `"`)
			folios[folio] = true
			ascending = ascending && folio > last
			last = folio
		}
		if len(folios) != rows || rows >= 10 && ascending {
			t.Errorf("%d rows: %d folios, ascending %v", rows, len(folios), ascending)
		}
	}
}

func TestPublishedTotal(t *testing.T) {
	decls := options(t, nil).Declarations
	if n, err := generate.PublishedTotal(data.Files, decls, 2024); err != nil || n != 1_234_698 {
		t.Errorf("2024: %d, %v", n, err)
	}
	if n, err := generate.PublishedTotal(data.Files, decls, 2019); err != nil || n != 182_940 {
		t.Errorf("2019, revised: %d, %v", n, err)
	}
	if _, err := generate.PublishedTotal(data.Files, decls, 1999); !errors.Is(err, generate.ErrNothingPublished) {
		t.Errorf("1999: err = %v", err)
	}
}

func BenchmarkEvents(b *testing.B) {
	decls, err := data.Load("")
	if err != nil {
		b.Fatal(err)
	}
	opt := generate.Options{Files: data.Files, Declarations: decls, Year: 2024, Rows: 1_000_000}
	for b.Loop() {
		if err := generate.Events(io.Discard, opt); err != nil {
			b.Fatal(err)
		}
	}
}
