// Command peer is what `cauce ingest` is measured against: DuckDB's own CSV
// reader, told every type, filling one table of a new file, and nothing else.
package main
