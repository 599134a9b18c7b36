package cli

import (
	"fmt"
	"os"

	"github.com/gttim/cauce/data"
)

// readConfig reads a settings file: flag names and their values. Nothing for "".
func readConfig(name string) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	out := map[string]string{}
	return out, data.DecodeYAML(name, b, &out)
}
