package ingesttest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// RegisterFile is a register of events like those agencies keep: n rows.
func RegisterFile(n int) []byte {
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

// WideRow is one row of a file of Wide: year and kind, then twelve cells.
func WideRow(row string, cells ...string) string {
	for len(cells) < 12 {
		cells = append(cells, "")
	}
	return row + "," + strings.Join(cells, ",") + "\n"
}

// Day reads AAAA-MM-DD.
func Day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}
