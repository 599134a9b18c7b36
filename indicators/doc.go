// Package indicators holds the declared indicators and computes their values on
// both clocks, with numerator, denominator, status, vintage and reports.
package indicators
