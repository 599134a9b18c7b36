package dashboard

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/gttim/cauce/indicators"
)

// read fills the snapshot from its file.
func (s *Snapshot) read(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		s.readPublication, s.readIndicators, s.readCurrent, s.readDatasets, s.readLoads, s.readProblems, s.readWarnings, s.readQuarantine, s.readQuarantineStates,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func query(name string) string {
	b, err := queryFiles.ReadFile("queries/" + name + ".sql")
	if err != nil {
		panic("query " + name + " is embedded and cannot be missing: " + err.Error())
	}
	return string(b)
}

// each runs a query and hands every row to scan.
func (s *Snapshot) each(ctx context.Context, name string, scan func(*sql.Rows) error, args ...any) error {
	rows, err := s.db.QueryContext(ctx, query(name), args...)
	if err != nil {
		return fmt.Errorf("query %s: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("scan %s: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func (s *Snapshot) readPublication(ctx context.Context) error {
	p, found := &s.Publication, 0
	err := s.each(ctx, "publication", func(r *sql.Rows) error {
		found++
		return r.Scan(&p.ID, &p.At, &p.Day, &p.LastLoad, &p.Version)
	})
	if err == nil && found != 1 {
		return fmt.Errorf("publicacion has %d rows, expected one", found)
	}
	return err
}

func (s *Snapshot) readIndicators(ctx context.Context) error {
	return s.each(ctx, "indicators", func(r *sql.Rows) error {
		var id, text string
		if err := r.Scan(&id, &text); err != nil {
			return err
		}
		d := &indicators.Indicator{}
		if err := json.Unmarshal([]byte(text), d); err != nil {
			return fmt.Errorf("indicator %s: %w", id, err)
		}
		d.ID = id
		s.Indicators = append(s.Indicators, d)
		return nil
	})
}

func (s *Snapshot) readDatasets(ctx context.Context) error {
	return s.each(ctx, "datasets", func(r *sql.Rows) error {
		var (
			d                = &Dataset{}
			catalog, cadence string
			first, last      sql.NullTime
			count            sql.NullInt64
		)
		err := r.Scan(&d.ID, &d.Agency, &d.Producer, &d.Contact, &d.Class, &catalog, &cadence, &d.Source, &d.Licence, &first, &last, &count)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(catalog), &d.Catalog); err != nil {
			return fmt.Errorf("dataset %s: catalogue: %w", d.ID, err)
		}
		if err := json.Unmarshal([]byte(cadence), &d.Cadence); err != nil {
			return fmt.Errorf("dataset %s: cadence: %w", d.ID, err)
		}
		d.First, d.Last = first.Time, last.Time
		d.Rows, d.Uncounted = count.Int64, !count.Valid
		s.Datasets = append(s.Datasets, d)
		return nil
	})
}

func (s *Snapshot) readLoads(ctx context.Context) error {
	s.reports = map[int]*Load{}
	return s.each(ctx, "loads", func(r *sql.Rows) error {
		var (
			l           = &Load{}
			first, last sql.NullTime
			counts      [6]sql.NullInt64
			corrects    sql.NullInt64
		)
		err := r.Scan(&l.ID, &l.Report, &l.Dataset, &l.Kind, &l.Outcome, &l.Reason, &l.File, &l.SHA256, &counts[0],
			&l.Received, &l.Finished, &l.Seconds, &l.Published, &l.PublishedPrecision, &l.PublishedBasis, &l.Source,
			&counts[1], &counts[2], &counts[3], &counts[4], &counts[5], &first, &last,
			&l.Contract, &l.Version, &l.Synthetic, &l.Shipped, &corrects)
		l.Corrects = int(corrects.Int64)
		l.First, l.Last = first.Time, last.Time
		for i, into := range []*int64{&l.Bytes, &l.Records, &l.Accepted, &l.Quarantined, &l.Skipped, &l.Lines} {
			*into, l.Uncounted = counts[i].Int64, l.Uncounted || !counts[i].Valid
		}
		s.Loads = append(s.Loads, l)
		if s.reports[l.Report] == nil {
			s.reports[l.Report] = l
		}
		return err
	})
}

func (s *Snapshot) readProblems(ctx context.Context) error {
	byID := s.loadsByID()
	return s.each(ctx, "problems", func(r *sql.Rows) error {
		var (
			load int
			p    ProblemCount
		)
		if err := r.Scan(&load, &p.Rule, &p.Severity, &p.Times); err != nil {
			return err
		}
		if l := byID[load]; l != nil {
			l.Problems = append(l.Problems, p)
		}
		return nil
	})
}

func (s *Snapshot) readWarnings(ctx context.Context) error {
	byID := s.loadsByID()
	return s.each(ctx, "warnings", func(r *sql.Rows) error {
		var (
			load int
			w    Warning
		)
		if err := r.Scan(&load, &w.Rule, &w.Text, &w.Times); err != nil {
			return err
		}
		if l := byID[load]; l != nil {
			l.Warnings = append(l.Warnings, w)
		}
		return nil
	})
}

func (s *Snapshot) loadsByID() map[int]*Load {
	out := map[int]*Load{}
	for _, l := range s.Loads {
		out[l.ID] = l
	}
	return out
}

// readQuarantine reads how many rows wait for their correction.
func (s *Snapshot) readQuarantine(ctx context.Context) error {
	return s.each(ctx, "quarantine", func(r *sql.Rows) error {
		var dataset string
		var c QuarantineCount
		if err := r.Scan(&dataset, &c.Rule, &c.Rows, &c.Since); err != nil {
			return err
		}
		if d := s.dataset(dataset); d != nil {
			d.Open = append(d.Open, c)
		}
		return nil
	})
}

// readQuarantineStates reads what became of the quarantined rows of each load.
func (s *Snapshot) readQuarantineStates(ctx context.Context) error {
	byID := s.loadsByID()
	return s.each(ctx, "quarantine_states", func(r *sql.Rows) error {
		var load int
		var x QuarantineState
		if err := r.Scan(&load, &x.State, &x.By, &x.Rows); err != nil {
			return err
		}
		if l := byID[load]; l != nil {
			l.Aside = append(l.Aside, x)
		}
		return nil
	})
}
