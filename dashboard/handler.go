package dashboard

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/gttim/cauce/data"
)

const (
	readyTimeout = 2 * time.Second
	maxBody      = 64 << 10 // nothing here takes a body; a small one is let go unread
)

var (
	errNotFound = errors.New("not found")
	errMethod   = errors.New("method not allowed")
	errTooLarge = errors.New("body too large")
)

// request is what an answer is made from.
type request struct {
	view
	filter
	route *route
	id    string // what stood for {} in the path
	path  string
}

// Handler answers the public addresses, /metrics among them unless it was given
// to AdminHandler alone.
func (s *Server) Handler() http.Handler {
	list := routes()
	return s.wrap(func(w http.ResponseWriter, r *http.Request) (string, error) {
		return s.dispatch(w, r, list, !s.opt.SeparateAdmin)
	})
}

// AdminHandler answers /metrics and the probes and nothing else.
func (s *Server) AdminHandler() http.Handler {
	return s.wrap(func(w http.ResponseWriter, r *http.Request) (string, error) {
		return s.dispatch(w, r, nil, true)
	})
}

// wrap sets the headers that every answer carries, measures, turns errors into
// pages and keeps a panic from ending more than its own request.
func (s *Server) wrap(serve func(http.ResponseWriter, *http.Request) (string, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w}
		name := routeNone
		secureHeaders(rec.Header())
		defer func() {
			if p := recover(); p != nil {
				s.opt.Log.Error("panic in a request", "path", data.Printable(r.URL.Path), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if !rec.written {
					s.fail(rec, r, errors.New("panic"))
				}
			}
			s.metrics.observe(name, r.Method, rec.status(), time.Since(start))
		}()
		var err error
		if name, err = serve(rec, r); err != nil {
			s.fail(rec, r, err)
		}
	})
}

func (s *Server) dispatch(w http.ResponseWriter, r *http.Request, list []route, metrics bool) (string, error) {
	path := r.URL.Path
	var (
		name, id string
		found    *route
	)
	switch {
	case path == "/-/healthy":
		name = routeHealthy
	case path == "/-/ready":
		name = routeReady
	case path == "/metrics" && metrics:
		name = routeMetrics
	case strings.HasPrefix(path, "/static/") && list != nil:
		name = routeStatic
	default:
		if found, id = match(list, path); found == nil {
			return routeNone, errNotFound
		}
		name = found.name
	}
	switch {
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return name, nil
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return name, errMethod
	case r.ContentLength > maxBody:
		return name, errTooLarge
	}
	switch name {
	case routeHealthy:
		plain("OK\n").send(w, r)
		return name, nil
	case routeReady:
		return name, s.ready(w, r)
	case routeMetrics:
		promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{ErrorLog: promLog{s.opt.Log}}).ServeHTTP(w, r)
		return name, nil
	case routeStatic:
		return name, s.assets.serve(w, r)
	}
	return name, s.serve(w, r, found, id)
}

// serve answers a request from one publication, held from first to last byte.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, found *route, id string) error {
	f, err := parseFilter(r, found.params)
	if err != nil {
		return err
	}
	snap := s.acquire()
	if snap == nil {
		return errUnavailable
	}
	defer s.release(snap)
	w.Header().Set("X-Cauce-Publicacion", fmt.Sprint(snap.Publication.ID))
	now := s.opt.Now()
	y, m, d := now.In(s.zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	// Lateness is told in days, so a finished answer is good for its day.
	key := today.Format(time.DateOnly) + " " + r.URL.Path + f.query()
	a := snap.cache.get(key)
	if a == nil {
		q := &request{filter: f, route: found, id: id, path: r.URL.Path}
		if q.view, err = snap.view(r.Context(), f, now, today); err != nil {
			return err
		}
		if a, err = found.answer(s, q); err != nil {
			return err
		}
		snap.cache.put(key, a)
	}
	a.send(w, r)
	return nil
}

// ready runs a query on the published file.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	snap := s.acquire()
	if snap == nil {
		return errUnavailable
	}
	defer s.release(snap)
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	var id int
	if err := snap.db.QueryRowContext(ctx, query("ready")).Scan(&id); err != nil {
		if e := (*duckdb.Error)(nil); errors.As(err, &e) && e.Type == duckdb.ErrorTypeFatal {
			select {
			case s.fatal <- err:
			default:
			}
		}
		s.opt.Log.Error("published file does not answer", "file", snap.name, "error", err)
		return errUnavailable
	}
	plain("OK\n").send(w, r)
	return nil
}

func plain(text string) *answer {
	return &answer{status: http.StatusOK, contentType: typeText, body: []byte(text), cache: cacheNever}
}

// finish makes the answer of a request from its body.
func (q *request) finish(contentType string, body []byte) *answer {
	return newAnswer(q.Publication.ID, contentType, body, gzip.DefaultCompression)
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	code    int
	written bool
}

func (r *recorder) WriteHeader(code int) {
	if !r.written {
		r.code, r.written = code, true
	}
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Write(b []byte) (int, error) {
	if !r.written {
		r.WriteHeader(http.StatusOK)
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) status() int {
	if r.code == 0 {
		return http.StatusOK
	}
	return r.code
}

// policy lets a page load scripts, styles, pictures and data from this server
// and nothing from anywhere else; nothing inline runs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; " +
	"frame-ancestors 'none'; object-src 'none'"

// Cache rules: what carries a publication is asked for again each time (and
// mostly answered 304), what carries its own hash never changes.
const (
	cacheRevalidate = "no-cache"
	cacheForever    = "public, max-age=31536000, immutable"
	cacheNever      = "no-store"
)

// secureHeaders sets what every answer carries, errors included.
func secureHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("X-Frame-Options", "DENY")
}
