package main_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What a tree of one thought per file and one room per package allows.
const (
	module      = "github.com/gttim/cauce"
	maxLines    = 400
	maxFiles    = 14
	duckdb      = "github.com/duckdb/"
	arrow       = "github.com/apache/arrow-go/"
	clientTools = "github.com/go-echarts/"
)

// mayImport lists, for every package of the module, the packages of the module
// that it may import. A package that is not listed is not allowed to exist.
var mayImport = map[string][]string{
	"":                      {"internal/cli"},
	"data":                  {},
	"internal/warehouse":    {"data"},
	"ingest":                {"data", "internal/warehouse", "ingest/problems", "ingest/gate", "ingest/gate/cell", "ingest/gate/keys", "ingest/gate/spill", "ingest/gate/split", "ingest/handover"},
	"ingest/gate":           {"data", "ingest/dialect", "ingest/gate/cell", "ingest/gate/keys", "ingest/gate/spill", "ingest/gate/split", "ingest/gate/tablehead", "ingest/gate/totals", "ingest/xlsx"},
	"ingest/gate/cell":      {"data"},
	"ingest/gate/split":     {},
	"ingest/gate/keys":      {"data", "ingest/gate/spill"},
	"ingest/gate/spill":     {},
	"ingest/gate/tablehead": {"data"},
	"ingest/gate/totals":    {},
	"ingest/handover":       {"internal/warehouse", "ingest/gate", "ingest/gate/cell", "ingest/gate/keys", "ingest/gate/spill"},
	"ingest/ingesttest":     {"data"},
	"ingest/dialect":        {"data"},
	"ingest/xlsx":           {"data"},
	"ingest/problems":       {"data", "internal/warehouse", "ingest/gate/cell"},
	"ingest/inbox":          {"data", "internal/warehouse"},
	"acceptance":            {},
	"transform":             {"data", "internal/warehouse"},
	"indicators":            {"data", "internal/warehouse", "indicators/mark", "indicators/snapshot"},
	"indicators/snapshot":   {"data", "internal/warehouse"},
	"indicators/mark":       {"data", "internal/warehouse"},
	"internal/pipeline":     {"internal/clock", "data", "internal/warehouse", "ingest", "ingest/inbox", "transform", "indicators", "indicators/disclosure"},
	"internal/backup":       {"internal/warehouse"},
	"internal/generate":     {"data"},
	"internal/template":     {"data"},
	"internal/clock":        {"data"},
	"internal/export":       {},
	"dashboard":             {"internal/export", "internal/clock", "data", "internal/warehouse", "internal/template", "ingest", "transform", "indicators"},
	"internal/cli": {"internal/clock", "data", "internal/warehouse", "ingest", "ingest/dialect", "ingest/inbox", "transform", "indicators",
		"internal/pipeline", "internal/backup", "internal/generate", "internal/template", "dashboard"},
	"internal/docs":       {"data", "dashboard", "internal/cli"},
	"internal/bench":      {"data", "internal/generate", "internal/reference"},
	"internal/reference":  {},
	"internal/bench/peer": {},

	"indicators/disclosure": {"data", "indicators"},
}

// largerRooms are the packages with more files than that: dashboard has one file
// per page, internal/cli one per subcommand, internal/pipeline one per act, and
// indicators one per part of a declaration and one per step of its computation,
// which share their unexported rows and windows.
var largerRooms = map[string]int{"indicators": 17, "dashboard": 48, "internal/cli": 24, "internal/pipeline": 16}

// mayUse lists who may import a library that decides how the parts hang
// together.
var mayUse = map[string][]string{
	duckdb:      {"internal/warehouse", "dashboard", "internal/bench/peer"},
	arrow:       {"internal/warehouse", "ingest/handover", "internal/export"},
	clientTools: {"dashboard"},
}

// source is one Go file of the module.
type source struct {
	path, pkg string
	test      bool
	imports   []string
	lines     int
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		s := source{path: path, pkg: strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "."), test: strings.HasSuffix(path, "_test.go")}
		s.lines = strings.Count(string(text), "\n")
		for _, i := range file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, name)
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatal("no Go files found")
	}
	return out
}

func TestArchitecture_importsRunOneWay(t *testing.T) {
	for _, s := range sources(t) {
		allowed, known := mayImport[s.pkg]
		if !known {
			t.Errorf("%s: package %q has no place in the import direction", s.path, s.pkg)
			continue
		}
		if s.test {
			continue // tests may look down from above
		}
		for _, name := range s.imports {
			if own, ok := strings.CutPrefix(name, module+"/"); ok && !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s", s.path, own)
			}
			for library, users := range mayUse {
				if strings.HasPrefix(name, library) && !slices.Contains(users, s.pkg) {
					t.Errorf("%s imports %s", s.path, name)
				}
			}
		}
	}
}

func TestArchitecture_sizes(t *testing.T) {
	files, documented := map[string]int{}, map[string]bool{"": true} // main.go says what main is
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		files[s.pkg]++
		documented[s.pkg] = documented[s.pkg] || filepath.Base(s.path) == "doc.go"
		if s.lines > maxLines {
			t.Errorf("%s has %d lines, more than %d", s.path, s.lines, maxLines)
		}
	}
	for pkg, n := range files {
		if limit := max(maxFiles, largerRooms[pkg]); n > limit {
			t.Errorf("package %s has %d files, more than %d", pkg, n, limit)
		}
		if !documented[pkg] {
			t.Errorf("package %s has no doc.go", pkg)
		}
	}
}

// A sentence about each package, and nothing else, is what doc.go holds.
func TestArchitecture_docIsOneComment(t *testing.T) {
	for _, s := range sources(t) {
		if filepath.Base(s.path) == "doc.go" && len(s.imports) > 0 {
			t.Errorf("%s holds code", s.path)
		}
	}
}

// No statement tells rows apart by the numbers that the database gives them: a checkpoint
// beside it may number them anew between two looks of one statement.
func TestArchitecture_noRowNumbers(t *testing.T) {
	n := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if name := strings.TrimSuffix(path, ".tmpl"); d.IsDir() || !strings.HasSuffix(name, ".sql") {
			return nil
		}
		n++
		text, err := os.ReadFile(path)
		if err == nil && rowNumberRE.Match(text) {
			t.Errorf("%s reads rowid", path)
		}
		return err
	})
	if err != nil || n < 100 {
		t.Fatal(n, err)
	}
}

var rowNumberRE = regexp.MustCompile(`(?i)\browid\b`)
