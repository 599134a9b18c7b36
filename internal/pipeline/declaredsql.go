package pipeline

import (
	"context"
	"path"
	"strings"

	"github.com/gttim/cauce/internal/warehouse"
)

// proveSQL holds that every declared text of SQL is one SELECT before any of it
// becomes part of a statement. Errors: data.ErrDeclaration, or operational.
func (p *Pipeline) proveSQL(ctx context.Context) error {
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	one := func(name, text string) error {
		if strings.TrimSpace(text) == "" {
			return nil // that it may be absent is decided elsewhere
		}
		return warehouse.OneSelect(ctx, conn, name, text)
	}
	for _, ds := range p.Decls.Datasets {
		dir := path.Join("datasets", ds.ID)
		if err := one(path.Join(dir, "clean.sql"), ds.Clean); err != nil {
			return err
		}
		if err := one(path.Join(dir, "coverage.sql"), ds.Coverage); err != nil {
			return err
		}
		for _, c := range ds.Checks {
			if err := one(path.Join(dir, "checks.sql")+" "+c.Rule.Check, c.SQL); err != nil {
				return err
			}
		}
	}
	for _, ind := range p.Catalog {
		if err := one(path.Join("indicators", ind.ID)+" sql", ind.SQL); err != nil {
			return err
		}
		if err := one(path.Join("indicators", ind.ID)+" detalle.sql", ind.DetailSQL); err != nil {
			return err
		}
	}
	return nil
}
