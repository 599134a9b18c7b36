// Package problems writes the report of what is wrong with a delivered file, for
// those who sent it: a page to read and print, a table, a workbook.
package problems
