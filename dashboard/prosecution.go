package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gttim/cauce/indicators"
)

const (
	casesID      = "carpetas_ley_migracion"
	funnelID     = "embudo_procuracion"
	complaintsID = "denuncias_tim"
)

// prosecution answers /procuracion: case files, the funnel by unit, complaints.
func (s *Server) prosecution(q *request) (*answer, error) {
	cases, funnel, complaints := q.indicator(casesID), q.indicator(funnelID), q.indicator(complaintsID)
	if cases == nil || funnel == nil || complaints == nil {
		return nil, errNotFound
	}
	p := topicPage{Lead: "Carpetas de investigación, etapas de la procuración de justicia y denuncias de personas migrantes, cada una en su unidad y con su fuente."}
	p.Box = "Carpetas, personas, detenciones, sentencias y denuncias son unidades distintas: no se suman ni se dividen entre sí."
	p.BoxLabel = "Qué no miden estas cifras"
	p.BoxItems = notMeasured(cases, funnel, complaints)
	p.Figures = append(p.Figures, q.caseFilesFigure(cases))
	p.Figures = append(p.Figures, q.funnelFigures(funnel)...)
	p.Figures = append(p.Figures, q.caseStatesFigure(cases))
	f := q.valuesFigure(complaints, "Denuncias de tráfico ilícito", "", where(q.list(complaintsID), total))
	f.Table.rename("Numerador", "Denuncias de tráfico")
	f.Table.rename("Denominador", "Denuncias de todo delito")
	f.Lead = "Los periodos se publicaron acumulados y se traslapan: no se restan ni se suman."
	p.Figures = append(p.Figures, f)
	crimes, err := q.crimesFigure()
	if err != nil {
		return nil, err
	}
	p.Figures = append(p.Figures, crimes)
	p.More = append(q.sheets(casesID, funnelID, complaintsID), link{"Eventos y carpetas: dos universos", q.href("/eventos") + "#carpetas"})
	return s.page(q, "cifras", q.t("Procuración de justicia"), p.Lead, p)
}

// caseFilesFigure shows case files by year with the change on the year before.
func (q *request) caseFilesFigure(d *indicators.Indicator) figure {
	years := where(q.list(d.ID), total, annual)
	// A running year shows what it has so far; of a year that is whole, no part.
	values := where(q.list(d.ID), total, func(v *Value) bool { return annual(v) || !monthly(v) && byYear(years, v.From.Year()) == nil })
	f := q.valuesFigure(d, "Carpetas iniciadas por año", "indicador-"+d.ID, values)
	f.Table = table{
		Caption: f.Title, Quiet: true, Empty: "No hay carpetas publicadas con estos criterios.",
		Head: []column{{Text: "Periodo"}, {"Carpetas", true}, {"Cambio anual", true}, {Text: "Estado"}, {Text: "Publicado"}, {Text: "Reportes"}},
	}
	common := commonNote(where(values, annual))
	if common != "" {
		f.Caveats = append(f.Caveats, "Nota de la fuente: "+common+".")
	}
	for i := len(values) - 1; i >= 0; i-- {
		v := values[i]
		change := cell{Text: "—", Numeric: true}
		if b := byYear(years, v.From.Year()-1); annual(v) && b != nil && b.Value != nil && *b.Value != 0 && v.Value != nil {
			x := (*v.Value / *b.Value - 1) * 100
			change.Text, change.Sub = formatChange(&x), "sobre "+formatInput(b.Value)
		}
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: formatPeriod(v.From, v.To), Head: true, Sub: ownNote(v, common)}, valueCell(v, d.Decimals), change, statusCell(v), q.vintageCell(v), q.reportsCell(v.Reports),
		})
	}
	return f
}

// funnelFigures is one table per published period and unit, the longest period
// that ends last on top; its persons are drawn.
func (q *request) funnelFigures(d *indicators.Indicator) []figure {
	all := where(q.list(d.ID), hasValue, func(v *Value) bool { return v.Dimensions["entidad"] == "" && v.Dimensions["sexo"] == "" })
	var out []figure
	var done []*Value
	for {
		rest := where(all, func(v *Value) bool {
			return !slices.ContainsFunc(done, func(x *Value) bool { return samePeriod(x)(v) })
		})
		v := newest(rest)
		if v == nil {
			break
		}
		done = append(done, v)
		out = append(out, q.funnelFigure(d, where(all, samePeriod(v))))
	}
	slices.SortStableFunc(out, func(a, b figure) int { return strings.Compare(b.ID, a.ID) })
	return out
}

func (q *request) funnelFigure(d *indicators.Indicator, values []*Value) figure {
	period := formatPeriod(values[0].From, values[0].To)
	f := figure{
		ID: "embudo-" + values[0].To.Format("2006-01"), Title: "Etapas, " + period, Sources: q.sources(values), Published: q.published(values), Caveats: q.caveats(d, values),
	}
	f.Table = table{Caption: f.Title, Quiet: true, Head: []column{{Text: "Etapa"}, {Text: "Unidad"}, {"Cifra", true}, {"De la etapa anterior", true}, {Text: "Reportes"}}}
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b *Value) int {
		if c := strings.Compare(a.Dimensions["unidad"], b.Dimensions["unidad"]); c != 0 {
			return c
		}
		return int(*b.Value - *a.Value)
	})
	for _, v := range values {
		share := cell{Text: "—", Numeric: true}
		if x, ok := v.Attributes["porcentaje"].(float64); ok {
			share.Text = formatValue(&x, "porcentaje", 1)
			over, _ := v.Attributes["sobre_valor"].(float64)
			share.Sub = fmt.Sprintf("de %s %s", formatInput(&over), strings.ReplaceAll(attributeText(v, "sobre"), "_", " "))
		}
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: v.Labels["etapa"], Head: true, Sub: joinNotes(v.Notes)}, {Text: v.Labels["unidad"]}, valueCell(v, d.Decimals), share, q.reportsCell(v.Reports)})
	}
	return f
}

// caseStatesFigure shows the newest whole year of case files by state.
func (q *request) caseStatesFigure(d *indicators.Indicator) figure {
	parts := where(q.list(d.ID), part, hasValue, annual)
	f := figure{ID: "carpetas-entidad", Title: q.t("Carpetas por entidad federativa"), Folded: true}
	v := newest(parts)
	if v == nil {
		f.Table.Empty = "No hay carpetas por entidad publicadas con estos criterios."
		return f
	}
	parts = where(parts, samePeriod(v))
	slices.SortStableFunc(parts, func(a, b *Value) int { return int(*b.Value - *a.Value) })
	f.Title += ", " + formatPeriod(v.From, v.To)
	f.Table = table{Caption: f.Title, Quiet: true, Head: []column{{Text: "Entidad federativa"}, {"Carpetas", true}, {Text: "Estado"}, {Text: "Reportes"}}}
	for _, x := range parts {
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: x.label(), Head: true}, valueCell(x, d.Decimals), statusCell(x), q.reportsCell(x.Reports)})
	}
	f.Sources, f.Published = q.sources(parts), q.published(parts)
	return f
}

// crimeRow is a count of complaints in a published period.
type crimeRow struct {
	From    string  `json:"periodo_inicio"`
	To      string  `json:"periodo_fin"`
	Crime   string  `json:"delito_nombre"`
	Sex     string  `json:"sexo_nombre"`
	Count   float64 `json:"denuncias"`
	Reports idList  `json:"reportes"`
}

func (q *request) crimesFigure() (figure, error) {
	list, err := rows[crimeRow](q.view, complaintsID)
	if err != nil {
		return figure{}, err
	}
	f := figure{ID: "delitos", Title: q.t("Delitos denunciados por personas migrantes"), Folded: true}
	f.Table = table{
		Caption: f.Title, Quiet: true, Empty: "No hay denuncias publicadas con estos criterios.",
		Head: []column{{Text: "Periodo"}, {Text: "Delito"}, {Text: "Sexo"}, {"Denuncias", true}, {Text: "Reportes"}},
	}
	var ids idList
	for _, r := range list {
		whole := func(s string) string {
			if s == "" {
				return "Total"
			}
			return s
		}
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: formatPeriod(dayOf(r.From), dayOf(r.To)), Head: true}, {Text: whole(r.Crime)}, {Text: whole(r.Sex)}, {Text: formatInput(&r.Count), Numeric: true}, q.reportsCell(r.Reports),
		})
		ids = append(ids, r.Reports...)
	}
	f.Sources = q.reportSources(ids)
	return f, nil
}
