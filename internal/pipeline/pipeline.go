package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/indicators/disclosure"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/gttim/cauce/transform"
)

// Options are what a run is given. Dir is the home, Declarations the directory
// laid over the built-in declarations ("" for none). Now and Log must be set;
// Progress, Failpoint and MoreProcessors may be nil.
type Options struct {
	Dir          string
	Declarations string
	Version      string
	Now          func() time.Time
	Log          *slog.Logger
	Progress     func(stage string, done, total int64)
	Failpoint    func(name string)
	Limits       ingest.Limits
	MemoryLimit  string
	Threads      int // of the database; 0: one for each core
	// MoreProcessors is ingest.Job's.
	MoreProcessors func(n int) (back func())
}

// Pipeline is an open home with its declarations, registered and ready to run.
type Pipeline struct {
	opt     Options
	Home    *warehouse.Home
	DB      *warehouse.DB
	Decls   *data.Declarations
	Catalog []*indicators.Indicator
	control *disclosure.Control
	engine  *indicators.Engine
}

// Open reads the declarations, opens the home and brings the warehouse to them:
// reference tables stored, datasets registered. Errors: data.ErrDeclaration,
// warehouse.ErrBusy, warehouse.ErrIntegrity, or an operational one.
func Open(ctx context.Context, opt Options) (*Pipeline, error) {
	if opt.Progress == nil {
		opt.Progress = func(string, int64, int64) {}
	}
	if opt.Failpoint == nil {
		opt.Failpoint = func(string) {}
	}
	p := &Pipeline{opt: opt}
	declared := make(chan error, 1)
	go func() { declared <- p.declare() }() // takes as long as opening the database
	opened := p.open(ctx)
	if err := <-declared; err != nil {
		if opened == nil {
			p.Close()
		}
		return nil, err
	}
	if opened != nil {
		return nil, opened
	}
	p.engine = &indicators.Engine{DB: p.DB, Decls: p.Decls, Catalog: p.Catalog, Log: p.opt.Log}
	if err := p.prepare(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Pipeline) declare() (err error) {
	if p.Decls, err = data.Load(p.opt.Declarations); err != nil {
		return err
	}
	if p.Catalog, err = indicators.Load(p.Decls); err != nil {
		return err
	}
	p.control, err = disclosure.New(p.Decls, p.Catalog)
	return err
}

func (p *Pipeline) open(ctx context.Context) (err error) {
	if p.Home, err = warehouse.OpenHome(p.opt.Dir); err != nil {
		return err
	}
	p.DB, err = warehouse.Open(ctx, p.Home, warehouse.Options{Version: p.opt.Version, Now: p.opt.Now, MemoryLimit: p.opt.MemoryLimit, Threads: p.opt.Threads})
	if err != nil {
		p.Home.Close()
	}
	return err
}

func (p *Pipeline) prepare(ctx context.Context) error {
	if p.Decls.Overlay != nil { // what is built in was proven when it was built
		if err := p.proveSQL(ctx); err != nil {
			return err
		}
	}
	for id, t := range indicators.CalendarTables(p.Decls, p.today()) {
		p.Decls.Reference[id] = t
	}
	if err := p.DB.StoreReference(ctx, p.Decls.Reference); err != nil {
		return err
	}
	anew, err := p.DB.Register(ctx, p.Decls.Datasets...)
	if err != nil {
		return err
	}
	for _, ds := range anew {
		if err := p.cleanAgain(ctx, ds); err != nil {
			return err
		}
	}
	if err := p.job().CorrectAgain(ctx); err != nil {
		return err
	}
	for _, ds := range p.Decls.Datasets {
		if err := p.Home.MakeInbox(ds.ID); err != nil {
			return err
		}
	}
	return nil
}

// cleanAgain fills a clean table that was made anew because its clean.sql
// changed: clean rows are a pure function of raw rows and declarations.
func (p *Pipeline) cleanAgain(ctx context.Context, ds *data.Dataset) error {
	loads, err := p.DB.StoredLoads(ctx, ds.ID)
	if err != nil || len(loads) == 0 {
		return err
	}
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, load := range loads {
		if _, _, err := transform.Clean(ctx, warehouse.Stored(conn, ds, load)); err != nil {
			return fmt.Errorf("%w: %w", err, data.ErrDeclaration)
		}
	}
	if err := p.DB.Cleaned(ctx, ds); err != nil {
		return err
	}
	p.opt.Log.Info("clean rows made anew", "dataset", ds.ID, "loads", len(loads))
	return p.DB.Checkpoint(ctx)
}

func (p *Pipeline) today() time.Time { return data.Day(p.opt.Now()) }

// Run loads the deliveries one after the other, copies the next one into the archive and
// computes what those before it changed meanwhile, and publishes. Results come in the order of the deliveries; a
// refusal is a result. An operational error of one delivery does not stop the others,
// and what was loaded is published all the same; an integrity error and the end of the
// context stop at once.
// What was computed of is held until the next run or Close.
func (p *Pipeline) Run(ctx context.Context, deliveries []ingest.Delivery) ([]ingest.Result, error) {
	var results []ingest.Result
	var behind follower
	if len(deliveries) > 0 {
		if err := p.engine.Close(); err != nil { // of an earlier run
			return nil, err
		}
		p.engine.Prepare(ctx)
		behind = p.follow(ctx)
		defer behind.stop()
		if err := p.DB.UseThreads(ctx, p.opt.Threads); err != nil {
			return nil, err
		}
	}
	var errs []error
	var ahead *ingest.Ahead // of the next one
	defer func() { ahead.Wait() }()
	for i, d := range deliveries {
		var res ingest.Result
		d.Ahead, ahead = ahead, nil
		if i+1 < len(deliveries) {
			ahead = p.job().Ahead(ctx, deliveries[i+1], p.recognise)
		}
		err := behind.apart(func() (err error) {
			res, err = p.loadAnd(ctx, d, p.early(ctx, &behind, i+1 == len(deliveries)))
			return err
		})
		results = append(results, res)
		if err != nil {
			errs = append(errs, err)
		}
		if errors.Is(err, warehouse.ErrIntegrity) {
			return results, errors.Join(errs...)
		}
		if stopped := ctx.Err(); stopped != nil { // what is loaded is told, and that it is not published
			if !errors.Is(err, stopped) {
				errs = append(errs, stopped)
			}
			return results, errors.Join(errs...)
		}
		if i+1 < len(deliveries) {
			behind.loaded()
		}
	}
	behind.stop()
	// The rows are in. A second thread, and the first that asks for it all the time, would
	// be in the way of the indicators' statements, which run side by side. It goes beside
	// the first of them.
	fewer := make(chan error, 1)
	go func() { fewer <- p.DB.UseThreads(ctx, 1) }()
	if _, err := p.publish(ctx, behind.settled); err != nil {
		errs = append(errs, err)
	}
	errs = append(errs, <-fewer)
	return results, errors.Join(errs...)
}

// load is steps 1 to 6 of the load protocol for one delivery.
func (p *Pipeline) load(ctx context.Context, d ingest.Delivery) (ingest.Result, error) {
	return p.loadAnd(ctx, d, nil)
}

// loadAnd is load, and calls proved as ingest.Job does.
func (p *Pipeline) loadAnd(ctx context.Context, d ingest.Delivery, proved func() (written func())) (ingest.Result, error) {
	if d.Dataset == "" {
		d.Dataset = d.Ahead.Of(d.Path)
	}
	if d.Dataset == "" {
		var err error
		if d.Dataset, err = p.recognise(d.Path); err != nil {
			return ingest.Result{}, err
		}
	}
	job := p.job()
	job.Proved = proved
	return job.Run(ctx, d)
}

// job is what every load needs.
func (p *Pipeline) job() *ingest.Job {
	return &ingest.Job{
		DB: p.DB, Home: p.Home, Decls: p.Decls, Now: p.opt.Now, Log: p.opt.Log, Version: p.opt.Version,
		Failpoint: p.opt.Failpoint, Progress: p.opt.Progress, Limits: p.opt.Limits, MoreProcessors: p.opt.MoreProcessors,
		Check: transform.Check, Clean: transform.Clean, Compare: transform.Compare,
	}
}

// Close closes the warehouse and the home.
func (p *Pipeline) Close() error {
	var err error
	if p.engine != nil {
		err = p.engine.Close()
	}
	return errors.Join(err, p.DB.Close(), p.Home.Close())
}

// Leave is Close for a process that ends right after.
func (p *Pipeline) Leave() error { return errors.Join(p.DB.Leave(), p.Home.Close()) }
