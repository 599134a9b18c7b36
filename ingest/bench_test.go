package ingest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// registerFile is a register of events like those agencies keep: n rows.
func registerFile(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	places := []string{"Chiapas", "27", "Coahuila", "CDMX", "Tabasco", "05"}
	var b bytes.Buffer
	b.WriteString("folio,fecha,entidad,edad\n")
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		fmt.Fprintf(&b, "UPM-%08d,%s,%s,%d\n", i, day.AddDate(0, 0, r.IntN(366)).Format(time.DateOnly), places[r.IntN(len(places))], r.IntN(90))
	}
	return b.Bytes()
}

func BenchmarkGate(b *testing.B) {
	decls := declarations(b, nil)
	content := string(registerFile(200_000))
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		g := passGateQuiet(b, decls, "prueba-registro", content)
		if g.total.accepted != 200_000 {
			b.Fatal(g.total)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	decls := declarations(b, nil)
	content := registerFile(200_000)
	path := filepath.Join(b.TempDir(), "registro.csv")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		b.StopTimer()
		j := newJob(b, decls)
		b.StartTimer()
		if res := j.run(Delivery{Path: path, Dataset: "prueba-registro"}); res.Load.Accepted != 200_000 {
			b.Fatal(res)
		}
	}
}
