// Package docs writes the generated pages of docs/ from the program itself and
// holds them against it: rules, metrics, addresses, commands, exit codes.
package docs

//go:generate go test . -run TestPages -update
