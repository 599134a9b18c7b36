package warehouse_test

import (
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// A correction replaces the rows it names and leaves the others of the report it
// corrects; a second correction stands on the first.
func TestCorrectionsMergeByKey(t *testing.T) {
	for _, policy := range []string{"reemplaza_periodos", "instantanea"} {
		t.Run(policy, func(t *testing.T) {
			_, db := open(t)
			ds := declarations(t, policy, "").Datasets[0]
			register(t, db, ds)
			load(t, db, ds, "2024-04-30", "2024-01-01", "2024-02-29", [][3]any{
				{"2024-01-01", 0, 1}, {"2024-02-01", 0, 10}, {"2024-02-01", 1, 100},
			})
			correct(t, db, ds, 1, "2024-05-31", [][3]any{{"2024-02-01", 0, 20}})
			if got := total(t, db, "2024-04-30"); got != 111 {
				t.Errorf("before the correction: %d", got)
			}
			if got := total(t, db, "2024-06-01"); got != 121 {
				t.Errorf("after the correction: %d, want 121", got)
			}
			correct(t, db, ds, 1, "2024-06-30", [][3]any{{"2024-01-01", 0, 2}})
			if got := total(t, db, "2024-07-01"); got != 122 {
				t.Errorf("after the second correction: %d, want 122", got)
			}
		})
	}
}

// correct loads rows as a correction of a report, as the ingest does.
func correct(t *testing.T, db *warehouse.DB, ds *data.Dataset, report int, published string, rows [][3]any) {
	t.Helper()
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	r, l, err := warehouse.NextIDs(ctx, conn)
	must(t, err)
	must(t, warehouse.InsertReport(ctx, conn, warehouse.Report{ID: r, Dataset: ds.ID, SHA256: published, Name: "c.csv", ArrivedAt: db.Now(), PublishedOn: day(published), PublishedPrecision: "dia", Corrects: report}))
	must(t, warehouse.Loading(ctx, conn, r))
	must(t, warehouse.InsertDictionary(ctx, conn, l, "entidad", []warehouse.DictEntry{{Code: 0, Delivered: "07", Canonical: "07"}}))
	for i, row := range rows {
		_, err := conn.ExecContext(ctx, `INSERT INTO raw.prueba_meses VALUES (?, ?, ?, ?, ?)`, l, i+2, day(row[0].(string)), row[1], row[2])
		must(t, err)
	}
	must(t, warehouse.Corrected(ctx, conn, ds, l))
	_, err = conn.ExecContext(ctx, `INSERT INTO clean.prueba_meses SELECT ?, * FROM (`+ds.Clean+`)`, l)
	must(t, err)
	n := int64(len(rows))
	must(t, warehouse.InsertLoad(ctx, conn, warehouse.Load{ID: l, ReportID: r, Dataset: ds.ID, Kind: warehouse.KindFirst, Outcome: warehouse.Accepted, StartedAt: db.Now(), FinishedAt: db.Now(),
		PhysicalLines: n + 1, HeaderLines: 1, RecordLines: n, Records: n, Accepted: n, RawRows: n, FirstPeriod: day("2024-01-01"), LastPeriod: day("2024-02-29")}))
}
