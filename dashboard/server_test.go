package dashboard

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestNewErrNoPublication(t *testing.T) {
	if _, err := New(Options{Dir: t.TempDir()}); !errors.Is(err, ErrNoPublication) {
		t.Fatalf("error %v, want ErrNoPublication", err)
	}
}

// Case 119: the same headers on every answer, errors included.
func TestHeaders(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	for _, target := range []string{
		"/", "/eventos", "/api/v1/indicadores", "/graficas/indice.json", "/metrics", "/-/healthy", "/-/ready", "/static/x/app.js",
		"/nada", "/eventos?x=1", "/api/v1/nada",
	} {
		w := get(t, h, target)
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q", target, name, got)
			}
		}
		if w.Header().Get("Content-Type") == "" {
			t.Errorf("%s: no content type", target)
		}
	}
}

func TestNoInlineCode(t *testing.T) {
	s := mustServer(t, mustHome(t))
	h := s.Handler()
	for _, target := range append(visited(s), "/nada") {
		body := get(t, h, target).Body.String()
		for _, bad := range []string{"<script>", " style=", "<style", " onclick=", "javascript:", "alert(1)</"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s contains %q", target, bad)
			}
		}
	}
}

// Cases 106 and 107: what is not understood whole is refused with one text.
func TestBadQueries(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	long := make(url.Values)
	for range 10000 {
		long.Add("as_of", "2024-01-01")
	}
	for _, query := range []string{
		"x=1", "as_of=", "as_of_carga=", "as_of_carga=0", "as_of_carga=10", "as_of_carga=ayer", "as_of_carga=2026-02-30", "as_of_carga=2026-03-01T12:00", "as_of_carga=9&as_of_carga=9", "as_of=ayer", "as_of=2024-02-30", "as_of=2024-1-1", "as_of=2024-01-01&as_of=2024-01-01", "as_of=2024-01-01%00",
		"as_of=%c0%af", "as_of=2024-01-01;x=1", "as_of=%zz", "anio=2024", "lang=fr", "lang=es&lang=es", "as_of='%20OR%201=1",
		"as_of=2024-01-01');DROP+TABLE+valor;--", long.Encode(),
	} {
		for _, path := range []string{"/eventos", "/api/v1/indicadores"} {
			target := path + "?" + query
			w := get(t, h, target)
			if w.Code != http.StatusBadRequest {
				t.Errorf("%.80s: %d, want 400", target, w.Code)
			}
			if !strings.Contains(w.Body.String(), "Solicitud no válida") || strings.Contains(w.Body.String(), "DROP") {
				t.Errorf("%.80s: not the generic text", target)
			}
		}
	}
	for _, query := range []string{"anio=24", "anio=2011", "anio=2024&anio=2025", "anio=20240"} {
		if w := get(t, h, "/indice?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("/indice?%s: %d, want 400", query, w.Code)
		}
	}
}

// Case 108: nothing but the bundle's own files is under /static/.
func TestNotFound(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	for _, target := range []string{
		"/nada", "/eventos/", "//eventos", "/indicadores/nada", "/datos/reportes/99", "/datos/reportes/06", "/datos/reportes/x",
		"/graficas/nada.json", "/graficas/indice", "/graficas/indicador-nada.json", "/static/../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd",
		"/static/", "/static/.keep", "/indicadores/..%2f..%2fetc", "/api/v1/indicadores/nada", "/api/v1/indicadores/nada.csv", "/api/v1",
	} {
		w := get(t, h, target)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", target, w.Code)
		}
		if program := isProgram(target); program != strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s: content type %s", target, w.Header().Get("Content-Type"))
		}
	}
}

func TestMethods(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	for _, target := range []string{"/", "/api/v1/cargas", "/metrics", "/-/ready"} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, "TRACE"} {
			if w := do(t, h, method, target); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
				t.Errorf("%s %s: %d, Allow %q", method, target, w.Code, w.Header().Get("Allow"))
			}
		}
		if w := do(t, h, http.MethodOptions, target); w.Code != http.StatusNoContent || w.Body.Len() > 0 {
			t.Errorf("OPTIONS %s: %d with %d bytes", target, w.Code, w.Body.Len())
		}
	}
	head, whole := do(t, h, http.MethodHead, "/eventos"), get(t, h, "/eventos")
	if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") != whole.Header().Get("Content-Length") {
		t.Errorf("HEAD: %d, %d bytes, length %s", head.Code, head.Body.Len(), head.Header().Get("Content-Length"))
	}
	big := httptest.NewRequest(http.MethodGet, "/", nil)
	big.ContentLength = 1 << 30
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, big); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("1 GB body: %d, want 413", w.Code)
	}
}

// Case 121: what the client says of our name is not said back.
func TestHostNotReflected(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	r := httptest.NewRequest(http.MethodGet, "http://evil.example/eventos", nil)
	r.Host = "evil.example"
	r.Header.Set("X-Forwarded-Host", "evil.example")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), "evil.example") || strings.Contains(w.Header().Get("Location"), "evil") {
		t.Error("the Host header is in the page")
	}
}

func TestRevalidationAndGzip(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	plain := get(t, h, "/eventos")
	etag := plain.Header().Get("ETag")
	if !strings.HasPrefix(etag, `W/"12-`) || plain.Header().Get("Cache-Control") != cacheRevalidate || plain.Header().Get("X-Cauce-Publicacion") != "12" {
		t.Errorf("headers %v", plain.Header())
	}
	if w := do(t, h, http.MethodGet, "/eventos", "If-None-Match", `"x", `+etag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("revalidation: %d with %d bytes", w.Code, w.Body.Len())
	}
	packed := do(t, h, http.MethodGet, "/eventos", "Accept-Encoding", "br, gzip")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("Vary") != "Accept-Encoding" {
		t.Fatalf("headers %v", packed.Header())
	}
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != plain.Body.String() {
		t.Errorf("unpacked body differs: %v", err)
	}
	if w := do(t, h, http.MethodGet, "/eventos", "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("gzip was refused by the client and sent")
	}
}

// Case 113: a panic ends its own request and nothing else.
func TestPanic(t *testing.T) {
	s := mustServer(t, mustHome(t))
	h := s.wrap(func(http.ResponseWriter, *http.Request) (string, error) { panic("boom\nforged line") })
	w := get(t, h, "/eventos")
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Error interno") || strings.Contains(w.Body.String(), "boom") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	if w := get(t, s.Handler(), "/eventos"); w.Code != http.StatusOK {
		t.Errorf("after a panic: %d", w.Code)
	}
}

// Case 118: with a second listener /metrics is not on the public one.
func TestSeparateAdmin(t *testing.T) {
	s, err := New(Options{Dir: mustHome(t), SeparateAdmin: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, tt := range []struct {
		h      http.Handler
		target string
		want   int
	}{
		{s.Handler(), "/metrics", 404}, {s.Handler(), "/-/healthy", 200}, {s.Handler(), "/", 200},
		{s.AdminHandler(), "/metrics", 200}, {s.AdminHandler(), "/-/ready", 200}, {s.AdminHandler(), "/", 404}, {s.AdminHandler(), "/static/x", 404},
	} {
		if w := get(t, tt.h, tt.target); w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.target, w.Code, tt.want)
		}
	}
}

// Case 114: a request sees one publication from top to bottom, and the old file
// is closed only when its last request is done.
func TestRefresh(t *testing.T) {
	dir := mustHome(t)
	s := mustServer(t, dir)
	old := s.acquire()
	mustPublish(t, dir, 13, "testdata/publicacion.sql", "UPDATE publicacion SET id = 13", "UPDATE valor SET valor = 1234699 WHERE valor = 1234698")
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	w := get(t, s.Handler(), "/eventos")
	if w.Header().Get("X-Cauce-Publicacion") != "13" || !strings.Contains(w.Body.String(), "1,234,699") {
		t.Error("the new publication is not served")
	}
	if err := old.db.Ping(); err != nil {
		t.Errorf("the old file was closed under a request: %v", err)
	}
	s.release(old)
	if err := old.db.Ping(); err == nil {
		t.Error("the old file is still open")
	}
}

func TestRefreshKeepsOld(t *testing.T) {
	dir := mustHome(t)
	s := mustServer(t, dir)
	for _, pointer := range []string{"000099.duckdb\n", "../../etc/passwd", ""} {
		if err := os.WriteFile(filepath.Join(dir, "published", "CURRENT"), []byte(pointer), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := s.Refresh(context.Background()); err == nil {
			t.Errorf("pointer %q was followed", pointer)
		}
		if w := get(t, s.Handler(), "/-/ready"); w.Code != http.StatusOK {
			t.Errorf("pointer %q: ready says %d", pointer, w.Code)
		}
	}
}

func TestWatch(t *testing.T) {
	dir := mustHome(t)
	s := mustServer(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { s.Watch(ctx) })
	defer wg.Wait()
	defer cancel()
	mustPublish(t, dir, 13, "testdata/publicacion.sql", "UPDATE publicacion SET id = 13")
	for get(t, s.Handler(), "/").Header().Get("X-Cauce-Publicacion") != "13" {
		time.Sleep(20 * time.Millisecond)
	}
}

func TestConcurrentRefresh(t *testing.T) {
	dir := mustHome(t)
	s := mustServer(t, dir)
	h := s.Handler()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				w := get(t, h, "/")
				id := w.Header().Get("X-Cauce-Publicacion")
				if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<b>"+id+"</b>") {
					t.Errorf("publication %s: %d", id, w.Code)
					return
				}
			}
		})
	}
	for id := 13; id < 18; id++ {
		mustPublish(t, dir, id, "testdata/publicacion.sql", "UPDATE publicacion SET id = "+string(rune('0'+id/10))+string(rune('0'+id%10)))
		if err := s.Refresh(context.Background()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}

func TestClosed(t *testing.T) {
	s := mustServer(t, mustHome(t))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	h := s.Handler()
	for target, want := range map[string]int{"/": 503, "/-/ready": 503, "/-/healthy": 200, "/metrics": 200} {
		if w := get(t, h, target); w.Code != want || want == 503 && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d, want %d", target, w.Code, want)
		}
	}
}

func TestListen(t *testing.T) {
	s := mustServer(t, mustHome(t))
	srv := Listen("127.0.0.1:0", s.Handler(), s.opt.Log)
	if srv.ReadHeaderTimeout != 5*time.Second || srv.ReadTimeout != 30*time.Second || srv.WriteTimeout != 60*time.Second ||
		srv.IdleTimeout != 60*time.Second || srv.MaxHeaderBytes != 16<<10 {
		t.Errorf("limits %+v", srv)
	}
}
