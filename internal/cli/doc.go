// Package cli is the command line: one file per subcommand, and the exit codes.
package cli
