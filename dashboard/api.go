package dashboard

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
)

// apiValue is one figure as the API gives it. Percentages are in percent and
// unrounded; days are AAAA-MM-DD.
type apiValue struct {
	From        string            `json:"periodo_inicio"`
	To          string            `json:"periodo_fin"`
	Dimensions  map[string]string `json:"dimensiones"`
	Labels      map[string]string `json:"etiquetas"`
	Value       *float64          `json:"valor"`
	Numerator   *float64          `json:"numerador"`
	Denominator *float64          `json:"denominador"`
	Unit        string            `json:"unidad"`
	Status      string            `json:"estado"`
	Vintage     string            `json:"vigencia"`
	Reports     []int             `json:"reportes"`
	Interval    *[2]float64       `json:"intervalo"`
	Break       bool              `json:"ruptura"`
	Notes       []string          `json:"notas"`
	Attributes  map[string]any    `json:"atributos"`
}

type apiIndicator struct {
	Publication int        `json:"publicacion"`
	ID          string     `json:"indicador"`
	Name        string     `json:"nombre"`
	Unit        string     `json:"unidad"`
	Decimals    int        `json:"decimales"`
	AsOf        *string    `json:"as_of"`
	Load        *int       `json:"as_of_carga"`
	Datasets    []string   `json:"conjuntos"`
	Breaks      []apiBreak `json:"rupturas"`
	Values      []apiValue `json:"valores"`
}

type apiBreak struct {
	From string `json:"desde"`
	Text string `json:"texto"`
}

func toAPI(v *Value) apiValue {
	return apiValue{
		From: v.From.Format(time.DateOnly), To: v.To.Format(time.DateOnly),
		Dimensions: orEmpty(v.Dimensions), Labels: orEmpty(v.Labels),
		Value: v.Value, Numerator: v.Numerator, Denominator: v.Denominator, Unit: v.Unit, Status: v.Status,
		Vintage: v.Vintage.Format(time.DateOnly), Reports: list(v.Reports), Interval: v.Interval, Break: v.Break,
		Notes: list(v.Notes), Attributes: orEmpty(v.Attributes),
	}
}

// orEmpty and list keep null out of the documents: programs iterate over them.
func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (q *request) asOfText() *string {
	if q.AsOf.IsZero() {
		return nil
	}
	s := q.AsOf.Format(time.DateOnly)
	return &s
}

// loadNumber is the load that the clock of loading was set to, nil when it was
// not.
func (q *request) loadNumber() *int {
	if q.Loaded.IsZero() {
		return nil
	}
	return &q.load
}

// json finishes an API document.
func (q *request) json(document any) (*answer, error) {
	b, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", q.path, err)
	}
	return q.finish(typeJSON, append(b, '\n')), nil
}

// apiIndicator answers one indicator as JSON or, with another ending, in another
// form.
func (s *Server) apiIndicator(q *request) (*answer, error) {
	for _, x := range downloads() {
		id, found := strings.CutSuffix(q.id, x.ext)
		if !found {
			continue
		}
		d := q.indicator(id)
		if d == nil {
			return nil, errNotFound
		}
		body, err := x.body(q, d)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", q.path, err)
		}
		a := q.finish(x.contentType, body)
		if x.contentType != typeJSON {
			a.filename = q.fileName(id, x.ext)
		}
		return a, nil
	}
	d := q.indicator(strings.TrimSuffix(q.id, ".json"))
	if d == nil {
		return nil, errNotFound
	}
	return q.json(q.document(d))
}

// document is an indicator with its values as the API gives it.
func (q *request) document(d *indicators.Indicator) apiIndicator {
	values := q.list(d.ID)
	doc := apiIndicator{
		Publication: q.Publication.ID, ID: d.ID, Name: d.Name.ES, Unit: d.Unit, Decimals: d.Decimals,
		AsOf: q.asOfText(), Load: q.loadNumber(), Datasets: list(d.Datasets), Breaks: []apiBreak{}, Values: make([]apiValue, 0, len(values)),
	}
	for _, b := range d.Breaks {
		doc.Breaks = append(doc.Breaks, apiBreak{b.From, b.Text.ES})
	}
	for _, v := range values {
		doc.Values = append(doc.Values, toAPI(v))
	}
	return doc
}

func dimensionIDs(d *indicators.Indicator) []string {
	out := make([]string, 0, len(d.Dimensions))
	for _, x := range d.Dimensions {
		out = append(out, x.ID)
	}
	return out
}

// apiIndicators answers the list of indicators, without their values.
func (s *Server) apiIndicators(q *request) (*answer, error) {
	type item struct {
		ID          string   `json:"id"`
		Name        string   `json:"nombre"`
		Definition  string   `json:"definicion"`
		Unit        string   `json:"unidad"`
		Decimals    int      `json:"decimales"`
		Periodicity string   `json:"periodicidad"`
		Dimensions  []string `json:"dimensiones"`
		Datasets    []string `json:"conjuntos"`
		Class       string   `json:"clase"`
		Version     string   `json:"version"`
		Values      int      `json:"valores"`
		Address     string   `json:"direccion"`
	}
	items := make([]item, 0, len(q.Indicators))
	for _, d := range q.Indicators {
		items = append(items, item{
			d.ID, d.Name.ES, d.Definition.ES, d.Unit, d.Decimals, d.Periodicity, dimensionIDs(d), list(d.Datasets), string(d.Class), d.Version,
			len(q.list(d.ID)), "/api/v1/indicadores/" + d.ID,
		})
	}
	return q.json(map[string]any{"publicacion": q.Publication.ID, "publicado_en": q.Publication.At.UTC().Format(time.RFC3339), "as_of": q.asOfText(), "as_of_carga": q.loadNumber(), "indicadores": items})
}

// apiDatasets answers the declared datasets with what is in force of each and
// whether its next report is late.
func (s *Server) apiDatasets(q *request) (*answer, error) {
	type item struct {
		ID        string  `json:"id"`
		Title     string  `json:"titulo"`
		Agency    string  `json:"institucion"`
		Producer  string  `json:"productor"`
		Contact   string  `json:"contacto"`
		Class     string  `json:"clase"`
		Source    string  `json:"fuente"`
		Licence   string  `json:"licencia"`
		Citation  string  `json:"cita"`
		Every     string  `json:"cadencia"`
		First     *string `json:"primer_periodo"`
		Last      *string `json:"ultimo_periodo"`
		Rows      *int64  `json:"filas"`
		Accepted  *int64  `json:"aceptados"` // in reports that stand
		Withdrawn *int64  `json:"retirados"` // accepted in reports that were withdrawn since
		Waiting   *int64  `json:"cuarentena_abierta"`
		Next      *string `json:"siguiente_periodo"`
		Due       *string `json:"vence"`
		Late      int     `json:"dias_de_atraso"`
	}
	loads := q.loads()
	items := make([]item, 0, len(q.Datasets))
	for _, d := range q.Datasets {
		x := item{
			ID: d.ID, Title: d.Catalog.Title.ES, Agency: d.Agency, Producer: d.Producer, Contact: d.Contact, Class: d.Class, Source: d.Source, Licence: d.Licence, Citation: d.Catalog.Citation,
			Every: every(d.Cadence), First: day(d.First), Last: day(d.Last), Rows: shown(d.Rows, d.Uncounted), Late: q.lateDays(d),
		}
		c := q.rowCounts(d, loads)
		x.Accepted, x.Withdrawn, x.Waiting = shown(c.accepted, d.Uncounted), shown(c.withdrawn, d.Uncounted), shown(d.waiting(), d.Uncounted)
		if end, ok := d.Cadence.NextExpected(q.reached(d)); ok {
			due, _ := d.Cadence.DueDate(end)
			x.Next, x.Due = day(end), day(due)
		}
		items = append(items, x)
	}
	return q.json(map[string]any{"publicacion": q.Publication.ID, "as_of": q.asOfText(), "as_of_carga": q.loadNumber(), "conjuntos": items})
}

func every(c data.Cadence) string {
	if !c.Known() {
		return "ninguna"
	}
	return c.Every
}

func day(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.Format(time.DateOnly)
	return &s
}

// apiLoads answers the ledger, newest load first.
func (s *Server) apiLoads(q *request) (*answer, error) {
	type broken struct {
		Rule     string `json:"regla"`
		Severity string `json:"severidad"`
		Times    int64  `json:"veces"`
	}
	type item struct {
		ID          int      `json:"carga"`
		Report      int      `json:"reporte"`
		Dataset     string   `json:"conjunto"`
		Kind        string   `json:"tipo"`
		Outcome     string   `json:"resultado"`
		Reason      string   `json:"motivo"`
		File        string   `json:"archivo"`
		SHA256      string   `json:"sha256"`
		Bytes       *int64   `json:"bytes"`
		Received    string   `json:"recibido_en"`
		Finished    string   `json:"terminado_en"`
		Seconds     float64  `json:"segundos"`
		Published   string   `json:"publicado_en"`
		Precision   string   `json:"publicado_precision"`
		Source      string   `json:"fuente"`
		Records     *int64   `json:"registros"`
		Accepted    *int64   `json:"aceptados"`
		Quarantined *int64   `json:"cuarentena"`
		Waiting     *int64   `json:"cuarentena_abierta"`
		Skipped     *int64   `json:"omitidos"`
		First       *string  `json:"primer_periodo"`
		Last        *string  `json:"ultimo_periodo"`
		Contract    string   `json:"contrato"`
		Synthetic   bool     `json:"sintetico"`
		Shipped     bool     `json:"incluido"`
		Corrects    *int     `json:"corrige"`     // a report; null: none
		Until       *int     `json:"carga_hasta"` // the load that ended what this one brought; null: none
		Problems    []broken `json:"problemas"`
	}
	loads := q.loads()
	ends := endingsOf(loads)
	items := make([]item, 0, len(loads))
	for _, l := range loads {
		x := item{
			l.ID, l.Report, l.Dataset, l.Kind, l.Outcome, l.Reason, l.File, l.SHA256, shown(l.Bytes, l.Uncounted),
			l.Received.UTC().Format(time.RFC3339), l.Finished.UTC().Format(time.RFC3339), l.Seconds,
			l.Published.Format(time.DateOnly), l.PublishedPrecision, l.Source,
			shown(l.Records, l.Uncounted), shown(l.Accepted, l.Uncounted), shown(l.Quarantined, l.Uncounted), shown(l.open(), l.Uncounted), shown(l.Skipped, l.Uncounted),
			day(l.First), day(l.Last), l.Contract, l.Synthetic, l.Shipped, nil, nil, []broken{},
		}
		if l.Corrects != 0 {
			x.Corrects = &l.Corrects
		}
		if end := ends[l.ID]; end != nil {
			x.Until = &end.ID
		}
		for _, p := range l.Problems {
			x.Problems = append(x.Problems, broken(p))
		}
		items = append(items, x)
	}
	return q.json(map[string]any{"publicacion": q.Publication.ID, "as_of": q.asOfText(), "as_of_carga": q.loadNumber(), "cargas": items})
}

// apiDescription answers the OpenAPI description of all this.
func (s *Server) apiDescription(q *request) (*answer, error) {
	return q.finish(typeJSON, openAPI), nil
}
