// Package generate writes synthetic deliveries that look like an agency's: their
// margins are those of the published figures, their folios say that they are not.
package generate
