package pipeline

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// Retract withdraws a report: from here on its rows are not in force, and what
// they replaced is again. Nothing is deleted. It records the withdrawal in the
// archive's journal and the ledger, then publishes. A report that holds nothing
// in force cannot be withdrawn.
func (p *Pipeline) Retract(ctx context.Context, report int, reason string) error {
	if err := p.retract(ctx, report, reason); err != nil {
		return err
	}
	_, err := p.Publish(ctx)
	return err
}

func (p *Pipeline) retract(ctx context.Context, report int, reason string) error {
	r, ok, err := p.DB.ReportByID(ctx, report)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("there is no report %d", report)
	}
	inForce, err := p.DB.InForce(ctx, report)
	if err != nil {
		return err
	}
	if !inForce {
		return fmt.Errorf("report %d has no rows in force", report)
	}
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, id, err := warehouse.NextIDs(ctx, conn)
	if err != nil {
		return err
	}
	now := p.DB.Now()
	load := warehouse.Load{
		ID: id, ReportID: report, Dataset: r.Dataset, Kind: warehouse.KindRetire, Outcome: warehouse.Withdrawn, Reason: reason,
		ContractHash: contractHash(p.Decls.Dataset(r.Dataset)), BinaryVersion: p.opt.Version, StartedAt: now, FinishedAt: now,
	}
	act := ingest.NewAct(r, load, r.Name, false)
	act.Kind = ingest.ActRetract
	if err := ingest.Record(p.Home, r.SHA256, r.Bytes, act); err != nil {
		return err
	}
	if err := p.writeLoad(ctx, conn, load); err != nil {
		return fmt.Errorf("retract report %d: %w", report, err)
	}
	act.Committed = true
	if err := ingest.Record(p.Home, r.SHA256, r.Bytes, act); err != nil {
		return err
	}
	p.opt.Log.Info("report withdrawn", "report", report, "load", id, "reason", reason)
	return nil
}

// writeLoad commits a load that holds no rows of its own and reads it back.
func (p *Pipeline) writeLoad(ctx context.Context, conn *sql.Conn, l warehouse.Load) error {
	if err := warehouse.InTx(ctx, conn, func() error { return warehouse.InsertLoad(ctx, conn, l) }); err != nil {
		return err
	}
	_, ok, err := p.DB.LoadByID(ctx, l.ID)
	if err == nil && !ok {
		err = fmt.Errorf("the ledger lacks load %d: %w", l.ID, warehouse.ErrIntegrity)
	}
	return err
}

func contractHash(ds *data.Dataset) string {
	if ds == nil {
		return ""
	}
	return ds.Hash
}
