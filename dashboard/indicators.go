package dashboard

type indicatorsPage struct{ Items []indicatorItem }

type indicatorItem struct {
	ID, Name, Definition, Href string
	Value, Period, Unit        string
	Several                    string // how many figures stand for the period, where none of them is the indicator's own
	Values                     int
}

// indicators answers /indicadores: every declared indicator with its newest
// figure.
func (s *Server) indicators(q *request) (*answer, error) {
	var p indicatorsPage
	for _, d := range q.Indicators {
		item := indicatorItem{ID: d.ID, Name: q.text(d.Name), Definition: q.text(d.Definition), Href: q.href("/indicadores/" + d.ID), Unit: unitText(d.Unit)}
		values := q.list(d.ID)
		item.Values = len(values)
		v := q.headline(d.ID)
		if v == nil {
			// The largest of several counts, of persons beside case files, would say nothing.
			if c := q.newestComposition(d.ID); c != nil && !isPercent(d.Unit) {
				item.Several = formatCount(len(c.Parts))
				item.Period = formatPeriod(c.Period.From, c.Period.To)
			} else if c != nil {
				v = c.Parts[0]
				item.Unit = v.label()
			}
		}
		if v != nil {
			item.Value, item.Period = formatValue(v.Value, v.Unit, d.Decimals), formatPeriod(v.From, v.To)
		}
		p.Items = append(p.Items, item)
	}
	return s.page(q, "indicadores", q.t("Indicadores declarados"),
		"Cada indicador está declarado en un archivo: definición, fórmula, fuentes, límites y pruebas.", p)
}
