// Package reference computes every indicator a second time, in plain Go from the
// delivered CSV files and nothing else of the program, so that tests and the
// benchmark can hold the published values against it.
package reference
