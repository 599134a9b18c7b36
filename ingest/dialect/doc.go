// Package dialect reads any file of delimited text, with a declared or a
// detected dialect, keeps every cell as it was written and accounts for every
// physical line; it explains files and never loads them, which goes by contract.
package dialect
