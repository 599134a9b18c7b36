package indicators

import (
	"context"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// Give stores the given rows of a declared test as reports.
func (e *Engine) Give(ctx context.Context, conn warehouse.Execer, test Test) error {
	return e.give(ctx, conn, test)
}

// Alone evaluates one indicator at one state with nothing made before it.
func (e *Engine) Alone(ctx context.Context, conn warehouse.Execer, datasets []*data.Dataset, ind *Indicator, asOf time.Time, load int) ([]*Value, error) {
	at := &single{conn: conn, catalog: e.Catalog, reference: e.Decls.Reference, datasets: datasets}
	return at.values(ctx, ind, asOf, load)
}
