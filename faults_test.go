package main_test

import (
	"fmt"
	"go/ast"
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

// openFaults are the numbered cases that may be without a test yet: crashes, disks
// and locks (80–99), the server (106–122). Whoever writes one takes its number out.
var openFaults = []int{
	80, 83, 84, 85, 86, 87, 89, 91, 92, 93, 94, 95, 97,
	106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122,
}

// Every numbered case of the faults and bad inputs that a load must survive has a
// test that names it. A test names a case by its number: in its own name
// (TestFault12Bombs, TestChild_fault82_…), in the comment above it ("Fault 12",
// "Faults 9 and 10"), in the column `fault` of its table, or, a golden script, in
// a comment that ends in "(fault 12)" or "(faults 1, 5)".
func TestEveryFaultHasATest(t *testing.T) {
	named := map[int][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		switch {
		case d.IsDir() && name != "." && (strings.HasPrefix(name, ".") || name == "node_modules"):
			return fs.SkipDir
		case path == "faults_test.go": // its examples are none
			return nil
		case strings.HasSuffix(name, "_test.go"):
			return goFaults(path, named)
		case strings.HasSuffix(name, ".txtar"):
			return scriptFaults(path, named)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range named {
		if n < 1 || n > 130 {
			t.Errorf("%s: there is no case %d", strings.Join(named[n], ", "), n)
		}
	}
	for n := 1; n <= 130; n++ {
		switch open := slices.Contains(openFaults, n); {
		case len(named[n]) == 0 && !open:
			t.Errorf("case %d has no test", n)
		case len(named[n]) > 0 && open:
			t.Logf("case %d has a test (%s): take it out of the list of open ones", n, named[n][0])
		}
	}
}

var (
	inName    = regexp.MustCompile(`[Ff]ault_?([0-9]+)`)
	inComment = regexp.MustCompile(`\b[Ff]aults? (([0-9]+)(?:(?:, | and | to |–)[0-9]+)*)`)
	inScript  = regexp.MustCompile(`^#.*\(faults? ([0-9 ,]+)\)`)
	number    = regexp.MustCompile(`[0-9]+`)
)

// goFaults collects the cases that the tests of a Go file name.
func goFaults(path string, named map[int][]string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") && !strings.HasPrefix(f.Name.Name, "Fuzz") {
			continue
		}
		where := path + " " + f.Name.Name
		for _, m := range inName.FindAllStringSubmatch(f.Name.Name, -1) {
			name(named, where, m[1])
		}
		for _, m := range inComment.FindAllStringSubmatch(strings.ReplaceAll(f.Doc.Text(), "\n", " "), -1) {
			for _, n := range number.FindAllString(m[1], -1) {
				name(named, where, n)
			}
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				tableFaults(lit, where, named)
			}
			return true
		})
	}
	return nil
}

// tableFaults collects the column `fault` of a test's table.
func tableFaults(lit *ast.CompositeLit, where string, named map[int][]string) {
	rows, ok := lit.Type.(*ast.ArrayType)
	if !ok {
		return
	}
	row, ok := rows.Elt.(*ast.StructType)
	if !ok {
		return
	}
	var columns []string
	for _, f := range row.Fields.List {
		for _, n := range f.Names {
			columns = append(columns, n.Name)
		}
	}
	at := slices.Index(columns, "fault")
	for _, e := range lit.Elts {
		cells, ok := e.(*ast.CompositeLit)
		if at < 0 || !ok {
			continue
		}
		for i, c := range cells.Elts {
			column := i
			if kv, ok := c.(*ast.KeyValueExpr); ok {
				column, c = slices.Index(columns, fmt.Sprint(kv.Key)), kv.Value
			}
			if v, ok := c.(*ast.BasicLit); ok && column == at {
				name(named, where, strings.Trim(v.Value, `"`))
			}
		}
	}
}

// scriptFaults collects the cases that the comments of a golden script name.
func scriptFaults(path string, named map[int][]string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(b)) {
		if m := inScript.FindStringSubmatch(line); m != nil {
			for _, n := range number.FindAllString(m[1], -1) {
				name(named, path, n)
			}
		}
	}
	return nil
}

func name(named map[int][]string, where, n string) {
	if i, err := strconv.Atoi(n); err == nil && !slices.Contains(named[i], where) {
		named[i] = append(named[i], where)
	}
}
