package dashboard

import (
	"strings"
	"testing"
)

// A value names the correction alone, whose file has but the rows that were wrong:
// pages lead to the report that it corrects too.
func TestReports_corrected(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", "UPDATE valor SET reportes = '[7]' WHERE reportes = '[4]'", "UPDATE valor SET reportes = '[3,7]' WHERE reportes = '[3,4]'")
	h := mustServer(t, dir).Handler()
	for page, want := range map[string]string{
		"/eventos":                         `<a href="/datos/reportes/4">4</a>, <a href="/datos/reportes/7">7</a>`,
		"/indicadores/eventos_irregulares": "<code>cifras-publicadas</code>, que corrige el 4",
		"/datos/reportes/4":                `<a href="/indicadores/eventos_irregulares">`,
	} {
		if body := get(t, h, page).Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s lacks %q", page, want)
		}
	}
}

// Of a file that was refused for its header no row was read: it is not shown as one
// without rows.
func TestReports_nothingRead(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", "UPDATE carga SET registros = 0, aceptados = 0, cuarentena = 0 WHERE reporte = 8")
	body := get(t, mustServer(t, dir).Handler(), "/datos/reportes/8").Body.String()
	if !strings.Contains(body, "no se leyó ninguno") || strings.Contains(body, "<dd>0</dd>") {
		t.Error("rows that nobody looked at are counted")
	}
}
