package acceptance

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const mesa = "sspc-mesa-resumen"

// arrive puts a file into a served home's inbox and waits for its load.
func (s *server) arrive(tb testing.TB, dataset, name, text, outcome string) load {
	tb.Helper()
	before := len(s.loads(tb, dataset))
	mustWrite(tb, s.inbox(dataset), name, text)
	eventually(tb, "load of "+name, func() bool { return len(s.loads(tb, dataset)) > before })
	l := s.loads(tb, dataset)[0]
	if l.Outcome != outcome {
		tb.Fatalf("%s: %+v, want %s", name, l, outcome)
	}
	return l
}

// A good file laid into the inbox is on the page, in the API and in the metrics
// without a restart, and what was said before stays reachable.
func TestInbox_goodFileIsPublished(t *testing.T) {
	s := mustServe(t, mustSeeded(t))
	s.arrive(t, mesa, "octubre.csv", mesaGood, "aceptado")
	v := s.indicator(t, "acuerdos_cumplidos", "").must(t, "2025-09-30", "2025-09-30")
	if *v.Numerator != 300 || *v.Denominator != 305 || !near(*v.Value, 300.0/305*100) {
		t.Errorf("acuerdos_cumplidos: %s", v)
	}
	if page := s.get(t, "/mesa"); !strings.Contains(page, "98.36") || !strings.Contains(page, "305") {
		t.Error("/mesa does not show 300 of 305")
	}
	if got := s.metric(t, `cauce_indicator_value{indicator="acuerdos_cumplidos"}`); !strings.HasPrefix(got, "98.36") {
		t.Errorf("metric %q", got)
	}
	old := s.indicator(t, "acuerdos_cumplidos", "2025-07-01")
	if old.find("2025-09-30", "2025-09-30") != nil || *old.must(t, "2025-06-03", "2025-06-03").Numerator != 297 {
		t.Errorf("as of July 2025: %v", old.Values)
	}
	if done, err := filepath.Glob(filepath.Join(s.home, "done", mesa, "*octubre.csv")); err != nil || len(done) != 1 {
		t.Errorf("done: %v %v", done, err)
	}
	if left, err := os.ReadDir(s.inbox(mesa)); err != nil || len(left) != 0 {
		t.Errorf("inbox: %v %v", left, err)
	}
}

// A bad row goes to quarantine and is listed; the rest of its file counts.
func TestInbox_badRowIsListed(t *testing.T) {
	home := mustSeeded(t)
	s := mustServe(t, home)
	l := s.arrive(t, mesa, "parte.csv", mesaRow, "parcial")
	if l.Records != 2 || l.Accepted != 1 || l.Quarantined != 1 {
		t.Errorf("counts %+v", l)
	}
	list := cauce(t, 0, "quarantine", "ls", "--dir", home).stdout
	for _, want := range []string{"parte.csv:3:", `columna "acuerdos"`, `valor "31O"`, "R014"} {
		if !strings.Contains(list, want) {
			t.Errorf("quarantine ls lacks %q:\n%s", want, list)
		}
	}
}

// Nonsense is refused: nothing changes, and a report that the agency can read
// lies beside the file.
func TestInbox_nonsenseIsRefused(t *testing.T) {
	s := mustServe(t, mustSeeded(t))
	before := s.get(t, "/api/v1/indicadores/acuerdos_cumplidos")
	s.arrive(t, mesa, "nada.csv", nonsense, "rechazado")
	after := s.get(t, "/api/v1/indicadores/acuerdos_cumplidos")
	if values(before) != values(after) {
		t.Error("a refused file changed a figure")
	}
	files, err := filepath.Glob(filepath.Join(s.home, "refused", mesa, "*"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		kinds[filepath.Ext(f)] += string(b)
	}
	if !strings.Contains(kinds[".html"], `lang="es"`) || !strings.Contains(kinds[".html"], "fecha_corte") {
		t.Errorf("refused/ holds no Spanish report in HTML: %v", files)
	}
	if !strings.Contains(kinds[".csv"], "hola,mundo") {
		t.Errorf("refused/ does not hold the file: %v", files)
	}
}

// values is the part of an indicator's document that holds figures.
func values(document string) string { return document[strings.Index(document, `"valores"`):] }

// A file that still grows is left until it is whole, and then loaded once.
func TestInbox_growingFileIsLeft(t *testing.T) {
	s := mustServe(t, mustBlank(t))
	const dataset = "upmrip-eventos"
	f, err := os.Create(filepath.Join(s.inbox(dataset), "crece.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("anio,mes,entidad,nacionalidad,sexo,grupo_edad,condicion,eventos\n"); err != nil {
		t.Fatal(err)
	}
	// One row at each look that is not yet a load: the file changes all the time.
	rows := 0
	for _, state := range []string{"07", "27", "30", "02", "26", "08", "20", "15", "09", "19", "14", "31"} {
		for month := 1; month <= 12; month++ {
			if _, err := fmt.Fprintf(f, "2025,%d,%s,Honduras,mujer,18+,presentado,%d\n", month, state, month); err != nil {
				t.Fatal(err)
			}
			rows++
			s.get(t, "/-/healthy")
		}
	}
	eventually(t, "load of the whole file", func() bool { return len(s.loads(t, dataset)) > 0 })
	if got := s.loads(t, dataset); len(got) != 1 || got[0].Accepted != rows {
		t.Errorf("loads %+v, want one of %d rows", got, rows)
	}
}

// One answer raises its axis by one question of five and the total by a fifth of
// that, and nothing else.
func TestIndex_oneAnswerMovesItsAxisAndTheTotal(t *testing.T) {
	s := mustServe(t, mustSeeded(t))
	before := s.indicator(t, "indice_informacion_tim", "")
	const answer = "anio,pregunta,institucion,respuesta,evidencia,fecha\n2024,P2,UPMRIP,si,Informe de campañas 2024,2025-02-15\n"
	s.arrive(t, "gttim-acciones", "respuestas.csv", answer, "aceptado")
	after := s.indicator(t, "indice_informacion_tim", "")
	if len(before.Values) != len(after.Values) || len(after.Values) == 0 {
		t.Fatalf("%d values, then %d", len(before.Values), len(after.Values))
	}
	for i, v := range after.Values {
		want := *before.Values[i].Value
		if v.From == "2024-01-01" {
			switch v.Dimensions["eje"] {
			case "prevencion":
				want += 20
			case "":
				want += 4
			}
		}
		if math.Abs(*v.Value-want) > 1e-9 {
			t.Errorf("%s, want %v", &v, want)
		}
	}
}
