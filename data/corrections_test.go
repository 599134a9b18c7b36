package data_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

const correction = `corrections:
  - id: PM-1
    report: {source: "https://ejemplo.mx/cuadro", published: 2031-03}
    key: {anio: 2031}
    column: eventos
    expect: 1520
    value: 152
    reason: Un cero de más, según la fe de erratas.
    source: Oficio de prueba
    since: "2031-04-02"
`

const hash = "sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// Each entry is held against the contract, and where it is wrong the line says so.
func TestCorrections(t *testing.T) {
	const dir = "datasets/prueba-minima/"
	load := func(t *testing.T, text string) (*data.Dataset, error) {
		fsys := minimal(t)
		edit(t, fsys, dir+"contract.yml", "key: [anio]", "  - {name: eventos, type: entero, required: true, max: 9999}\n  - {name: nota, type: texto}\n  - {name: publicado_en, type: fecha_parcial}\nkey: [anio]")
		if text != "" {
			edit(t, fsys, dir+"corrections.yml", "", text)
		}
		d, err := data.LoadFS(fsys, nil)
		if err != nil {
			return nil, err
		}
		return d.Datasets[0], nil
	}
	plain, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	ds, err := load(t, correction)
	if err != nil {
		t.Fatal(err)
	}
	c := ds.Corrections[0]
	if c.At != "datasets/prueba-minima/corrections.yml:2:5" || *c.Expected != "1520" || *c.Corrected != "152" || c.Rows["anio"] != "2031" || c.Report.Published != "2031-03" {
		t.Errorf("%+v", c)
	}
	if ds.Hash == plain.Hash || ds.CleanHash == plain.CleanHash {
		t.Error("the hashes are those of the contract without corrections")
	}
	if err := mustSchema(t, "corrections.schema.json").Validate(mustDocument(t, []byte(correction))); err != nil {
		t.Error(err)
	}
	for _, tt := range []struct{ name, old, text, want string }{
		{"id", "id: PM-1", "id: uno", `:2:5: id "uno" is not of the form`},
		{"no report", `{source: "https://ejemplo.mx/cuadro", published: 2031-03}`, "{}", "report needs sha256"},
		{"both", `{source: "https://ejemplo.mx/cuadro", published: 2031-03}`, "{source: x, " + hash + "}", "report needs sha256"},
		{"date", "published: 2031-03", "published: marzo", "report.published"},
		{"line and key", "key: {anio: 2031}", "key: {anio: 2031}\n    line: 2", "either line or key"},
		{"no row", "    key: {anio: 2031}\n", "", "either line or key"},
		{"other key", "key: {anio: 2031}", "key: {nota: x}", "the contract's key is [anio]"},
		{"key that is no value", "key: {anio: 2031}", "key: {anio: ayer}", `key anio "ayer"`},
		{"key column", "column: eventos", "column: anio", `column "anio" is not one that can be corrected`},
		{"unknown column", "column: eventos", "column: otra", `column "otra" is not one that can be corrected`},
		{"date of publication", "column: eventos", "column: publicado_en", `column "publicado_en" is not one that can be corrected`},
		{"value that the column refuses", "value: 152", "value: 15.2", `value "15.2"`},
		{"value out of range", "value: 152", "value: 10000", "outside the column's interval"},
		{"empty value", "value: 152", `value: ""`, `column "eventos" is required`},
		{"same value", "value: 152", "value: 1520", `is what it expects`},
		{"no reason", "reason: Un cero de más, según la fe de erratas.", `reason: ""`, "reason and source are required"},
		{"no day", `since: "2031-04-02"`, "since: ayer", "is not a day"},
		{"twice", `since: "2031-04-02"` + "\n", `since: "2031-04-02"` + "\n" + strings.Replace(strings.TrimPrefix(correction, "corrections:\n"), "PM-1", "PM-2", 1), `:11:5: it corrects the same value as PM-1`},
		{"same id", `since: "2031-04-02"` + "\n", `since: "2031-04-02"` + "\n" + strings.Replace(strings.TrimPrefix(correction, "corrections:\n"), "anio: 2031", "anio: 2032", 1), `:11:5: correction "PM-1" is declared twice`},
		{"unknown field", "reason:", "motivo:", `corrections.yml:8:5: unknown field "motivo"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(correction, tt.old, tt.text, 1)
			if text == correction {
				t.Fatalf("no %q", tt.old)
			}
			_, err := load(t, text)
			if !errors.Is(err, data.ErrDeclaration) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}
