package pipeline

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/gttim/cauce/indicators"
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

// Publish computes the indicators (disclosure included) and publishes, unless
// the current publication already says all of it. It is step 7 of the load
// protocol and may be run at any time.
func (p *Pipeline) Publish(ctx context.Context) (warehouse.Publication, error) {
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
		p.opt.Log.Info("publication is up to date", "publication", last.ID)
		return last, nil
	}
	engine := &indicators.Engine{DB: p.DB, Decls: p.Decls, Catalog: p.Catalog, Log: p.opt.Log}
	if err := engine.Update(ctx, day); err != nil {
		return last, err
	}
	pub, err := p.DB.Publish(ctx, day, newest, hash, p.fill, p.opt.Failpoint)
	if err != nil {
		return pub, err
	}
	p.opt.Log.Info("published", "publication", pub.ID, "last_load", pub.LastLoad, "day", day.Format("2006-01-02"))
	return pub, p.DB.Checkpoint(ctx)
}

// inputHash is the hash of all that a publication hangs on besides the loads
// and the day.
func (p *Pipeline) inputHash() string {
	sum := sha256.New()
	fmt.Fprintln(sum, p.opt.Version)
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

// fill writes one publication's tables.
func (p *Pipeline) fill(ctx context.Context, conn warehouse.Execer, _ warehouse.Publication) error {
	if err := warehouse.Policies(ctx, conn, p.Decls.Datasets); err != nil {
		return err
	}
	if err := p.fillWarnings(ctx, conn); err != nil {
		return err
	}
	for _, name := range []string{"fill_valor.sql", "fill_detalle.sql", "fill_carga.sql", "fill_problema.sql", "fill_cuarentena.sql"} {
		if _, err := conn.ExecContext(ctx, mustSQL(name)); err != nil {
			return fmt.Errorf("publish: %s: %w", name, err)
		}
	}
	for i, ind := range p.Catalog {
		b, err := json.Marshal(ind)
		if err != nil {
			return fmt.Errorf("publish indicator %s: %w", ind.ID, err)
		}
		if _, err := conn.ExecContext(ctx, mustSQL("fill_indicador.sql"), ind.ID, i+1, string(b)); err != nil {
			return fmt.Errorf("publish indicator %s: %w", ind.ID, err)
		}
	}
	for _, ds := range p.Decls.Datasets {
		catalog, err := json.Marshal(ds.Catalog)
		if err != nil {
			return fmt.Errorf("publish dataset %s: %w", ds.ID, err)
		}
		cadence, err := json.Marshal(ds.Cadence)
		if err != nil {
			return fmt.Errorf("publish dataset %s: %w", ds.ID, err)
		}
		q, err := warehouse.Render("fill_conjunto", mustSQL("fill_conjunto.sql.tmpl"), struct{ Table string }{ds.Table()})
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, q, ds.ID, ds.Agency, ds.Producer, ds.Contact, string(ds.Class), string(catalog), string(cadence), ds.SourceURL, ds.Licence); err != nil {
			return fmt.Errorf("publish dataset %s: %w", ds.ID, err)
		}
	}
	return nil
}
