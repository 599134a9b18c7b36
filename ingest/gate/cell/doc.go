// Package cell judges values: what a declared column accepts, what it is stored
// as, and which rule a value breaks.
package cell
