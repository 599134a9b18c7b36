// Package keys finds the records of a file whose keys' 64-bit hashes meet: only
// candidates, to be read again and compared exactly.
package keys
