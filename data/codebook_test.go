package data_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gttim/cauce/data"
)

// coded is the minimal dataset with a coded column more.
func coded(tb testing.TB, column string, files map[string]string) (*data.Declarations, error) {
	tb.Helper()
	fsys := minimal(tb)
	contract := fsys["datasets/prueba-minima/contract.yml"]
	contract.Data = []byte(strings.Replace(string(contract.Data), "key: [anio]", column+"key: [anio]", 1))
	fsys["reference/sexo.csv"] = &fstest.MapFile{Data: []byte("codigo,nombre,sinonimos\nmujer,Mujer,Femenino\nhombre,Hombre,Masculino\n")}
	for name, text := range files {
		fsys["datasets/prueba-minima/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return data.LoadFS(fsys, nil)
}

const sexByFile = "  - name: sexo\n    type: catalogo\n    catalog: sexo\n    codebook: {file: sexo.csv}\n"

// A codebook of the folder: codes stand for what their label or their canonico is
// in the catalogue, and its bytes are part of the contract.
func TestCodebookOfFolder(t *testing.T) {
	d, err := coded(t, sexByFile, map[string]string{"sexo.csv": "\ufeffcodigo,etiqueta,canonico\n01,Femenino,\n2,HOMBRE,\n3,Varón,hombre\n"})
	if err != nil {
		t.Fatal(err)
	}
	ds := d.Dataset("prueba-minima")
	for code, want := range map[string]string{"01": "mujer", "1": "mujer", "2": "hombre", "3": "hombre", "4": "", "Femenino": "", "mujer": ""} {
		if got, _ := ds.Codebooks["sexo"].Code(code); got != want {
			t.Errorf("code %s is %q, want %q", code, got, want)
		}
	}
	if got := ds.Codebooks["sexo"].Name("3"); got != "Varón" {
		t.Errorf("label %q", got)
	}
	other, err := coded(t, sexByFile, map[string]string{"sexo.csv": "codigo,etiqueta\n2,Femenino\n1,HOMBRE\n"})
	if err != nil || other.Dataset("prueba-minima").Hash == ds.Hash {
		t.Errorf("another codebook is another contract: %v", err)
	}
}

// Codes that differ only in leading zeros stay apart.
func TestCodebookZeros(t *testing.T) {
	d, err := coded(t, sexByFile, map[string]string{"sexo.csv": "codigo,etiqueta\n1,Mujer\n01,Hombre\n002,Mujer\n02,Hombre\n"})
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"1": "mujer", "01": "hombre", "002": "mujer", "02": "hombre", "2": ""} {
		if got, _ := d.Dataset("prueba-minima").Codebooks["sexo"].Code(code); got != want {
			t.Errorf("code %s is %q, want %q", code, got, want)
		}
	}
}

// Mistakes are told with the file and the line where they stand.
func TestCodebookMistakes(t *testing.T) {
	const good = "codigo,etiqueta\n1,Mujer\n"
	for _, tt := range []struct{ name, column, file, says string }{
		{"label", sexByFile, "codigo,etiqueta\n1,Mujer\n2,Hombr\n", "datasets/prueba-minima/sexo.csv:3:1: da a la clave 2 de sexo la etiqueta «Hombr», que no está en el catálogo sexo (¿quiso decir «Hombre»?)"},
		{"canonical", sexByFile, "codigo,etiqueta,canonico\n1,Mujer,m\n", "sexo.csv:2:1: da a la clave 1 de sexo el valor canónico «m»"},
		{"two labels", sexByFile, "codigo,etiqueta\n1,Mujer\n1,Hombre\n", "sexo.csv:3:1: da a la clave 1 de sexo dos etiquetas: «Mujer» y «Hombre»"},
		{"no label", sexByFile, "codigo,etiqueta\n1,\n", "sexo.csv:2:1: tiene un renglón sin clave o sin etiqueta"},
		{"header", sexByFile, "clave,etiqueta\n1,Mujer\n", "sexo.csv:1:1: tiene la columna «clave», que sobra"},
		{"column", sexByFile, "codigo\n1\n", "sexo.csv:1:1: no tiene la columna etiqueta"},
		{"width", sexByFile, "codigo,etiqueta\n1,Mujer\n2\n", "sexo.csv:3:1: no se puede leer"},
		{"empty", sexByFile, "", "sexo.csv: está vacío"},
		{"no code", sexByFile, "codigo,etiqueta\n", "sexo.csv: no code"},
		{"missing", strings.Replace(sexByFile, "sexo.csv", "otro.csv", 1), good, "datasets/prueba-minima/otro.csv: missing file"},
		{"type", "  - name: sexo\n    type: texto\n    codebook: {file: sexo.csv}\n", good, "contract.yml:21:15: column \"sexo\": codebook goes with type"},
		{"neither", strings.Replace(sexByFile, "{file: sexo.csv}", "{}", 1), good, "contract.yml:22:15: column \"sexo\": codebook needs either file or delivered"},
		{"both", strings.Replace(sexByFile, "sexo.csv}", "sexo.csv, delivered: true}", 1), good, "contract.yml:22:15: column \"sexo\": codebook needs either"},
		{"elsewhere", strings.Replace(sexByFile, "sexo.csv", "../sexo.csv", 1), good, "contract.yml:22:15: column \"sexo\": codebook file \"../sexo.csv\" is not"},
		{"unknown key", strings.Replace(sexByFile, "file:", "archivo:", 1), good, "contract.yml:22:16: unknown field \"archivo\""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := coded(t, tt.column, map[string]string{"sexo.csv": tt.file})
			if !errors.Is(err, data.ErrDeclaration) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v\nwant %s", err, tt.says)
			}
		})
	}
}

const sexDelivered = `  - name: sexo
    headers: [SEXO, Sexo de la persona]
    type: catalogo
    catalog: sexo
    codebook: {delivered: true}
  - name: clase
    type: categoria
    codebook: {delivered: true}
    optional: true
`

func deliveredBook(tb testing.TB) (*data.Dataset, map[string]*data.Table) {
	tb.Helper()
	d, err := coded(tb, sexDelivered, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return d.Dataset("prueba-minima"), d.Reference
}

// A delivered codebook explains several variables; the name of each stands on its
// first row, as institutions write them. What is not asked for is passed over.
func TestCodebookDelivered(t *testing.T) {
	ds, reference := deliveredBook(t)
	if !ds.TakesCodebook() {
		t.Error("takes no codebook")
	}
	books, faults := ds.ParseCodebooks("variable,codigo,etiqueta\nOTRA,1,Uno\nsexo de la persona,1,Mujer\n,2,Hombre\n\nclase,A,Terrestre\n,B,Aérea\n", reference)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, c := range []struct{ column, code, want string }{{"sexo", "1", "mujer"}, {"sexo", "2", "hombre"}, {"sexo", "3", ""}, {"clase", "a", "Terrestre"}, {"clase", "B", "Aérea"}} {
		if got, _ := books[c.column].Code(c.code); got != c.want {
			t.Errorf("%s %s is %q, want %q", c.column, c.code, got, c.want)
		}
	}
	if books, faults = ds.ParseCodebooks("variable,codigo,etiqueta\nsexo,1,Mujer\n", reference); len(faults) > 0 || len(books["clase"].Rows) != 0 {
		t.Errorf("an optional column need not be explained: %v", faults)
	}
}

func TestCodebookDeliveredFaults(t *testing.T) {
	ds, reference := deliveredBook(t)
	long := "variable,codigo,etiqueta\n" + strings.Repeat("sexo,1,Mujer\n", 100_001)
	many := "variable,codigo,etiqueta\n"
	for i := range 50 {
		many += "sexo," + strings.Repeat("x", i+1) + ",nadie\n"
	}
	for _, c := range []struct {
		name, text string
		faults     int
		rule, says string
		line       int
	}{
		{"empty", "", 1, data.RuleCodebook, "vacío", 0},
		{"no variable", "codigo,etiqueta\n1,Mujer\n", 1, data.RuleCodebook, "no tiene la columna variable", 1},
		{"first without variable", "variable,codigo,etiqueta\n,1,Mujer\n", 1, data.RuleCodebook, "qué variable", 2},
		{"column not explained", "variable,codigo,etiqueta\nclase,A,B\n", 1, data.RuleCodebook, "no explica la columna sexo", 0},
		{"label", "variable,codigo,etiqueta\nsexo,1,Mujeer\n", 1, data.RuleCodeLabel, "«Mujeer»", 2},
		{"quote", "variable,codigo,etiqueta\nsexo,1,\"Mujer\n", 1, data.RuleCodebook, "no se puede leer", 2},
		{"twice", "variable,codigo,codigo,etiqueta\n", 1, data.RuleCodebook, "sobra", 1},
		{"too long", long, 1, data.RuleCodebook, "100000", 0},
		{"many", many, 21, data.RuleCodeLabel, "«nadie»", 2},
	} {
		_, faults := ds.ParseCodebooks(c.text, reference)
		if len(faults) != c.faults || faults[0].Rule != c.rule || faults[0].Line != c.line || !strings.Contains(faults[0].Message, c.says) {
			t.Errorf("%s: %d faults, %+v", c.name, len(faults), faults[:min(len(faults), 2)])
		}
	}
}

// FuzzParseCodebooks: whatever is delivered as a codebook gives tables or says
// what is wrong, and no code has two meanings.
func FuzzParseCodebooks(f *testing.F) {
	f.Add("variable,codigo,etiqueta\nsexo,1,Mujer\n,2,Hombre\n")
	f.Add("variable,codigo,etiqueta,canonico\nclase,01,\"A \"\"b\"\"\",x\nsexo,1,q,mujer\n")
	f.Add("codigo,etiqueta\n")
	ds, reference := deliveredBook(f)
	f.Fuzz(func(t *testing.T, text string) {
		books, faults := ds.ParseCodebooks(text, reference)
		for _, fault := range faults {
			if fault.Message == "" || (fault.Rule != data.RuleCodebook && fault.Rule != data.RuleCodeLabel) {
				t.Fatalf("%+v", fault)
			}
		}
		if len(faults) > 0 {
			return
		}
		for column, b := range books {
			for _, r := range b.Rows {
				if got, ok := b.Code(r[0]); !ok || got != r[2] {
					t.Fatalf("%s: code %q is %q and %q", column, r[0], got, r[2])
				}
				if _, ok := reference["sexo"].Code(r[2]); column == "sexo" && !ok {
					t.Fatalf("%q is not of the catalogue", r[2])
				}
			}
		}
	})
}
