package gate

import (
	"testing"

	"github.com/gttim/cauce/ingest/ingesttest"
)

func BenchmarkGate(b *testing.B) {
	decls := ingesttest.Declarations(b, nil)
	content := string(ingesttest.RegisterFile(200_000))
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		g := passGateQuiet(b, decls, "prueba-registro", content)
		if g.total.Accepted != 200_000 {
			b.Fatal(g.total)
		}
	}
}
