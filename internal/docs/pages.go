package docs

import (
	"fmt"
	"sort"
	"strings"

	"github.com/gttim/cauce/dashboard"
	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/cli"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// generated opens every page.
const generated = "<!-- Written by `make docs` from the program; a test holds it against the program. -->\n\n"

// Pages returns the generated pages by file name inside docs/.
func Pages(decls *data.Declarations) map[string]string {
	return map[string]string{
		"rules.md":    rules(decls),
		"metrics.md":  metrics(),
		"http.md":     addresses(),
		"commands.md": commands(),
	}
}

func rules(decls *data.Declarations) string {
	var b strings.Builder
	b.WriteString(generated + "# Rules\n\nWhat every delivered file is held against. `archivo` refuses the file, `fila` puts the row in quarantine, `aviso` is noted beside the figures. Texts are Spanish because agencies read them.\n\n")
	b.WriteString("| rule | severity | what is wrong | expected | bad | good |\n|---|---|---|---|---|---|\n")
	for _, r := range data.Rules() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.ID, r.Severity, cell(r.Text), cell(r.Expected), cell(r.Bad), cell(r.Good))
	}
	b.WriteString("\n## Rules of one dataset\n\nDeclared in its `contract.yml`, checked by the SELECT of that name in its `checks.sql`.\n\n| rule | dataset | severity | what is wrong |\n|---|---|---|---|\n")
	for _, ds := range decls.Datasets {
		for _, r := range ds.Rules {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.ID, ds.ID, r.Severity, cell(r.Text))
		}
	}
	return b.String()
}

func metrics() string {
	var b strings.Builder
	b.WriteString(generated + "# Metrics\n\nServed at `/metrics`, besides those of the Go runtime and the process. No label value comes from data or from an address: they are declared ids, names of routes and fixed words.\n\n| metric | labels | meaning |\n|---|---|---|\n")
	for _, m := range dashboard.Metrics() {
		labels := "–"
		if len(m.Labels) > 0 {
			labels = "`" + strings.Join(m.Labels, "`, `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.Name, labels, cell(m.Help))
	}
	return b.String()
}

func addresses() string {
	var b strings.Builder
	b.WriteString(generated + "# Addresses\n\nAll answer GET and HEAD only. A parameter that is not listed, or is given twice, is answered with 400.\n\n| address | parameters | errors as |\n|---|---|---|\n")
	for _, r := range dashboard.Routes() {
		params := "–"
		if len(r.Parameters) > 0 {
			params = "`" + strings.Join(r.Parameters, "`, `") + "`"
		}
		kind := "page"
		if r.JSON {
			kind = "JSON"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.Path, params, kind)
	}
	return b.String()
}

func commands() string {
	var b strings.Builder
	root := cli.Commands()
	b.WriteString(generated + "# Commands\n\nFlags may stand before or after arguments. Each may also be set in the environment (`--log-format` is `CAUCE_LOG_FORMAT`) or in the `--config` file; flags win over environment over file.\n\n## Exit codes\n\n| code | meaning |\n|---|---|\n")
	for _, e := range cli.ExitCodes() {
		fmt.Fprintf(&b, "| %d | %s |\n", e.Code, e.Meaning)
	}
	b.WriteString("\n## Flags of every command\n\n" + flags(root.PersistentFlags()))
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Name() == "help" || c.Name() == "completion" {
			return
		}
		if c != root {
			fmt.Fprintf(&b, "\n## cauce %s\n\n%s.\n", strings.TrimPrefix(c.UseLine(), "cauce "), strings.TrimSuffix(c.Short, "."))
			b.WriteString("\n" + flags(c.LocalNonPersistentFlags()))
		}
		children := c.Commands()
		sort.Slice(children, func(i, j int) bool { return children[i].Name() < children[j].Name() })
		for _, child := range children {
			walk(child)
		}
	}
	walk(root)
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func flags(set *pflag.FlagSet) string {
	var b strings.Builder
	set.VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" || f.Name == "version" {
			return
		}
		if b.Len() == 0 {
			b.WriteString("| flag | default | meaning |\n|---|---|---|\n")
		}
		def := "–"
		if f.DefValue != "" && f.DefValue != "[]" {
			def = "`" + f.DefValue + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | %s | %s |\n", f.Name, def, cell(f.Usage))
	})
	return b.String()
}

// cell keeps a text inside its table cell.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "\n", " ", "<", "&lt;").Replace(s)
}
