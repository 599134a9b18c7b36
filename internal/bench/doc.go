// Command bench sets a full `cauce ingest` beside DuckDB's own bare load of the
// same generated file, run by run in turns, and prints the ratios as Markdown.
package main
