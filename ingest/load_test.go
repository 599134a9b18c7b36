package ingest

import (
	"testing"

	"github.com/gttim/cauce/internal/warehouse"
)

const goodEvents = "mes,entidad,tipo,eventos,tasa,fecha,texto\n" +
	"1,Chiapas,a,5,1.5,2024-01-31,uno\n" +
	"2,7,b,6,,2024-02-29,\n" +
	"3,coahuila,a,0,2,,tres\n"

func TestRunLoads(t *testing.T) {
	b := newJob(t, declarations(t, nil))
	res := b.run(b.drop("prueba-eventos", "enero.csv", goodEvents))
	if res.Outcome != warehouse.Accepted || res.Load.Accepted != 3 || res.Load.RawRows != 3 {
		t.Fatalf("result %+v\n%s", res, b.log)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_eventos WHERE line = 3 AND mes = 2 AND eventos = 6 AND tasa IS NULL AND fecha = DATE '2024-02-29' AND texto IS NULL`); n != 1 {
		t.Error("line 3 is not as delivered")
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_eventos r JOIN raw.diccionario d ON d.load_id = r.load_id AND d.columna = 'entidad' AND d.codigo = r.entidad
		WHERE r.line = 4 AND d.entregado = 'coahuila' AND d.canonico = '05'`); n != 1 {
		t.Error("spelling and code of line 4 are not in the dictionary")
	}
	if b.exists("inbox/prueba-eventos/enero.csv") || !b.exists("done/prueba-eventos/000001-enero.csv") || !b.exists("archive/"+res.Report.SHA256) {
		t.Error("file is not where it belongs")
	}
}
