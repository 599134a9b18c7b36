package dashboard

import (
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testNow is the day of the fixture's pages: one dataset is late on it.
var testNow = time.Date(2026, 3, 10, 19, 0, 0, 0, time.UTC)

// mustHome builds a home whose publication has the rows of testdata.
func mustHome(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	mustPublish(tb, dir, 12, "testdata/publicacion.sql")
	return dir
}

// mustPublish writes a published file of the real schema and points to it; rows
// is a file of INSERTs, extra more statements.
func mustPublish(tb testing.TB, dir string, id int, rows string, extra ...string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "published"), 0o755); err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("%06d.duckdb", id)
	db, err := sql.Open("duckdb", filepath.Join(dir, "published", name))
	if err != nil {
		tb.Fatal(err)
	}
	for _, file := range []string{"../internal/warehouse/published.sql", rows} {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := db.Exec(string(text)); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
	}
	extra = append(extra, "CHECKPOINT")
	for _, text := range extra {
		if _, err := db.Exec(text); err != nil {
			tb.Fatalf("%s: %v", text, err)
		}
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "published", "CURRENT"), []byte(name+"\n"), 0o644); err != nil {
		tb.Fatal(err)
	}
}

func mustServer(tb testing.TB, dir string) *Server {
	tb.Helper()
	s, err := New(Options{
		Dir: dir, Now: func() time.Time { return testNow }, Version: "v-prueba",
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func do(tb testing.TB, h http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(tb testing.TB, h http.Handler, target string) *httptest.ResponseRecorder {
	tb.Helper()
	return do(tb, h, http.MethodGet, target)
}
