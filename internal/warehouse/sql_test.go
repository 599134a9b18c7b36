package warehouse

import (
	"errors"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

// Fault 101: a declaration holds one SELECT, whatever else it tries to be.
func TestOneSelect(t *testing.T) {
	db, err := openSQL("", settings{Memory: "64MB", Threads: 1, Temp: t.TempDir(), TempLimit: "1MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for text, says := range map[string]string{
		"SELECT 1":                               "",
		"-- why\nSELECT 1; -- after":             "",
		"WITH a AS (SELECT 1) SELECT * FROM a":   "",
		"FROM range(3)":                          "",
		"SELEC 1":                                "x.sql:1:1: ",
		"SELECT 1\nFROM a b c":                   "x.sql:2:10: ",
		"SELECT 1) x; DROP TABLE ledger.loads;":  "x.sql:1:9: ",
		"SELECT 1; SELECT 2":                     "x.sql: 2 statements",
		"SELECT 1; DROP TABLE ledger.loads":      "x.sql: not a SELECT",
		"COPY (SELECT 1) TO '/tmp/x'":            "x.sql: not a SELECT",
		"ATTACH '/tmp/x.duckdb'":                 "x.sql: not a SELECT",
		"SET memory_limit = '1TB'":               "x.sql: not a SELECT",
		"PRAGMA version":                         "x.sql: not a SELECT",
		"INSERT INTO ledger.loads SELECT 1":      "x.sql: not a SELECT",
		"DELETE FROM ledger.loads":               "x.sql: not a SELECT",
		"CREATE TABLE x AS SELECT 1":             "x.sql: not a SELECT",
		"INSTALL httpfs":                         "x.sql: not a SELECT",
		"WITH a AS (DELETE FROM b RETURNING *) ": "x.sql:",
		"":                                       "x.sql: 0 statements",
	} {
		err := OneSelect(t.Context(), db, "x.sql", text)
		if says == "" && err != nil || says != "" && (!errors.Is(err, data.ErrDeclaration) || !strings.HasPrefix(err.Error(), says)) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}
