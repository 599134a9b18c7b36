package dashboard

type aboutPage struct {
	Datasets []aboutDataset
	Cite     string
	Areas    []string
}

type aboutDataset struct {
	Title, Agency, Citation, Licence, Source, Href string
}

// about answers /acerca: method, citation, licences, glossary, contact.
func (s *Server) about(q *request) (*answer, error) {
	p := aboutPage{}
	seen := map[string]bool{}
	for _, d := range q.Datasets {
		p.Datasets = append(p.Datasets, aboutDataset{
			Title: q.text(d.Catalog.Title), Agency: d.Producer, Citation: d.Catalog.Citation, Licence: d.Licence,
			Source: sourceText(d.Source), Href: address(d.Source),
		})
		if !seen[d.Contact] && d.Contact != "" {
			seen[d.Contact] = true
			p.Areas = append(p.Areas, d.Contact)
		}
	}
	p.Cite = q.citation()
	return s.page(q, "acerca", q.t("Acerca de Cauce"), "Método, fuentes, licencias, glosario y contacto.", p)
}

// citation names the publication as a work that can be cited.
func (q *request) citation() string {
	return "Grupo de Trabajo sobre Tráfico Ilícito de Migrantes, Cauce, publicación " + formatCount(q.Publication.ID) + " del " + formatDay(q.Publication.Day)
}
