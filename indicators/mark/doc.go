// Package mark finds the rows that are not as delivered: those that a declared
// correction is part of, and those whose number the source suppressed.
package mark
