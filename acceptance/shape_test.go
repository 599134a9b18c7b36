package acceptance

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Keys of the API's documents, in alphabetical order.
var (
	documentKeys = []string{"as_of", "as_of_carga", "conjuntos", "decimales", "indicador", "nombre", "publicacion", "rupturas", "unidad", "valores"}
	valueKeys    = []string{"atributos", "denominador", "dimensiones", "estado", "etiquetas", "intervalo", "notas", "numerador",
		"periodo_fin", "periodo_inicio", "reportes", "ruptura", "unidad", "valor", "vigencia"}
	statuses = []string{"definitivo", "preliminar", "revisado", "estimado", "faltante", "suprimido"}
	axes     = []string{"prevencion", "atencion", "procuracion", "administracion", "estudio"}
	isoDay   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
)

func keys(m map[string]json.RawMessage) []string { return slices.Sorted(maps.Keys(m)) }

// Every value of every indicator has exactly the keys that programs rely on, with
// the types that they rely on, in the promised order.
func TestAPI_shape(t *testing.T) {
	s := mustFirst(t)
	list := decode[map[string]json.RawMessage](t, s.get(t, "/api/v1/indicadores"))
	if got := keys(list); !slices.Equal(got, []string{"as_of", "as_of_carga", "indicadores", "publicacion", "publicado_en"}) {
		t.Errorf("list: keys %v", got)
	}
	for _, id := range s.indicators(t) {
		t.Run(id, func(t *testing.T) {
			text := s.get(t, "/api/v1/indicadores/"+id)
			if text != s.get(t, "/api/v1/indicadores/"+id+".json") {
				t.Error(".json is another document")
			}
			doc := decode[map[string]json.RawMessage](t, text)
			if got := keys(doc); !slices.Equal(got, documentKeys) {
				t.Errorf("keys %v", got)
			}
			values := decode[[]map[string]json.RawMessage](t, string(doc["valores"]))
			// The minutes name publications without their years: none counts in any.
			if len(values) == 0 && id != "publicaciones_tim" {
				t.Fatal("no values in a seeded home")
			}
			for _, v := range values {
				checkValue(t, v)
			}
			typed := decode[document](t, text).Values
			if !slices.IsSortedFunc(typed, order) {
				t.Error("values do not ascend by start, end and dimensions")
			}
			for i := 1; i < len(typed); i++ {
				if order(typed[i-1], typed[i]) == 0 {
					t.Errorf("two values of one period and dimension: %s", &typed[i])
				}
			}
		})
	}
}

// order is that of the API's values.
func order(a, b value) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(dimensionText(a), dimensionText(b)))
}

// dimensionText is the dimensions in canonical JSON, by which values are ordered:
// the total, {}, comes after its parts.
func dimensionText(v value) string {
	b, err := json.Marshal(v.Dimensions)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func checkValue(t *testing.T, v map[string]json.RawMessage) {
	t.Helper()
	if got := keys(v); !slices.Equal(got, valueKeys) {
		t.Fatalf("keys %v", got)
	}
	is := func(key string, kinds string) { // the first byte tells the kind
		if !strings.Contains(kinds, string(v[key][:1])) {
			t.Errorf("%s is %s", key, v[key])
		}
	}
	const number, null = "-0123456789", "n"
	is("valor", number+null)
	is("numerador", number+null)
	is("denominador", number+null)
	is("dimensiones", "{")
	is("etiquetas", "{")
	is("atributos", "{")
	is("reportes", "[")
	is("notas", "[")
	is("intervalo", "["+null)
	is("ruptura", "tf")
	for _, key := range []string{"periodo_inicio", "periodo_fin", "vigencia"} {
		if day := decode[string](t, string(v[key])); !isoDay.MatchString(day) {
			t.Errorf("%s is %s", key, day)
		}
	}
	if status := decode[string](t, string(v["estado"])); !slices.Contains(statuses, status) {
		t.Errorf("estado is %s", status)
	}
	decode[[]int](t, string(v["reportes"]))
	if interval := decode[*[]float64](t, string(v["intervalo"])); interval != nil && len(*interval) != 2 {
		t.Errorf("intervalo is %v", *interval)
	}
}
