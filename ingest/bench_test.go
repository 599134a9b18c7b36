package ingest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gttim/cauce/ingest/ingesttest"
)

func BenchmarkLoad(b *testing.B) {
	decls := ingesttest.Declarations(b, nil)
	content := ingesttest.RegisterFile(200_000)
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
