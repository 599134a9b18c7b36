package dashboard

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"github.com/gttim/cauce/data"
)

// page is what every page shows around its content.
type page struct {
	Lang, Title, Description string
	Nav                      []navItem
	Home                     string
	Other                    link   // the same page with the frame in the other language
	Clocks                   string // on which clocks the page stands, "" for what holds now
	Synthetic                string // reports of generated rows behind figures of the site, "" for none
	Current                  string // the same page with what holds now
	Forms                    []clockForm
	CSS, NoScript, JS, Icon  string
	Publication              int
	PublishedAt, Day         string
	Version                  string
	Content                  any
}

type navItem struct {
	Text, Href string
	Here       bool
}

type link struct{ Text, Href string }

// pages are the templates of every page, by its name.
type pages map[string]*template.Template

// parsePages parses every page with the layout and the shared parts, for a language: in
// the templates t gives a text of the frame in it, and en marks an element whose text has
// English words, among Spanish ones.
func parsePages(fsys fs.FS, lang string) (pages, error) {
	words := map[string]string{}
	if lang == "en" {
		words = english()
	}
	base, err := template.New("").Funcs(template.FuncMap{
		"t": func(es string) string { return cmp.Or(words[es], es) },
		"en": func(es string) template.HTMLAttr {
			if words[es] == "" {
				return ""
			}
			return ` lang="en"`
		},
	}).ParseFS(fsys, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, "templates/page-*.html")
	if err != nil {
		return nil, err
	}
	out := pages{}
	for _, name := range names {
		t, err := template.Must(base.Clone()).ParseFS(fsys, name)
		if err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(strings.TrimPrefix(path.Base(name), "page-"), ".html")] = t
	}
	return out, nil
}

// frame fills what does not depend on the publication.
func (s *Server) frame(f filter, here string) *page {
	p := &page{
		Lang: f.Lang, Version: s.opt.Version, Home: f.href("/"),
		CSS: s.assets.URL("app.css"), NoScript: s.assets.URL("noscript.css"), JS: s.assets.URL("app.js"), Icon: s.assets.URL("icon.svg"),
	}
	for _, n := range []navItem{
		{Text: "Inicio", Href: "/"}, {Text: "Eventos", Href: "/eventos"}, {Text: "Procuración", Href: "/procuracion"}, {Text: "Mesa", Href: "/mesa"},
		{Text: "Índice", Href: "/indice"}, {Text: "Hoja de ruta", Href: "/hoja-de-ruta"}, {Text: "Plan", Href: "/plan"}, {Text: "Rutas", Href: "/rutas"}, {Text: "Publicaciones", Href: "/publicaciones"},
		{Text: "Conciliación", Href: "/conciliacion"}, {Text: "Guía", Href: "/guia"}, {Text: "Indicadores", Href: "/indicadores"}, {Text: "Datos", Href: "/datos"}, {Text: "Acerca de", Href: "/acerca"},
	} {
		n.Here = here == n.Href || n.Href != "/" && strings.HasPrefix(here, n.Href+"/")
		n.Text, n.Href = translate(f.Lang, n.Text), f.href(n.Href)
		p.Nav = append(p.Nav, n)
	}
	return p
}

// page renders a page of the current publication.
func (s *Server) page(q *request, name, title, description string, content any) (*answer, error) {
	p := s.frame(q.filter, q.path)
	p.Title, p.Description, p.Content = title, description, content
	p.Publication = q.Publication.ID
	p.PublishedAt = formatInstant(q.Publication.At, s.zone)
	p.Day = formatDay(q.Publication.Day)
	other := q.filter
	other.Lang = map[string]string{"es": "en", "en": "es"}[q.Lang]
	p.Other = link{map[string]string{"es": "Español", "en": "English"}[other.Lang], q.path + other.query()}
	p.Current, p.Clocks, p.Forms = q.path+filter{Year: q.Year, Lang: q.Lang}.query(), q.clocksText(s.zone), q.clockForms()
	p.Synthetic = numberList(q.synthetic())
	var b bytes.Buffer
	if err := s.pages[q.Lang][name].ExecuteTemplate(&b, "layout", p); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return q.finish(typeHTML, b.Bytes()), nil
}

// href writes a link within the site that keeps date and language.
func (f filter) href(path string) string {
	f.Year = 0
	return path + f.query()
}

// t gives a heading in the language of the request.
func (q *request) t(es string) string { return translate(q.Lang, es) }

// text gives a declared text in the language of the request, in Spanish where it
// has no other.
func (q *request) text(t data.Text) string {
	if q.Lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.ES
}
