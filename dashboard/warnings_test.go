package dashboard

import (
	"strings"
	"testing"
)

// A warning of the load that a figure comes from stands wherever the figure does,
// and on the page of its report. (fault 65)
func TestWarningsBesideFigures(t *testing.T) {
	const warning = "Aviso UE04, reporte 4: en 2024-03 el total pasa de 100 a 145 (+45.0 %)"
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql",
		`UPDATE valor SET notas = '["`+warning+`"]' WHERE indicador IN ('eventos_irregulares', 'acuerdos_cumplidos') AND periodo_fin >= DATE '2024-12-31'`,
		`INSERT INTO aviso SELECT carga, reporte, conjunto, 'UE04', 'el total de un mes cambia demasiado', 'en 2024-03 el total pasa de 100 a 145', NULL, NULL, 2, NULL FROM carga WHERE reporte = 4`)
	h := mustServer(t, dir).Handler()
	shown := strings.NewReplacer("+", "&#43;").Replace(warning)
	for _, page := range []string{"/", "/eventos", "/mesa", "/indicadores/eventos_irregulares"} {
		if body := get(t, h, page).Body.String(); !strings.Contains(body, shown) {
			t.Errorf("%s does not show %q", page, warning)
		}
	}
	for _, api := range []string{"/api/v1/indicadores/eventos_irregulares", "/api/v1/indicadores/eventos_irregulares.csv"} {
		if body := get(t, h, api).Body.String(); !strings.Contains(body, warning) {
			t.Errorf("%s does not show %q", api, warning)
		}
	}
	report := get(t, h, "/datos/reportes/4").Body.String()
	if !strings.Contains(report, "en 2024-03 el total pasa de 100 a 145") || !strings.Contains(report, "Avisos que acompañan a sus cifras") {
		t.Error("the report's page does not list its warnings")
	}
	if body := get(t, h, "/datos").Body.String(); !strings.Contains(body, `<a href="/datos/reportes/4">2</a>`) {
		t.Error("/datos does not count the warnings of report 4")
	}
}

// What warns of a total stands at the shares and changes that are worked out from it,
// and at what has been said of it.
func TestWarningsOfBases(t *testing.T) {
	const warning = "Aviso de conciliación, 2024: se usa 10 por el orden declarado de los conjuntos"
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql",
		`UPDATE valor SET notas = '["`+warning+`"]' WHERE indicador = 'eventos_irregulares' AND periodo_inicio = DATE '2024-01-01' AND periodo_fin = DATE '2024-12-31'`,
		`UPDATE indicador SET declaracion = json_merge_patch(declaracion, '{"variables": [{"simbolo": "E(t)", "nombre": "Total", "unidad": "eventos", "de": ["eventos_irregulares"]}]}')
		 WHERE id = 'composicion_por_nacionalidad'`)
	h := mustServer(t, dir).Handler()
	events := get(t, h, "/eventos").Body.String()
	for _, from := range []string{`id="dicho"`, `id="composicion-por-nacionalidad"`} {
		_, section, _ := strings.Cut(events, from)
		if section, _, _ = strings.Cut(section, "</section>"); !strings.Contains(section, warning) {
			t.Errorf("the section %s of /eventos has no warning", from)
		}
	}
	if body := get(t, h, "/").Body.String(); !strings.Contains(body, warning) {
		t.Error("the start page shows the figure without the warning")
	}
	if body := get(t, h, "/indicadores/composicion_por_nacionalidad").Body.String(); !strings.Contains(body, warning) {
		t.Error("the sheet of the shares has no warning")
	}
	if body := get(t, h, "/indicadores/carpetas_ley_migracion").Body.String(); strings.Contains(body, warning) {
		t.Error("an indicator that does not stand on the total warns of it")
	}
}

// Figures made of generated rows say so on every page of the site, and no longer
// when none is left in force.
func TestSyntheticRowsAreNamed(t *testing.T) {
	const banner, caveat = "filas simuladas para pruebas: no son reales", "El reporte 4 tiene filas simuladas para pruebas"
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", "UPDATE carga SET sintetico = true WHERE reporte IN (4, 8)")
	h := mustServer(t, dir).Handler()
	for _, page := range []string{"/", "/eventos", "/mesa", "/acerca"} {
		if body := get(t, h, page).Body.String(); !strings.Contains(body, banner) || !strings.Contains(body, "Reportes: 4.") {
			t.Errorf("%s does not say that figures are made up", page)
		}
	}
	if !strings.Contains(get(t, h, "/eventos").Body.String(), caveat) {
		t.Error("the figures themselves do not say that they are made up")
	}
	if strings.Contains(get(t, h, "/mesa").Body.String(), caveat) {
		t.Error("/mesa warns of a report that it does not use")
	}
	if strings.Contains(get(t, h, "/?as_of=2024-12-31").Body.String(), banner) {
		t.Error("there is a warning where nothing in force is made up")
	}
	if strings.Contains(get(t, mustServer(t, mustHome(t)).Handler(), "/").Body.String(), banner) {
		t.Error("there is a warning where nothing is made up")
	}
}

func TestManyWarningsAreCut(t *testing.T) {
	var v []*Value
	for _, n := range []string{"Aviso a", "Aviso b", "una nota", "Aviso a", "Aviso c", "Aviso d", "Aviso e"} {
		v = append(v, &Value{Notes: []string{n}})
	}
	got := strings.Join(warnings(v), "|")
	if want := "Aviso a|Aviso b|Aviso c|Y 2 avisos más, en las notas de cada cifra."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
