// Command cauce loads institutional reports on migrant smuggling in Mexico,
// computes declared indicators from them and serves them.
package main

import (
	"os"

	"github.com/gttim/cauce/internal/cli"
)

// version is set by the linker from the repository's state.
var version = "dev"

func main() {
	os.Exit(cli.Main(version, os.Args[1:], os.Stdout, os.Stderr))
}
