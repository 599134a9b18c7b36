package pipeline

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// asides is what would be published of what became of quarantined rows: load, state,
// load that closed them, rows.
func (h home) asides() string {
	h.tb.Helper()
	a, err := h.aside(h.tb.Context(), nil)
	if err != nil {
		h.tb.Fatal(err)
	}
	var rows []string
	for _, r := range a.became {
		rows = append(rows, strings.ReplaceAll(strings.Trim(fmt.Sprint(r), "[]"), "<nil> ", ""))
	}
	return strings.Join(rows, ", ")
}

func (h home) wantAsides(when, want string) {
	h.tb.Helper()
	if got := h.asides(); got != want {
		h.tb.Errorf("%s: %s, want %s", when, got, want)
	}
}

// again closes the home and opens it with other declarations.
func (h home) again(declarations string) home {
	h.tb.Helper()
	if err := h.Close(); err != nil {
		h.tb.Fatal(err)
	}
	p, err := Open(h.tb.Context(), Options{Dir: h.dir, Declarations: declarations, Version: "prueba", Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		h.tb.Fatal(err)
	}
	h.tb.Cleanup(func() { p.Close() })
	return home{p, h.tb, h.dir}
}

// deliverAs loads a file that corrects a report, 0 for none.
func (h home) deliverAs(dataset, published string, corrects int, content string) ingest.Result {
	h.tb.Helper()
	res, err := h.load(h.tb.Context(), ingest.Delivery{Path: h.file(h.tb, content), Name: "archivo.csv", Dataset: dataset, Published: published, Corrects: corrects})
	if err != nil {
		h.tb.Fatal(err)
	}
	return res
}

// What is published of quarantined rows follows what is in force: a correction closes
// them as long as it is not withdrawn, a newer report of the same months too.
func TestQuarantineStates_corrected(t *testing.T) {
	const dataset, head = "upmrip-eventos", "anio,mes,entidad,nacionalidad,sexo,grupo_edad,condicion,eventos\n"
	const chiapas = "2025,1,Chiapas,Honduras,mujer,18+,presentado,3\n"
	const corrections = head + "2025,1,Tabasco,Honduras,mujer,18+,presentado,40\n2025,1,Oaxaca,Honduras,mujer,18+,presentado,6\n"
	h := newHome(t, "")
	h.wantAsides("nothing loaded", "")
	h.deliverAs(dataset, "2025-03", 0, head+chiapas+
		"2025,1,Tabasco,Honduras,mujer,18+,presentado,4O\n2025,1,Oaxaca,Honduras,mujer,18+,presentado,1.5\n2025,1,Sonora,Honduras,mujer,18+\n")
	h.wantAsides("delivered", "1 abierta 3")
	h.deliverAs(dataset, "2025-04", 1, corrections)
	h.wantAsides("corrected in part", "1 abierta 1, 1 corregida 2 2")
	h.retire(2)
	h.wantAsides("correction withdrawn", "1 abierta 3")
	h.deliverAs(dataset, "2025-04", 1, corrections+"2025,1,Puebla,Honduras,mujer,18+,presentado,1\n")
	h.wantAsides("another correction", "1 abierta 1, 1 corregida 4 2")
	h.deliverAs(dataset, "2025-05", 0, head+chiapas)
	h.wantAsides("a newer report of the month", "1 corregida 4 2, 1 sustituida 5 1")
	h.retire(4)
	h.wantAsides("which is withdrawn", "1 abierta 1, 1 corregida 4 2")
	h.retire(1)
	h.wantAsides("the report itself is withdrawn", "1 corregida 4 2, 1 retirada 7 1")
}

// Two corrections may bring the same row: it is closed as long as one of them stands,
// whichever came first. A home of a program that noted the first alone, or none of those
// that came after a withdrawn one, is mended when it is opened.
func TestQuarantineStates_correctedTwice(t *testing.T) {
	const dataset, head = "upmrip-eventos", "anio,mes,entidad,nacionalidad,sexo,grupo_edad,condicion,eventos\n"
	const row, other = "2025,1,Tabasco,Honduras,mujer,18+,presentado,40\n", "2025,1,Oaxaca,Honduras,mujer,18+,presentado,6\n"
	h := newHome(t, "")
	h.deliverAs(dataset, "2025-03", 0, head+"2025,1,Chiapas,Honduras,mujer,18+,presentado,3\n2025,1,Tabasco,Honduras,mujer,18+,presentado,4O\n2025,1,Oaxaca,Honduras,mujer,18+,presentado,1.5\n")
	h.deliverAs(dataset, "2025-04", 1, head+row)
	h.deliverAs(dataset, "2025-05", 1, head+other+"2025,1,Tabasco,Honduras,mujer,18+,presentado,cuarenta\n")
	h.deliverAs(dataset, "2025-06", 1, head+strings.Replace(row, "40", "41", 1))
	h.wantAsides("corrected twice", "1 corregida 3 1, 1 corregida 4 1, 3 abierta 1")
	h.retire(2)
	h.wantAsides("the first correction withdrawn", "1 corregida 3 1, 1 corregida 4 1, 3 abierta 1")
	older := func(statements ...string) {
		conn, err := h.DB.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for _, q := range append(statements, "DROP TABLE ledger.tareas", "DELETE FROM schema_version WHERE version = 7") {
			if _, err := conn.ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
	}
	older("DELETE FROM ledger.correcciones WHERE corregida_por <> 2")
	h.wantAsides("as an older program noted it", "1 abierta 2, 3 abierta 1")
	h = h.again("")
	h.wantAsides("and mended", "1 corregida 3 1, 1 corregida 4 1, 3 abierta 1")
	h.retire(4)
	h.wantAsides("the other correction withdrawn too", "1 abierta 1, 1 corregida 3 1, 3 abierta 1")
	if _, err := h.VerifyRebuild(t.Context()); err != nil {
		t.Error(err)
	}
}

// What an older program noted is found out anew of the archived bytes alone: where they
// are others now, or the layout of the corrected report is no longer the contract's, what
// was noted stays.
func TestQuarantineStates_correctedReportCannotBeRead(t *testing.T) {
	const dataset, file = "prueba-lugares", "n,lugar\n1,Norte\n2,Zona Norte\n3,Nada\n"
	const columns = "Lugar, example: Norte}\n  - {name: nota, type: categoria, text: Nota"
	optional := strings.Replace(columns, "text: Nota", "optional: true, text: Nota", 1)
	older := func(t *testing.T) home {
		h := newHome(t, places(t, "N,Norte,", optional))
		h.deliverAs(dataset, "2025-03", 0, file)
		h.deliverAs(dataset, "2025-04", 1, "n,lugar,nota\n2,Norte,\n")
		h.wantAsides("corrected", "1 abierta 1, 1 corregida 2 1")
		conn, err := h.DB.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for _, q := range []string{"DROP TABLE ledger.tareas", "DELETE FROM schema_version WHERE version = 7"} {
			if _, err := conn.ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		return h
	}
	t.Run("layout", func(t *testing.T) {
		h := older(t).again(places(t, "N,Norte,", columns))
		h.wantAsides("under another contract", "1 abierta 1, 1 corregida 2 1")
	})
	t.Run("bytes", func(t *testing.T) {
		h := older(t)
		reports, err := h.DB.Reports(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		archived := h.Home.Path(warehouse.ArchiveDir, reports[0].SHA256)
		put := func(content string) {
			if err := errors.Join(os.Remove(archived), os.WriteFile(archived, []byte(content), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		put(strings.Replace(file, "2,Zona", "9,Zona", 1))
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		opt := Options{Dir: h.dir, Declarations: places(t, "N,Norte,", optional), Version: "prueba", Now: now, Log: slog.New(slog.DiscardHandler)}
		if p, err := Open(t.Context(), opt); !errors.Is(err, warehouse.ErrIntegrity) || !strings.Contains(err.Error(), "now hashes to") {
			t.Errorf("opened over damaged bytes: %v", err)
			if err == nil {
				p.Close()
			}
		}
		put(file)
		p, err := Open(t.Context(), opt)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.Close() })
		h.Pipeline = p
		h.wantAsides("mended", "1 abierta 1, 1 corregida 2 1")
	})
}

// Rows that pass when they are judged again count as such, those that do not as rows
// of that load alone; a row that a correction brought in stays closed when its file is
// loaded anew.
func TestQuarantineStates_judgedAgain(t *testing.T) {
	const dataset = "prueba-lugares"
	const file = "n,lugar\n1,Norte\n2,Zona Norte\n3,Nada\n4,Nadie\n"
	h := newHome(t, places(t, "N,Norte,", "Lugar"))
	h.deliverAs(dataset, "2025-03", 0, file)
	h.wantAsides("delivered", "1 abierta 3")
	h = h.again(places(t, "N,Norte,Zona Norte", "Lugar"))
	if _, err := h.Replay(t.Context(), warehouse.QuarantineFilter{}); err != nil {
		t.Fatal(err)
	}
	h.wantAsides("replayed", "1 incorporada 2 1, 1 pendiente 2 2, 2 abierta 2")
	h.deliverAs(dataset, "2025-03", 1, "n,lugar\n3,Norte\n")
	h.wantAsides("and corrected", "1 incorporada 2 1, 1 pendiente 2 2, 2 abierta 1, 2 corregida 3 1")
	h = h.again(places(t, "N,Norte,Zona Norte", "Lugar de los hechos"))
	if res := h.deliverAs(dataset, "2025-03", 0, file); res.Load.Kind != warehouse.KindReload {
		t.Fatalf("load %+v", res.Load)
	}
	h.wantAsides("and loaded anew", "1 incorporada 2 1, 1 pendiente 2 2, 2 pendiente 4 2, 4 abierta 1, 4 corregida 3 1")
}

// places declares a dataset of places with a catalogue of one line.
func places(tb testing.TB, line, text string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, content := range map[string]string{
		"reference/lugares.csv": "codigo,nombre,sinonimos\n" + line + "\n",
		"datasets/prueba-lugares/clean.sql": "-- Purpose: places, typed. Grain: one row per n. Key: n.\n" +
			"SELECT line, DATE '2025-01-01' AS periodo_inicio, DATE '2025-12-31' AS periodo_fin, n, lugar FROM entrega\n",
		"datasets/prueba-lugares/catalog.yml": "title: {es: Lugares}\ndescription: {es: Lugares de prueba.}\ncitation: Prueba.\n",
		"datasets/prueba-lugares/contract.yml": `id: prueba-lugares
agency: prueba
title: {es: Lugares de prueba}
producer: Agencia de prueba
licence: libre
contact: Área de datos
class: publica
format: csv
delimiter: ","
encoding: auto
shape: long
cadence: {every: ninguna}
key: [n]
revision: {policy: instantanea}
columns:
  - {name: n, type: entero, required: true, text: Número, example: "1"}
  - {name: lugar, type: catalogo, catalog: lugares, required: true, text: ` + text + `, example: Norte}
`,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.TrimLeft(content, "\n")), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func (h home) retire(report int) {
	h.tb.Helper()
	if err := h.retract(h.tb.Context(), report, "prueba"); err != nil {
		h.tb.Fatal(err)
	}
}
