// Package split turns bytes into records: what a file looks like, how it is
// decoded, where its records end and where each of their cells begins.
package split
