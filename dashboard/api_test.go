package dashboard

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

type document struct {
	Publication int             `json:"publicacion"`
	Values      []documentValue `json:"valores"`
}

type documentValue struct {
	From       string            `json:"periodo_inicio"`
	To         string            `json:"periodo_fin"`
	Dimensions map[string]string `json:"dimensiones"`
	Value      *float64          `json:"valor"`
}

func mustDocument(t *testing.T, h http.Handler, target string) document {
	t.Helper()
	w := get(t, h, target)
	var d document
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || w.Code != http.StatusOK || w.Header().Get("Content-Type") != typeJSON {
		t.Fatalf("%s: %d %s %v", target, w.Code, w.Header().Get("Content-Type"), err)
	}
	return d
}

// The names and the order of the document's fields are a promise.
func TestAPIShape(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	for target, want := range map[string]string{
		"/api/v1/indicadores/acuerdos_por_reunion": `{"publicacion":12,"indicador":"acuerdos_por_reunion","nombre":"Acuerdos por reunión","unidad":"acuerdos por reunión","decimales":2,` +
			`"as_of":null,"as_of_carga":null,"conjuntos":["sspc-mesa-resumen"],"rupturas":[],"valores":[{"periodo_inicio":"2025-06-03","periodo_fin":"2025-06-03","dimensiones":{},"etiquetas":{},` +
			`"valor":4.0675675675675675,"numerador":301,"denominador":74,"unidad":"acuerdos por reunión","estado":"definitivo","vigencia":"2025-06-03","reportes":[5],` +
			`"intervalo":null,"ruptura":false,"notas":[],"atributos":{}}]}` + "\n",
		"/api/v1/indicadores/indicador_sin_datos.json?as_of=2025-01-01": `{"publicacion":12,"indicador":"indicador_sin_datos","nombre":"Indicador sin datos","unidad":"eventos","decimales":0,` +
			`"as_of":"2025-01-01","as_of_carga":null,"conjuntos":["upmrip-eventos"],"rupturas":[],"valores":[]}` + "\n",
		"/api/v1/indicadores/nada": `{"type":"about:blank","title":"No encontrado","status":404,"detail":"Esta dirección no existe en Cauce."}`,
	} {
		if got := get(t, h, target).Body.String(); got != want {
			t.Errorf("%s\n got %s\nwant %s", target, got, want)
		}
	}
}

// A dimension whose code is also its label keeps both.
func TestAPICodesThatAreLabels(t *testing.T) {
	dir := mustHome(t)
	mustPublish(t, dir, 13, "testdata/publicacion.sql", `INSERT INTO valor VALUES ('indicador_sin_datos', DATE '2024-01-01', DATE '2024-12-31',
		'{"institucion":"UPMRIP"}', '{"institucion":"UPMRIP"}', 1, 1, NULL, 'eventos', 'definitivo', false, NULL, NULL, '[]', '{}', DATE '2025-06-03', 'dia', '[5]', DATE '2025-06-03', NULL, 1, NULL)`)
	d := mustDocument(t, mustServer(t, dir).Handler(), "/api/v1/indicadores/indicador_sin_datos")
	if len(d.Values) != 1 || d.Values[0].Dimensions["institucion"] != "UPMRIP" {
		t.Errorf("values %+v", d.Values)
	}
}

func TestAPIValues(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	year := func(d document, y string) *float64 {
		for _, v := range d.Values {
			if v.From == y+"-01-01" && v.To == y+"-12-31" && len(v.Dimensions) == 0 {
				return v.Value
			}
		}
		return nil
	}
	now, then := mustDocument(t, h, "/api/v1/indicadores/eventos_irregulares"), mustDocument(t, h, "/api/v1/indicadores/eventos_irregulares?as_of=2020-03-01")
	for y, want := range map[string]float64{"2024": 1234698, "2023": 782176, "2022": 441409, "2019": 182940} {
		if got := year(now, y); got == nil || *got != want {
			t.Errorf("%s: %v, want %v", y, got, want)
		}
	}
	if year(now, "2016") != nil || *year(then, "2019") != 186750 || year(then, "2024") != nil {
		t.Error("as_of does not select")
	}
	change := mustDocument(t, h, "/api/v1/indicadores/variacion_anual_eventos.json")
	if got, want := *year(change, "2024"), (1234698.0/782176.0-1)*100; got-want > 1e-9 || want-got > 1e-9 {
		t.Errorf("change %v, want %v unrounded", got, want)
	}
	sorted := slices.IsSortedFunc(now.Values, func(a, b documentValue) int { return strings.Compare(a.From+a.To, b.From+b.To) })
	if !sorted {
		t.Error("values are not in order")
	}
}

// Case 120: a text that a spreadsheet would run is quoted, numbers are not.
func TestAPICSV(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	w := get(t, h, "/api/v1/indicadores/carpetas_ley_migracion.csv")
	if w.Header().Get("Content-Type") != typeCSV || w.Header().Get("Content-Disposition") != `attachment; filename="carpetas_ley_migracion.csv"` {
		t.Errorf("headers %v", w.Header())
	}
	text := w.Body.String()
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("lines do not end in CRLF")
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 9 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	head := lines[0]
	state := lines[slices.IndexFunc(lines, func(l []string) bool { return l[3] == "30" })]
	for column, want := range map[string]string{
		"indicador": "carpetas_ley_migracion", "periodo_inicio": "2024-01-01", "entidad_etiqueta": "Veracruz de Ignacio de la Llave", "valor": "118",
		"estado": "Sin marca", "estado_codigo": "definitivo", "numerador": "", "reportes": "6", "notas": "'=1+1", "ruptura": "false",
	} {
		if got := state[slices.Index(head, column)]; got != want {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
	empty := get(t, h, "/api/v1/indicadores/indicador_sin_datos.csv").Body.String()
	if strings.Count(empty, "\r\n") != 1 {
		t.Errorf("an indicator without data: %q", empty)
	}
}

func TestAPILists(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	var indicators struct {
		Publication int              `json:"publicacion"`
		Items       []map[string]any `json:"indicadores"`
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/indicadores").Body.Bytes(), &indicators); err != nil || indicators.Publication != 12 || len(indicators.Items) != 9 || indicators.Items[0]["id"] != "eventos_irregulares" {
		t.Errorf("indicators %v %v", indicators, err)
	}
	var datasets struct {
		Items []map[string]any `json:"conjuntos"`
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/datasets").Body.Bytes(), &datasets); err != nil || len(datasets.Items) != 4 {
		t.Fatalf("datasets %v %v", datasets, err)
	}
	late := datasets.Items[1]
	if late["id"] != "sesnsp-fuero-federal" || late["dias_de_atraso"] != 171.0 || late["siguiente_periodo"] != "2025-08-31" || late["vence"] != "2025-09-20" {
		t.Errorf("late dataset %v", late)
	}
	if never := datasets.Items[3]; never["dias_de_atraso"] != 0.0 || never["ultimo_periodo"] != nil {
		t.Errorf("dataset without reports %v", never)
	}
	var loads struct {
		Items []map[string]any `json:"cargas"`
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/cargas").Body.Bytes(), &loads); err != nil || len(loads.Items) != 9 || loads.Items[0]["carga"] != 9.0 || len(loads.Items[0]["sha256"].(string)) != 64 {
		t.Errorf("loads %v %v", loads, err)
	}
	if got := []any{loads.Items[2]["corrige"], loads.Items[1]["corrige"], loads.Items[0]["corrige"]}; !slices.Equal(got, []any{4.0, 5.0, nil}) {
		t.Errorf("loads correct %v", got)
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/cargas?as_of=2021-12-31").Body.Bytes(), &loads); err != nil || len(loads.Items) != 2 {
		t.Errorf("%d loads by the end of 2021, want 2", len(loads.Items))
	}
}

// The description names every route of the API, and no other.
func TestAPIDescription(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	var description struct {
		Paths map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/openapi.json").Body.Bytes(), &description); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"/api/v1/indicadores/{id}.json": true}
	for _, x := range downloads() {
		want["/api/v1/indicadores/{id}"+x.ext] = true
	}
	for _, r := range routes() {
		if strings.HasPrefix(r.path, "/api/") {
			want[strings.ReplaceAll(r.path, "{}", "{id}")] = true
		}
	}
	for path := range want {
		if description.Paths[path] == nil {
			t.Errorf("%s is not described", path)
		}
	}
	for path := range description.Paths {
		if !want[path] {
			t.Errorf("%s is described and not served", path)
		}
	}
}

// What the API says of rows adds up: what loads that stand accepted is what their
// dataset did, and open rows are those of its loads.
func TestAPICounts(t *testing.T) {
	const withdrawal = `INSERT INTO carga SELECT * REPLACE (11 AS carga, 'retiro' AS tipo, 'retirado' AS resultado, 0 AS registros, 0 AS aceptados, 0 AS cuarentena) FROM carga WHERE carga = %d`
	const replay = `INSERT INTO carga SELECT * REPLACE (10 AS carga, 'repeticion' AS tipo, 3 AS registros, 1 AS aceptados, 2 AS cuarentena) FROM carga WHERE carga = 6`
	const protect = `UPDATE carga SET bytes = NULL, registros = NULL, aceptados = NULL, cuarentena = NULL, omitidos = NULL, lineas = NULL WHERE conjunto = 'sesnsp-fuero-federal'`
	again := []string{replay, `UPDATE estado_cuarentena SET estado = 'pendiente', por = 10, filas = 2`, `INSERT INTO estado_cuarentena VALUES (6, 'incorporada', 10, 1), (10, 'abierta', NULL, 2)`, `UPDATE cuarentena SET filas = 2 WHERE regla = ''`}
	for _, tt := range []struct {
		name, dataset                string
		statements                   []string
		accepted, withdrawn, waiting int64 // -1: protected
	}{
		{"as loaded", "sesnsp-fuero-federal", nil, 5000, 0, 3},
		{"with a replay of the quarantine", "sesnsp-fuero-federal", again, 5001, 0, 2},
		{"withdrawn", "sesnsp-fuero-federal", append([]string{fmt.Sprintf(withdrawal, 6), `DELETE FROM cuarentena`}, append(again, `UPDATE estado_cuarentena SET estado = 'retirada', por = 11 WHERE estado = 'abierta'`)...), 0, 5001, 0},
		{"corrected", "cifras-publicadas", nil, 57, 0, 0},
		{"its correction withdrawn", "cifras-publicadas", []string{fmt.Sprintf(withdrawal, 7)}, 56, 1, 0},
		{"a refused correction", "sspc-mesa-resumen", nil, 2, 0, 0},
		{"protected", "sesnsp-fuero-federal", []string{protect, `UPDATE conjunto SET filas = NULL WHERE id = 'sesnsp-fuero-federal'`, `DELETE FROM cuarentena`, `DELETE FROM estado_cuarentena`}, -1, -1, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			mustPublish(t, dir, 12, "testdata/publicacion.sql", append([]string{`UPDATE publicacion SET ultima_carga = 11`}, tt.statements...)...)
			h := mustServer(t, dir).Handler()
			var datasets, loads struct {
				Datasets []map[string]any `json:"conjuntos"`
				Loads    []map[string]any `json:"cargas"`
			}
			if err := json.Unmarshal(get(t, h, "/api/v1/datasets").Body.Bytes(), &datasets); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(get(t, h, "/api/v1/cargas").Body.Bytes(), &loads); err != nil {
				t.Fatal(err)
			}
			count := func(row map[string]any, name string) int64 {
				if n, ok := row[name].(float64); ok {
					return int64(n)
				}
				return -1
			}
			var accepted, waiting int64
			for _, l := range loads.Loads {
				if l["conjunto"] != tt.dataset {
					continue
				}
				if l["resultado"] != "rechazado" && l["carga_hasta"] == nil && accepted >= 0 {
					accepted += count(l, "aceptados")
				}
				if waiting >= 0 {
					waiting += count(l, "cuarentena_abierta")
				}
			}
			if accepted != tt.accepted || waiting != tt.waiting {
				t.Errorf("its loads: %d accepted, %d waiting; want %d and %d", accepted, waiting, tt.accepted, tt.waiting)
			}
			d := datasets.Datasets[slices.IndexFunc(datasets.Datasets, func(d map[string]any) bool { return d["id"] == tt.dataset })]
			if got, want := []int64{count(d, "aceptados"), count(d, "retirados"), count(d, "cuarentena_abierta")}, []int64{tt.accepted, tt.withdrawn, tt.waiting}; !slices.Equal(got, want) {
				t.Errorf("the dataset: accepted, withdrawn and waiting are %v, want %v", got, want)
			}
		})
	}
}

// The description names every field of a dataset and of a load, and no other.
func TestAPIDescription_fields(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	for _, tt := range []struct{ path, list string }{{"/api/v1/datasets", "conjuntos"}, {"/api/v1/cargas", "cargas"}} {
		var description, document any
		if err := json.Unmarshal(get(t, h, "/api/v1/openapi.json").Body.Bytes(), &description); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(get(t, h, tt.path).Body.Bytes(), &document); err != nil {
			t.Fatal(err)
		}
		at := func(x any, path ...string) map[string]any {
			for _, name := range path {
				x = x.(map[string]any)[name]
			}
			return x.(map[string]any)
		}
		described := at(description, "paths", tt.path, "get", "responses", "200", "content", "application/json", "schema", "properties", tt.list, "items", "properties")
		given := document.(map[string]any)[tt.list].([]any)[0].(map[string]any)
		if got, want := slices.Sorted(maps.Keys(given)), slices.Sorted(maps.Keys(described)); !slices.Equal(got, want) {
			t.Errorf("%s gives %v\nand is described with %v", tt.path, got, want)
		}
	}
}
