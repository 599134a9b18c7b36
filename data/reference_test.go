package data_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

// cell reads one cell by column name.
func cell(tb testing.TB, t *data.Table, row []string, column string) string {
	tb.Helper()
	i := t.Column(column)
	if i < 0 {
		tb.Fatalf("table %s has no column %s", t.ID, column)
	}
	return row[i]
}

// Forms of names as publishers and the press really write them.
func TestCatalogueSpellings(t *testing.T) {
	ref := mustLoad(t).Reference
	for _, tt := range []struct {
		table, code string
		spellings   []string
	}{
		{"entidades", "05", []string{"05", "5", "Coahuila de Zaragoza", "COAHUILA", "Coah.", " coahuila "}},
		{"entidades", "07", []string{"07", "7", "CHIAPAS", "Chis."}},
		{"entidades", "09", []string{"9", "CIUDAD DE MEXICO", "Distrito Federal", "CDMX", "Ciudad de México", "D.F."}},
		{"entidades", "15", []string{"15", "MEXICO", "México", "ESTADO DE MEXICO", "estado de México", "Edomex", "Mex."}},
		{"entidades", "16", []string{"Michoacán de Ocampo", "MICHOACAN ", "Mich."}},
		{"entidades", "22", []string{"QUERETARO ", "Qro."}},
		{"entidades", "23", []string{"Q. Roo", "QUINTANA ROO"}},
		{"entidades", "24", []string{"SLP", "San Luis Potosí"}},
		{"entidades", "30", []string{"Veracruz de Ignacio de la Llave", "VERACRUZ ", "Ver."}},
		{"entidades", "33", []string{"EXTRANJERO", "33"}},
		{"entidades", "99", []string{"SE DESCONOCE", "99"}},
		{"paises", "VEN", []string{"VEN", "ven", "Venezuela", "venezolano", "VENEZOLANA"}},
		{"paises", "HND", []string{"HONDUREÑA", "hondurena", "Honduras"}},
		{"paises", "BRA", []string{"BRASILENA", "Brasil"}},
		{"paises", "ESP", []string{"ESPANOLA", "española"}},
		{"paises", "SLV", []string{"SALVADORENA", "El Salvador"}},
		{"paises", "KHM", []string{"KAMPUCHEANA", "Camboya"}},
		{"paises", "DOM", []string{"Dominicana, Rep.", "República Dominicana"}},
		{"paises", "DMA", []string{"Dominica"}},
		{"paises", "KOR", []string{"Corea, Rep. (Sur)"}},
		{"paises", "CZE", []string{"Checa, Rep."}},
		{"paises", "CAF", []string{"Centroafricana, Rep."}},
		{"paises", "FSM", []string{"Micronesia, Rep."}},
		{"paises", "NLD", []string{"Países Bajos (Holanda)"}},
		{"paises", "MMR", []string{"Mianmar (Birmania)"}},
		{"paises", "MTQ", []string{"Martinica (Terr. Ultram. Francia)"}},
		{"paises", "IRQ", []string{"Irak"}},
		{"paises", "IRN", []string{"Irán"}},
		{"paises", "FJI", []string{"Fiyi"}},
		{"paises", "USA", []string{"Estados Unidos", "EE. UU.", "Estados Unidos de América"}},
		{"paises", "MEX", []string{"México", "Estados Unidos Mexicanos"}},
		{"paises", "XXA", []string{"Apátridas"}},
		{"sexo", "mujer", []string{"mujeres", "Femenino", "F"}},
		{"sexo", "hombre", []string{"Hombres", "MASCULINO", "H"}},
		{"grupo_edad", "0-11", []string{"0-11", "0 a 11 años"}},
		{"grupo_edad", "18+", []string{"18+", "18 y más"}},
		{"condicion", "canalizado", []string{"canalizadas"}},
		{"acompanamiento", "no_acompanado", []string{"no acompañada", "NO ACOMPANADO"}},
		{"instituciones", "SEMAR", []string{"Marina", "SEMAR"}},
		{"instituciones", "GN", []string{"Guardia Nacional"}},
		{"meses", "04", []string{"ABR", "Abril", "4", "04"}},
		{"meses", "09", []string{"SEPTIEMBRE", "setiembre", "sept."}},
		{"regiones", "oceania", []string{"Oceania", "Oceanía"}},
		{"respuestas", "si", []string{"si", "Sí", "SI"}},
		{"preguntas", "P1", []string{"p1"}},
	} {
		for _, s := range tt.spellings {
			if got, ok := ref[tt.table].Code(s); !ok || got != tt.code {
				t.Errorf("%s: %q is %q %v, want %s", tt.table, s, got, ok, tt.code)
			}
		}
	}
	// What can be read in two ways, or is a total, is no spelling at all.
	for table, refused := range map[string][]string{
		"entidades":  {"Nacional", "00", "0", "Estados Unidos Mexicanos", "Total"},
		"paises":     {"Corea", "América", "guineano", "América Central", "Total general"},
		"sexo":       {"M", "otro"},
		"grupo_edad": {"0-17", "<18", "-11", "menores"},
		"condicion":  {"", "total"},
	} {
		for _, s := range refused {
			if got, ok := ref[table].Code(s); ok {
				t.Errorf("%s: %q is taken for %s", table, s, got)
			}
		}
	}
}

func TestEntidades(t *testing.T) {
	table := mustLoad(t).Reference["entidades"]
	states := 0
	for _, row := range table.Rows {
		switch kind := cell(t, table, row, "tipo"); kind {
		case "estado":
			states++
			if n, err := strconv.Atoi(row[0]); err != nil || n != states {
				t.Errorf("state %s is not number %d", row[0], states)
			}
		case "pseudo":
			if row[0] != "33" && row[0] != "99" {
				t.Errorf("unknown pseudo-state %s", row[0])
			}
		default:
			t.Errorf("%s: tipo %q", row[0], kind)
		}
	}
	if states != 32 {
		t.Errorf("%d states", states)
	}
}

func TestPaises(t *testing.T) {
	ref := mustLoad(t).Reference
	table := ref["paises"]
	iso2 := map[string]string{}
	for _, row := range table.Rows {
		if len(row[0]) != 3 || row[0] != strings.ToUpper(row[0]) {
			t.Errorf("code %q", row[0])
		}
		two := cell(t, table, row, "iso2")
		if old := iso2[two]; two != "" && old != "" {
			t.Errorf("iso2 %s of both %s and %s", two, old, row[0])
		}
		iso2[two] = row[0]
		kind := cell(t, table, row, "tipo")
		if kind != "especial" && len(two) != 2 {
			t.Errorf("%s: iso2 %q", row[0], two)
		}
		region, continent := cell(t, table, row, "region"), cell(t, table, row, "continente")
		if kind == "especial" || row[0] == "ATA" {
			continue
		}
		if !slices.Contains(ref["regiones"].Codes(), region) || !slices.Contains(ref["continentes"].Codes(), continent) {
			t.Errorf("%s: region %q, continent %q", row[0], region, continent)
		}
		for _, r := range ref["regiones"].Rows {
			if r[0] == region && cell(t, ref["regiones"], r, "continente") != continent {
				t.Errorf("%s: region %s is not in %s", row[0], region, continent)
			}
		}
	}
	if len(table.Rows) < 249 {
		t.Errorf("%d countries", len(table.Rows))
	}
}

func TestPreguntas(t *testing.T) {
	d := mustLoad(t)
	table, ejes := d.Reference["preguntas"], d.Reference["ejes"]
	perAxis := map[string]int{}
	for i, row := range table.Rows {
		id := row[0]
		perAxis[cell(t, table, row, "eje")]++
		if cell(t, table, row, "orden") != strconv.Itoa(i+1) {
			t.Errorf("%s: orden %s", id, cell(t, table, row, "orden"))
		}
		for _, who := range strings.Split(cell(t, table, row, "responsables"), "|") {
			if !slices.Contains(d.Reference["instituciones"].Codes(), who) {
				t.Errorf("%s: %q is no institution", id, who)
			}
		}
		datasets, tag := cell(t, table, row, "conjuntos"), cell(t, table, row, "etiqueta")
		switch cell(t, table, row, "evidencia") {
		case "accion":
			if datasets != "" || tag != "" {
				t.Errorf("%s: an action names datasets", id)
			}
		case "reporte":
			if datasets == "" || tag == "" {
				t.Errorf("%s: a report needs datasets and a tag", id)
			}
			for _, ds := range strings.Split(datasets, "|") {
				if ds := d.Dataset(ds); ds != nil && !strings.Contains(ds.Coverage, "'"+tag+"'") {
					t.Errorf("%s: coverage.sql of %s never gives tag %q", id, ds.ID, tag)
				}
			}
		default:
			t.Errorf("%s: evidencia %q", id, cell(t, table, row, "evidencia"))
		}
		if !slices.Contains([]string{"mes", "anio", "corte"}, cell(t, table, row, "periodos")) {
			t.Errorf("%s: periodos %q", id, cell(t, table, row, "periodos"))
		}
		if share, err := strconv.ParseFloat(cell(t, table, row, "minimo"), 64); err != nil || share <= 0 || share > 1 {
			t.Errorf("%s: minimo %q", id, cell(t, table, row, "minimo"))
		}
		if w, err := strconv.ParseFloat(cell(t, table, row, "peso"), 64); err != nil || w <= 0 {
			t.Errorf("%s: peso %q", id, cell(t, table, row, "peso"))
		}
	}
	if len(table.Rows) != 25 || len(ejes.Rows) != 5 {
		t.Errorf("%d questions, %d axes", len(table.Rows), len(ejes.Rows))
	}
	for _, axis := range ejes.Codes() {
		if perAxis[axis] != 5 {
			t.Errorf("axis %s has %d questions", axis, perAxis[axis])
		}
	}
}

func TestBandas(t *testing.T) {
	table := mustLoad(t).Reference["bandas"]
	next := "0"
	for _, row := range table.Rows {
		if cell(t, table, row, "desde") != next {
			t.Errorf("band %v does not begin at %s", row, next)
		}
		next = cell(t, table, row, "hasta")
	}
	if next != "100" || len(table.Rows) != 4 {
		t.Errorf("%d bands, the last ends at %s", len(table.Rows), next)
	}
}

// A label of published points stands for one code of each dimension it names.
func TestEtiquetas(t *testing.T) {
	ref := mustLoad(t).Reference
	table := ref["etiquetas"]
	seen := map[string]bool{}
	for _, row := range table.Rows {
		dimension, label := cell(t, table, row, "dimension"), cell(t, table, row, "etiqueta")
		if !slices.Contains(ref["dimensiones"].Codes(), dimension) {
			t.Errorf("label %q of unknown dimension %q", label, dimension)
		}
		key := dimension + "\x00" + data.Fold(label)
		if seen[key] {
			t.Errorf("label %q of %s appears twice", label, dimension)
		}
		seen[key] = true
		dims, codes := strings.Split(cell(t, table, row, "dimension_codigo"), ","), strings.Split(cell(t, table, row, "codigo"), ",")
		if len(dims) != len(codes) || !slices.Contains(dims, dimension) {
			t.Errorf("label %q: %d dimensions, %d codes", label, len(dims), len(codes))
			continue
		}
		for i, dim := range dims {
			// 0-17 is an age group only of published points: a table that says it
			// cannot be added to the groups of the catalogue.
			if cat := ref[dim]; cat != nil && codes[i] != "0-17" && !slices.Contains(cat.Codes(), codes[i]) {
				t.Errorf("label %q: %q is no code of %s", label, codes[i], dim)
			}
		}
	}
}

func TestSeries(t *testing.T) {
	ref := mustLoad(t).Reference
	table := ref["series"]
	for _, row := range table.Rows {
		if !slices.Contains([]string{"eventos", "personas", "carpetas", "denuncias", "segun_etapa"}, cell(t, table, row, "unidad")) {
			t.Errorf("%s: unidad %q", row[0], cell(t, table, row, "unidad"))
		}
		if !slices.Contains(ref["instituciones"].Codes(), cell(t, table, row, "institucion")) {
			t.Errorf("%s: institution %q", row[0], cell(t, table, row, "institucion"))
		}
	}
}

func TestAfirmaciones(t *testing.T) {
	table := mustLoad(t).Reference["afirmaciones"]
	seen := map[string]bool{}
	for _, row := range table.Rows {
		if seen[row[0]] {
			t.Errorf("claim %s appears twice", row[0])
		}
		seen[row[0]] = true
		if !slices.Contains([]string{"igual", "mas_de", "redondeado"}, cell(t, table, row, "forma")) ||
			!slices.Contains([]string{"valor", "numerador", "denominador"}, cell(t, table, row, "componente")) {
			t.Errorf("%s: forma %q, componente %q", row[0], cell(t, table, row, "forma"), cell(t, table, row, "componente"))
		}
		if cell(t, table, row, "donde") == "" {
			t.Errorf("%s: says nowhere where it was read", row[0])
		}
		for _, column := range []string{"fecha", "periodo_inicio", "periodo_fin"} {
			day(t, cell(t, table, row, column))
		}
		if !json.Valid([]byte(cell(t, table, row, "dimensiones"))) {
			t.Errorf("%s: dimensiones %q", row[0], cell(t, table, row, "dimensiones"))
		}
	}
	for _, id := range []string{"mas_de_1_2_millones", "var_59", "mesa_297_cumplidos", "mesa_301_acuerdos", "mesa_74_reuniones", "inm_1393683"} {
		if !seen[id] {
			t.Errorf("claim %s is missing", id)
		}
	}
}
