package dashboard

import (
	"strings"
	"testing"
)

// Fault 49: a part that is suppressed is listed as such, and what the others lack is
// not told: it would be the part.
func TestSuppressedPart(t *testing.T) {
	const page, lack = "/eventos", "Sin desglose publicado"
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `UPDATE valor SET valor = 20, numerador = 100 WHERE indicador = 'composicion_por_condicion' AND dimensiones LIKE '%presentado%'`)
	whole := get(t, mustServer(t, dir).Handler(), page).Body.String()
	if strings.Contains(whole, "Suprimido") || !strings.Contains(whole, "menos que el total publicado") {
		t.Error("the fixture should lack parts and hide none")
	}
	other := t.TempDir()
	mustPublish(t, other, 12, "testdata/publicacion.sql",
		`UPDATE valor SET valor = NULL, numerador = NULL, denominador = NULL, estado = 'suprimido' WHERE indicador = 'composicion_por_condicion' AND dimensiones LIKE '%canalizado%'`,
		`DELETE FROM valor WHERE indicador LIKE 'composicion%' AND indicador <> 'composicion_por_condicion'`)
	hidden := get(t, mustServer(t, other).Handler(), page).Body.String()
	if !strings.Contains(hidden, "Suprimido") || strings.Contains(hidden, lack) || strings.Contains(hidden, "menos que el total publicado") {
		t.Errorf("suppressed: %v, remainder told: %v", strings.Contains(hidden, "Suprimido"), strings.Contains(hidden, lack))
	}
}
