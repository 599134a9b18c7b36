// Package warehouse keeps the home directory, the DuckDB warehouse with its
// ledger, and the numbered published files; it is the only package that opens
// DuckDB for writing.
package warehouse
