package xlsx

import "strings"

// format is what a cell's number format makes of a stored number.
type format uint8

const (
	general format = iota
	percent
	day    // a date, with its time when it has one
	month  // year and month
	year   // year alone
	timing // hours without a date
)

// readFormats gives the format of every cell style, by its number.
func (c *container) readFormats(part string) ([]format, error) {
	if part == "" {
		return nil, nil
	}
	var doc struct {
		Own []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := c.decode(part, &doc); err != nil {
		return nil, err
	}
	own := make(map[int]format, len(doc.Own))
	for _, f := range doc.Own {
		own[f.ID] = formatOf(f.Code)
	}
	out := make([]format, len(doc.Cells))
	for i, xf := range doc.Cells {
		if f, ok := own[xf.ID]; ok {
			out[i] = f
		} else {
			out[i] = builtin(xf.ID)
		}
	}
	return out, nil
}

// builtin is the format of a number that stands for one without declaring it.
// Source: ECMA-376, part 1, 18.8.30.
func builtin(id int) format {
	switch {
	case id == 9 || id == 10:
		return percent
	case id == 17:
		return month
	case id >= 14 && id <= 16, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return day
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47:
		return timing
	}
	return general
}

// formatOf reads a format code: which parts of a date its first section shows.
func formatOf(code string) format {
	var order []byte // y, m, d, h, s as they come, repeated ones once
	pct := false
	add := func(c byte) {
		if len(order) == 0 || order[len(order)-1] != c {
			order = append(order, c)
		}
	}
	for i := 0; i < len(code); i++ {
		c := code[i] | 0x20
		switch {
		case code[i] == ';':
			i = len(code)
		case code[i] == '"':
			i = skipTo(code, i+1, '"')
		case code[i] == '[':
			end := skipTo(code, i+1, ']')
			if inner := strings.ToLower(code[i+1 : min(end, len(code))]); inner != "" && strings.Trim(inner, inner[:1]) == "" && strings.Contains("hms", inner[:1]) {
				add('h') // hours, minutes or seconds that do not turn over
			}
			i = end
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '%':
			pct = true
		case len(code) >= i+7 && strings.EqualFold(code[i:i+7], "general"):
			i += 6
		case len(code) >= i+5 && strings.EqualFold(code[i:i+5], "am/pm"):
			i += 4
		case c == 'y' || c == 'm' || c == 'd' || c == 'h' || c == 's':
			add(c)
		}
	}
	return shown(order, pct)
}

func skipTo(s string, from int, end byte) int {
	if n := strings.IndexByte(s[from:], end); n >= 0 {
		return from + n
	}
	return len(s)
}

// shown tells the format by its letters; an m next to hours or seconds is
// minutes.
func shown(order []byte, pct bool) format {
	var years, months, days, clock bool
	for i, c := range order {
		switch c {
		case 'y':
			years = true
		case 'd':
			days = true
		case 'h', 's':
			clock = true
		case 'm':
			if i > 0 && order[i-1] == 'h' || i+1 < len(order) && order[i+1] == 's' {
				clock = true
			} else {
				months = true
			}
		}
	}
	switch {
	case days, months && !years, clock && (months || years):
		return day
	case months:
		return month
	case years:
		return year
	case clock:
		return timing
	case pct:
		return percent
	}
	return general
}
