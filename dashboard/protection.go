package dashboard

// routeRow is the protection route of one state.
type routeRow struct {
	State      string `json:"entidad_nombre"`
	Status     string `json:"estatus"`
	StatusName string `json:"estatus_nombre"`
	Date       string `json:"fecha"`
	Evidence   string `json:"evidencia"`
	Reports    idList `json:"reportes"`
}

// protection answers /rutas: the local protection routes and how each stands.
func (s *Server) protection(q *request) (*answer, error) {
	d := q.indicator(routesID)
	if d == nil {
		return nil, errNotFound
	}
	list, err := rows[routeRow](q.view, routesID)
	if err != nil {
		return nil, err
	}
	p := topicPage{Lead: q.text(d.Definition), Box: "Qué no mide", BoxItems: notMeasured(d)}
	if v := newest(where(q.list(routesID), total)); v != nil {
		p.Figure = shareFigure(d, v, "de las rutas con estatus informado")
		p.Fields = statusFields(v, [2]string{"rutas", "Rutas previstas"}, [2]string{"implementadas", "Implementadas"}, [2]string{"en_proceso", "En proceso"},
			[2]string{"planeadas", "Planeadas"}, [2]string{"suspendidas", "Suspendidas"}, [2]string{"sin_dato", "Sin dato"})
	}
	f := figure{ID: "rutas", Title: q.t("Rutas por entidad federativa"), Caveats: d.Limits}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "No hay rutas entregadas con estos criterios.",
		Head: []column{{Text: "Entidad federativa"}, {Text: "Estatus"}, {Text: "A la fecha"}, {Text: "Evidencia"}},
	}
	var ids idList
	for _, r := range list {
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: r.State, Head: true}, badgeCell(r.Status, r.StatusName), doneCell(r.Date), {Text: r.Evidence}})
		ids = append(ids, r.Reports...)
	}
	f.Sources = q.reportSources(ids)
	p.Figures = []figure{f}
	p.More = append(q.sheets(routesID), link{"Plan de trabajo del GTTIM", q.href("/plan")})
	return s.page(q, "cifras", q.t("Rutas locales de protección"), p.Lead, p)
}
