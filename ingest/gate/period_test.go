package gate

import (
	"slices"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
)

const monthsContract = `encoding: auto
shape: long
key: [anio, mes]
period: {year: anio, month: mes}
revision: {policy: instantanea}
columns:
  - {name: anio, type: entero, required: true}
  - {name: mes, type: entero, max: 12}
  - {name: eventos, type: entero}
`

// Fault 53: a period after the publication, or more than one period ahead of an
// arrival that is all there is to go by, is a problem of its row.
func TestFault53PeriodsToCome(t *testing.T) {
	decls := ingesttest.Declarations(t, map[string]string{
		"prueba-meses": monthsContract,
		"prueba-anios": strings.Replace(monthsContract, "year: anio, month: mes", "year: anio", 1),
		"prueba-dias":  strings.Replace(ingesttest.Register, "key:", "period: {date: fecha}\nkey:", 1),
	})
	wide := "anio,tipo,ENE,FEB,MAR,ABR,MAY,JUN,JUL,AGO,SEP,OCT,NOV,DIC\n"
	for _, c := range []struct {
		name, dataset, content, day string
		assumed                     bool
		field, value                string // of the one problem, "" for none
	}{
		{"the month of the publication", "prueba-meses", "anio,mes,eventos\n2025,3,1\n", "2025-03-07", false, "", ""},
		{"the month after the publication", "prueba-meses", "anio,mes,eventos\n2025,3,1\n2025,4,1\n", "2025-03-31", false, "mes", "4"},
		{"a year mistyped", "prueba-meses", "anio,mes,eventos\n2025,1,1\n2052,1,1\n", "2025-03-31", false, "anio", "2052"},
		{"another problem in the row", "prueba-meses", "anio,mes,eventos\n2025,1,1\n2052,,1\n", "2025-03-31", false, "anio", "2052"},
		{"one month ahead of arrival", "prueba-meses", "anio,mes,eventos\n2026,1,1\n", "2025-12-31", true, "", ""},
		{"two months ahead of arrival", "prueba-meses", "anio,mes,eventos\n2025,1,1\n2026,2,1\n", "2025-12-31", true, "mes", "2"},
		{"one year ahead of arrival", "prueba-anios", "anio,mes,eventos\n2026,12,1\n", "2025-01-31", true, "", ""},
		{"two years ahead of arrival", "prueba-anios", "anio,mes,eventos\n2025,12,1\n2027,1,1\n", "2025-12-31", true, "anio", "2027"},
		{"the day of the publication", "prueba-dias", "folio,fecha,entidad,edad\nUPM-0001,2025-03-07,7,1\n", "2025-03-07", false, "", ""},
		{"the day after the publication", "prueba-dias", "folio,fecha,entidad,edad\nUPM-0001,2025-03-07,7,1\nUPM-0002,2025-03-08,7,1\n", "2025-03-07", false, "fecha", "2025-03-08"},
		{"the end of the month after arrival", "prueba-dias", "folio,fecha,entidad,edad\nUPM-0001,2025-02-28,7,1\nUPM-0002,2025-03-01,7,1\n", "2025-01-31", true, "fecha", "2025-03-01"},
		{"a wide month to come", "prueba-ancho", wide + ingesttest.WideRow("2024,a", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12") +
			ingesttest.WideRow("2025,a", "1", "2", "3", "4"), "2025-03-31", false, "ABR", "4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := passGateInput(t, Input{Dataset: decls.Dataset(c.dataset), Reference: decls.Reference, Day: ingesttest.Day(c.day), Assumed: c.assumed}, c.content)
			p := slices.DeleteFunc(g.problems(t), func(p data.Problem) bool { return p.Rule != data.RulePeriod })
			if c.field == "" {
				if len(p) != 0 || g.total.Quarantined != 0 {
					t.Errorf("problems %v", p)
				}
				return
			}
			if len(p) != 1 || p[0].Field != c.field || p[0].Value != c.value || g.total.Quarantined != 1 || g.total.Accepted != 1 {
				t.Errorf("problems %v, counts %+v", p, g.total)
			}
		})
	}
}
