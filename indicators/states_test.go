package indicators_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/indicators/snapshot"
	"github.com/gttim/cauce/internal/warehouse"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// given loads, as reports that stay, what the first declared tests of some indicators
// give.
func given(t *testing.T, e *indicators.Engine, tests int, ids ...string) []*data.Dataset {
	t.Helper()
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	have := map[string]bool{}
	for _, ind := range e.Catalog {
		if !slices.Contains(ids, ind.ID) {
			continue
		}
		must(t, ind.ReadTests())
		for _, test := range ind.Tests[:min(tests, len(ind.Tests))] {
			must(t, e.Give(t.Context(), conn, test))
			for id := range test.Given {
				have[id] = true
			}
		}
	}
	var out []*data.Dataset
	for _, ds := range e.Decls.Datasets {
		if have[ds.ID] {
			out = append(out, ds)
		}
	}
	return out
}

// stored are the lines that hold at a state.
func stored(t *testing.T, conn warehouse.Execer, id string, asOf time.Time, load int) []string {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), `SELECT contenido FROM indicators.valores WHERE indicador = ?
		AND as_of_desde <= ? AND (as_of_hasta IS NULL OR as_of_hasta > ?) AND carga_desde <= ? AND (carga_hasta IS NULL OR carga_hasta > ?)`,
		id, asOf, asOf, load, load)
	must(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		out = append(out, line)
	}
	must(t, rows.Err())
	slices.Sort(out)
	return out
}

// What is stored for a state, evaluated after other states with what they left, is
// what an evaluation of that state alone gives.
func TestUpdate_eachStateAsAlone(t *testing.T) {
	e := engine(t)
	datasets := given(t, e, 2, "eventos_irregulares", "magnitud_revisiones", "carpetas_ley_migracion", "indice_informacion_tim")
	must(t, e.Update(t.Context(), today))
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	newest, err := e.DB.NewestLoad(t.Context())
	must(t, err)
	if newest < 6 {
		t.Fatalf("only %d loads", newest)
	}
	seen := 0
	for _, at := range []struct {
		asOf time.Time
		load int
	}{{today, newest}, {day(t, "2023-01-01"), newest}, {day(t, "2025-03-15"), newest / 2}} {
		for _, ind := range e.Catalog {
			want := alone(t, e, conn, datasets, ind, at.asOf, at.load)
			got := stored(t, conn, ind.ID, at.asOf, at.load)
			if !slices.Equal(got, want) {
				t.Errorf("%s at load %d as of %s:\n%v\nalone:\n%v", ind.ID, at.load, at.asOf.Format(time.DateOnly), got, want)
			}
			seen += len(got)
		}
	}
	if seen < 100 {
		t.Errorf("only %d values compared", seen)
	}
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	must(t, err)
	return d
}

func alone(t *testing.T, e *indicators.Engine, conn warehouse.Execer, datasets []*data.Dataset, ind *indicators.Indicator, asOf time.Time, load int) []string {
	t.Helper()
	vs, err := e.Alone(t.Context(), conn, datasets, ind, asOf, load)
	must(t, err)
	var out []string
	for _, v := range vs {
		b, err := json.Marshal(v)
		must(t, err)
		out = append(out, string(b))
	}
	slices.Sort(out)
	return out
}

// A report that is withdrawn on the day it was computed counts no longer, also for
// indicators that hang on deadlines.
func TestUpdate_withdrawnTheSameDay(t *testing.T) {
	e := engine(t)
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	must(t, e.Give(t.Context(), conn, indicators.Test{Given: map[string][]map[string]any{"upmrip-eventos": {{
		"periodo_inicio": "2026-01-01", "periodo_fin": "2026-01-31", "entidad": "07", "nacionalidad": "VEN", "sexo": "mujer",
		"grupo_edad": "18+", "condicion": "presentado", "eventos": 7, "publicado_en": "2026-02-20",
	}}}}))
	datasets := []*data.Dataset{e.Decls.Dataset("upmrip-eventos")}
	must(t, e.Update(t.Context(), today))
	given, err := e.DB.NewestLoad(t.Context())
	must(t, err)
	l, _, err := e.DB.LoadByID(t.Context(), given)
	must(t, err)
	l.ID, l.Kind, l.Outcome = given+1, warehouse.KindRetire, warehouse.Withdrawn
	must(t, warehouse.InsertLoad(t.Context(), conn, l))
	must(t, e.Update(t.Context(), today))
	changed := 0
	for _, asOf := range []time.Time{today, day(t, "2026-03-15")} {
		for _, ind := range e.Catalog {
			before, got := stored(t, conn, ind.ID, asOf, given), stored(t, conn, ind.ID, asOf, l.ID)
			if want := alone(t, e, conn, datasets, ind, asOf, l.ID); !slices.Equal(got, want) {
				t.Errorf("%s as of %s:\n%v\nalone:\n%v", ind.ID, asOf.Format(time.DateOnly), got, want)
			}
			if !slices.Equal(before, got) {
				changed++
			}
		}
	}
	if changed < 6 {
		t.Errorf("only %d indicators change", changed)
	}
}

// when says at which times indicators are computed besides at the end.
type when struct{ first, kept, between, beside bool }

// What is stored hangs on what was loaded, not on when it was computed: what is said
// of a day before the first report is the same in a home that was published empty, and
// all of it where indicators are computed while the next reports come.
func TestUpdate_wheneverComputed(t *testing.T) {
	want := allStored(t, when{})
	if len(want) < 100 {
		t.Fatalf("only %d lines", len(want))
	}
	for name, at := range map[string]when{
		"empty before": {first: true}, "kept open": {kept: true, between: true}, "beside": {kept: true, between: true, beside: true},
	} {
		if got := allStored(t, at); !slices.Equal(got, want) {
			missing := slices.DeleteFunc(slices.Clone(want), func(l string) bool { return slices.Contains(got, l) })
			t.Errorf("%s: %d lines instead of %d; not among them: %.600s", name, len(got), len(want), strings.Join(missing, "\n"))
		}
	}
}

// allStored are the lines of all indicators after some reports have come.
func allStored(t *testing.T, at when) (lines []string) {
	t.Helper()
	e := engine(t)
	if at.first {
		must(t, e.Update(t.Context(), today))
	}
	if at.kept {
		e.Prepare(t.Context())
	}
	var runs errgroup.Group
	for _, id := range []string{"eventos_irregulares", "carpetas_ley_migracion", "acuerdos_cumplidos"} {
		given(t, e, 1, id)
		if at.between {
			runs.Go(func() error { return e.Update(t.Context(), today) })
		}
		if !at.beside {
			must(t, runs.Wait())
		}
	}
	must(t, runs.Wait())
	must(t, e.Finish(t.Context(), today))
	must(t, e.Close())
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	_, found, err := snapshot.Read(t.Context(), conn, `SELECT concat_ws(' ', 'valor', indicador, contenido, as_of_desde, as_of_hasta, carga_desde, carga_hasta) AS linea FROM indicators.valores
		UNION ALL SELECT concat_ws(' ', 'detalle', indicador, contenido, as_of_desde, as_of_hasta, carga_desde, carga_hasta) FROM indicators.detalles ORDER BY linea`)
	must(t, err)
	for _, row := range found {
		lines = append(lines, row[0].(string))
	}
	return lines
}

// A dataset that becomes too large to be copied at each state, from one Update to the
// next, is read where it lies.
func TestUpdate_rowsBecomeMany(t *testing.T) {
	e := engine(t)
	e.Prepare(t.Context())
	t.Cleanup(func() { must(t, e.Close()) })
	datasets := given(t, e, 1, "eventos_irregulares")
	must(t, e.Update(t.Context(), today))
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	for _, clean := range []string{ // and small again
		`INSERT INTO clean.upmrip_eventos SELECT c.* FROM clean.upmrip_eventos c CROSS JOIN range(50_000)`,
		`DELETE FROM clean.upmrip_eventos WHERE rowid >= 10`,
	} {
		_, err = conn.ExecContext(t.Context(), clean)
		must(t, err)
		given(t, e, 2, "eventos_irregulares")
		must(t, e.Update(t.Context(), today))
		newest, err := e.DB.NewestLoad(t.Context())
		must(t, err)
		ind := e.Catalog[slices.IndexFunc(e.Catalog, func(i *indicators.Indicator) bool { return i.ID == "eventos_irregulares" })]
		got := stored(t, conn, ind.ID, today, newest)
		if want := alone(t, e, conn, datasets, ind, today, newest); len(got) == 0 || !slices.Equal(got, want) {
			t.Errorf("after %.6s:\n%v\nalone:\n%v", clean, got, want)
		}
	}
}

// A run of many states does not hold what it made for the earlier ones: each of these
// months, the newest first, is evaluated again on every later day of publication.
func TestUpdate_memoryDoesNotGrowWithStates(t *testing.T) {
	e := engineOf(t, "64MB")
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	for month := 6; month >= 1; month-- {
		at := time.Date(2025, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
		must(t, e.Give(t.Context(), conn, indicators.Test{Given: map[string][]map[string]any{"upmrip-eventos": {{
			"periodo_inicio": at.Format(time.DateOnly), "periodo_fin": at.AddDate(0, 1, -1).Format(time.DateOnly), "entidad": "07", "nacionalidad": "VEN",
			"sexo": "mujer", "grupo_edad": "18+", "condicion": "presentado", "eventos": month, "publicado_en": at.AddDate(0, 1, 0).Format(time.DateOnly),
		}}}}))
	}
	must(t, e.Update(t.Context(), today))
}

// A run that is stopped ends, and the next one makes up for it.
func TestUpdate_stopped(t *testing.T) {
	e := engine(t)
	given(t, e, 1, "acuerdos_cumplidos")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := e.Update(ctx, today); err == nil {
		t.Fatal("a stopped run says nothing")
	}
	must(t, e.Update(t.Context(), today))
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	newest, err := e.DB.NewestLoad(t.Context())
	must(t, err)
	if len(stored(t, conn, "acuerdos_cumplidos", today, newest)) == 0 {
		t.Error("no values")
	}
}

// Of an indicator that fails when others are written already its error is said, not what
// that undoes; nothing of the load is kept.
func TestUpdate_failing(t *testing.T) {
	e := engine(t)
	given(t, e, 1, "acuerdos_cumplidos", "eventos_irregulares")
	broken := slices.IndexFunc(e.Catalog, func(i *indicators.Indicator) bool { return i.ID == "indice_informacion_tim" })
	whole := e.Catalog[broken]
	spoiled := *whole
	spoiled.SQL = "SELECT * FROM (" + strings.TrimSuffix(strings.TrimSpace(whole.SQL), ";") + ") WHERE error('roto')"
	e.Catalog[broken] = &spoiled
	err := e.Update(t.Context(), today)
	if err == nil || !strings.Contains(err.Error(), "roto") {
		t.Fatal(err)
	}
	for _, undone := range []string{"closed", "rolled back", "canceled"} {
		if strings.Contains(err.Error(), undone) {
			t.Errorf("%q: %v", undone, err)
		}
	}
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	_, rows, err := snapshot.Read(t.Context(), conn, "SELECT indicador FROM indicators.avance UNION ALL SELECT indicador FROM indicators.valores")
	must(t, err)
	if len(rows) > 0 {
		t.Errorf("%d lines are kept", len(rows))
	}
	e.Catalog[broken] = whole
	must(t, e.Update(t.Context(), today))
}
