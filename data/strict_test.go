package data_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

// Fault 100: every mistake is one small file of testdata/bad; the message starts with
// file:line:column and says what is wrong.
func TestDecodeYAMLIsStrict(t *testing.T) {
	want := map[string]string{
		"alias.yml":              "alias.yml:5:1: anchors and aliases are not accepted",
		"anchor.yml":             "anchor.yml:3:1: anchors and aliases are not accepted",
		"duplicate-key.yml":      `duplicate-key.yml:6:1: mapping key "producer" already defined`,
		"merge-key.yml":          "merge-key.yml:4:1: anchors and aliases are not accepted",
		"not-a-mapping.yml":      "not-a-mapping.yml:1:1: sequence was used where mapping is expected",
		"tab-indent.yml":         "tab-indent.yml:4:1: found character",
		"two-documents.yml":      "two-documents.yml:22:1: a second document begins",
		"unclosed-quote.yml":     "unclosed-quote.yml:13:13: value is not allowed in this context",
		"unknown-key.yml":        `unknown-key.yml:7:1: unknown field "license"`,
		"unknown-nested-key.yml": `unknown-nested-key.yml:18:5: unknown field "requird"`,
		"wrong-type-list.yml":    "wrong-type-list.yml:19:6: mapping was used where sequence is expected",
		"wrong-type.yml":         "wrong-type.yml:18:15: cannot unmarshal string",
	}
	files, err := filepath.Glob("testdata/bad/*.yml")
	if err != nil || len(files) != len(want) {
		t.Fatalf("%d files, %d expected messages: %v", len(files), len(want), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c data.Contract
			err = data.DecodeYAML(name, b, &c)
			if !errors.Is(err, data.ErrDeclaration) {
				t.Fatalf("no declaration error: %v", err)
			}
			if want[name] == "" || !strings.HasPrefix(err.Error(), want[name]) {
				t.Errorf("message %q, expected to start with %q", err, want[name])
			}
		})
	}
}

func TestDecodeYAMLAcceptsTheMinimalContract(t *testing.T) {
	b, err := os.ReadFile("testdata/minimal.yml")
	if err != nil {
		t.Fatal(err)
	}
	var c data.Contract
	if err := data.DecodeYAML("minimal.yml", b, &c); err != nil {
		t.Fatal(err)
	}
	if c.ID != "prueba-minima" || len(c.Columns) != 1 || !c.Columns[0].Required {
		t.Errorf("decoded %+v", c)
	}
	// A leading marker or comment is not a second document.
	if err := data.DecodeYAML("minimal.yml", append([]byte("# comment\n---\n"), b...), &c); err != nil {
		t.Error(err)
	}
}

func TestDecodeYAMLTooLong(t *testing.T) {
	var c data.Contract
	err := data.DecodeYAML("long.yml", []byte("# "+strings.Repeat("x", 1<<20)), &c)
	if !errors.Is(err, data.ErrDeclaration) || !strings.HasPrefix(err.Error(), "long.yml: longer than 1 MiB") {
		t.Errorf("got %v", err)
	}
}

// FuzzDecodeYAML: whatever the bytes, the loader neither panics nor fails with
// anything but an ErrDeclaration that names the file.
func FuzzDecodeYAML(f *testing.F) {
	files, err := filepath.Glob("testdata/bad/*.yml")
	if err != nil {
		f.Fatal(err)
	}
	real, err := filepath.Glob("datasets/*/*.yml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(append(files, real...), "testdata/minimal.yml") {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, into := range []any{&data.Contract{}, &data.Catalog{}} {
			err := data.DecodeYAML("fuzz.yml", b, into)
			if err != nil && (!errors.Is(err, data.ErrDeclaration) || !strings.HasPrefix(err.Error(), "fuzz.yml:")) {
				t.Errorf("got %v", err)
			}
		}
	})
}
