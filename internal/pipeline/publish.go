package pipeline

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

//go:embed sql
var sqlFiles embed.FS

// mustSQL returns an embedded statement; a missing file is a fault of the build.
func mustSQL(name string) string {
	b, err := sqlFiles.ReadFile("sql/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Publish computes the indicators, hides what may not be shown, and publishes, unless
// the current publication already says all of it. It is step 7 of the load
// protocol and may be run at any time.
func (p *Pipeline) Publish(ctx context.Context) (warehouse.Publication, error) {
	return p.publish(ctx, false)
}

// publish is Publish; settled says that what was loaded is in the warehouse's file.
func (p *Pipeline) publish(ctx context.Context, settled bool) (warehouse.Publication, error) {
	last, known, err := p.DB.LastPublication(ctx)
	if err != nil {
		return last, err
	}
	newest, err := p.DB.NewestLoad(ctx)
	if err != nil {
		return last, err
	}
	day, hash := p.today(), p.inputHash()
	if known && last.LastLoad == newest && last.InputHash == hash && last.Day.Equal(day) {
		damaged := p.readCurrent(ctx)
		if damaged == nil {
			p.opt.Log.Info("publication is up to date", "publication", last.ID)
			return last, p.retire()
		}
		if err := ctx.Err(); err != nil {
			return last, err
		}
		p.opt.Log.Warn("publication cannot be read and is made again", "publication", last.ID, "reason", damaged)
	}
	checkpointed := func() bool { return true }
	if !settled {
		checkpointed = p.checkpointBeside(ctx)
	}
	err = p.engine.Finish(ctx, day)
	checkpointed()
	if err != nil {
		return last, err
	}
	pub, err := p.DB.Publish(ctx, day, newest, hash, p.fill, p.opt.Failpoint)
	if err != nil {
		return pub, err
	}
	p.opt.Log.Info("published", "publication", pub.ID, "last_load", pub.LastLoad, "day", day.Format("2006-01-02"))
	return pub, p.retire()
}

// checkpointBeside has what was loaded of a large file go into the warehouse's file while
// it is read: the commit of the indicators would do it with nothing beside, and the
// checkpoint beside the publication takes longer than that. wait returns when it is done,
// and whether it is: what cannot be now, or is not worth it, that one takes.
func (p *Pipeline) checkpointBeside(ctx context.Context) (wait func() bool) {
	if p.opt.Threads == 1 {
		return func() bool { return false }
	}
	done := p.DB.CheckpointBeside(ctx)
	return func() bool {
		err := done()
		if err != nil {
			p.opt.Log.Info("checkpoint put off", "reason", err)
		}
		return err == nil
	}
}

// readCurrent reads the whole current publication; nil when it can be read.
func (p *Pipeline) readCurrent(ctx context.Context) error {
	path, id, err := warehouse.Current(p.Home.Dir)
	if err != nil {
		return err
	}
	return warehouse.ProveReadable(ctx, path, id)
}

// retire removes the published files before the current one where figures are
// protected: two publications that hide different cells, beside each other, can give
// away what neither does.
func (p *Pipeline) retire() error {
	if len(p.control.Protected()) == 0 {
		return nil
	}
	return p.DB.RetirePublications()
}

// inputHash is the hash of all that a publication hangs on besides the loads
// and the day.
func (p *Pipeline) inputHash() string {
	sum := sha256.New()
	fmt.Fprintln(sum, p.opt.Version, warehouse.PublishedLayout(), p.control.Hash())
	for _, ind := range p.Catalog {
		fmt.Fprintln(sum, ind.ID, ind.Hash)
	}
	for _, ds := range p.Decls.Datasets {
		fmt.Fprintln(sum, ds.ID, ds.Hash, ds.Coverage, ds.CatalogHash)
	}
	for _, ind := range p.Catalog {
		for _, dim := range ind.Dimensions {
			if t := p.Decls.Reference[dim.Catalog]; t != nil {
				fmt.Fprintln(sum, t.ReferenceText())
			}
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// fill writes one publication's tables. What the datasets cover and what became of
// quarantined rows takes as long to find out as the rest, and nothing writes into the
// warehouse: it is asked beside.
func (p *Pipeline) fill(ctx context.Context, conn *sql.Conn, pub warehouse.Publication) error {
	g := p.guarded()
	covered := sync.OnceValues(func() (map[string]coverage, error) { return p.covered(ctx, pub.LastLoad) })
	aside := sync.OnceValues(func() (aside, error) { return p.aside(ctx, g.Datasets) })
	var beside sync.WaitGroup
	beside.Go(func() { _, _ = aside() }) // who uses it is told
	beside.Go(func() { _, _ = covered() })
	defer beside.Wait()
	if err := p.fillWarnings(ctx, conn, g.Datasets); err != nil {
		return err
	}
	for _, s := range []struct {
		file string
		but  []string
	}{{"fill_valor.sql", g.Indicators}, {"fill_detalle.sql", g.Indicators}, {"fill_carga.sql", g.Datasets}, {"fill_problema.sql", g.Datasets}} {
		if _, err := conn.ExecContext(ctx, mustSQL(s.file), jsonList(s.but)); err != nil {
			return fmt.Errorf("publish: %s: %w", s.file, err)
		}
	}
	if err := p.fillCorrections(ctx, conn, g.Datasets); err != nil {
		return err
	}
	if err := p.fillIndicators(ctx, conn); err != nil {
		return fmt.Errorf("publish indicators: %w", err)
	}
	held, err := aside()
	if err == nil {
		err = held.fill(ctx, conn)
	}
	if err != nil {
		return fmt.Errorf("publish quarantined rows: %w", err)
	}
	cover, err := covered()
	if err == nil {
		err = p.fillDatasets(ctx, conn, g.Datasets, cover)
	}
	if err != nil {
		return fmt.Errorf("publish datasets: %w", err)
	}
	return p.fillGuarded(ctx, conn, g)
}

// fillIndicators publishes the declarations of the indicators.
func (p *Pipeline) fillIndicators(ctx context.Context, conn *sql.Conn) error {
	return warehouse.Append(ctx, conn, "publicacion", "main", "indicador", func(add func(...driver.Value) error) error {
		for i, ind := range p.Catalog {
			told := *ind
			told.Disclosure.Text = p.control.Text(ind.Class)
			b, err := json.Marshal(told)
			if err != nil {
				return fmt.Errorf("%s: %w", ind.ID, err)
			}
			if err := add(ind.ID, int32(i+1), string(b)); err != nil {
				return err
			}
		}
		return nil
	})
}

// fillDatasets publishes the declared datasets with what their rows in force cover;
// of the uncounted ones not how many they are.
func (p *Pipeline) fillDatasets(ctx context.Context, conn *sql.Conn, uncounted []string, covered map[string]coverage) error {
	return warehouse.Append(ctx, conn, "publicacion", "main", "conjunto", func(add func(...driver.Value) error) error {
		for _, ds := range p.Decls.Datasets {
			catalog, err := json.Marshal(ds.Catalog)
			if err != nil {
				return fmt.Errorf("%s: %w", ds.ID, err)
			}
			cadence, err := json.Marshal(ds.Cadence)
			if err != nil {
				return fmt.Errorf("%s: %w", ds.ID, err)
			}
			c := covered[ds.ID]
			var count driver.Value = c.rows
			if slices.Contains(uncounted, ds.ID) {
				count = nil
			}
			if err := add(ds.ID, ds.Agency, ds.Producer, ds.Contact, string(ds.Class), string(catalog), string(cadence),
				ds.SourceURL, ds.Licence, dayOrNull(c.first), dayOrNull(c.last), count); err != nil {
				return err
			}
		}
		return nil
	})
}

func dayOrNull(t sql.NullTime) driver.Value {
	if !t.Valid {
		return nil
	}
	return t.Time
}

// coverage is the first and last day that a dataset's rows in force cover, and
// how many they are.
type coverage struct {
	first, last sql.NullTime
	rows        int64
}

// covered asks it of the datasets that hold rows, up to a load, on connections of its
// own: of those that the indicators have just been computed of where their rows lie
// ready, of the others in the warehouse.
func (p *Pipeline) covered(ctx context.Context, newest int) (map[string]coverage, error) {
	some, err := p.DB.Loaded(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]coverage{}
	err = p.engine.Held(ctx, newest, func(conn warehouse.Execer, held []*data.Dataset) error {
		return covered(ctx, conn, slices.DeleteFunc(held, func(ds *data.Dataset) bool { return !some[ds.ID] }), out)
	})
	if err != nil {
		return nil, err
	}
	var left []*data.Dataset
	for _, ds := range p.Decls.Datasets {
		if _, known := out[ds.ID]; some[ds.ID] && !known {
			left = append(left, ds)
		}
	}
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return out, covered(ctx, conn, left, out)
}

// covered asks it of some datasets, in one statement.
func covered(ctx context.Context, conn warehouse.Execer, datasets []*data.Dataset, out map[string]coverage) error {
	if len(datasets) == 0 {
		return nil
	}
	q, err := warehouse.Render("cubierto", mustSQL("cubierto.sql.tmpl"), datasets)
	if err != nil {
		return err
	}
	rows, err := conn.QueryContext(ctx, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var c coverage
		if err := rows.Scan(&id, &c.first, &c.last, &c.rows); err != nil {
			return err
		}
		out[id] = c
	}
	return rows.Err()
}
