package data_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gttim/cauce/data"
)

func mustLoad(tb testing.TB) *data.Declarations {
	tb.Helper()
	d, err := data.Load("")
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestLoadBuiltIn(t *testing.T) {
	d := mustLoad(t)
	var ids []string
	for _, ds := range d.Datasets {
		ids = append(ids, ds.ID)
	}
	for _, id := range []string{"cifras-publicadas", "gttim-acciones", "sesnsp-fuero-federal", "sspc-mesa-resumen", "upmrip-eventos", "upmrip-eventos-registro"} {
		if !slices.Contains(ids, id) {
			t.Errorf("dataset %s is not among %v", id, ids)
		}
	}
	if d.Dataset("upmrip-eventos") == nil || d.Dataset("no-such") != nil {
		t.Error("Dataset finds by id")
	}
	if got := d.Dataset("upmrip-eventos").Table(); got != "upmrip_eventos" {
		t.Errorf("table %q", got)
	}
}

// The headers that agencies write to are fixed.
func TestHeadersOfDatasets(t *testing.T) {
	d := mustLoad(t)
	for id, want := range map[string]string{
		"upmrip-eventos":          "anio,mes,entidad,nacionalidad,sexo,grupo_edad,condicion,eventos",
		"upmrip-eventos-registro": "folio,fecha,entidad,municipio,nacionalidad,sexo,edad,condicion,acompanamiento",
		"sspc-mesa-resumen":       "fecha_corte,reuniones,acuerdos,acuerdos_cumplidos,publicado_en,fuente",
		"cifras-publicadas":       "serie,periodo_inicio,periodo_fin,dimension,valor_dimension,valor,redondeado,publicado_en,fuente,nota",
		"gttim-acciones":          "anio,pregunta,institucion,respuesta,evidencia,fecha",
		"upmrip-boletin-311":      "anio,nacionalidad,mes,condicion,eventos",
		"sesnsp-fuero-federal":    "anio,inegi,entidad,ley,concepto,tipo,mes,carpetas",
	} {
		var names []string
		for _, c := range d.Dataset(id).Output() {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, ","); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

// Every column tells agencies what it is, with an example its own rules accept.
func TestColumnsAreDocumented(t *testing.T) {
	d := mustLoad(t)
	for _, ds := range d.Datasets {
		for _, c := range ds.Columns {
			if c.Text == "" || c.Example == "" {
				t.Errorf("%s.%s: text and example are needed", ds.ID, c.Name)
			}
			if !c.Regexp().MatchString(c.Example) {
				t.Errorf("%s.%s: example %q breaks its own pattern %s", ds.ID, c.Name, c.Example, c.Regexp())
			}
			if c.Catalog != "" {
				if _, ok := d.Reference[c.Catalog].Code(c.Example); !ok {
					t.Errorf("%s.%s: example %q is not in catalogue %s", ds.ID, c.Name, c.Example, c.Catalog)
				}
			}
		}
	}
}

func TestRegisterStaysInside(t *testing.T) {
	ds := mustLoad(t).Dataset("upmrip-eventos-registro")
	if ds.Class != data.ClassRestricted || ds.SyntheticPrefix["folio"] != "SIM-" {
		t.Errorf("class %s, prefix %v", ds.Class, ds.SyntheticPrefix)
	}
	for _, column := range []string{"folio", "municipio", "line"} {
		if strings.Contains(ds.Clean, column+",") {
			t.Errorf("clean.sql of the register lets %s out", column)
		}
	}
}

// The bulletin's months are held against its contract's due day.
func TestBulletinIsPunctualByItsCadence(t *testing.T) {
	ds := mustLoad(t).Dataset("upmrip-boletin-311")
	if want := fmt.Sprintf("INTERVAL %d MONTH + INTERVAL %d DAY", ds.Cadence.MonthsAfter, ds.Cadence.DueDay+ds.Cadence.GraceDays-1); !strings.Contains(ds.Coverage, want) {
		t.Errorf("coverage.sql does not say %q", want)
	}
}

// Each dataset shows an accepted file and each of its own rules broken.
func TestDatasetsHaveTestdata(t *testing.T) {
	for _, ds := range mustLoad(t).Datasets {
		wants, err := fs.Glob(ds.Dir, "testdata/*.want.json")
		if err != nil {
			t.Fatal(err)
		}
		files, err := fs.Glob(ds.Dir, "testdata/*.csv")
		files = slices.DeleteFunc(files, func(f string) bool {
			return strings.HasPrefix(f, "testdata/previo-") || strings.HasSuffix(f, ".codebook.csv")
		}) // given before another
		if err != nil || len(wants) != len(files) {
			t.Errorf("%s: %d files and %d want files: %v", ds.ID, len(files), len(wants), err)
		}
		if !slices.Contains(files, "testdata/ok.csv") {
			t.Errorf("%s: no testdata/ok.csv", ds.ID)
		}
		for _, r := range ds.Rules {
			if !slices.ContainsFunc(files, func(f string) bool { return strings.Contains(f, r.ID) }) {
				t.Errorf("%s: no testdata file breaks rule %s", ds.ID, r.ID)
			}
		}
	}
}

func minimal(tb testing.TB) fstest.MapFS {
	tb.Helper()
	b, err := os.ReadFile(filepath.FromSlash("testdata/minimal.yml"))
	if err != nil {
		tb.Fatal(err)
	}
	return fstest.MapFS{
		"datasets/prueba-minima/contract.yml": {Data: b},
		"datasets/prueba-minima/clean.sql":    {Data: []byte("-- Purpose: x.\nSELECT 1\n")},
		"datasets/prueba-minima/catalog.yml":  {Data: []byte("title: {es: P}\ndescription: {es: D}\ncitation: C\n")},
		"reference/meses.csv":                 {Data: []byte("codigo,nombre\n01,Enero\n")},
	}
}

// edit replaces text in one file of the minimal declarations; an empty old text
// replaces the whole file.
func edit(tb testing.TB, fsys fstest.MapFS, name, old, text string) {
	tb.Helper()
	if old == "" {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		return
	}
	s := string(fsys[name].Data)
	if !strings.Contains(s, old) {
		tb.Fatalf("%s has no %q", name, old)
	}
	fsys[name] = &fstest.MapFile{Data: []byte(strings.Replace(s, old, text, 1))}
}

func TestLoadFSRefuses(t *testing.T) {
	const dir = "datasets/prueba-minima/"
	for _, tt := range []struct{ name, file, old, text, want string }{
		{"id that is not the folder", dir + "contract.yml", "id: prueba-minima", "id: otra-cosa", `contract.yml: id "otra-cosa" is not the folder's name`},
		{"unknown key", dir + "contract.yml", "licence:", "license:", `contract.yml:6:1: unknown field "license"`},
		{"unknown class", dir + "contract.yml", "class: publica", "class: secreta", `class is "secreta"`},
		{"unknown type", dir + "contract.yml", "type: entero", "type: numero", `column "anio" has unknown type "numero"`},
		{"form of nothing", dir + "contract.yml", "every: ninguna", "every: ninguna\n  form_of: otra-cosa", `cadence.form_of "otra-cosa" is no other dataset with a calendar`},
		{"form of itself", dir + "contract.yml", "every: ninguna", "every: mes\n  due_day: 7\n  form_of: prueba-minima", `cadence.form_of "prueba-minima" is no other dataset`},
		{"pattern that does not compile", dir + "contract.yml", "type: entero", "type: entero\n    pattern: \"[\"", `column "anio": pattern:`},
		{"pattern that nobody can read", dir + "contract.yml", "type: entero", "type: entero\n    pattern: \"[0-9]{4}\"\n    example: \"2024\"", dir + `contract.yml: column "anio": pattern needs form`},
		{"pattern said in a blank", dir + "contract.yml", "type: entero", "type: entero\n    pattern: \"[0-9]{4}\"\n    form: \" \"\n    example: \"2024\"", `column "anio": pattern needs form`},
		{"pattern said in a whole sentence", dir + "contract.yml", "type: entero", "type: entero\n    pattern: \"[0-9]{4}\"\n    form: Cuatro dígitos.\n    example: \"2024\"", `column "anio": form is a phrase of one line without a full stop`},
		{"pattern without example", dir + "contract.yml", "type: entero", "type: entero\n    pattern: \"[0-9]*\"\n    form: dígitos", `column "anio": pattern needs an example that it fits, and "" is none`},
		{"pattern with another example", dir + "contract.yml", "type: entero", "type: entero\n    pattern: \"[0-9]{4}\"\n    form: cuatro dígitos\n    example: \"24\"", `pattern needs an example that it fits, and "24" is none`},
		{"words of no pattern", dir + "contract.yml", "type: entero", "type: entero\n    form: cuatro dígitos", `column "anio": form says in words what a pattern`},
		{"catalogue that is not there", dir + "contract.yml", "type: entero", "type: catalogo\n    catalog: nada", `no catalogue "nada" in reference`},
		{"key of no column", dir + "contract.yml", "key: [anio]", "key: [mes]", `key column "mes" is not declared`},
		{"reserved column", dir + "contract.yml", "name: anio", "name: line", `column "line" appears twice or is reserved`},
		{"revision key without policy", dir + "contract.yml", "policy: instantanea", "policy: instantanea\n  key: [anio]", "revision.key goes with policy"},
		{"wide without block", dir + "contract.yml", "shape: long", "shape: wide", "shapes wide and hierarchical go with the wide block"},
		{"rule without SELECT", dir + "contract.yml", "key: [anio]", "key: [anio]\nrules:\n  - {id: XX01, check: nada, severity: fila, text: t}", "checks.sql: missing file"},
		{"SELECT without rule", dir + "checks.sql", "", "-- check: suelto\nSELECT 1;\n", `check "suelto" serves no rule`},
		{"catalogue of people without citation", dir + "catalog.yml", "citation: C", "citation: ''", "citation is required"},
		{"break that is no day", dir + "catalog.yml", "citation: C", "citation: C\nbreaks:\n  - {from: ayer, text: {es: x}}", `break "ayer" is not a day`},
		{"spelling of two codes", "reference/meses.csv", "", "codigo,nombre\n01,Enero\n02,ENERO\n", `line 3: spelling "ENERO" stands for both "01" and "02"`},
		{"reference row of another width", "reference/meses.csv", "", "codigo,nombre\n01\n", "wrong number of fields"},
		{"reference column name", "reference/meses.csv", "", "codigo,Nombre\n01,Enero\n", `column name "Nombre"`},
		{"empty reference table", "reference/meses.csv", "", "", "meses.csv: empty"},
		{"folder name", "datasets/Mal Nombre/contract.yml", "", "id: x\n", "folder name is not of the form"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := minimal(t)
			edit(t, fsys, tt.file, tt.old, tt.text)
			_, err := data.LoadFS(fsys, nil)
			if !errors.Is(err, data.ErrDeclaration) {
				t.Fatalf("no declaration error: %v", err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("message %q lacks %q", err, tt.want)
			}
		})
	}
	for _, file := range []string{"contract.yml", "clean.sql", "catalog.yml"} {
		fsys := minimal(t)
		delete(fsys, dir+file)
		if _, err := data.LoadFS(fsys, nil); !errors.Is(err, data.ErrDeclaration) || !strings.Contains(err.Error(), file+": missing file") {
			t.Errorf("without %s: %v", file, err)
		}
	}
}

// Fault 56: a contract may pin the codes it was written for. A table with other
// codes or names is a mistake of the declarations, before any load; synonyms and
// order are not.
func TestCatalogVersion(t *testing.T) {
	const contract = "datasets/prueba-minima/contract.yml"
	pinned := func(meses, version string) error {
		fsys := minimal(t)
		edit(t, fsys, contract, "type: entero", "type: catalogo\n    catalog: meses\n    catalog_version: \""+version+"\"")
		edit(t, fsys, "reference/meses.csv", "", meses)
		_, err := data.LoadFS(fsys, nil)
		return err
	}
	const list = "codigo,nombre,sinonimos\n01,Enero,\n02,Febrero,\n"
	err := pinned(list, "000000000000")
	if !errors.Is(err, data.ErrDeclaration) || !strings.Contains(err.Error(), `catalogue "meses" has version `) {
		t.Fatalf("error %v", err)
	}
	_, version, _ := strings.Cut(err.Error(), `has version `)
	version = version[:12]
	for text, same := range map[string]bool{
		list: true,
		"codigo,nombre,sinonimos\n02,Febrero,feb\n01,Enero,ene|ene.\n":  true,
		"codigo,nombre,sinonimos\n01,Enero,\n02,Febrero,\n03,Marzo,\n":  false,
		"codigo,nombre,sinonimos\n01,Enero,\n":                          false,
		"codigo,nombre,sinonimos\n01,Enero,\n02,Febrero de cada año,\n": false,
		"codigo,nombre,sinonimos\n01,Enero,\n2,Febrero,\n":              false,
		"codigo,nombre,sinonimos\n01,Febrero,\n02,Enero,\n":             false,
	} {
		if err := pinned(text, version); (err == nil) != same || err != nil && !errors.Is(err, data.ErrDeclaration) {
			t.Errorf("%q: %v", text, err)
		}
	}
	fsys := minimal(t)
	edit(t, fsys, contract, "type: entero", "type: entero\n    catalog_version: \""+version+"\"")
	if _, err := data.LoadFS(fsys, nil); !errors.Is(err, data.ErrDeclaration) {
		t.Errorf("a version of no catalogue: %v", err)
	}
}

func TestOverlay(t *testing.T) {
	base, overlay := minimal(t), minimal(t)
	edit(t, overlay, "datasets/prueba-minima/contract.yml", "es: Prueba", "es: Otra")
	edit(t, overlay, "reference/meses.csv", "", "codigo,nombre\n01,January\n")
	for name, file := range maps.Clone(overlay) {
		if rest, ok := strings.CutPrefix(name, "datasets/prueba-minima/"); ok {
			overlay["datasets/prueba-nueva/"+rest] = file
		}
	}
	edit(t, overlay, "datasets/prueba-nueva/contract.yml", "id: prueba-minima", "id: prueba-nueva")
	plain, err := data.LoadFS(base, nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := data.LoadFS(base, overlay)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Datasets) != 2 || d.Dataset("prueba-minima").Title.ES != "Otra" || d.Reference["meses"].Name("01") != "January" {
		t.Errorf("overlay not laid over: %+v", d.Datasets)
	}
	if plain.Datasets[0].Hash == d.Dataset("prueba-minima").Hash {
		t.Error("another contract has the same hash")
	}
	if _, err := data.Load(filepath.FromSlash("testdata/no-such")); !errors.Is(err, data.ErrDeclaration) {
		t.Errorf("missing directory: %v", err)
	}
}
