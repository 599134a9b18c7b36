// Package ingest turns delivered files into raw rows and quarantine: the load
// protocol from spooling to proof, around the gate that accounts for every line,
// and the problem report that goes back to the agency.
package ingest
