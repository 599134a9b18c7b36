package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/gttim/cauce/dashboard"
	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/inbox"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

// shutdownGrace is how long requests in hand may take once a stop was asked for.
const shutdownGrace = 5 * time.Second

type serveFlags struct {
	listen, listenAdmin string
	noSeed              bool
}

func (a *app) serve() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve pages, API and metrics; load what comes into the inbox",
		Long: `Serve pages, API and metrics, and load what comes into the inbox.

An empty home is filled with the published reports that ship with the program
first. This process never opens the warehouse: every load is a process of its
own.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runServe(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8080", "address of pages and API")
	cmd.Flags().StringVar(&f.listenAdmin, "listen-admin", "", "address of /metrics, which then leaves the first one")
	cmd.Flags().BoolVar(&f.noSeed, "no-seed", false, "leave an empty home empty")
	return cmd
}

func (a *app) runServe(ctx context.Context, f serveFlags) error {
	decls, err := data.Load(a.declarations)
	if err != nil {
		return err
	}
	home, err := warehouse.OpenHome(a.dir)
	if err != nil {
		return err
	}
	defer home.Close()
	// Both addresses are taken before the first load, so that a taken one is known
	// at once; requests that come meanwhile wait.
	public, err := listen(ctx, f.listen)
	if err != nil {
		return err
	}
	defer public.Close()
	var admin net.Listener
	if f.listenAdmin != "" {
		if admin, err = listen(ctx, f.listenAdmin); err != nil {
			return err
		}
		defer admin.Close()
	}
	if err := a.firstPublication(ctx, home, f); err != nil {
		return err
	}
	server, err := a.openPublication(ctx, home, dashboard.Options{Dir: home.Dir, Now: a.now, Log: a.log, Version: a.version, Declarations: decls, SeparateAdmin: f.listenAdmin != ""})
	if err != nil {
		return err
	}
	defer server.Close()
	scheduler, err := inbox.NewScheduler(inbox.SchedulerOptions{Dir: home.Dir, Declarations: decls, Args: a.childFlags(), Log: a.log})
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	a.answer(ctx, g, public, server.Handler())
	if admin != nil {
		a.answer(ctx, g, admin, server.AdminHandler())
	}
	g.Go(func() error { server.Watch(ctx); return nil })
	g.Go(func() error { return scheduler.Run(ctx) })
	g.Go(func() error {
		select {
		case err := <-server.Fatal():
			return err
		case <-ctx.Done():
			return nil
		}
	})
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

// answer serves h on l until ctx is done, then lets requests in hand end.
func (a *app) answer(ctx context.Context, g *errgroup.Group, l net.Listener, h http.Handler) {
	srv := dashboard.Listen(l.Addr().String(), h, a.log)
	a.log.Info("listening", "address", "http://"+l.Addr().String())
	g.Go(func() error {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		return srv.Shutdown(end)
	})
}

// firstPublication makes sure that there is something to serve: a home without a
// publication gets the shipped reports or, with --no-seed, an empty one.
func (a *app) firstPublication(ctx context.Context, home *warehouse.Home, f serveFlags) error {
	_, _, err := warehouse.Current(home.Dir)
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var args []string
	if !f.noSeed {
		a.log.Info("first start: loading the published reports that ship with the program")
		args = append(args, "--shipped")
	}
	return a.runChild(ctx, home, args...)
}

// openPublication opens the current publication. One with the tables of another
// program is published anew first: its pages could not be made from it.
func (a *app) openPublication(ctx context.Context, home *warehouse.Home, opt dashboard.Options) (*dashboard.Server, error) {
	server, err := dashboard.New(opt)
	if !warehouse.IsBinding(err) {
		return server, err
	}
	a.log.Info("the publication is of another program: publishing anew", "reason", err)
	if err := a.runChild(ctx, home, "--publish"); err != nil {
		return nil, err
	}
	return dashboard.New(opt)
}

// runChild runs `ingest` on the home in a process of its own, as every load is.
func (a *app) runChild(ctx context.Context, home *warehouse.Home, args ...string) error {
	child, err := inbox.NewChild(a.stderr)
	if err != nil {
		return err
	}
	code, err := child.Run(ctx, slices.Concat([]string{"ingest", "--dir", home.Dir}, a.childFlags(), args))
	if err != nil {
		return fmt.Errorf("load before serving: %w", err)
	}
	if code != exitDone && code != exitQuarantine {
		return exit(code)
	}
	return nil
}

// childFlags are the common flags that a load process gets from this one.
func (a *app) childFlags() []string {
	out := []string{"--log-format", a.logFormat}
	if a.declarations != "" {
		out = append(out, "--declarations", a.declarations)
	}
	if a.memory != "" {
		out = append(out, "--memory-limit", a.memory)
	}
	return append(out, a.limits.flags()...)
}
