package ingest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

const head = "mes,entidad,eventos\n"

const goodEvents = "mes,entidad,tipo,eventos,tasa,fecha,texto\n" +
	"1,Chiapas,a,5,1.5,2024-01-31,uno\n" +
	"2,7,b,6,,2024-02-29,\n" +
	"3,coahuila,a,0,2,,tres\n"

// partEvents has one bad row among twelve.
func partEvents() string {
	var b strings.Builder
	b.WriteString(head)
	for i := range 12 {
		b.WriteString([]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}[i] + ",Tabasco,5\n")
	}
	return b.String() + "1,Chiapas,12.5\n"
}

func TestRunLoads(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	res := b.run(b.drop("prueba-eventos", "enero.csv", goodEvents))
	if res.Outcome != warehouse.Accepted || res.Load.Accepted != 3 || res.Load.RawRows != 3 {
		t.Fatalf("result %+v\n%s", res, b.log)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_eventos WHERE line = 3 AND mes = 2 AND eventos = 6 AND tasa IS NULL AND fecha = DATE '2024-02-29' AND texto IS NULL`); n != 1 {
		t.Error("line 3 is not as delivered")
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_eventos r JOIN raw.diccionario d ON d.load_id = r.load_id AND d.columna = 'entidad' AND d.codigo = r.entidad
		WHERE r.line = 4 AND d.entregado = 'coahuila' AND d.canonico = '05'`); n != 1 {
		t.Error("spelling and code of line 4 are not in the dictionary")
	}
	if b.exists("inbox/prueba-eventos/enero.csv") || !b.exists("done/prueba-eventos/000001-enero.csv") || !b.exists("archive/"+res.Report.SHA256) {
		t.Error("file is not where it belongs")
	}
	j, err := ReadJournal(b.Home, res.Report.SHA256)
	if err != nil || len(j.Acts) != 1 || !j.Acts[0].Committed || j.Acts[0].Name != "enero.csv" || j.Acts[0].ContractHash != b.Decls.Dataset("prueba-eventos").Hash {
		t.Errorf("journal %+v: %v", j, err)
	}
}

func TestRunQuarantines(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	res := b.run(b.drop("prueba-eventos", "parte.csv", partEvents()))
	if res.Outcome != warehouse.Partial || res.Load.Accepted != 12 || res.Load.Quarantined != 1 {
		t.Fatalf("result %+v", res)
	}
	want := `parte.csv:14:11: columna "eventos", valor "12.5": R014 no es un número entero (se espera un número entero sin signo, solo dígitos)`
	if got := res.Problems[0].String(); got != want {
		t.Errorf("problem %s, want %s", got, want)
	}
	if n := b.count(`SELECT count(*) FROM ledger.quarantine WHERE load_id = 1 AND line = 14 AND lines = 1 AND content = '1,Chiapas,12.5'`); n != 1 {
		t.Error("the row is not in quarantine as delivered")
	}
	if n := b.count(`SELECT count(*) FROM ledger.problems WHERE load_id = 1 AND problem_no = 1 AND rule = 'R014' AND value = '12.5' AND position = 11`); n != 1 {
		t.Error("the problem is not in the ledger")
	}
	for _, suffix := range []string{"", reportHTML, reportCSV, reportXLSX} {
		if !b.exists("done/prueba-eventos/000001-parte.csv" + suffix) {
			t.Errorf("no %s in done", suffix)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	b.run(b.drop("prueba-eventos", "bien.csv", goodEvents))
	res := b.run(b.drop("prueba-eventos", "mal.csv", "esto no es nada\n"))
	if res.Outcome != warehouse.Refused || res.Report.ID != 2 || res.Load.Reason != "R008 no se reconoce el encabezado" {
		t.Fatalf("result %+v", res)
	}
	again := b.run(b.drop("prueba-eventos", "mal2.csv", "esto no es nada\n"))
	if again.Outcome != warehouse.Refused || again.Report.ID != 2 || again.Load.ID != 3 || again.Load.Kind != warehouse.KindReload {
		t.Errorf("second refusal %+v", again)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_eventos`); n != 3 {
		t.Errorf("%d raw rows, the earlier load had 3", n)
	}
	if n := b.count(`SELECT count(*) FROM ledger.loads WHERE outcome = 'rechazado' AND report_id = 2`); n != 2 {
		t.Errorf("%d refused loads", n)
	}
	for _, name := range []string{"000002-mal.csv", "000002-mal.csv" + reportHTML, "000002-mal.csv" + reportCSV, "000002-mal.csv" + reportXLSX, "000003-mal2.csv"} {
		if !b.exists("refused/prueba-eventos/" + name) {
			t.Errorf("no %s in refused", name)
		}
	}
	if b.exists("inbox/prueba-eventos/mal.csv") {
		t.Error("refused file is still in the inbox")
	}
}

// Faults 71 and 73, and the way around the first.
func TestSameBytesOnce(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	b.run(b.drop("prueba-eventos", "a.csv", goodEvents))
	res := b.run(b.drop("prueba-eventos", "otro nombre.csv", goodEvents))
	if res.Outcome != AlreadyLoaded || res.Report.ID != 1 || b.count(`SELECT count(*) FROM ledger.loads`) != 1 {
		t.Errorf("second delivery %+v", res)
	}
	if !b.exists("done/prueba-eventos/000001-otro_nombre.csv") {
		t.Error("second delivery is not in done")
	}
	d := b.drop("prueba-eventos", "a.csv", goodEvents)
	d.Again = true
	if res := b.run(d); res.Outcome != warehouse.Accepted || res.Report.ID != 2 || res.Load.Kind != warehouse.KindFirst {
		t.Errorf("again %+v", res)
	}
	if res := b.run(b.drop("prueba-eventos", "a.csv", strings.ReplaceAll(goodEvents, "\n", "\r\n"))); res.Outcome != warehouse.Accepted || res.Report.ID != 3 {
		t.Errorf("other line ends %+v", res)
	}
}

// Fault 78: the same bytes under an edited contract are a new load of the same report.
func TestEditedContract(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	b.run(b.drop("prueba-eventos", "a.csv", goodEvents))
	b.Decls = ingesttest.Declarations(t, map[string]string{"prueba-eventos": strings.Replace(ingesttest.Events, "max: 12", "max: 2", 1)})
	res := b.run(b.drop("prueba-eventos", "a.csv", goodEvents))
	if res.Outcome != warehouse.Partial || res.Report.ID != 1 || res.Load.ID != 2 || res.Load.Kind != warehouse.KindReload {
		t.Errorf("reload %+v", res)
	}
}

// A file that was refused, maybe for the date that it was given, and comes again without
// one is of its arrival; one that was taken in keeps its date, and is judged by it.
func TestUndatedAgain(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	refused := b.drop("prueba-eventos", "mal.csv", "esto no es nada\n")
	refused.Published = "2011-11-09"
	b.run(refused)
	res := b.run(b.drop("prueba-eventos", "mal.csv", "esto no es nada\n"))
	if res.Report.ID != 2 || !res.Report.PublishedOn.Equal(ingesttest.Day("2025-06-03")) {
		t.Errorf("refused before: %+v", res.Report)
	}
	good := b.drop("prueba-eventos", "a.csv", goodEvents)
	good.Published = "2025-05-09"
	b.run(good)
	b.Decls = ingesttest.Declarations(t, map[string]string{"prueba-eventos": strings.Replace(ingesttest.Events, "max: 12", "max: 2", 1)})
	res = b.run(b.drop("prueba-eventos", "a.csv", goodEvents))
	if res.Report.ID != 3 || res.Load.Kind != warehouse.KindReload || !res.Report.PublishedOn.Equal(ingesttest.Day("2025-05-09")) {
		t.Errorf("taken in before: %+v, %+v", res.Report, res.Load)
	}
}

func TestDuplicatesLeaveRaw(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	res := b.run(b.drop("prueba-eventos", "d.csv", partEvents()+"2,Tabasco,5\n3,Tabasco,6\n"))
	if res.Outcome != warehouse.Partial || res.Load.Accepted != 11 || res.Load.Quarantined != 4 || res.Load.RawRows != 11 {
		t.Fatalf("result %+v", res.Load)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_eventos WHERE line IN (4, 15, 16)`); n != 0 {
		t.Errorf("%d quarantined rows are left in raw", n)
	}
}

func TestCheckHook(t *testing.T) {
	for _, c := range []struct {
		severity data.Severity
		outcome  string
		accepted int64
		raw      int
	}{{data.Warn, warehouse.Accepted, 3, 3}, {data.Quarantine, warehouse.Partial, 2, 2}, {data.Refuse, warehouse.Refused, 3, 0}} {
		t.Run(string(c.severity), func(t *testing.T) {
			b := newJob(t, ingesttest.Declarations(t, nil))
			b.Check = func(ctx context.Context, rows *warehouse.Rows) ([]data.Problem, error) {
				var n int
				if err := rows.Conn().QueryRowContext(ctx, `SELECT count(*) FROM raw.prueba_eventos WHERE load_id = ?`, rows.Load()).Scan(&n); err != nil || n != 3 {
					t.Errorf("check sees %d rows: %v", n, err)
				}
				return []data.Problem{{Line: 3, Rule: "P001", Severity: c.severity, Message: "no cuadra"}, {Line: 3, Rule: "P002", Severity: c.severity, Message: "tampoco"}}, nil
			}
			b.Clean = func(context.Context, *warehouse.Rows) (time.Time, time.Time, error) {
				return ingesttest.Day("2024-01-01"), ingesttest.Day("2024-12-31"), nil
			}
			res := b.run(b.drop("prueba-eventos", "a.csv", goodEvents))
			if res.Outcome != c.outcome || res.Load.Accepted != c.accepted || res.ProblemCount != 2 || b.count(`SELECT count(*) FROM raw.prueba_eventos`) != c.raw {
				t.Errorf("result %+v", res)
			}
			if c.outcome != warehouse.Refused && !res.Load.LastPeriod.Equal(ingesttest.Day("2024-12-31")) {
				t.Errorf("periods %v", res.Load.LastPeriod)
			}
		})
	}
}

func TestFailedLoadLeavesNothing(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	boom := errors.New("boom")
	b.Clean = func(context.Context, *warehouse.Rows) (time.Time, time.Time, error) {
		return time.Time{}, time.Time{}, boom
	}
	d := b.drop("prueba-eventos", "a.csv", goodEvents)
	if _, err := b.Run(context.Background(), d); !errors.Is(err, boom) {
		t.Fatalf("error %v", err)
	}
	if n := b.count(`SELECT (SELECT count(*) FROM ledger.loads) + (SELECT count(*) FROM ledger.reports) + (SELECT count(*) FROM raw.prueba_eventos) + (SELECT count(*) FROM raw.diccionario)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	b.Clean = nil
	if res := b.run(d); res.Outcome != warehouse.Accepted || res.Load.ID != 1 {
		t.Errorf("rerun %+v", res)
	}
}

// Fault 81, as far as one process can show it: a run that ends at a failpoint is
// made good by the next.
func TestInterruptedRuns(t *testing.T) {
	for _, at := range []string{"after-spool", "after-gate", "before-commit", "after-commit", "before-move"} {
		t.Run(at, func(t *testing.T) {
			b := newJob(t, ingesttest.Declarations(t, nil))
			d := b.drop("prueba-eventos", "parte.csv", partEvents())
			ctx, cancel := context.WithCancel(context.Background())
			b.Failpoint = func(name string) {
				if name == at {
					cancel()
					if at == "before-move" { // nothing after it heeds the context: take the folder away
						if err := os.WriteFile(b.Home.Path("done", "prueba-eventos"), nil, 0o600); err != nil {
							t.Error(err)
						}
					}
				}
			}
			if _, err := b.Run(ctx, d); err == nil {
				t.Fatal("run did not end")
			}
			b.Failpoint = nil
			os.Remove(b.Home.Path("done", "prueba-eventos"))
			b.run(d)
			if n := b.count(`SELECT count(*) FROM raw.prueba_eventos`); n != 12 {
				t.Errorf("%d raw rows", n)
			}
			if n := b.count(`SELECT count(*) FROM ledger.loads`); n != 1 {
				t.Errorf("%d loads", n)
			}
			for _, name := range []string{"", reportHTML, reportCSV, reportXLSX} {
				if !b.exists("done/prueba-eventos/000001-parte.csv" + name) {
					t.Errorf("no %q in done", name)
				}
			}
			files, _ := filepath.Glob(b.Home.Path("archive", "*.json"))
			if len(files) != 1 {
				t.Fatalf("journals %v", files)
			}
			j, err := ReadJournal(b.Home, strings.TrimSuffix(filepath.Base(files[0]), ".json"))
			if err != nil || len(j.Acts) != 1 || !j.Acts[0].Committed {
				t.Errorf("journal %+v: %v", j, err)
			}
		})
	}
}

func TestSynthetic(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	rows := "folio,fecha,entidad,edad\nSIM-0001,2024-01-31,7,5\nSIM-0002,2024-01-31,7,5\n"
	if res := b.run(b.drop("prueba-registro", "s.csv", rows)); res.Outcome != warehouse.Accepted || !res.Report.Synthetic {
		t.Errorf("into an empty home: %+v", res)
	}
	b.run(b.drop("prueba-eventos", "real.csv", goodEvents))
	more := strings.ReplaceAll(rows, "000", "100")
	res := b.run(b.drop("prueba-registro", "t.csv", more))
	if res.Outcome != warehouse.Refused || !strings.HasPrefix(res.Load.Reason, data.RuleSynthetic) {
		t.Errorf("into a real home: %+v", res)
	}
	d := b.drop("prueba-registro", "u.csv", more)
	d.AllowSynthetic = true
	if res := b.run(d); res.Outcome != warehouse.Accepted || !res.Report.Synthetic {
		t.Errorf("when allowed: %+v", res)
	}
}

func TestWideLoad(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	d := b.drop("prueba-ancho", "w.csv", "anio,tipo,ENE,FEB,MAR,ABR,MAY,JUN,JUL,AGO,SEP,OCT,NOV,DIC\n"+ingesttest.WideRow("2025,a", "1", "2", "3")+ingesttest.WideRow("2025,b", "0", "0", "0")+ingesttest.WideRow("2025,b", "0", "0", "0"))
	d.Published = "2025-04"
	res := b.run(d)
	if res.Outcome != warehouse.Partial || res.Load.RawRows != 6 || res.Report.PublishedPrecision != cell.PrecisionMonth.String() {
		t.Errorf("result %+v", res)
	}
	if n := b.count(`SELECT sum(casos) FROM raw.prueba_ancho WHERE tipo = 'a' AND mes <= 3`); n != 6 {
		t.Errorf("sum %d", n)
	}
}

func TestUndeclaredDataset(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	if _, err := b.Run(context.Background(), Delivery{Path: "x.csv", Dataset: "no-hay"}); !errors.Is(err, data.ErrDeclaration) {
		t.Errorf("error %v", err)
	}
}
