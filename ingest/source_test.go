package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

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

// A key that is stored as a number is read as it was delivered, whatever it looks like.
func TestKeysAreReadAsDelivered(t *testing.T) {
	contract := strings.Replace(ingesttest.Register, `pattern: "[A-Z]{3}-[0-9]{4,12}", form: "tres mayúsculas, un guion y de 4 a 12 dígitos"`, `pattern: ".*", form: cualquier texto`, 1)
	if contract == ingesttest.Register {
		t.Fatal("the contract has no such pattern")
	}
	b := newJob(t, ingesttest.Declarations(t, map[string]string{"prueba-registro": contract}))
	keys := []string{"ABC-0001", "ABC-0000", "ABC-9999", "ABC-00010", "ABC-1", "ABC-0", "ABC", "ABC-", "0", "00", "000", "0001", "1", "12345678901234", "00000000000000",
		"123456789012345", "999999999999999999999", "A99999999999999", "A00000000000001", "0-0", "7a", "Ñandú-007", "Ñandú-7", "1001", "a 1", "٣", "1²",
		strings.Repeat("x", 63) + "7", strings.Repeat("x", 64) + "7", strings.Repeat("9", 64), strings.Repeat("9", 65)}
	for i := range 1200 { // more forms than are kept
		keys = append(keys, fmt.Sprintf("F%03d-%03d", i, i%1000), fmt.Sprintf("G%d", i), fmt.Sprintf("H%d-x", i))
	}
	var file strings.Builder
	file.WriteString("folio,fecha,entidad,edad\n")
	for _, k := range keys {
		file.WriteString(k + ",2024-01-01,07,30\n")
	}
	for load := 1; load <= 2; load++ { // each load has keys of its own
		res := b.run(b.drop("prueba-registro", fmt.Sprintf("%d.csv", load), file.String()))
		if res.Outcome != warehouse.Accepted || res.Load.Accepted != int64(len(keys)) {
			t.Fatalf("%s, %d accepted of %d", res.Outcome, res.Load.Accepted, len(keys))
		}
		var wrong int
		for i, k := range keys {
			wrong += 1 - b.count(`SELECT count(*) FROM raw.prueba_registro WHERE load_id = ? AND line = ? AND folio = ?`, load, i+2, k)
		}
		if n := b.count(`SELECT count(*) FROM raw.prueba_registro WHERE load_id = ?`, load); wrong != 0 || n != len(keys) {
			t.Errorf("load %d: %d of %d keys are read otherwise than delivered; %d rows", load, wrong, len(keys), n)
		}
		file.WriteString("\n") // other bytes
	}
}
