// Package gate holds a delivered file against its contract: it accounts for every
// line and lets only rows pass whose every cell is what the contract says.
package gate
