package dashboard

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
)

// writeCSV writes values one per line, in the order of the API: every declared
// dimension has a column for its code and one for its label, the lines end in
// CRLF, numbers are unrounded.
func writeCSV(d *indicators.Indicator, values []*Value) []byte {
	dims := dimensionIDs(d)
	for _, v := range values {
		for k := range v.Dimensions {
			if !slices.Contains(dims, k) {
				dims = append(dims, k)
			}
		}
	}
	head := []string{"indicador", "periodo_inicio", "periodo_fin"}
	for _, k := range dims {
		head = append(head, k, k+"_etiqueta")
	}
	head = append(head, "valor", "numerador", "denominador", "unidad", "estado", "vigencia", "reportes", "intervalo_min", "intervalo_max", "ruptura", "notas")
	var b bytes.Buffer
	w := csv.NewWriter(&b) // in memory: Write cannot fail
	w.UseCRLF = true
	_ = w.Write(head)
	for _, v := range values {
		row := []string{d.ID, v.From.Format(time.DateOnly), v.To.Format(time.DateOnly)}
		for _, k := range dims {
			row = append(row, guard(v.Dimensions[k]), guard(v.Labels[k]))
		}
		low, high := "", ""
		if v.Interval != nil {
			low, high = plainNumber(&v.Interval[0]), plainNumber(&v.Interval[1])
		}
		row = append(row, plainNumber(v.Value), plainNumber(v.Numerator), plainNumber(v.Denominator), guard(v.Unit), guard(v.Status),
			v.Vintage.Format(time.DateOnly), reportList(v.Reports), low, high, strconv.FormatBool(v.Break), guard(strings.Join(v.Notes, " | ")))
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

func plainNumber(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

func reportList(ids []int) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strconv.Itoa(id)
	}
	return strings.Join(out, " ")
}

// guard keeps a text from being run as a formula by a spreadsheet.
func guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n\x00", rune(s[0])) {
		return "'" + s
	}
	return s
}
