package ingest

import (
	"slices"
	"testing"

	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/ingesttest"
)

// Codes share a number as long as all of them fit into 63 bits; nothing else does.
func TestHandOver(t *testing.T) {
	code, other := gate.Column{Kind: cell.Code}, gate.Column{Kind: cell.Int}
	for _, c := range []struct {
		name    string
		columns []gate.Column
		bits    int
		want    [][]int
	}{
		{"none", []gate.Column{other, other}, 19, [][]int{{0}, {1}}},
		{"one", []gate.Column{other, code}, 19, [][]int{{0}, {1}}},
		{"apart", []gate.Column{code, other, code}, 19, [][]int{{0, 2}, {1}}},
		{"three fit", []gate.Column{code, code, code, code, other, code}, 19, [][]int{{0, 1, 2}, {3, 5}, {4}}},
		{"just two", []gate.Column{code, code, code}, 31, [][]int{{0, 1}, {2}}},
		{"too large", []gate.Column{code, code}, 32, [][]int{{0}, {1}}},
		{"no limit to speak of", []gate.Column{code, code}, 63, [][]int{{0}, {1}}},
	} {
		if got := handOver(c.columns, c.bits); !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: %v, expected %v", c.name, got, c.want)
		}
	}
}

// What is stored as codes means what was delivered, whichever cells are empty and
// whether the columns are in the file.
func TestCodesMeanWhatWasDelivered(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	b.run(b.drop("prueba-eventos", "a.csv", "mes,entidad,tipo,eventos\n1,Chiapas,x,1\n4,7,,2\n2,07,y,3\n2,Tabasco,x,4\n"))
	b.run(b.drop("prueba-eventos", "b.csv", "mes,entidad,eventos\n3,Tabasco,5\n"))
	if n := b.count(`SELECT count(*) FROM (
		SELECT r.load_id, r.line, e.entregado, e.canonico, t.entregado, r.eventos FROM raw.prueba_eventos r
		JOIN raw.diccionario e ON e.load_id = r.load_id AND e.columna = 'entidad' AND e.codigo = r.entidad
		LEFT JOIN raw.diccionario t ON t.load_id = r.load_id AND t.columna = 'tipo' AND t.codigo = r.tipo
		INTERSECT ALL
		FROM (VALUES (1, 2, 'Chiapas', '07', 'x', 1), (1, 3, '7', '07', NULL, 2), (1, 4, '07', '07', 'y', 3), (1, 5, 'Tabasco', '27', 'x', 4), (2, 2, 'Tabasco', '27', NULL, 5)))`); n != 5 {
		t.Errorf("%d of 5 rows mean what was delivered", n)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_eventos WHERE tipo IS NULL`); n != 2 {
		t.Errorf("%d rows have no type, expected 2", n)
	}
}
