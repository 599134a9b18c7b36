// Package ingesttest declares the datasets that the tests of ingest and of its
// gate load.
package ingesttest
