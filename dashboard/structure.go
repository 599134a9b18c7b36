package dashboard

import (
	"slices"
	"strings"

	"github.com/gttim/cauce/indicators"
)

// The parts of a structural description, named as the SDMX information model
// names them (data structure definition, concept scheme, code lists) and with
// the keys of its JSON messages where they have the same meaning.
type (
	structure struct {
		ConceptSchemes []scheme        `json:"conceptSchemes"`
		Codelists      []scheme        `json:"codelists"`
		DataStructures []dataStructure `json:"dataStructures"`
		Dataflows      []dataflow      `json:"dataflows"`
	}
	maintained struct {
		ID      string            `json:"id"`
		Agency  string            `json:"agencyID"`
		Version string            `json:"version"`
		Names   map[string]string `json:"names"`
	}
	scheme struct {
		maintained
		Concepts []item `json:"concepts,omitempty"`
		Codes    []item `json:"codes,omitempty"`
	}
	item struct {
		ID    string            `json:"id"`
		Names map[string]string `json:"names"`
	}
	dataStructure struct {
		maintained
		Components components `json:"dataStructureComponents"`
	}
	components struct {
		Dimensions componentList `json:"dimensionList"`
		Measures   componentList `json:"measureList"`
		Attributes componentList `json:"attributeList"`
	}
	componentList struct {
		ID         string      `json:"id"`
		Dimensions []component `json:"dimensions,omitempty"`
		Measures   []component `json:"measures,omitempty"`
		Attributes []component `json:"attributes,omitempty"`
	}
	component struct {
		ID             string         `json:"id"`
		Position       int            `json:"position,omitempty"`
		Concept        string         `json:"conceptIdentity"`
		Representation representation `json:"localRepresentation"`
	}
	representation struct {
		Enumeration string `json:"enumeration,omitempty"`
		Format      string `json:"format,omitempty"`
	}
	dataflow struct {
		maintained
		Structure string `json:"structure"`
	}
)

const structureAgency = "CAUCE"

// structure describes the values of an indicator: which dimensions, measure and
// attributes they have, in which concepts, with the codes that occur.
func (q *request) structure(d *indicators.Indicator) structure {
	name := func(es string) map[string]string { return map[string]string{"es": es} }
	id := strings.ToUpper(d.ID)
	m := func(kind, es string) maintained {
		return maintained{ID: kind + "_" + id, Agency: structureAgency, Version: d.Version, Names: name(es)}
	}
	concepts := scheme{maintained: m("CS", "Conceptos de "+d.Name.ES)}
	dims := componentList{ID: "DimensionDescriptor"}
	measures, attributes := componentList{ID: "MeasureDescriptor"}, componentList{ID: "AttributeDescriptor"}
	add := func(to *[]component, id, es string, r representation) {
		concepts.Concepts = append(concepts.Concepts, item{id, name(es)})
		c := component{ID: id, Concept: concepts.ID + "." + id, Representation: r}
		if to == &dims.Dimensions {
			c.Position = len(*to) + 1
		}
		*to = append(*to, c)
	}
	values := q.list(d.ID)
	var lists []scheme
	coded := func(id, es string, codes []item) representation {
		slices.SortFunc(codes, func(a, b item) int { return strings.Compare(a.ID, b.ID) })
		l := scheme{maintained: maintained{ID: "CL_" + strings.ToUpper(id), Agency: structureAgency, Version: d.Version, Names: name(es)}, Codes: codes}
		lists = append(lists, l)
		return representation{Enumeration: l.ID}
	}
	for _, k := range dimensionsOf(d, values) {
		es := dimensionText(k)
		if i := slices.IndexFunc(d.Dimensions, func(x indicators.Dimension) bool { return x.ID == k }); i >= 0 {
			es = d.Dimensions[i].Name
		}
		codes := []item{{"_T", name("Total")}}
		for _, v := range values {
			if code, ok := v.Dimensions[k]; ok && !slices.ContainsFunc(codes, func(x item) bool { return x.ID == code }) {
				codes = append(codes, item{code, name(v.Labels[k])})
			}
		}
		add(&dims.Dimensions, k, es, coded(k, es, codes))
	}
	add(&dims.Dimensions, "periodo_inicio", "Primer día del periodo", representation{Format: "GregorianDay"})
	add(&dims.Dimensions, "periodo_fin", "Último día del periodo", representation{Format: "GregorianDay"})
	add(&measures.Measures, "valor", d.Name.ES, representation{Format: "Double"})
	var status []item
	for _, s := range []string{indicators.StatusFinal, indicators.StatusPreliminary, indicators.StatusRevised, indicators.StatusEstimated, indicators.StatusMissing, indicators.StatusSuppressed} {
		status = append(status, item{s, name(statusText(s))})
	}
	for _, a := range []struct {
		id, es string
		r      representation
	}{
		{"numerador", "Numerador", representation{Format: "Double"}}, {"denominador", "Denominador", representation{Format: "Double"}},
		{"unidad", "Unidad de medida", representation{Format: "String"}}, {"estado", "Estado de la observación", coded("estado", "Estado de la observación", status)},
		{"vigencia", "Fecha de la publicación más reciente usada", representation{Format: "GregorianDay"}},
		{"reportes", "Informes de los que sale", representation{Format: "Integer"}}, {"intervalo_min", "Extremo inferior del intervalo", representation{Format: "Double"}},
		{"intervalo_max", "Extremo superior del intervalo", representation{Format: "Double"}}, {"ruptura", "Cruza una ruptura de la serie", representation{Format: "Boolean"}},
		{"notas", "Notas", representation{Format: "String"}},
	} {
		if k := a.id; k == "unidad" && slices.ContainsFunc(dims.Dimensions, func(c component) bool { return c.ID == k }) {
			continue // an indicator whose figures differ in their unit alone has it as a dimension
		}
		add(&attributes.Attributes, a.id, a.es, a.r)
	}
	return structure{
		ConceptSchemes: []scheme{concepts}, Codelists: lists,
		DataStructures: []dataStructure{{m("DSD", "Estructura de "+d.Name.ES), components{dims, measures, attributes}}},
		Dataflows:      []dataflow{{maintained{id, structureAgency, d.Version, name(d.Name.ES)}, "DSD_" + id}},
	}
}
