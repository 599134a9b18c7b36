// Package xlsx reads XLSX deliveries as rows of text cells, one row at a time
// and in bounded memory, and names the files that are none.
package xlsx
