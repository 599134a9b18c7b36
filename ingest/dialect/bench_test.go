package dialect

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func speedFiles() map[string]string {
	var plain, quoted strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&plain, "2024-%02d-%02d,Chiapas,irregular,%d,Tapachula\n", i%12+1, i%28+1, i)
		fmt.Fprintf(&quoted, "\"2024-%02d-%02d\",\"Chiapas\",\"irregular, \"\"x\"\"\",\"%d\",\"Tapachula\"\n", i%12+1, i%28+1, i)
	}
	return map[string]string{"plain": plain.String(), "quoted": quoted.String()}
}

func BenchmarkRead(b *testing.B) {
	for name, content := range speedFiles() {
		b.Run(name+"/dialect", func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := NewReader(strings.NewReader(content), Declared{}, Limits{})
				for err == nil {
					_, err = r.Read()
				}
				if !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/encoding_csv", func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for b.Loop() {
				r := csv.NewReader(strings.NewReader(content))
				r.ReuseRecord = true
				var err error
				for err == nil {
					_, err = r.Read()
				}
				if !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
			}
		})
	}
}
