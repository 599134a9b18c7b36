package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// besideFigures are the standard warnings that say something of the figures; the
// others are about the file alone.
var besideFigures = []string{data.RuleSuppressed, data.RulePeriodGap, data.RulePartlyCovered}

// shownRule is a rule whose warnings are published. Of a dataset of which only
// aggregates may be shown the rule's own text is, never the message about a row.
type shownRule struct {
	Dataset  string `json:"conjunto"`
	Rule     string `json:"regla"`
	Text     string `json:"texto"`
	TextOnly bool   `json:"solo_texto"`
}

func (p *Pipeline) shownRules(silent []string) []shownRule {
	out := []shownRule{}
	for _, ds := range p.Decls.Datasets {
		if slices.Contains(silent, ds.ID) {
			continue
		}
		discreet := ds.Class == data.ClassSensitive || ds.Class == data.ClassRestricted
		for _, r := range ds.Rules {
			if r.Severity == data.Warn {
				out = append(out, shownRule{ds.ID, r.ID, r.Text, discreet})
			}
		}
		for _, id := range besideFigures {
			r, _ := data.RuleByID(id)
			out = append(out, shownRule{ds.ID, id, r.Text, discreet})
		}
	}
	return out
}

// fillWarnings publishes the warnings of the loads that hold rows, each with the
// period that it is about: its own or, of a line, that of the line's clean rows. They
// count rows: of silent datasets none is published.
func (p *Pipeline) fillWarnings(ctx context.Context, conn warehouse.Execer, silent []string) error {
	if _, err := conn.ExecContext(ctx, mustSQL("aviso_fechado.sql")); err != nil {
		return fmt.Errorf("publish warnings: %w", err)
	}
	undated, err := datasetsOf(ctx, conn, mustSQL("avisos_sin_fecha.sql"))
	if err != nil {
		return fmt.Errorf("publish warnings: %w", err)
	}
	for _, ds := range p.Decls.Datasets {
		if !undated[ds.ID] {
			continue
		}
		own, err := warehouse.CleanColumns(ctx, conn, ds)
		if err != nil {
			return err
		}
		if !own["line"] {
			continue
		}
		q, err := warehouse.Render("fechar_avisos", mustSQL("fechar_avisos.sql.tmpl"), struct{ Table string }{ds.Table()})
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, q, ds.ID); err != nil {
			return fmt.Errorf("publish warnings of %s: %w", ds.ID, err)
		}
	}
	rules, err := json.Marshal(p.shownRules(silent))
	if err != nil {
		return fmt.Errorf("publish warnings: %w", err)
	}
	if _, err := conn.ExecContext(ctx, mustSQL("fill_aviso.sql"), string(rules)); err != nil {
		return fmt.Errorf("publish warnings: %w", err)
	}
	return nil
}

// fillCorrections publishes the declared corrections as warnings of their reports.
// It runs after the values are there: those that rest on a corrected value say so
// already, each for itself. Of a dataset that is not public no delivered value is
// told, of silent ones nothing.
func (p *Pipeline) fillCorrections(ctx context.Context, conn warehouse.Execer, silent []string) error {
	rule, _ := data.RuleByID(data.RuleAmended)
	for _, ds := range p.Decls.Datasets {
		if len(ds.Corrections) == 0 || slices.Contains(silent, ds.ID) {
			continue
		}
		rel, err := p.lines(ctx, conn, ds)
		if err != nil {
			return err
		}
		q, err := warehouse.Render("fill_aviso_enmienda", mustSQL("fill_aviso_enmienda.sql.tmpl"), rel)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, q, rule.ID, rule.Text, ds.Class == data.ClassPublic); err != nil {
			return fmt.Errorf("publish corrections of %s: %w", ds.ID, err)
		}
		for i := range ds.Corrections {
			c := &ds.Corrections[i]
			var loads int
			if err := conn.QueryRowContext(ctx, mustSQL("corrections_made.sql"), ds.ID, c.ID).Scan(&loads); err != nil {
				return fmt.Errorf("publish corrections of %s: %w", ds.ID, err)
			}
			if loads == 0 { // a slip in its sha256 or source, or a report yet to come
				p.opt.Log.Warn("correction changes nothing that is loaded", "correction", c.ID, "declared", c.At)
			}
		}
	}
	return nil
}

// lined is a dataset's clean table; Line tells whether its rows have the line that
// they came from.
type lined struct {
	Table, Dataset string
	Line           bool
}

func (p *Pipeline) lines(ctx context.Context, conn warehouse.Execer, ds *data.Dataset) (lined, error) {
	own, err := warehouse.CleanColumns(ctx, conn, ds)
	return lined{ds.Table(), ds.ID, own["line"]}, err
}

func datasetsOf(ctx context.Context, conn warehouse.Execer, query string) (map[string]bool, error) {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}
