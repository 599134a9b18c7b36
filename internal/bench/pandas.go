package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/generate"
)

//go:embed pandas.py
var pandasScript []byte

// columnRule is what the script is to hold a column against, from the contract.
type columnRule struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Required bool     `json:"required"`
	Pattern  string   `json:"pattern,omitempty"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Allowed  []string `json:"allowed,omitempty"`
}

// pandas is what many would take instead: a script with the same rules. It is left
// out, which is said, where Python or the package index cannot be reached.
func pandas(ctx context.Context, b *bench) ([]contender, error) {
	python, err := b.python(ctx)
	if err != nil {
		fmt.Fprintln(b.log, "pandas is left out:", err)
		return nil, nil
	}
	file, err := b.events("limpio.csv", generate.Options{Rows: b.rows})
	if err != nil {
		return nil, err
	}
	home, err := b.home(ctx)
	if err != nil {
		return nil, err
	}
	script, rules := filepath.Join(b.dir, "registro.py"), filepath.Join(b.dir, "rules.json")
	text, err := json.Marshal(b.columnRules())
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(script, pandasScript, 0o600); err != nil {
		return nil, fmt.Errorf("write script: %w", err)
	}
	if err := os.WriteFile(rules, text, 0o600); err != nil {
		return nil, fmt.Errorf("write rules: %w", err)
	}
	return []contender{b.ingest(home, file), {name: "pandas, the same checks, Parquet", command: func(dir string) []string {
		return []string{python, script, file, rules, dir}
	}}}, nil
}

// python makes an environment with pandas and gives its interpreter.
func (b *bench) python(ctx context.Context) (string, error) {
	dir := filepath.Join(b.dir, "python")
	for _, args := range [][]string{{"python3", "-m", "venv", dir},
		{filepath.Join(dir, "bin", "pip"), "install", "--quiet", "pandas", "pyarrow"}} {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		if text, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w: %s", args[0], err, text)
		}
	}
	return filepath.Join(dir, "bin", "python"), nil
}

func (b *bench) columnRules() []columnRule {
	var out []columnRule
	for _, c := range b.decls.Dataset(generate.Dataset).Columns {
		r := columnRule{Name: c.Name, Type: string(c.Type), Required: c.Required, Pattern: c.Pattern, Min: c.Min, Max: c.Max}
		if t := b.decls.Reference[c.Catalog]; c.Type == data.TypeCatalog && t != nil {
			for _, code := range t.Codes() {
				r.Allowed = append(r.Allowed, code, t.Name(code))
			}
		}
		out = append(out, r)
	}
	return out
}
