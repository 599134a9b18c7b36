package ingest

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

const codedEvents = `encoding: auto
shape: long
key: [mes, entidad]
revision: {policy: instantanea}
reject: {rows: 100, share: 0.9}
missing: ["99"]
workbook: {}
columns:
  - {name: mes, type: entero, required: true, min: 1, max: 12}
  - {name: entidad, headers: [EDO_DET], type: catalogo, catalog: estados, required: true, codebook: %s}
  - {name: via, type: categoria, codebook: %s}
  - {name: eventos, type: entero, required: true}
`

// codedDecls declare a dataset of codes: one whose codebooks lie in its folder, and
// one that is delivered with them.
func codedDecls(t *testing.T, entities string) *data.Declarations {
	t.Helper()
	files := ingesttest.Files(map[string]string{
		"prueba-claves":     fmt.Sprintf(codedEvents, "{file: entidad.csv}", "{file: via.csv}"),
		"prueba-entregados": fmt.Sprintf(codedEvents, "{delivered: true}", "{delivered: true}"),
	})
	files["datasets/prueba-claves/entidad.csv"] = &fstest.MapFile{Data: []byte(entities)}
	files["datasets/prueba-claves/via.csv"] = &fstest.MapFile{Data: []byte("codigo,etiqueta\nA,Aérea\nT,Terrestre\n")}
	d, err := data.LoadFS(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const entityCodes = "codigo,etiqueta,canonico\n1,Chiapas,\n2,Distrito Federal,\n3,Tabasco (sur),27\n"

// Codes mean what the codebook says; what it does not have is a problem of its
// row, labels too; the mark of a missing value is no code; two codes of one thing
// are one key.
func TestCodebookOfFolder(t *testing.T) {
	b := newJob(t, codedDecls(t, entityCodes))
	res := b.run(b.drop("prueba-claves", "a.csv", "mes,EDO_DET,via,eventos\n1,1,A,5\n2,02,t,6\n3,3,99,7\n4,Chiapas,A,8\n5,9,X,9\n6,2,,1\n"))
	var got []string
	for _, p := range res.Problems {
		got = append(got, fmt.Sprintf("%d:%d %s %s %s", p.Line, p.Column, p.Field, p.Value, p.Rule))
	}
	if s := strings.Join(got, "|"); s != "3:3 entidad 02 R060|5:3 entidad Chiapas R060|6:3 entidad 9 R060|6:5 via X R060" || res.Load.Accepted != 3 {
		t.Errorf("problems %s, %+v", s, res.Load)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_claves r JOIN raw.diccionario d ON d.load_id = r.load_id AND d.codigo = r.entidad AND d.columna = 'entidad'
		WHERE (line, entregado, canonico) IN ((2, '1', '07'), (4, '3', '27'), (7, '2', '09'))`); n != 3 {
		t.Errorf("%d rows mean what the codebook says", n)
	}
	// A codebook that gained the code lets the row in.
	b.Decls = codedDecls(t, entityCodes+"02,Distrito Federal,\n")
	again := b.run(b.drop("prueba-claves", "a.csv", "mes,EDO_DET,via,eventos\n1,1,A,5\n2,02,t,6\n"))
	if again.Outcome != warehouse.Accepted {
		t.Errorf("%v", again.Problems)
	}
}

// The same codes as workbook and as CSV are the same rows.
func TestCodebookWorkbook(t *testing.T) {
	b := newJob(t, codedDecls(t, entityCodes))
	res := b.run(b.drop("prueba-claves", "a.xlsx", libro(t, nil, []any{"mes", "EDO_DET", "via", "eventos"}, []any{1, 1, "A", 5}, []any{2, 9, "T", 5})))
	if res.Load.Accepted != 1 || len(res.Problems) != 1 || res.Problems[0].Rule != data.RuleCode || res.Problems[0].Line != 3 || res.Problems[0].Column != 2 {
		t.Errorf("%+v %v", res.Load, res.Problems)
	}
}
