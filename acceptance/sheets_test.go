package acceptance

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
)

// sheetFields are what every sheet says, whatever the indicator.
var sheetFields = []string{
	"Unidad", "Cálculo", "Variables", "Periodicidad", "Cobertura", "Desagregaciones", "Aditivo", "Interpretación", "Sentido", "Línea base", "Meta", "Umbrales",
	"Qué no mide", "Límites", "Rupturas de método", "Fuentes y fecha de consulta", "Responsable", "Clase de divulgación", "Versión", "Historial de versiones", "Del reporte a la cifra",
}

// Every indicator has its whole sheet as a page, as Markdown and as JSON, and can
// be taken away in every form.
func TestSheets_whole(t *testing.T) {
	s := mustFirst(t)
	ids := s.indicators(t)
	if len(ids) < 21 {
		t.Fatalf("%d indicators", len(ids))
	}
	for _, id := range ids {
		page, text := s.get(t, "/indicadores/"+id), s.get(t, "/api/v1/indicadores/"+id+".md")
		for _, f := range sheetFields {
			if !strings.Contains(page, "<dt>"+f+"</dt>") {
				t.Errorf("the page of %s lacks %s", id, f)
			}
			if !strings.Contains(text, "\n## "+f+"\n\n") {
				t.Errorf("the Markdown of %s lacks %s", id, f)
			}
		}
		doc := decode[struct {
			Sheet    map[string]any `json:"ficha"`
			Lineage  []string       `json:"linaje"`
			Datasets []any          `json:"conjuntos_de_datos"`
		}](t, s.get(t, "/api/v1/indicadores/"+id+".metadata.json"))
		for _, key := range []string{"variables", "historial", "fuentes", "no_mide", "limites", "formula", "formula_matematica", "aditivo", "responsable", "clase"} {
			if doc.Sheet[key] == nil {
				t.Errorf("the JSON of %s lacks %s", id, key)
			}
		}
		if len(doc.Lineage) < 4 {
			t.Errorf("the JSON of %s lacks how a report becomes a figure", id)
		}
		for ext, begins := range map[string]string{".csv": "indicador,periodo_inicio", ".xlsx": "PK", ".parquet": "PAR1", ".arrow": "ARROW1", ".zip": "PK", ".revisiones.csv": "indicador,", ".revisiones.json": "{"} {
			if body := s.get(t, "/api/v1/indicadores/"+id+ext); !strings.HasPrefix(body, begins) {
				t.Errorf("%s%s begins with %.20q", id, ext, body)
			}
		}
		body := s.get(t, "/api/v1/indicadores/"+id+".zip")
		if z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body))); err != nil || len(z.File) != 11 {
			t.Errorf("%s.zip: %v", id, err)
		}
	}
	for id, wants := range map[string][]string{
		"indice_informacion_tim": {"Desde 40: cumple parcialmente", "Sin línea base publicada", "Sin meta publicada", "construcción propia"},
		"eventos_irregulares":    {"Desde el 1 de enero de 2021", "Sin umbrales publicados", "consultado el 24 de noviembre de 2026", "P(t): Eventos de presentación del periodo (eventos)"},
		"acuerdos_cumplidos":     {"Ninguna registrada", "Reportes de los que salen las cifras mostradas (1)", "Sin meta publicada"},
		"oportunidad_reportes":   {"se consulta con cada publicación"},
	} {
		page := s.get(t, "/indicadores/"+id)
		for _, want := range wants {
			if !strings.Contains(strings.ToLower(page), strings.ToLower(want)) {
				t.Errorf("the sheet of %s lacks %q", id, want)
			}
		}
	}
}

// The revision table of the events holds the revisions that are known, and no
// rounded figure that was made more precise as one.
func TestRevisions_ofTheEvents(t *testing.T) {
	s := mustFirst(t)
	doc := decode[struct {
		Figures []struct {
			From     string `json:"periodo_inicio"`
			To       string `json:"periodo_fin"`
			Vintages []struct {
				Since     string   `json:"publicada_desde"`
				Value     *float64 `json:"valor"`
				Diff      *float64 `json:"diferencia"`
				Change    *float64 `json:"cambio_porcentual"`
				Direction string   `json:"sentido"`
			} `json:"vigencias"`
		} `json:"revisiones"`
	}](t, s.get(t, "/api/v1/indicadores/eventos_irregulares.revisiones.json"))
	type revised struct {
		since          string
		before, after  float64
		direction      string
		change, within float64
	}
	want := map[string]revised{
		"2018-01-01/2018-12-31": {"2020-02-29", 138612, 131445, "a la baja", -5.2, 0.05},
		"2019-01-01/2019-12-31": {"2024-03-31", 186750, 182940, "a la baja", -2.0, 0.05},
		"2024-01-01/2024-04-30": {"2025-06-30", 481025, 465191, "a la baja", -3.3, 0.05},
		"2025-01-01/2025-01-31": {"2026-01-31", 63457, 64281, "al alza", 1.3, 0.05},
		"2025-02-01/2025-02-28": {"2026-01-31", 24327, 24359, "al alza", 0.13, 0.005},
	}
	for _, f := range doc.Figures {
		w, known := want[f.From+"/"+f.To]
		if !known {
			continue
		}
		delete(want, f.From+"/"+f.To)
		first, last := f.Vintages[0], f.Vintages[len(f.Vintages)-1]
		if len(f.Vintages) != 2 || *first.Value != w.before || *last.Value != w.after || last.Since != w.since || *last.Diff != w.after-w.before || last.Direction != w.direction ||
			*last.Change < w.change-w.within || *last.Change > w.change+w.within {
			t.Errorf("%s to %s: %+v", f.From, f.To, f.Vintages)
		}
	}
	if len(want) > 0 {
		t.Errorf("not in the table: %v", want)
	}
	page := s.get(t, "/indicadores/eventos_irregulares")
	for _, text := range []string{"481,025", "465,191", "−15,834", "−3.29", "&#43;824", "&#43;32"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %s", text)
		}
	}
}
