// Package pipeline is the job told once, top to bottom: ingest, transform,
// indicators, disclose, publish; and the proofs that what is kept agrees.
package pipeline
