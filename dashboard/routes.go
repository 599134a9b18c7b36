package dashboard

import (
	"regexp"
	"strings"
)

// route is one address of the server. The name is its label in metrics.
type route struct {
	name    string
	path    string   // one {} stands for one segment
	params  []string // accepted query parameters
	program bool     // read by programs: errors are JSON
	answer  func(*Server, *request) (*answer, error)
}

// segment is what may stand for {} in a path.
var segment = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$`)

// routes lists every address that reads the publication.
func routes() []route {
	page := []string{"as_of", "as_of_carga", "lang"}
	clocks := []string{"as_of", "as_of_carga"}
	return []route{
		{"inicio", "/", page, false, (*Server).home},
		{"eventos", "/eventos", page, false, (*Server).events},
		{"mesa", "/mesa", page, false, (*Server).mesa},
		{"procuracion", "/procuracion", page, false, (*Server).prosecution},
		{"plan", "/plan", page, false, (*Server).plan},
		{"sesiones", "/plan/sesiones.ics", clocks, true, (*Server).sessionsCalendar},
		{"rutas", "/rutas", page, false, (*Server).protection},
		{"publicaciones", "/publicaciones", page, false, (*Server).papers},
		{"conciliacion", "/conciliacion", page, false, (*Server).reconciliation},
		{"guias", "/guia", page, false, (*Server).guides},
		{"guia", "/guia/{}", page, false, (*Server).guide},
		{"hojas_de_ruta", "/hoja-de-ruta", page, false, (*Server).roads},
		{"hoja_de_ruta", "/hoja-de-ruta/{}", page, false, (*Server).road},
		{"indice", "/indice", []string{"as_of", "as_of_carga", "lang", "anio"}, false, (*Server).index},
		{"indicadores", "/indicadores", page, false, (*Server).indicators},
		{"indicador", "/indicadores/{}", page, false, (*Server).sheet},
		{"datos", "/datos", page, false, (*Server).datasets},
		{"reporte", "/datos/reportes/{}", page, false, (*Server).reportPage},
		{"acerca", "/acerca", page, false, (*Server).about},
		{"grafica", "/graficas/{}", []string{"as_of", "as_of_carga", "anio"}, true, (*Server).chart},
		{"api_indicadores", "/api/v1/indicadores", clocks, true, (*Server).apiIndicators},
		{"api_indicador", "/api/v1/indicadores/{}", clocks, true, (*Server).apiIndicator},
		{"api_datasets", "/api/v1/datasets", clocks, true, (*Server).apiDatasets},
		{"api_cargas", "/api/v1/cargas", clocks, true, (*Server).apiLoads},
		{"api_openapi", "/api/v1/openapi.json", nil, true, (*Server).apiDescription},
	}
}

// The routes below need no publication; handler.go answers them itself.
const (
	routeStatic  = "estatico"
	routeHealthy = "vivo"
	routeReady   = "listo"
	routeMetrics = "metricas"
	routeNone    = "ninguna"
)

// match finds the route of a path and what stood for {} in it; nil for none.
// There is no cleaning and no redirect: an address is written in one way.
func match(list []route, path string) (*route, string) {
	for i := range list {
		prefix, open := strings.CutSuffix(list[i].path, "{}")
		if !open {
			if list[i].path == path {
				return &list[i], ""
			}
			continue
		}
		if rest, ok := strings.CutPrefix(path, prefix); ok && segment.MatchString(rest) && !fixed(list, path) {
			return &list[i], rest
		}
	}
	return nil, ""
}

// fixed tells whether a path is one of those without {}.
func fixed(list []route, path string) bool {
	for i := range list {
		if list[i].path == path {
			return true
		}
	}
	return false
}

// RouteDoc describes one address for the documentation.
type RouteDoc struct {
	Path       string
	Parameters []string
	JSON       bool // errors are JSON: read by programs
}

// Routes lists every address that the server answers.
func Routes() []RouteDoc {
	var out []RouteDoc
	for _, r := range routes() {
		out = append(out, RouteDoc{strings.Replace(r.path, "{}", "{id}", 1), r.params, r.program})
	}
	for _, path := range []string{"/static/{file}", "/metrics", "/-/healthy", "/-/ready"} {
		out = append(out, RouteDoc{Path: path})
	}
	return out
}
