// Package totals holds the totals that a table carries among its rows and columns
// against what they sum.
package totals
