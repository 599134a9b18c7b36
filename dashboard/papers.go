package dashboard

import (
	"slices"
	"strconv"
)

// paperRow is one publication.
type paperRow struct {
	Year         int    `json:"anio"`
	Title        string `json:"titulo"`
	Institutions string `json:"instituciones"`
	Kind         string `json:"tipo"`
	KindName     string `json:"tipo_nombre"`
	Date         string `json:"fecha"`
	Precision    string `json:"fecha_precision"`
	URL          string `json:"url"`
	Reports      idList `json:"reportes"`
}

// papers answers /publicaciones.
func (s *Server) papers(q *request) (*answer, error) {
	d := q.indicator(papersID)
	if d == nil {
		return nil, errNotFound
	}
	p := topicPage{Lead: q.text(d.Definition), BoxItems: notMeasured(d), Box: "Qué no mide"}
	list, err := q.papersFigure("Publicaciones")
	if err != nil {
		return nil, err
	}
	perYear := q.valuesFigure(d, "Publicaciones por año y tipo", "", q.list(papersID))
	if len(list.Table.Rows) > 0 {
		perYear.Table.Empty = "De ninguna publicación de la lista se informó el año."
	}
	p.Figures = []figure{list, perYear}
	p.More = append(q.sheets(papersID), link{"Plan de trabajo del GTTIM", q.href("/plan")})
	return s.page(q, "cifras", q.t("Publicaciones sobre tráfico ilícito de migrantes"), p.Lead, p)
}

// papersFigure lists the publications of some kinds, of all without any.
func (q *request) papersFigure(title string, kinds ...string) (figure, error) {
	list, err := rows[paperRow](q.view, papersID)
	if err != nil {
		return figure{}, err
	}
	f := figure{ID: slug(title), Title: q.t(title)}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "No hay publicaciones entregadas con estos criterios.",
		Head: []column{{Text: "Título"}, {Text: "Instituciones"}, {Text: "Tipo"}, {Text: "Año"}},
	}
	var ids idList
	for _, r := range list {
		if len(kinds) > 0 && !slices.Contains(kinds, r.Kind) {
			continue
		}
		year := cell{Text: missing, Date: true}
		if r.Year != 0 {
			year.Text = strconv.Itoa(r.Year)
		}
		if d := dayOf(r.Date); !d.IsZero() && r.Precision != "anio" {
			year.Sub = formatDated(d, r.Precision)
		}
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: r.Title, Href: address(r.URL), Head: true}, institutionsCell(r.Institutions), {Text: r.KindName}, year})
		ids = append(ids, r.Reports...)
	}
	f.Sources = q.reportSources(ids)
	return f, nil
}
