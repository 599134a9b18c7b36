package indicators

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gttim/cauce/internal/warehouse"
)

// progress is how far an indicator has been computed.
type progress struct {
	hash string
	load int
	day  time.Time
}

// readProgress tells it of all indicators.
func readProgress(ctx context.Context, conn warehouse.Execer) (map[string]progress, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("progress.sql"))
	if err != nil {
		return nil, fmt.Errorf("progress of indicators: %w", err)
	}
	defer rows.Close()
	out := map[string]progress{}
	for rows.Next() {
		var id string
		var p progress
		if err := rows.Scan(&id, &p.hash, &p.load, &p.day); err != nil {
			return nil, fmt.Errorf("progress of indicators: %w", err)
		}
		out[id] = p
	}
	return out, rows.Err()
}

// putProgress records it of some indicators.
func putProgress(ctx context.Context, conn *sql.Conn, done map[string]progress) error {
	ids := slices.Sorted(maps.Keys(done))
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("progress of indicators: %w", err)
	}
	if _, err := conn.ExecContext(ctx, mustSQL("progress_clear.sql"), string(list)); err != nil {
		return fmt.Errorf("progress of indicators: %w", err)
	}
	return warehouse.Append(ctx, conn, "", "indicators", "avance", func(add func(...driver.Value) error) error {
		for _, id := range ids {
			if err := add(id, done[id].hash, int32(done[id].load), done[id].day); err != nil {
				return err
			}
		}
		return nil
	})
}

// loaded is a load that can change figures.
type loaded struct {
	id      int
	dataset string
}

// readLoads lists them in order.
func readLoads(ctx context.Context, conn warehouse.Execer) ([]loaded, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("loads.sql"))
	if err != nil {
		return nil, fmt.Errorf("loads of indicators: %w", err)
	}
	defer rows.Close()
	var out []loaded
	for rows.Next() {
		var l loaded
		if err := rows.Scan(&l.id, &l.dataset); err != nil {
			return nil, fmt.Errorf("loads of indicators: %w", err)
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// inputHashes are, per indicator, the hash of all declarations that its values
// hang on.
func (e *Engine) inputHashes() map[string]string {
	byID := map[string]*Indicator{}
	for _, i := range e.Catalog {
		byID[i.ID] = i
	}
	common := sha256.New()
	for _, name := range append([]string{"macros"}, marts...) {
		fmt.Fprintln(common, mart(name))
	}
	for _, id := range referenceIDs(e.Decls) {
		fmt.Fprintln(common, e.Decls.Reference[id].ReferenceText())
	}
	shared := common.Sum(nil)
	out := map[string]string{}
	for _, ind := range e.Catalog {
		sum := sha256.New()
		sum.Write(shared)
		var walk func(i *Indicator)
		walk = func(i *Indicator) {
			fmt.Fprintln(sum, i.ID, i.Hash)
			for _, u := range i.Uses {
				if byID[u] != nil {
					walk(byID[u])
				}
			}
		}
		walk(ind)
		for _, id := range AllDatasets(e.Catalog, ind) {
			ds := e.Decls.Dataset(id)
			fmt.Fprintln(sum, id, ds.Hash, ds.Coverage)
		}
		out[ind.ID] = hex.EncodeToString(sum.Sum(nil))
	}
	return out
}
