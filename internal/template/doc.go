// Package template tells an agency how to deliver a dataset: a guide and an empty
// file to fill in, both made from the contract.
package template
