package dialect

import (
	"bytes"
	"strings"
)

// candidateDelimiter is what may separate cells, with how much it is believed:
// some characters are more often part of a text.
type candidateDelimiter struct {
	mark  string
	prior float64
}

func delimiters() []candidateDelimiter {
	return []candidateDelimiter{
		{",", 1}, {";", 1}, {"\t", 1}, {"|", 1}, {", ", 1}, {"; ", 1}, {" | ", 1}, {"||", 1.3}, {"\x1f", 1}, {"\x01", 1},
		{"::", 1.2}, {"^", 0.9}, {"~", 0.9}, {"§", 0.9}, {"¦", 0.9}, {"¬", 0.9}, {" ", 1},
		{":", 0.5}, {"#", 0.5}, {"*", 0.5}, {"&", 0.5}, {"!", 0.4},
	}
}

// quotes are the candidates for the quote in order of belief.
func quotes() []string { return []string{`"`, "'", "`", "“”", "„“", "«»"} }

const (
	quotePrior = 0.995 // of every quote but the double one: a lone pair in a text is not enough
	backslash  = `\`
)

// detect fills what was not declared, from the decoded start of a file. The
// table is the sample as the dialect cuts it.
func detect(text []byte, declared Declared, limits Limits) (Dialect, table) {
	hint, hintLines := separatorHint(text)
	if hint != "" && declared.Delimiter == nil {
		declared.Delimiter = &hint
	}
	short := text
	if len(short) > scoreBytes {
		short = short[:scoreBytes]
		if i := bytes.LastIndexAny(short, "\r\n"); i > 0 {
			short = short[:i+1] // the last line is cut
		}
	}
	d, t := chooseMarks(short, declared, limits)
	t = t.reread(short, d, limits)
	preamble := preambleRows(t, hintLines)
	d.PreambleLines = linesBefore(t, preamble, hintLines)
	if declared.PreambleLines != nil {
		d.PreambleLines = *declared.PreambleLines
		for preamble = 0; preamble < len(t.rows) && t.rows[preamble].line <= d.PreambleLines; {
			preamble++
		}
	}
	if declared.HeaderLines != nil {
		d.HeaderLines = *declared.HeaderLines
		return d, t
	}
	d.HeaderLines = headerRows(t, preamble)
	if d.HeaderLines == 0 && preamble > 0 && declared.PreambleLines == nil && brokenHeader(t, preamble) {
		d.HeaderLines, d.PreambleLines = 1, linesBefore(t, preamble-1, hintLines)
	}
	return d, t
}

// Guess says how the start of a file looks to be written, and its header's names
// or, without a header, the cells of its first record: what a message can tell
// about a file that is not as it should be. False for what is no table of two
// columns or more.
func Guess(head []byte) (d Dialect, names []string, ok bool) {
	r, err := NewReader(bytes.NewReader(head), Declared{}, Limits{})
	if err != nil || r.modal < 2 {
		return Dialect{}, nil, false
	}
	names = r.Names()
	if len(names) == 0 {
		rec, err := r.Read()
		if err != nil {
			return Dialect{}, nil, false
		}
		names = rec.Cells
	}
	return r.dialect, names, true
}

// linesBefore counts the physical lines above a row; those above the first row
// are blank and no preamble.
func linesBefore(t table, preamble, hintLines int) int {
	if preamble == 0 {
		return hintLines
	}
	if preamble >= len(t.rows) {
		return t.lines
	}
	return t.rows[preamble].line - 1
}

// separatorHint reads the line `sep=;` that spreadsheets understand.
func separatorHint(text []byte) (delimiter string, physicalLines int) {
	line := text[:min(len(text), 32)]
	if i := bytes.IndexAny(line, "\r\n"); i >= 0 {
		line = line[:i]
	}
	s := strings.Trim(string(line), `"`)
	if len(s) < 5 || !strings.EqualFold(s[:4], "sep=") || len([]rune(s[4:])) != 1 || s[4:] == `"` {
		return "", 0
	}
	return s[4:], 1
}

// chooseMarks finds delimiter, quote and escape together: none of them can be
// judged without the others.
func chooseMarks(text []byte, declared Declared, limits Limits) (Dialect, table) {
	var best Dialect
	var bestTable table
	bestScore := -1.0
	try := func(d Dialect, prior float64) {
		t := cutSample(text, d, limits, scoreRows)
		if s := t.score() * prior * spaceDoubt(d, t) * quoteDoubt(d, t); s > bestScore {
			best, bestTable, bestScore = d, t, s
		}
	}
	for _, c := range candidateDelimiters(text, declared) {
		for _, quote := range candidateQuotes(text, declared, c.mark) {
			prior := c.prior
			if quote != `"` && declared.Quote == nil {
				prior *= quotePrior
			}
			for _, escape := range candidateEscapes(text, declared, quote, c.mark) {
				try(Dialect{Delimiter: c.mark, Quote: quote, Escape: escape}, prior)
			}
		}
	}
	return best, bestTable
}

func candidateDelimiters(text []byte, declared Declared) []candidateDelimiter {
	if declared.Delimiter != nil {
		return []candidateDelimiter{{*declared.Delimiter, 1}}
	}
	// One column: a delimiter that the text does not have.
	out := []candidateDelimiter{{"\x1f\x1e\x1d", 1}}
	for _, mark := range []string{",", ";", "\t", "|", "\x1f", "\x1e", "\x1d", "\x1c"} {
		if !bytes.Contains(text, []byte(mark)) && !clash(declared, mark) {
			out[0].mark = mark
			break
		}
	}
	for _, c := range delimiters() {
		if bytes.Contains(text, []byte(c.mark)) && !clash(declared, c.mark) {
			out = append(out, c)
		}
	}
	return out
}

// clash says that a declared quote or escape leaves no room for a delimiter.
func clash(d Declared, mark string) bool {
	marks := value(d.Quote) + value(d.Escape)
	return marks != "" && strings.ContainsAny(mark, marks)
}

func candidateQuotes(text []byte, declared Declared, delimiter string) []string {
	if declared.Quote != nil {
		return []string{*declared.Quote}
	}
	var out []string
	for _, q := range quotes() {
		opening, _ := marks(q)
		if q == `"` || opens(text, opening, delimiter) {
			out = append(out, q)
		}
	}
	if bytes.Contains(text, []byte(`"`)) || bytes.Contains(text, []byte(backslash+delimiter)) {
		out = append(out, "")
	}
	return out
}

// opens says that the mark stands somewhere at the start of a cell.
func opens(text []byte, mark, delimiter string) bool {
	return bytes.HasPrefix(text, []byte(mark)) || bytes.Contains(text, []byte("\n"+mark)) ||
		bytes.Contains(text, []byte("\r"+mark)) || bytes.Contains(text, []byte(delimiter+mark))
}

func candidateEscapes(text []byte, declared Declared, quote, delimiter string) []string {
	if declared.Escape != nil {
		return []string{*declared.Escape}
	}
	_, closing := marks(quote)
	if quote == "" {
		if delimiter != "" && delimiter != backslash && bytes.Contains(text, []byte(backslash+delimiter)) {
			return []string{"", backslash}
		}
		return []string{""}
	}
	if bytes.Contains(text, []byte(backslash+closing)) && !strings.Contains(delimiter, backslash) {
		return []string{closing, backslash}
	}
	return []string{closing}
}

// spaceDoubt lowers what a blank or a colon explains: words stand between
// blanks in every text, so at least some columns must be of numbers or dates.
func spaceDoubt(d Dialect, t table) float64 {
	if d.Delimiter != " " && d.Delimiter != ":" {
		return 1
	}
	width := t.modal()
	typed := 0
	for _, c := range t.columns(1, width) {
		if c.kind.typed() && c.filled > 0 {
			typed++
		}
	}
	return 0.3 + 0.7*float64(typed)/float64(max(width, 1))
}

// quoteDoubt says how much a quote is to be believed that opens more often than
// it closes, and the absence of a quote where one works: a few misplaced quotes
// are a fault of their rows, not another dialect.
func quoteDoubt(d Dialect, t table) float64 {
	switch {
	case d.Quote == "" && d.Escape == "":
		return 0.8
	case d.Quote != "" && d.Quote != `"` && t.quoted <= t.bad:
		return 0.5
	}
	return 1
}
