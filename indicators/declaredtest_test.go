package indicators

import (
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

// TestReadTests holds that a declaration in two parts is the same as in one: that
// nothing but the tests is left for later, and nothing of them lost.
func TestReadTests(t *testing.T) {
	built, err := fs.Sub(catalogFiles, "catalog")
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(built, "*.yml")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		whole, err := loadFile(built, name, true)
		if err != nil {
			t.Fatal(err)
		}
		parts, err := loadFile(built, name, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(parts.Tests) > 0 {
			t.Errorf("%s: its tests are decoded at once", name)
		}
		for range 2 {
			if err := parts.ReadTests(); err != nil {
				t.Fatal(err)
			}
		}
		if len(whole.Tests) == 0 || !reflect.DeepEqual(whole, parts) {
			t.Errorf("%s: in two parts it is not what it is in one", name)
		}
	}
}

func TestReadTests_mistakes(t *testing.T) {
	_, rest := withoutTests("x.yml", []byte("id: x\nunit: y\ntests:\n  - name: a\n    otra: b\n"))
	err := (&Indicator{tests: rest}).ReadTests()
	if !errors.Is(err, data.ErrDeclaration) || !strings.HasPrefix(err.Error(), "x.yml:5:") {
		t.Errorf("a mistake in line 5 is told as %v", err)
	}
	_, rest = withoutTests("x.yml", []byte("id: x\ntests: []\n"))
	if err := (&Indicator{tests: rest}).ReadTests(); !errors.Is(err, data.ErrDeclaration) {
		t.Errorf("a declaration with no test gives %v", err)
	}
	text := []byte("id: x\ntests:\n  - name: a\nunit: y\n")
	if sheet, rest := withoutTests("x.yml", text); string(sheet) != string(text) || rest.text != nil {
		t.Errorf("of tests that do not stand last %q is left for later", rest.text)
	}
}
