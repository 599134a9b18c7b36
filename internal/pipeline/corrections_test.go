package pipeline

import (
	"bytes"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

const register = "upmrip-eventos-registro"

// corrected are the built-in declarations with corrections of one dataset.
func corrected(tb testing.TB, id, corrections string) string {
	tb.Helper()
	dir := tb.TempDir()
	into := filepath.Join(dir, "datasets", id)
	if err := errors.Join(os.MkdirAll(filepath.Dir(into), 0o750), os.CopyFS(into, os.DirFS("../../data/datasets/"+id)),
		os.WriteFile(filepath.Join(into, "corrections.yml"), []byte(corrections), 0o600)); err != nil {
		tb.Fatal(err)
	}
	return dir
}

const ofRegister = `corrections:
  - id: ER-1
    report: {source: Oficio 1}
    key: {folio: UPM-0000001}
    column: sexo
    expect: hombre
    value: mujer
    reason: Se capturó al revés.
    source: Oficio de prueba
    since: "2024-03-02"
  - id: ER-2
    report: {source: Oficio 1}
    line: 3
    column: edad
    expect: 70
    value: 17
    reason: Un cero de más.
    source: Oficio de prueba
    since: "2024-03-02"
`

// A register is counted by codes and never shown by row: its corrections reach the
// counts, also through a delivery that corrects the report, and no delivered value
// is told.
func TestCorrections_ofARegister(t *testing.T) {
	const head = "folio,fecha,entidad,municipio,nacionalidad,sexo,edad,condicion,acompanamiento\n"
	h := newHome(t, corrected(t, register, ofRegister))
	h.take("2024-03-07", "Oficio 1", 0, head+"UPM-0000001,2024-01-05,Chiapas,,Honduras,hombre,30,presentado,no_aplica\n"+
		"UPM-0000002,2024-01-06,Chiapas,,Honduras,hombre,70,presentado,no_aplica\n"+
		"UPM-0000004,2024-02-06,Chiapas,,Honduras,hombre,40,presentado,no_aplica\n")
	counts := func() string {
		return h.query(`SELECT string_agg(sexo || ' ' || grupo_edad || ' ' || eventos, ', ' ORDER BY sexo, grupo_edad) FROM current.upmrip_eventos_registro`)
	}
	if got := counts(); got != "hombre 12-17 1, hombre 18+ 1, mujer 18+ 1" {
		t.Errorf("counts %s", got)
	}
	h.must("eventos_irregulares", "2024-01", "", 2, "revisado", 1)
	h.take("2024-03-08", "Oficio 2", 1, head+"UPM-0000003,2024-01-07,Chiapas,,Honduras,mujer,9,canalizado,acompanado\n")
	if got := counts(); got != "hombre 12-17 1, hombre 18+ 1, mujer 0-11 1, mujer 18+ 1" {
		t.Errorf("counts after a delivery that adds to it: %s", got)
	}
	h.must("eventos_irregulares", "2024-01", "", 3, "revisado", 2, 1)
	h.must("eventos_irregulares", "2024-01", "2024-03-07", 2, "revisado", 1)
	got, _ := h.figure("eventos_irregulares", "2024-01", "2024-03-07")
	if len(got.Reports) != 1 || len(got.Reports[0].Corrections) != 2 {
		t.Fatalf("traced %+v", got.Reports)
	}
	path, _, err := warehouse.Current(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	db, err := warehouse.OpenPublished(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var said sql.NullString
	if err := db.QueryRowContext(t.Context(), `SELECT string_agg(texto, ' ') || (SELECT string_agg(notas, ' ') FROM valor WHERE indicador = 'eventos_irregulares') FROM aviso WHERE regla = ?`,
		data.RuleAmended).Scan(&said); err != nil {
		t.Fatal(err)
	}
	for _, text := range append([]string{said.String}, got.Reports[0].Corrections...) {
		if !strings.Contains(text, "ER-") || !strings.Contains(text, "Oficio de prueba") || strings.Contains(text, "«") || strings.Contains(text, "UPM-") || strings.Contains(text, "70") || strings.Contains(text, "Aviso R073") {
			t.Errorf("said: %s", text)
		}
	}
}

// A correction of a report that is not there changes nothing and is told in the log.
func TestCorrections_ofNoReport(t *testing.T) {
	var log bytes.Buffer
	h := newHome(t, corrected(t, register, ofRegister))
	h.opt.Log = slog.New(slog.NewTextHandler(&log, nil))
	const head = "folio,fecha,entidad,municipio,nacionalidad,sexo,edad,condicion,acompanamiento\n"
	h.take("2024-03-07", "Oficio 9", 0, head+"UPM-0000001,2024-01-05,Chiapas,,Honduras,mujer,30,presentado,no_aplica\n")
	h.must("eventos_irregulares", "2024-01", "", 1, "definitivo", 1)
	for _, id := range []string{"ER-1", "ER-2"} {
		if !strings.Contains(log.String(), "correction changes nothing that is loaded\" correction="+id) {
			t.Errorf("the log does not tell of %s:\n%s", id, log.String())
		}
	}
}

// A correction that does not fit stops the load before anything is stored; what was
// delivered of a restricted dataset is not told.
func TestFault77_correctionThatNoLongerFits(t *testing.T) {
	h := newHome(t, corrected(t, register, ofRegister))
	const head = "folio,fecha,entidad,municipio,nacionalidad,sexo,edad,condicion,acompanamiento\n"
	_, err := h.load(t.Context(), ingest.Delivery{Path: h.file(t, head+"UPM-0000001,2024-01-05,Chiapas,,Honduras,mujer,30,presentado,no_aplica\n"),
		Name: "enero.csv", Dataset: register, Published: "2024-03-07", Source: "Oficio 1"})
	if !errors.Is(err, data.ErrDeclaration) || !strings.Contains(err.Error(), "corrections.yml:2:5: correction ER-1 of report 1") || !strings.Contains(err.Error(), data.Hidden) {
		t.Errorf("error %v", err)
	}
	if n := h.query(`SELECT (SELECT count(*) FROM ledger.loads) || ' ' || (SELECT count(*) FROM raw.upmrip_eventos_registro) || ' ' || (SELECT count(*) FROM ledger.enmiendas)`); n != "0 0 0" {
		t.Errorf("stored: %s", n)
	}
	if _, err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// take loads a delivery of the register.
func (h home) take(published, source string, corrects int, content string) {
	h.tb.Helper()
	res, err := h.load(h.tb.Context(), ingest.Delivery{Path: h.file(h.tb, content), Name: "registro.csv", Dataset: register, Published: published, Source: source, Corrects: corrects})
	if err != nil || res.Outcome != warehouse.Accepted {
		h.tb.Fatal(res.Outcome, res.Problems, err)
	}
}

func (h home) file(tb testing.TB, content string) string {
	path := filepath.Join(tb.TempDir(), "archivo.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}
