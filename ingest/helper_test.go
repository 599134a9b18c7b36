package ingest

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// bench is a home with a warehouse and a job on it.
type bench struct {
	*Job
	tb  testing.TB
	log *bytes.Buffer
}

func newJob(tb testing.TB, decls *data.Declarations) bench {
	tb.Helper()
	ctx := context.Background()
	home, err := warehouse.OpenHome(filepath.Join(tb.TempDir(), "casa"))
	if err != nil {
		tb.Fatal(err)
	}
	db, err := warehouse.Open(ctx, home, warehouse.Options{Version: "prueba"})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
		home.Close()
	})
	for _, ds := range decls.Datasets {
		if _, err := db.Register(ctx, ds); err != nil {
			tb.Fatal(err)
		}
	}
	var log bytes.Buffer
	clock := time.Date(2025, 6, 3, 12, 0, 0, 0, time.UTC)
	return bench{tb: tb, log: &log, Job: &Job{DB: db, Home: home, Decls: decls, Version: "prueba",
		Now: func() time.Time { clock = clock.Add(time.Second); return clock },
		Log: slog.New(slog.NewTextHandler(&log, nil))}}
}

// drop puts a file into the inbox and returns its delivery.
func (b bench) drop(dataset, name, content string) Delivery {
	b.tb.Helper()
	dir := b.Home.Path(warehouse.InboxDir, dataset)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.tb.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.tb.Fatal(err)
	}
	return Delivery{Path: path, Name: name, Dataset: dataset, FromInbox: true}
}

// run loads a delivery and checks what every load must hold.
func (b bench) run(d Delivery) Result {
	b.tb.Helper()
	res, err := b.Run(context.Background(), d)
	if err != nil {
		b.tb.Fatalf("%s: %v", d.Name, err)
	}
	l := res.Load
	if l.Records != l.Accepted+l.Quarantined+l.Skipped || l.PhysicalLines != l.HeaderLines+l.BlankLines+l.SkippedLines+l.RecordLines {
		b.tb.Errorf("%s: counts do not add up: %+v", d.Name, l)
	}
	return res
}

// count runs a query of one number.
func (b bench) count(query string, args ...any) int {
	b.tb.Helper()
	conn, err := b.DB.Conn(context.Background())
	if err != nil {
		b.tb.Fatal(err)
	}
	defer conn.Close()
	var n int
	if err := conn.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		b.tb.Fatal(err)
	}
	return n
}

func (b bench) exists(name string) bool {
	_, err := os.Lstat(b.Home.Path(name))
	return err == nil
}
