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
				{"2024-01-01", 1, 1}, {"2024-02-01", 1, 10}, {"2024-02-01", 2, 100},
			})
			correct(t, db, ds, 1, "2024-05-31", [][3]any{{"2024-02-01", 1, 20}})
			if got := total(t, db, "2024-04-30"); got != 111 {
				t.Errorf("before the correction: %d", got)
			}
			if got := total(t, db, "2024-06-01"); got != 121 {
				t.Errorf("after the correction: %d, want 121", got)
			}
			correct(t, db, ds, 1, "2024-06-30", [][3]any{{"2024-01-01", 1, 2}})
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
	of := warehouse.Report{ID: r, Dataset: ds.ID, SHA256: published, Name: "c.csv", ArrivedAt: db.Now(), PublishedOn: day(published), PublishedPrecision: "dia", Corrects: report}
	must(t, warehouse.InsertReport(ctx, conn, of))
	shown, err := warehouse.Loading(ctx, conn, ds, of, l)
	must(t, err)
	spelled(t, conn, l, [2]string{"07", "07"})
	for i, row := range rows {
		_, err := conn.ExecContext(ctx, `INSERT INTO stored.prueba_meses VALUES (?, ?, ?, ?, ?)`, l, i+2, day(row[0].(string)), row[1], row[2])
		must(t, err)
	}
	must(t, shown.Corrected(ctx))
	_, err = conn.ExecContext(ctx, `INSERT INTO clean.prueba_meses SELECT ?, * FROM (`+ds.Clean+`)`, l)
	must(t, err)
	n := int64(len(rows))
	must(t, warehouse.InsertLoad(ctx, conn, warehouse.Load{ID: l, ReportID: r, Dataset: ds.ID, Kind: warehouse.KindFirst, Outcome: warehouse.Accepted, StartedAt: db.Now(), FinishedAt: db.Now(),
		PhysicalLines: n + 1, HeaderLines: 1, RecordLines: n, Records: n, Accepted: n, RawRows: n, FirstPeriod: day("2024-01-01"), LastPeriod: day("2024-02-29")}))
}

// What a report in hand is compared with is what current shows while the report is
// not there, whichever loads stand beside it, and nothing at all beside none.
func TestBefore(t *testing.T) {
	jan, feb, mar := "2024-01-01", "2024-02-01", "2024-03-01"
	for _, policy := range []string{"reemplaza_periodos", "instantanea", "agrega_por_clave"} {
		revkey := ""
		if policy == "agrega_por_clave" {
			revkey = ", key: [periodo_inicio, entidad]"
		}
		_, db := open(t)
		ds := declarations(t, policy, revkey).Datasets[0]
		register(t, db, ds)
		for _, c := range []struct {
			name        string
			stand       func() // on what the cases before left
			any, within bool   // within: where periods are ruled
		}{
			{"nothing", func() {}, false, false},
			{"a report withdrawn", func() {
				withdraw(t, db, load(t, db, ds, "2024-04-10", feb, "2024-02-29", [][3]any{{feb, 1, 1}}))
			}, false, false},
			{"another month", func() {
				load(t, db, ds, "2024-02-10", jan, "2024-01-31", [][3]any{{jan, 1, 1}, {jan, 2, 2}})
			}, true, false},
			{"overlapping reports, one late, one corrected", func() {
				load(t, db, ds, "2024-04-10", jan, "2024-03-31", [][3]any{{jan, 1, 1}, {feb, 2, 2}, {mar, 1, 3}})
				l := load(t, db, ds, "2024-05-10", feb, "2024-03-31", [][3]any{{feb, 1, 7}, {mar, 1, 4}})
				load(t, db, ds, "2024-03-10", jan, "2024-02-29", [][3]any{{jan, 2, 9}, {feb, 1, 8}})
				correct(t, db, ds, l.ReportID, "2024-06-10", [][3]any{{feb, 1, 70}})
			}, true, true},
		} {
			t.Run(policy+", "+c.name, func(t *testing.T) {
				c.stand()
				ctx := t.Context()
				conn, err := db.Conn(ctx)
				must(t, err)
				defer conn.Close()
				r, l, err := warehouse.NextIDs(ctx, conn)
				must(t, err)
				shown, err := warehouse.Loading(ctx, conn, ds, warehouse.Report{ID: r, Dataset: ds.ID}, l)
				must(t, err)
				before, err := shown.Compared(ctx, warehouse.Load{ID: l, ReportID: r, FirstPeriod: day(feb), LastPeriod: day("2024-02-29")})
				must(t, err)
				if within := c.within || c.any && policy != "reemplaza_periodos"; before.Any != c.any || before.Within != within {
					t.Errorf("anything before: %v, within: %v; expected %v, %v", before.Any, before.Within, c.any, within)
				}
				var rows, differ int
				must(t, conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM current.prueba_meses),
					(SELECT count(*) FROM ((FROM anterior EXCEPT ALL FROM current.prueba_meses) UNION ALL (FROM current.prueba_meses EXCEPT ALL FROM anterior)))`).Scan(&rows, &differ))
				if differ != 0 || (rows > 0) != c.any {
					t.Errorf("%d of %d rows differ from those in force", differ, rows)
				}
			})
		}
	}
}

// withdraw takes a load's report out of force.
func withdraw(t *testing.T, db *warehouse.DB, l warehouse.Load) {
	t.Helper()
	conn, err := db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	must(t, warehouse.InsertLoad(t.Context(), conn, warehouse.Load{ID: l.ID + 1, ReportID: l.ReportID, Dataset: l.Dataset, Kind: warehouse.KindRetire, Outcome: warehouse.Withdrawn,
		StartedAt: db.Now(), FinishedAt: db.Now()}))
}

// The report that is loading is not among what was there before it, whichever loads
// of its own it has.
func TestBeforeIsWithoutTheReportItself(t *testing.T) {
	_, db := open(t)
	ds := declarations(t, "reemplaza_periodos", "").Datasets[0]
	register(t, db, ds)
	load(t, db, ds, "2024-04-10", "2024-01-01", "2024-01-31", [][3]any{{"2024-01-01", 1, 1}})
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	shown, err := warehouse.Loading(ctx, conn, ds, warehouse.Report{ID: 1, Dataset: ds.ID}, 2)
	must(t, err)
	before, err := shown.Compared(ctx, warehouse.Load{ID: 2, ReportID: 1, Kind: warehouse.KindReplay, FirstPeriod: day("2024-01-01"), LastPeriod: day("2024-01-31")})
	must(t, err)
	var anterior, limpia int
	must(t, conn.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM anterior), (SELECT count(*) FROM limpia)").Scan(&anterior, &limpia))
	if before.Any || anterior != 0 || limpia != 1 {
		t.Errorf("anything before: %v, %d rows; %d rows of its own, expected 1 of the load that it adds to", before.Any, anterior, limpia)
	}
}

// What corrections replace is derived once for the same rows, again for others, and
// is forgotten when they are declared no more.
func TestAmendedAgain(t *testing.T) {
	_, db := open(t)
	ds := declarations(t, "reemplaza_periodos", "").Datasets[0]
	one, two := "1", "2"
	ds.Corrections = []data.Correction{{ID: "C-1", Report: data.CorrectedReport{SHA256: "abc"}, Line: 2, Column: "valor", Expect: "1", Value: "2", Since: "2024-03-02",
		Target: ds.Columns[2], Expected: &one, Corrected: &two}}
	register(t, db, ds)
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	exec := func(q string) {
		t.Helper()
		_, err := conn.ExecContext(ctx, q)
		must(t, err)
	}
	expect := func(when string, amended, sum int) {
		t.Helper()
		var n, s int
		must(t, conn.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM ledger.enmiendas), (SELECT coalesce(sum(valor), 0) FROM entrega)").Scan(&n, &s))
		if n != amended || s != sum {
			t.Errorf("%s: %d values replaced and a sum of %d, expected %d and %d", when, n, s, amended, sum)
		}
	}
	of := warehouse.Report{ID: 1, Dataset: ds.ID, SHA256: "abc", Name: "x.csv", ArrivedAt: db.Now(), PublishedOn: day("2024-03-01"), PublishedPrecision: "dia"}
	must(t, warehouse.InsertReport(ctx, conn, of))
	exec("INSERT INTO stored.prueba_meses VALUES (1, 2, DATE '2024-01-01', NULL, 1), (1, 3, DATE '2024-02-01', NULL, 10)")
	shown, err := warehouse.Loading(ctx, conn, ds, of, 1)
	must(t, err)
	must(t, shown.Delivered(ctx))
	expect("delivered", 1, 12)
	must(t, shown.Corrected(ctx))
	expect("asked again", 1, 12)
	exec("DELETE FROM stored.prueba_meses WHERE line = 2; INSERT INTO ledger.quarantine VALUES (1, 2, 1, 'x')")
	shown.Changed()
	must(t, shown.Delivered(ctx))
	expect("the row in quarantine", 0, 10)
	exec("DELETE FROM ledger.quarantine; INSERT INTO stored.prueba_meses VALUES (1, 2, DATE '2024-01-01', NULL, 1)")
	must(t, warehouse.Stored(conn, ds, 1).Delivered(ctx))
	expect("made anew", 1, 12)
	ds.Corrections = nil
	must(t, warehouse.Stored(conn, ds, 1).Delivered(ctx))
	expect("declared no more", 0, 11)
}

// The first load of a report comes into force as it would if everything were derived.
func TestFirstLoadInForce(t *testing.T) {
	_, db := open(t)
	ds := declarations(t, "reemplaza_periodos", "").Datasets[0]
	register(t, db, ds)
	l := load(t, db, ds, "2024-04-10", "2024-01-01", "2024-02-29", [][3]any{{"2024-01-01", 1, 1}})
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	for i, outcome := range []string{warehouse.Accepted, warehouse.Partial, warehouse.Refused} {
		r := warehouse.Report{ID: 2 + i, Dataset: ds.ID, SHA256: outcome, Name: "x.csv", ArrivedAt: db.Now(), PublishedOn: day("2024-05-31"), PublishedPrecision: "mes", Source: "Oficio"}
		must(t, warehouse.InsertReport(ctx, conn, r))
		first := warehouse.Load{ID: l.ID + 1 + i, ReportID: r.ID, Dataset: ds.ID, Kind: warehouse.KindFirst, Outcome: outcome, StartedAt: db.Now(), FinishedAt: db.Now()}
		if outcome == warehouse.Accepted {
			first.FirstPeriod, first.LastPeriod = day("2024-03-01"), day("2024-03-31")
		}
		must(t, warehouse.InsertFirstLoad(ctx, conn, r, first))
	}
	exec := func(q string) {
		_, err := conn.ExecContext(ctx, q)
		must(t, err)
	}
	exec("CREATE TEMPORARY TABLE added AS FROM ledger.vigencias")
	withdraw(t, db, warehouse.Load{ID: 98, ReportID: 99, Dataset: "otro"}) // all is derived anew
	var rows, differ int
	must(t, conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM added),
		(SELECT count(*) FROM ((FROM added EXCEPT ALL FROM ledger.vigencias) UNION ALL (FROM ledger.vigencias EXCEPT ALL FROM added)))`).Scan(&rows, &differ))
	if rows != 3 || differ != 0 {
		t.Errorf("%d loads in force, expected 3; %d rows differ from those derived", rows, differ)
	}
}

// Rows that are read as two halves are the same rows, wherever they are parted.
func TestManyRowsAreTheSame(t *testing.T) {
	_, db := open(t)
	ds := declarations(t, "reemplaza_periodos", "").Datasets[0]
	register(t, db, ds)
	load(t, db, ds, "2024-04-10", "2024-01-01", "2024-02-29", [][3]any{{"2024-01-01", 1, 1}, {"2024-01-01", 2, 2}, {"2024-02-01", 1, 3}, {"2024-02-01", 2, 4}})
	l := load(t, db, ds, "2024-05-10", "2024-01-01", "2024-02-29", [][3]any{{"2024-01-01", 1, 1}, {"2024-01-01", 2, 2}, {"2024-02-01", 1, 5}})
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	for _, middle := range []int64{0, 1, 2, 3, 4, 9} {
		shown := warehouse.Stored(conn, ds, l.ID)
		shown.Many(middle)
		must(t, shown.Delivered(ctx))
		var rows, differ int
		must(t, conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM entrega_codigos), (SELECT count(*) FROM
			((FROM entrega_codigos EXCEPT ALL FROM raw.prueba_meses WHERE load_id = $1) UNION ALL (FROM raw.prueba_meses WHERE load_id = $1 EXCEPT ALL FROM entrega_codigos)))`, l.ID).Scan(&rows, &differ))
		if rows != 3 || differ != 0 {
			t.Errorf("parted at line %d: %d rows, expected 3; %d differ", middle, rows, differ)
		}
	}
}
