package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/gttim/cauce/ingest/dialect"
	"github.com/spf13/pflag"
)

// rawFlags declare the dialect of a file that is read without a contract. What
// is not given is detected; an empty quote or escape says that there is none.
type rawFlags struct {
	set                                        *pflag.FlagSet
	delimiter, quote, escape, encoding, format string
	headerLines, preambleLines                 int
}

// register adds the flags of --raw except --format, which the command shares
// with its other reports.
func (f *rawFlags) register(set *pflag.FlagSet) {
	f.set = set
	set.StringVar(&f.delimiter, "delimiter", "", `with --raw: what separates cells, \t or \x1f for what no shell types; empty for one cell a record (detected)`)
	set.StringVar(&f.quote, "quote", "", "with --raw: quote, or opening and closing quote (detected)")
	set.StringVar(&f.escape, "escape", "", "with --raw: what stands before a quote inside quotes; the quote itself when it is doubled (detected)")
	set.StringVar(&f.encoding, "encoding", "", "with --raw: encoding, as in utf-8, utf-16le, latin-1, windows-1252 (detected)")
	set.IntVar(&f.headerLines, "header-lines", 0, "with --raw: rows of the header (detected)")
	set.IntVar(&f.preambleLines, "preamble-lines", 0, "with --raw: physical lines above the header (detected)")
}

// declared is what the flags say about the dialect.
func (f *rawFlags) declared() dialect.Declared {
	d := dialect.Declared{Encoding: f.encoding}
	text := map[string]struct {
		from string
		to   **string
	}{"delimiter": {f.delimiter, &d.Delimiter}, "quote": {f.quote, &d.Quote}, "escape": {f.escape, &d.Escape}}
	for name, v := range text {
		if f.set.Changed(name) {
			s := unescaped(v.from)
			*v.to = &s
		}
	}
	if f.set.Changed("header-lines") {
		d.HeaderLines = &f.headerLines
	}
	if f.set.Changed("preamble-lines") {
		d.PreambleLines = &f.preambleLines
	}
	return d
}

// unescaped turns \t and \x1f into the characters that they name; what is no
// such name stays.
func unescaped(s string) string {
	if s == `\t` {
		return "\t"
	}
	if hex, ok := strings.CutPrefix(s, `\x`); ok && len(hex) == 2 {
		if n, err := strconv.ParseUint(hex, 16, 7); err == nil {
			return string(rune(n))
		}
	}
	return s
}

// raw prints any file of delimited text as JSON lines: the dialect and the
// header, then one line per record.
func (a *app) raw(ctx context.Context, file string, f rawFlags) error {
	if f.format != "jsonl" {
		return usage(fmt.Errorf("--format %q: --raw prints jsonl", f.format))
	}
	info, err := os.Stat(file) // a pipe would wait for its writer
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file", file)
	}
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	r, err := dialect.NewReader(in, f.declared(), dialect.Limits{})
	if err == nil {
		err = dialect.WriteJSONLines(ctx, a.stdout, r)
	}
	if errors.Is(err, dialect.ErrDialect) {
		return usage(err)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}
