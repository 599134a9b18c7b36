package data_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func mustSchema(tb testing.TB, name string) *jsonschema.Schema {
	tb.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("schema", name))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func mustDocument(tb testing.TB, text []byte) any {
	tb.Helper()
	j, err := yaml.YAMLToJSON(text)
	if err != nil {
		tb.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(j))
	if err != nil {
		tb.Fatal(err)
	}
	return doc
}

// Every declaration is what its JSON Schema says, so that editors and the loader
// never disagree about a file of ours.
func TestDeclarationsMatchTheirSchemas(t *testing.T) {
	for _, tt := range []struct{ schema, files string }{
		{"contract.schema.json", "datasets/*/contract.yml"},
		{"catalog.schema.json", "datasets/*/catalog.yml"},
		{"indicator.schema.json", "../indicators/catalog/*.yml"},
	} {
		schema := mustSchema(t, tt.schema)
		files, err := filepath.Glob(filepath.FromSlash(tt.files))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files: %v", tt.files, len(files), err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(mustDocument(t, b)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// The schema is as strict as the loader where both look.
func TestContractSchemaRefuses(t *testing.T) {
	schema := mustSchema(t, "contract.schema.json")
	b, err := os.ReadFile("testdata/minimal.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(mustDocument(t, b)); err != nil {
		t.Fatalf("minimal contract: %v", err)
	}
	for _, accepted := range []string{"type: categoria\n    codebook: {file: a.csv}", "type: catalogo\n    catalog: meses\n    codebook: {delivered: true}"} {
		if err := schema.Validate(mustDocument(t, bytes.Replace(b, []byte("type: entero"), []byte(accepted), 1))); err != nil {
			t.Errorf("%s: %v", accepted, err)
		}
	}
	for _, tt := range []struct{ name, old, text string }{
		{"unknown key", "licence: Ninguna", "licence: Ninguna\nlicense: None"},
		{"wrong type", "required: true", "required: a veces"},
		{"missing key", "class: publica\n", ""},
		{"unknown class", "class: publica", "class: secreta"},
		{"catalogo without catalog", "type: entero", "type: catalogo"},
		{"catalog without catalogo", "type: entero", "type: entero\n    catalog: meses"},
		{"codebook without codes", "type: entero", "type: entero\n    codebook: {file: a.csv}"},
		{"codebook of two places", "type: entero", "type: categoria\n    codebook: {file: a.csv, delivered: true}"},
		{"codebook of none", "type: entero", "type: categoria\n    codebook: {}"},
		{"due day without cadence", "every: ninguna", "every: ninguna\n  due_day: 7"},
		{"revision key without policy", "policy: instantanea", "policy: instantanea\n  key: [anio]"},
		{"policy without revision key", "policy: instantanea", "policy: agrega_por_clave"},
		{"title without Spanish", "  es: Prueba", "  en: Test"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := bytes.Replace(b, []byte(tt.old), []byte(tt.text), 1)
			if bytes.Equal(text, b) {
				t.Fatalf("minimal contract has no %q", tt.old)
			}
			if schema.Validate(mustDocument(t, text)) == nil {
				t.Error("accepted")
			}
		})
	}
}
