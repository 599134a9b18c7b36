package dashboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/gttim/cauce/data"
)

// pollEvery is how often Watch looks at the pointer.
const pollEvery = time.Second

// Options is what a Server is made of.
type Options struct {
	Dir           string             // home directory, the one that has published/
	Now           func() time.Time   // nil: time.Now
	Log           *slog.Logger       // nil: nothing is logged
	Version       string             // of the binary, shown in pages and metrics
	Declarations  *data.Declarations // what guides and templates are made of; nil: none are served
	SeparateAdmin bool               // /metrics is on AdminHandler only; Handler answers 404 for it
}

// Server answers every request from the current publication. It never opens the
// warehouse.
type Server struct {
	opt       Options
	zone      *time.Location
	pages     map[string]pages // by language
	assets    *assets
	metrics   *metrics
	registry  *prometheus.Registry
	current   atomic.Pointer[Snapshot]
	refreshMu sync.Mutex
	fatal     chan error
}

// New opens the current publication of a home. It returns ErrNoPublication when
// the home has none, and the error of the file when that cannot be read.
func New(opt Options) (*Server, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{opt: opt, zone: data.MexicoCity(), fatal: make(chan error, 1)}
	var err error
	if s.assets, err = loadAssets(bundleFiles); err != nil {
		return nil, fmt.Errorf("read bundled scripts: %w", err)
	}
	if !s.assets.complete() {
		opt.Log.Warn("pages have no scripts or styles: the web bundle was not built into this binary")
	}
	s.pages = map[string]pages{}
	for _, lang := range []string{"es", "en"} {
		if s.pages[lang], err = parsePages(templateFiles, lang); err != nil {
			return nil, fmt.Errorf("parse pages: %w", err)
		}
	}
	s.metrics, s.registry = newMetrics(s)
	if err := s.Refresh(context.Background()); err != nil {
		return nil, err
	}
	return s, nil
}

// Refresh serves the publication that the pointer names. It does nothing when
// that is the one being served; on an error the old one stays.
func (s *Server) Refresh(ctx context.Context) error {
	s.refreshMu.Lock()
	defer s.refreshMu.Unlock()
	path, err := currentPath(s.opt.Dir)
	if err != nil {
		return err
	}
	if now := s.current.Load(); now != nil && now.path == path {
		return nil
	}
	next, err := OpenSnapshot(ctx, path)
	if err != nil {
		return err
	}
	old := s.current.Swap(next)
	s.opt.Log.Info("serving publication", "publication", next.Publication.ID, "file", next.name)
	if old != nil {
		return old.release()
	}
	return nil
}

// Watch calls Refresh every second until the context ends. A publication that
// cannot be read is logged once and the old one stays.
func (s *Server) Watch(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	last := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		text := ""
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			if text = err.Error(); text != last {
				s.opt.Log.Error("cannot serve the new publication; the old one stays", "error", err)
			}
		}
		last = text
	}
}

// Fatal delivers an error after which the open published file cannot be used any
// more, so that the process should end and be started again.
func (s *Server) Fatal() <-chan error { return s.fatal }

// Close closes the published file once the last request that reads it is done.
// Requests that come later are answered 503.
func (s *Server) Close() error {
	s.refreshMu.Lock()
	defer s.refreshMu.Unlock()
	if old := s.current.Swap(nil); old != nil {
		return old.release()
	}
	return nil
}

// acquire takes a hold on the current snapshot, nil after Close.
func (s *Server) acquire() *Snapshot {
	for {
		now := s.current.Load()
		if now == nil || now.acquire() {
			return now
		}
	}
}

func (s *Server) release(snap *Snapshot) {
	if err := snap.release(); err != nil {
		s.opt.Log.Error("close published file", "file", snap.name, "error", err)
	}
}

// Listen builds the HTTP server for an address: limits on how long and how much
// a client may send, none of them in the hands of a handler.
func Listen(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// errUnavailable is answered 503.
var errUnavailable = errors.New("unavailable")
