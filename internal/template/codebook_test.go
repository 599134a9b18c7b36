package template_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/template"
)

// The guide shows the codes with what they mean, and the sheet to fill in offers
// them; a codebook that is delivered is asked for.
func TestCodebooks(t *testing.T) {
	b, err := os.ReadFile(filepath.FromSlash("../../data/testdata/minimal.yml"))
	must(t, err)
	columns := `  - {name: sexo, type: catalogo, catalog: sexo, codebook: {file: sexo.csv}, text: Sexo., example: "1"}
  - {name: via, type: categoria, codebook: {delivered: true}, text: Vía., example: "A"}
key: [anio]`
	d, err := data.LoadFS(fstest.MapFS{
		"datasets/prueba-minima/contract.yml": {Data: bytes.Replace(b, []byte("key: [anio]"), []byte(columns), 1)},
		"datasets/prueba-minima/clean.sql":    {Data: []byte("SELECT 1\n")},
		"datasets/prueba-minima/catalog.yml":  {Data: []byte("title: {es: P}\ndescription: {es: D}\ncitation: C\n")},
		"datasets/prueba-minima/sexo.csv":     {Data: []byte("codigo,etiqueta,canonico\n1,Femenino,mujer\n2,Hombre,\n")},
		"reference/sexo.csv":                  {Data: []byte("codigo,nombre\nmujer,Mujer\nhombre,Hombre\n")},
	}, nil)
	must(t, err)
	ds := d.Datasets[0]
	var out bytes.Buffer
	must(t, template.Guide(&out, ds, d.Reference))
	for _, want := range []string{"sexo · puede ir vacía · clave del libro de códigos\n", "valores: 1 = Femenino, 2 = Hombre\n",
		"via · puede ir vacía · clave del libro de códigos que se entrega al lado\n", ".codebook.csv"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the guide lacks %q:\n%s", want, out.String()[:strings.Index(out.String(), "REGLAS")])
		}
	}
	f := workbook(t, d, ds)
	lists, err := f.GetCols("Catálogos")
	must(t, err)
	if len(lists) != 1 || strings.Join(lists[0], ",") != "sexo,1,2" {
		t.Errorf("lists %v", lists)
	}
	doc := template.Describe(ds, d.Reference)
	if got := doc.Columns[1].Values; got != "1 = Femenino, 2 = Hombre" {
		t.Errorf("values %q", got)
	}
}
