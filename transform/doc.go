// Package transform turns the raw rows of a load into typed clean rows and runs
// the checks that need to see more than one row.
package transform
