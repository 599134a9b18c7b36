package dialect

import (
	"slices"
	"strings"
	"testing"
)

// Months pasted below each other with their headers: a header is no record. In
// a table of text alone it may be one.
func TestRead_headerAgain(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		want    [][]string // records
		header  int64      // physical lines of it
	}{
		"one row":                   {"Unidad,Mes,Casos\nNorte,enero,3\nSur,enero,4\nUnidad,Mes,Casos\nNorte,febrero,5\nSur,febrero,6\n", [][]string{{"Norte", "enero", "3"}, {"Sur", "enero", "4"}, {"Norte", "febrero", "5"}, {"Sur", "febrero", "6"}}, 2},
		"after a blank":             {"Mes,Casos\nenero,3\nfebrero,4\n\nMes,Casos\nmarzo,5\n", [][]string{{"enero", "3"}, {"febrero", "4"}, {"marzo", "5"}}, 2},
		"two rows":                  {"Unidad,2019,,2020,\n,Mujeres,Hombres,Mujeres,Hombres\nNorte,1,2,3,4\nUnidad,2019,,2020,\n,Mujeres,Hombres,Mujeres,Hombres\nSur,5,6,7,8\nEste,5,6,7,9\n", [][]string{{"Norte", "1", "2", "3", "4"}, {"Sur", "5", "6", "7", "8"}, {"Este", "5", "6", "7", "9"}}, 4},
		"with a line end in a name": {"Mes,\"Casos\nabiertos\"\nenero,3\nfebrero,4\nMes,\"Casos\nabiertos\"\nmarzo,5\n", [][]string{{"enero", "3"}, {"febrero", "4"}, {"marzo", "5"}}, 4},
		"one name alone":            {"Causa,\notra,1\nCausa,\notra,2\n", [][]string{{"otra", "1"}, {"Causa", ""}, {"otra", "2"}}, 1},
		"text alone":                {"Unidad,Delito\nNorte,robo\nUnidad,Delito\nSur,fraude\n", [][]string{{"Norte", "robo"}, {"Unidad", "Delito"}, {"Sur", "fraude"}}, 1},
		"other names":               {"Mes,Casos\nenero,3\nMes,Altas\nfebrero,4\n", [][]string{{"enero", "3"}, {"Mes", "Altas"}, {"febrero", "4"}}, 1},
	} {
		header := 1
		if name == "two rows" {
			header = 2
		}
		r := newReader(t, []byte(c.content), Declared{Delimiter: text(","), HeaderLines: &header, PreambleLines: number(0)})
		got := records(t, r)
		if !slices.EqualFunc(got, c.want, slices.Equal) || r.Counts().Header != c.header || r.Counts().Records != int64(len(c.want)) {
			t.Errorf("%s: records %q, %+v", name, got, r.Counts())
		}
		holds(t, []byte(c.content), Declared{})
	}
}

// A header with fewer names than the records have cells is no title.
func TestDetect_fewNames(t *testing.T) {
	header := strings.TrimSuffix(strings.Repeat("caso,", 12), ",")
	rows := strings.Repeat("1"+strings.Repeat(",0", 29)+",\n", 6)
	r := newReader(t, []byte(header+"\n"+rows), Declared{})
	if d := r.Dialect(); d.PreambleLines != 0 || d.HeaderLines != 1 || len(r.Names()) != 12 {
		t.Errorf("%+v, names %q", d, r.Names())
	}
}

// Tables below each other under titles of their own share some names: these
// do not make the first header a record.
func TestDetect_namesOfFurtherTables(t *testing.T) {
	content := "Reuniones,,,\nTitular,Mes,Organización,Asunto\nDirectora,oct-14,Cámara A,Mesa de trabajo\n,,Cámara B,\n,,Fundación C,\nDirectora,nov-14,Red D,Convenio\n,,,\n" +
		"Viajes,,,\nTitular,Mes,Destino,Motivo\nDirectora,oct-14,Tuxtla,Visita\n,,,\nObsequios,,,\nTitular,Mes,Obsequio,Valor\nDirectora,nada,,\n,,,\nNotas,,,\nViajes,No incluye escalas,,\n"
	r := newReader(t, []byte(content), Declared{})
	if d := r.Dialect(); d.PreambleLines != 1 || d.HeaderLines != 1 || !slices.Equal(r.Names(), []string{"Titular", "Mes", "Organización", "Asunto"}) {
		t.Errorf("%+v, names %q", d, r.Names())
	}
}

// Windows-1252 that was taken for Latin-1 on its way to UTF-8 left controls
// where dashes and quotes were.
func TestRead_dashesAsControls(t *testing.T) {
	for name, c := range map[string]struct{ content, encoding string }{
		"detected":        {"Vuelo,Días\n\u0093Norte\u0094,7 \u0096 8\nl\u0092Estany¿,9\u0085\n", ""},
		"declared":        {"Vuelo,Días\n\u0093Norte\u0094,7 \u0096 8\nl\u0092Estany¿,9\u0085\n", "utf-8"},
		"Latin-1 in name": {"Vuelo,D\xedas\n\x93Norte\x94,7 \x96 8\nl\x92Estany\xbf,9\x85\n", "latin-1"},
	} {
		got, _ := readGrid(t, []byte(c.content), Declared{Encoding: c.encoding, Delimiter: text(","), Quote: text(`"`), HeaderLines: number(1)})
		want := [][]string{{"“Norte”", "7 – 8"}, {"l’Estany¿", "9…"}}
		if !slices.EqualFunc(got.rows, want, slices.Equal) || got.header[0][1] != "Días" {
			t.Errorf("%s: %q %q", name, got.header, got.rows)
		}
	}
}

// Units under the names are part of the header in a short table too; words for
// a missing value are not.
func TestDetect_unitsInAShortTable(t *testing.T) {
	for content, want := range map[string][]string{
		"Hora\tCanal 1\tCanal 2\ns\tV\tmV\n0.0\t1.2\t3.4\n0.1\t1.3\t3.5\n0.2\t1.4\t3.6\n":                                       {"Hora s", "Canal 1 V", "Canal 2 mV"},
		"Unidad,Casos,Tasa\nNorte,s/d,s/d\nSur,12,3.4\nEste,15,3.5\n":                                                           {"Unidad", "Casos", "Tasa"},
		"Unidad,Casos,Tasa\nNorte,No disponible,No disponible\nSur,12,3.4\nEste,15,3.5\nOeste,9,1.1\nCentro,8,1.5\nCosta,7,2\n": {"Unidad", "Casos", "Tasa"},
		"Unidad,Casos,Tasa\nTotal:,,\nSur,12,3.4\nEste,15,3.5\n":                                                                {"Unidad", "Casos", "Tasa"},
	} {
		if got := newReader(t, []byte(content), Declared{}).Names(); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
}
