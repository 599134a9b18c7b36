package dashboard

import (
	"fmt"
	"slices"
	"strings"
)

const (
	sourcesID   = "conciliacion_fuentes"
	revisionsID = "magnitud_revisiones"
)

// reconciliation answers /conciliacion: what officials said beside what the
// reports give, sources beside each other, parts beside their totals, figures
// beside what they were before.
func (s *Server) reconciliation(q *request) (*answer, error) {
	d := q.indicator(sourcesID)
	if d == nil {
		return nil, errNotFound
	}
	p := topicPage{
		Lead: "Lo que se ha dicho, junto a lo que dan los reportes cargados; las fuentes, unas junto a otras; y las partes, junto a sus totales. Nada se une ni se promedia.",
		Box:  "Una diferencia no es por sí misma un error.", BoxItems: d.Limits,
	}
	var ids []string
	for _, x := range q.Indicators {
		ids = append(ids, x.ID)
	}
	var err error
	if p.Claims, err = q.claims(ids...); err != nil {
		return nil, err
	}
	values := where(q.list(sourcesID), hasValue)
	p.Figures = append(p.Figures, q.sourcesFigure(where(values, ofClass("fuentes"))), q.datasetsFigure(where(values, ofClass("conjuntos"))), q.partsAgainstTotals(where(values, ofClass("partes"))))
	revisions, err := q.revisionsFigure()
	if err != nil {
		return nil, err
	}
	p.Figures = append(p.Figures, revisions)
	p.More = q.sheets(sourcesID, revisionsID)
	return s.page(q, "cifras", q.t("Conciliación de fuentes"), p.Lead, p)
}

func ofClass(name string) func(*Value) bool {
	return func(v *Value) bool { return attributeText(v, "clase") == name }
}

func (q *request) sourcesFigure(values []*Value) figure {
	f := figure{ID: "fuentes", Title: q.t("Una fuente junto a otra"), Sources: q.sources(values), Published: q.published(values)}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "No hay dos fuentes que comparar con estos criterios.",
		Head: []column{{Text: "Comparación"}, {Text: "Una fuente"}, {"Cifra", true}, {Text: "La otra"}, {"Cifra", true}, {"Diferencia", true}, {"Razón", true}, {Text: "Explicación publicada"}, {Text: "Reportes"}},
	}
	for _, v := range values {
		ratio, _ := v.Attributes["razon_porcentaje"].(float64)
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: v.Labels["conciliacion"], Head: true, Sub: joinNotes(v.Notes)},
			{Text: attributeText(v, "institucion_a"), Sub: attributeText(v, "texto_a")}, {Text: formatInput(v.Numerator), Numeric: true},
			{Text: attributeText(v, "institucion_b"), Sub: attributeText(v, "texto_b")}, {Text: formatInput(v.Denominator), Numeric: true},
			{Text: signed(v.Value), Numeric: true}, {Text: formatValue(&ratio, "porcentaje", 1), Numeric: true, Sub: "la otra entre la primera"},
			{Text: attributeText(v, "explicacion")}, q.reportsCell(v.Reports),
		})
	}
	return f
}

// differingFirst lists first what does not agree, and the newest first of all.
func differingFirst(values []*Value) (sorted []*Value, agree int) {
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b *Value) int {
		if (*a.Value == 0) != (*b.Value == 0) {
			if *a.Value == 0 {
				return 1
			}
			return -1
		}
		return b.From.Compare(a.From)
	})
	return values, len(where(values, func(v *Value) bool { return *v.Value == 0 }))
}

// datasetsFigure shows, of periods that several datasets cover whole, the one that
// answers beside each of the others.
func (q *request) datasetsFigure(values []*Value) figure {
	values, agree := differingFirst(values)
	f := figure{ID: "conjuntos", Title: q.t("Un conjunto junto a otro, del mismo periodo"), Sources: q.sources(values), Published: q.published(values)}
	f.Lead = "De un periodo responde un solo conjunto, aunque dé menos que otro; los demás no se suman."
	f.Caveats = warnings(values)
	if len(values) > 0 {
		f.Lead += fmt.Sprintf(" De %s, %s.", formatNoun(int64(len(values)), "comparación", "comparaciones"), formatNoun(int64(agree), "coincide", "coinciden"))
	}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "Ningún periodo tiene más de un conjunto que lo cubra completo con estos criterios.",
		Head: []column{{Text: "Periodo"}, {Text: "Responde"}, {"Cifra", true}, {Text: "El otro"}, {"Cifra", true}, {"Diferencia", true}, {Text: "Explicación publicada"}, {Text: "Reportes"}},
	}
	for _, v := range values {
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: formatPeriod(v.From, v.To), Head: true, Sub: joinNotes(v.Notes)}, q.datasetCell(attributeText(v, "texto_a")), {Text: formatInput(v.Numerator), Numeric: true},
			q.datasetCell(attributeText(v, "texto_b")), {Text: formatInput(v.Denominator), Numeric: true}, {Text: signed(v.Value), Numeric: true},
			{Text: attributeText(v, "explicacion")}, q.reportsCell(v.Reports),
		})
	}
	return f
}

// datasetCell names a dataset as people do, with its id below.
func (q *request) datasetCell(id string) cell {
	if d := q.dataset(id); d != nil {
		return cell{Text: q.text(d.Catalog.Title), Sub: id}
	}
	return cell{Text: id}
}

// partsAgainstTotals lists first the totals that their parts do not make.
func (q *request) partsAgainstTotals(values []*Value) figure {
	values, agree := differingFirst(values)
	f := figure{ID: "partes", Title: q.t("Las partes y su total, en un mismo documento"), Sources: q.sources(values), Published: q.published(values)}
	if len(values) > 0 {
		f.Lead = fmt.Sprintf("De %s con todas sus partes, %s con su suma y %s no.",
			formatNoun(int64(len(values)), "total que se publicó", "totales que se publicaron"), formatNoun(int64(agree), "coincide", "coinciden"), formatCount(len(values)-agree))
	}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "No hay totales publicados con todas sus partes con estos criterios.",
		Head: []column{{Text: "Comparación"}, {Text: "Serie"}, {Text: "Periodo"}, {"Suma de las partes", true}, {"Total publicado", true}, {"Diferencia", true}, {Text: "Explicación publicada"}, {Text: "Reportes"}},
	}
	for _, v := range values {
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: v.Labels["conciliacion"], Head: true}, {Text: v.Labels["serie"], Sub: v.Unit}, {Text: formatPeriod(v.From, v.To)},
			{Text: formatInput(v.Numerator), Numeric: true}, {Text: formatInput(v.Denominator), Numeric: true}, {Text: signed(v.Value), Numeric: true},
			{Text: attributeText(v, "explicacion")}, q.reportsCell(v.Reports),
		})
	}
	return f
}

// revisionRow is one published value of a series and period.
type revisionRow struct {
	Dataset    string   `json:"conjunto"`
	Series     string   `json:"serie"`
	SeriesName string   `json:"serie_nombre"`
	From       string   `json:"periodo_inicio"`
	To         string   `json:"periodo_fin"`
	Published  string   `json:"publicado_en"`
	Precision  string   `json:"publicado_en_precision"`
	Value      float64  `json:"valor"`
	Difference *float64 `json:"diferencia"`
	Change     *float64 `json:"cambio"`
	Reports    idList   `json:"reportes"`
}

func (q *request) revisionsFigure() (figure, error) {
	list, err := rows[revisionRow](q.view, revisionsID)
	if err != nil {
		return figure{}, err
	}
	f := figure{ID: "revisiones", Title: q.t("La misma cifra, según cuándo se publicó")}
	f.Lead = "Cada valor de una serie y periodo por su fecha de publicación, con su cambio respecto del anterior. Ninguno se borra."
	f.Table = table{
		Caption: f.Title, Quiet: true, Empty: "Ninguna cifra se ha publicado más de una vez con estos criterios.",
		Head: []column{{Text: "Serie"}, {Text: "Periodo"}, {Text: "Publicado"}, {"Valor", true}, {"Diferencia", true}, {"Cambio", true}, {Text: "Reportes"}},
	}
	var ids idList
	for _, r := range list {
		name := r.SeriesName
		if name == "" {
			name = r.Series
		}
		change := cell{Text: "—", Numeric: true}
		if r.Change != nil {
			change.Text = formatChange(r.Change)
		}
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: name, Head: true}, {Text: formatPeriod(dayOf(r.From), dayOf(r.To))}, {Text: formatDated(dayOf(r.Published), r.Precision), Date: true},
			{Text: formatInput(&r.Value), Numeric: true}, {Text: signed(r.Difference), Numeric: true}, change, q.reportsCell(r.Reports),
		})
		ids = append(ids, r.Reports...)
	}
	f.Sources = q.reportSources(ids)
	return f, nil
}

// signed writes a difference with its sign, a dash for none.
func signed(x *float64) string {
	switch {
	case x == nil:
		return "—"
	case *x > 0:
		return "+" + formatInput(x)
	}
	return strings.TrimPrefix(formatInput(x), "+")
}
