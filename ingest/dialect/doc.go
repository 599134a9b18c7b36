// Package dialect reads any file of delimited text, with a declared or a
// detected dialect, keeps every cell as it was written and accounts for every
// physical line; loading goes by contract and does not use it.
package dialect
