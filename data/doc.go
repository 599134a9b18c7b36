// Package data is what Cauce knows: dataset contracts, reference tables and the
// published reports that ship with the program, and how they are read.
package data
