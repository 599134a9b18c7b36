package cell

import (
	"strings"
	"testing"

	"github.com/gttim/cauce/ingest/ingesttest"
)

// What is expected of a value is said in words, whatever the column's type.
func TestForm(t *testing.T) {
	const types = `encoding: auto
thousands: ","
shape: long
key: [entero]
revision: {policy: instantanea}
columns:
  - {name: entero, type: entero}
  - {name: decimal, type: decimal}
  - {name: fecha, type: fecha}
  - {name: publicado, type: fecha_parcial}
  - {name: mes, type: mes_anio}
  - {name: texto, type: texto}
  - {name: categoria, type: categoria}
  - {name: lugar, type: catalogo, catalog: estados}
  - {name: clave, type: texto, pattern: "[A-Z]{2}", form: dos mayúsculas, example: AB}
`
	decls := ingesttest.Declarations(t, map[string]string{"prueba-tipos": types})
	ds := decls.Dataset("prueba-tipos")
	if ds == nil {
		t.Fatal("no dataset of all types")
	}
	for i := range ds.Columns {
		f := NewField(&ds.Columns[i], ds, Setting{Reference: decls.Reference})
		got := f.form()
		if f.Kind == Date {
			got = f.expectedDate()
		}
		if got == "" || strings.ContainsAny(got, `^$\[]`) {
			t.Errorf("%s: %q", f.Name, got)
		}
		if want := map[string]string{
			"decimal": "un número, con «.» antes de los decimales y «,» o nada entre millares",
			"clave":   "dos mayúsculas, como «AB»",
		}[f.Name]; want != "" && got != want {
			t.Errorf("%s: %q, want %q", f.Name, got, want)
		}
	}
}
