package transform

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// Gaps are told on either side and only where nothing closes them; reports of which
// a part is covered are told together; those covered whole are not.
func TestPeriods(t *testing.T) {
	h, err := warehouse.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	db, err := warehouse.Open(t.Context(), h, warehouse.Options{Version: "test", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ds := &data.Dataset{}
	ds.ID, ds.Revision.Policy = "prueba", data.ReplacePeriods
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		name   string
		others []string // dataset, report, first and last day, load that ended it
		want   []string
	}{
		{"alone", nil, nil},
		{"next to it on both sides", []string{"'prueba', 1, '2024-01-01', '2024-02-29', NULL", "'prueba', 2, '2024-05-01', '2024-06-30', NULL"}, nil},
		{"gaps on both sides", []string{"'prueba', 1, '2024-01-01', '2024-01-31', NULL", "'prueba', 2, '2024-06-01', '2024-06-30', NULL"},
			[]string{"R070 2024-02-01 2024-02-29 ningún reporte cubre del 2024-02-01 al 2024-02-29", "R070 2024-05-01 2024-05-31 ningún reporte cubre del 2024-05-01 al 2024-05-31"}},
		{"the nearest counts", []string{"'prueba', 1, '2023-01-01', '2023-12-31', NULL", "'prueba', 2, '2024-01-01', '2024-02-28', NULL"},
			[]string{"R070 2024-02-29 2024-02-29 ningún reporte cubre del 2024-02-29 al 2024-02-29"}},
		{"a longer one closes the gap and is covered in part", []string{"'prueba', 1, '2023-01-01', '2023-12-31', NULL", "'prueba', 2, '2024-01-01', '2024-03-31', NULL"},
			[]string{"R071 2024-03-01 2024-03-31 del 2024-03-01 al 2024-03-31 lo cubre también, con otros periodos, el reporte 2"}},
		{"two covered in part, one whole", []string{"'prueba', 11, '2024-04-01', '2024-07-31', NULL", "'prueba', 2, '2024-01-01', '2024-03-31', NULL", "'prueba', 3, '2024-03-01', '2024-04-30', NULL"},
			[]string{"R071 2024-03-01 2024-04-30 del 2024-03-01 al 2024-04-30 lo cubre también, con otros periodos, el reporte 2, 11"}},
		{"it lies within another", []string{"'prueba', 1, '2024-01-01', '2024-12-31', NULL"},
			[]string{"R071 2024-03-01 2024-04-30 del 2024-03-01 al 2024-04-30 lo cubre también, con otros periodos, el reporte 1"}},
		{"loads of one report are one", []string{"'prueba', 1, '2024-01-01', '2024-01-31', NULL", "'prueba', 1, '2024-02-01', '2024-02-29', NULL"}, nil},
		{"its own, another dataset's, withdrawn and empty ones do not count", []string{"'prueba', 9, '2024-01-01', '2024-01-31', NULL",
			"'otra', 2, '2024-01-01', '2024-01-31', NULL", "'prueba', 3, '2024-01-01', '2024-01-31', 7", "'prueba', 4, NULL, NULL, NULL"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := conn.ExecContext(t.Context(), "DELETE FROM ledger.vigencias"); err != nil {
				t.Fatal(err)
			}
			for i, o := range c.others {
				q := fmt.Sprintf("INSERT INTO ledger.vigencias BY NAME SELECT %d AS load_id, DATE '2024-07-01' AS published_on, 'dia' AS published_precision, '' AS source, x.* FROM (VALUES (%s)) x(dataset, report_id, first_period, last_period, hasta)", i, o)
				if _, err := conn.ExecContext(t.Context(), q); err != nil {
					t.Fatal(err)
				}
			}
			found, err := periods(t.Context(), conn, ds, warehouse.Load{ReportID: 9, FirstPeriod: day("2024-03-01"), LastPeriod: day("2024-04-30")})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range found {
				if p.Severity != data.Warn {
					t.Errorf("severity %s", p.Severity)
				}
				got = append(got, fmt.Sprintf("%s %s %s %s", p.Rule, p.From, p.To, p.Message))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, expected %q", got, c.want)
			}
		})
	}
}
