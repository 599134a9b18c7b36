package dashboard

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gttim/cauce/data"
)

// problem is what a reader is told of a failed request: never its cause, never
// a word of what was sent.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func problemOf(err error) problem {
	p := problem{Type: "about:blank"}
	switch {
	case errors.Is(err, errNotFound):
		p.Status, p.Title, p.Detail = http.StatusNotFound, "No encontrado", "Esta dirección no existe en Cauce."
	case errors.Is(err, errBadQuery):
		p.Status, p.Title, p.Detail = http.StatusBadRequest, "Solicitud no válida",
			"La dirección lleva un parámetro que no existe, que se repite o cuyo valor no tiene la forma esperada."
	case errors.Is(err, errMethod):
		p.Status, p.Title, p.Detail = http.StatusMethodNotAllowed, "Método no permitido", "Esta dirección solo se puede consultar."
	case errors.Is(err, errTooLarge):
		p.Status, p.Title, p.Detail = http.StatusRequestEntityTooLarge, "Solicitud demasiado grande", "Esta dirección no recibe archivos."
	case errors.Is(err, errUnavailable):
		p.Status, p.Title, p.Detail = http.StatusServiceUnavailable, "Servicio no disponible",
			"Las cifras no se pueden leer en este momento. Intente de nuevo en unos minutos."
	default:
		p.Status, p.Title, p.Detail = http.StatusInternalServerError, "Error interno",
			"La página no se pudo preparar. El error quedó registrado."
	}
	return p
}

// fail answers an error, as JSON where programs read and as a page elsewhere.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		s.opt.Log.Error("request failed", "path", data.Printable(r.URL.Path), "error", err)
	}
	a := &answer{status: p.Status, cache: cacheNever}
	if isProgram(r.URL.Path) {
		b, err := json.Marshal(p)
		if err != nil { // strings and a number: it cannot
			b = []byte("{}")
		}
		a.contentType, a.body = typeProblem, b
	} else {
		a.contentType, a.body = typeHTML, s.errorPage(p)
	}
	switch p.Status {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "30")
	}
	a.send(w, r)
}

func isProgram(path string) bool {
	for _, prefix := range []string{"/api/", "/graficas/", "/metrics", "/-/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// errorPage renders the page of a problem; it needs no publication.
func (s *Server) errorPage(p problem) []byte {
	var b bytes.Buffer
	pg := s.frame(filter{Lang: "es"}, "")
	pg.Title, pg.Content = p.Title, p
	if err := s.pages["es"]["error"].ExecuteTemplate(&b, "layout", pg); err != nil {
		s.opt.Log.Error("render error page", "error", err)
		return []byte(p.Title)
	}
	return b.Bytes()
}

// promLog hands what promhttp has to say to the log.
type promLog struct{ log *slog.Logger }

// Println logs one message of promhttp.
func (l promLog) Println(v ...any) { l.log.Error("metrics", "message", v) }
