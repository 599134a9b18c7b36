package main_test

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/internal/reference"
)

// numeral is a number as people and programs write it: 1234698, 1_234_698,
// 1,234,698 or 57.85.
var numeral = regexp.MustCompile(`[0-9]+(?:[,_][0-9]{3})*(?:\.[0-9]+)?`)

// A number that a report says is read from the report. One that is typed into
// the program would stay when the report is revised.
func TestNoFigureIsTyped(t *testing.T) {
	figures := reportedFigures(t)
	for path, text := range programText(t) {
		for n, line := range strings.Split(text, "\n") {
			for _, at := range numeral.FindAllStringIndex(line, -1) {
				if partOfWord(line, at) {
					continue
				}
				what, typed := figures[canonical(line[at[0]:at[1]])]
				if !typed {
					continue
				}
				t.Errorf("%s:%d: %s is %s: %s", path, n+1, line[at[0]:at[1]], what, strings.TrimSpace(line))
			}
		}
	}
}

// The scan finds a figure however it is written.
func TestNoFigureIsTyped_finds(t *testing.T) {
	figures := reportedFigures(t)
	for _, typed := range []string{"1234698", "1,234,698", "1_234_698", "986314", "248384", "57.85", "87.39", "77.20", "77.2", "79.88", "20.12", "29.25",
		"98.67", "4.07", "749", "4707", "2286", "1653", "475", "32.8", "481025", "465191", "803282", "1849", "5638", "297", "1393683"} {
		if figures[canonical(typed)] == "" {
			t.Errorf("%s is no figure of a report", typed)
		}
	}
	for _, other := range []string{"2024", "8080", "0.5", "64"} {
		if what := figures[canonical(other)]; what != "" {
			t.Errorf("%s is %s", other, what)
		}
	}
}

// canonical is a numeral without separators and without zeros at its end.
func canonical(s string) string {
	s = strings.NewReplacer(",", "", "_", "").Replace(s)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// partOfWord tells whether a numeral belongs to a longer name, version or colour.
func partOfWord(line string, at []int) bool {
	joins := func(b byte) bool {
		return b == '_' || b == '.' || b == '#' || b == '-' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
	}
	before := at[0] > 0 && line[at[0]-1] != '-' && joins(line[at[0]-1])
	after := at[1] < len(line) && line[at[1]] != '-' && joins(line[at[1]])
	if after && line[at[1]] == '.' { // the end of a sentence joins nothing, an address does
		after = at[1]+1 < len(line) && joins(line[at[1]+1])
	}
	return before || after
}

// reportedFigures are the numbers of all values computed from the shipped
// reports, as they are quoted: counts whole, shares and changes to one and two
// decimals. Left out are numbers that say little: below 200, round ones, years and
// powers of two.
func reportedFigures(t *testing.T) map[string]string {
	t.Helper()
	today := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	reports, err := reference.Read(os.DirFS("data"), today)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	add := func(what string, x *float64) {
		if x == nil {
			return
		}
		n := math.Abs(*x)
		switch {
		case n != math.Trunc(n):
			for decimals := 1; decimals <= 2; decimals++ {
				if s := strconv.FormatFloat(n, 'f', decimals, 64); len(canonical(s)) >= 4 {
					out[canonical(s)] = what
				}
			}
		case n < 200 || math.Mod(n, 100) == 0 || n > 1900 && n < 2100 || int(n)&(int(n)-1) == 0:
		default:
			out[strconv.FormatFloat(n, 'f', 0, 64)] = what
		}
	}
	for _, indicator := range reference.All {
		for _, asOf := range []time.Time{today, time.Date(2024, 7, 31, 0, 0, 0, 0, time.UTC)} {
			values, err := reports.Values(indicator, asOf)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				for _, x := range []*float64{v.Number, v.Numerator, v.Denominator, v.Low, v.High} {
					add(fmt.Sprintf("%s, %s", indicator, v.Key()), x)
				}
			}
		}
	}
	return out
}

// literals is a Go file's numbers and strings on their lines, and nothing else:
// what a comment says does not run.
func literals(src []byte) []byte {
	var s scanner.Scanner
	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(src))
	s.Init(file, src, nil, 0)
	out := bytes.Repeat([]byte{' '}, len(src))
	for i, b := range src {
		if b == '\n' {
			out[i] = b
		}
	}
	for {
		pos, kind, text := s.Scan()
		if kind == token.EOF {
			return out
		}
		if kind == token.INT || kind == token.FLOAT || kind == token.STRING || kind == token.CHAR {
			copy(out[file.Offset(pos):], text)
		}
	}
}

// programText is every file of the program that a person writes figures' code in:
// Go, scripts, styles, templates and SQL, without tests and without what is known
// (reports, reference tables, contracts).
func programText(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"node_modules", "testdata", "dist", "bin", "home", "docs"}, d.Name())) {
			return fs.SkipDir
		}
		kinds := []string{".go", ".js", ".mjs", ".ts", ".css", ".html", ".tmpl", ".sql"}
		if d.IsDir() || !slices.Contains(kinds, filepath.Ext(path)) || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if filepath.Ext(path) == ".go" {
			text = literals(text)
		}
		out[filepath.ToSlash(path)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 200 {
		t.Fatalf("only %d files", len(out))
	}
	return out
}
