package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/gttim/cauce/ingest/handover"
	"github.com/gttim/cauce/internal/warehouse"
)

// take loads the file, in a transaction, from rows that are offered to the database
// meanwhile. They are before it: it could not write into the warehouse if it had made
// the offer.
func (j *Job) take(ctx context.Context, conn *sql.Conn, w *work) error {
	withdraw, err := j.offer(ctx, conn, w)
	if err != nil {
		return err
	}
	err = warehouse.InTx(ctx, conn, func() error { return j.accept(ctx, conn, w) })
	if w.synced != nil {
		w.synced()
	}
	if werr := withdraw(); werr != nil {
		w.log.Warn("rows are still offered", "error", werr)
	}
	if w.texts != nil {
		w.texts.Stop()
	}
	return err
}

// offer offers the rows and, where keys are numbers, what those stand for.
func (j *Job) offer(ctx context.Context, conn *sql.Conn, w *work) (withdraw func() error, err error) {
	_, stored := warehouse.Layout(w.ds)
	w.rows = handover.New(ctx, w.gate, stored)
	if w.ds.Numbered() == "" {
		w.offered, withdraw, err = j.DB.Offer(ctx, conn, w.rows)
		return withdraw, err
	}
	w.texts = handover.NewTexts(w.gate.Keys())
	w.offered, withdraw, err = j.DB.Offer(ctx, conn, w.rows, w.texts)
	return withdraw, err
}

// stream inserts the rows that pass the gate while it reads them.
func (j *Job) stream(ctx context.Context, conn *sql.Conn, w *work) error {
	if j.MoreProcessors != nil {
		defer j.MoreProcessors(handover.MoreProcessors)()
	}
	restore, err := j.oneThread(ctx, w.rows.Columns())
	if err != nil {
		return err
	}
	w.rows.Start()
	n, err := execute(ctx, conn, "insert_raw.sql.tmpl", struct {
		Table, Rows string
		Load        int
		Columns     []warehouse.StoredColumn
	}{w.ds.Table(), w.offered[0], w.load.ID, w.rows.Columns()})
	if failed := w.rows.Stop(); failed != nil {
		err = failed // the database only repeats its words
	}
	err = errors.Join(err, restore())
	if err != nil {
		return fmt.Errorf("load rows of %s: %w", w.Name, err)
	}
	w.load.RawRows = n
	if n >= manyRows {
		w.synced = j.DB.SyncBeside()
	}
	return nil
}

// oneThread has rows with lists inserted by one thread of the database, until they are
// restored: two need twice the memory, and to judge such rows takes longer anyway.
func (j *Job) oneThread(ctx context.Context, stored []warehouse.StoredColumn) (restore func() error, err error) {
	if !slices.ContainsFunc(stored, func(c warehouse.StoredColumn) bool { return c.List }) {
		return func() error { return nil }, nil
	}
	before := j.DB.Threads()
	return func() error { return j.DB.UseThreads(ctx, before) }, j.DB.UseThreads(ctx, 1)
}

// storeKeys writes what the numbers of the load's keys stand for.
func (j *Job) storeKeys(ctx context.Context, conn *sql.Conn, w *work) error {
	if w.gate.Keys().Len() == 0 {
		return nil
	}
	_, err := execute(ctx, conn, "insert_keys.sql.tmpl", struct {
		Texts string
		Load  int
	}{w.offered[1], w.load.ID})
	if failed := w.texts.Err(); failed != nil {
		err = failed // the database only repeats its words
	}
	if err != nil {
		return fmt.Errorf("keys of %s: %w", w.Name, err)
	}
	return nil
}
