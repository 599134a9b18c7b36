package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
)

// scratch opens a pipeline in a home of its own that is removed by the returned
// function.
func scratch(ctx context.Context, declarations string, now func() time.Time) (*Pipeline, func(), error) {
	dir, err := os.MkdirTemp("", "cauce-check-*")
	if err != nil {
		return nil, nil, fmt.Errorf("make scratch home: %w", err)
	}
	p, err := Open(ctx, Options{Dir: dir, Declarations: declarations, Version: "check", Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		os.RemoveAll(dir)
		return nil, nil, err
	}
	return p, func() { p.Close(); os.RemoveAll(dir) }, nil
}

// TestIndicators runs the declared tests of the named indicators, or of all. It
// returns what failed, one text per failure, and how many tests ran.
func TestIndicators(ctx context.Context, declarations string, now func() time.Time, ids []string) (failures []string, ran int, err error) {
	p, done, err := scratch(ctx, declarations, now)
	if err != nil {
		return nil, 0, err
	}
	defer done()
	for _, id := range ids {
		if !slices.ContainsFunc(p.Catalog, func(i *indicators.Indicator) bool { return i.ID == id }) {
			return nil, 0, fmt.Errorf("indicator %q is not declared: %w", id, data.ErrDeclaration)
		}
	}
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer conn.Close()
	for _, ind := range p.Catalog {
		if len(ids) > 0 && !slices.Contains(ids, ind.ID) {
			continue
		}
		if err := ind.ReadTests(); err != nil {
			return nil, ran, err
		}
		for _, test := range ind.Tests {
			tx, err := conn.BeginTx(ctx, nil)
			if err != nil {
				return nil, ran, fmt.Errorf("declared tests: %w", err)
			}
			differs, err := p.engine.RunTest(ctx, tx, ind, test)
			tx.Rollback()
			if err != nil {
				return nil, ran, err
			}
			ran++
			if differs != "" {
				failures = append(failures, differs)
			}
		}
	}
	return failures, ran, nil
}
