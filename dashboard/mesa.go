package dashboard

import "github.com/gttim/cauce/indicators"

type mesaPage struct {
	Head       *agreementsHead
	Definition string
	NotMeasure []string
	Progress   figure
	Meetings   figure
	Claims     []claim
}

// mesa answers /mesa: the agreements of the judicialization table by cut-off.
func (s *Server) mesa(q *request) (*answer, error) {
	d, per := q.indicator("acuerdos_cumplidos"), q.indicator("acuerdos_por_reunion")
	if d == nil {
		return nil, errNotFound
	}
	claims, err := q.claims(d.ID, "acuerdos_por_reunion")
	if err != nil {
		return nil, err
	}
	p := mesaPage{Head: q.agreementsHead(), Definition: q.text(d.Definition), Claims: claims}
	p.NotMeasure = d.NotMeasured
	values := where(q.list(d.ID), total)
	p.Progress = q.valuesFigure(d, "Acuerdos cumplidos por fecha de corte", "mesa", values)
	p.Progress.Size = "baja"
	p.Progress.Table = table{
		Caption: "Acuerdos cumplidos por fecha de corte", Quiet: true, Empty: "No hay cortes publicados con estos criterios.",
		Head: []column{{Text: "Fecha de corte"}, {"Cumplidos", true}, {"Acuerdos", true}, {"Porcentaje", true}, {Text: "Estado"}, {Text: "Publicado"}, {Text: "Reportes"}},
	}
	for i := len(values) - 1; i >= 0; i-- {
		v := values[i]
		p.Progress.Table.Rows = append(p.Progress.Table.Rows, []cell{
			{Text: formatDay(v.To), Head: true, Sub: joinNotes(v.Notes)}, {Text: formatInput(v.Numerator), Numeric: true}, {Text: formatInput(v.Denominator), Numeric: true},
			valueCell(v, d.Decimals), statusCell(v), q.vintageCell(v), q.reportsCell(v.Reports),
		})
	}
	if per != nil {
		p.meetings(q, per)
	}
	return s.page(q, "mesa", q.t("Mesa de judicialización"), p.Definition, p)
}

func (p *mesaPage) meetings(q *request, d *indicators.Indicator) {
	values := where(q.list(d.ID), total)
	p.Meetings = q.valuesFigure(d, "Acuerdos por reunión", "", values)
	p.Meetings.Table = table{
		Caption: "Reuniones y acuerdos por fecha de corte", Empty: "No hay cortes publicados con estos criterios.",
		Head: []column{{Text: "Fecha de corte"}, {"Reuniones", true}, {"Acuerdos", true}, {"Acuerdos por reunión", true}, {Text: "Publicado"}, {Text: "Reportes"}},
	}
	for i := len(values) - 1; i >= 0; i-- {
		v := values[i]
		p.Meetings.Table.Rows = append(p.Meetings.Table.Rows, []cell{
			{Text: formatDay(v.To), Head: true}, {Text: formatInput(v.Denominator), Numeric: true}, {Text: formatInput(v.Numerator), Numeric: true},
			valueCell(v, d.Decimals), q.vintageCell(v), q.reportsCell(v.Reports),
		})
	}
}
