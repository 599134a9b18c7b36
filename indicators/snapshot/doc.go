// Package snapshot holds the rows in force at one state of both clocks in a database
// in memory: they are worked out once for all that reads them, on several connections.
package snapshot
