package data

import (
	"regexp"
	"strings"
)

// Check is one named SELECT of a checks.sql with the rule it serves. It reads
// `entrega` (the rows of one load as delivered; `entrega_codigos` and `significados`
// are the same as codes and what they mean), `limpia` (the report's rows as
// clean.sql gives them) and `anterior` (the rows in force without that report),
// and returns one row per offence with the columns linea, columna, valor, mensaje
// and, where the offence is of a period, periodo_inicio and periodo_fin.
type Check struct {
	Rule RowRule
	SQL  string
	// Compares says that it reads limpia or anterior: it runs once clean.sql has.
	Compares bool
}

var comparesRE = regexp.MustCompile(`(?i)\b(?:from|join)\s+(?:limpia|anterior)\b`)

var checkHeader = regexp.MustCompile(`(?m)^-- check: ([a-z][a-z0-9_]*)\s*$`)

// parseChecks cuts a checks.sql at its "-- check: name" lines and pairs each
// SELECT with its rule; one without the other is a mistake.
func parseChecks(name, text string, rules []RowRule) ([]Check, error) {
	p := &problems{name: name}
	at := checkHeader.FindAllStringSubmatchIndex(text, -1)
	byName := map[string]string{}
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		byName[text[m[2]:m[3]]] = strings.TrimSpace(text[m[1]:end])
	}
	var out []Check
	for _, r := range rules {
		sql, ok := byName[r.Check]
		if !ok {
			p.add("rule %s: no SELECT headed \"-- check: %s\"", r.ID, r.Check)
			continue
		}
		delete(byName, r.Check)
		out = append(out, Check{Rule: r, SQL: strings.TrimRight(sql, "; \n"), Compares: comparesRE.MatchString(sql)})
	}
	for n := range byName {
		p.add("check %q serves no rule of the contract", n)
	}
	return out, p.err()
}
