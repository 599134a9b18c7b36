package dashboard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
)

// The parts of a structural description: a structure message of SDMX-JSON 2.0.0
// with data structure definition, concept scheme, code lists and dataflow.
type (
	structureMessage struct {
		Meta structureMeta `json:"meta"`
		Data structure     `json:"data"`
	}
	structureMeta struct {
		Schema    string    `json:"schema"`
		ID        string    `json:"id"`
		Prepared  time.Time `json:"prepared"`
		Languages []string  `json:"contentLanguages"`
		Sender    item      `json:"sender"`
	}
	structure struct {
		ConceptSchemes []scheme        `json:"conceptSchemes"`
		Codelists      []scheme        `json:"codelists"`
		ValueLists     []scheme        `json:"valueLists,omitempty"` // of codes that no code list may hold, as 18+
		DataStructures []dataStructure `json:"dataStructures"`
		Dataflows      []dataflow      `json:"dataflows"`
	}
	maintained struct {
		item
		Agency  string `json:"agencyID"`
		Version string `json:"version"`
	}
	scheme struct {
		maintained
		Concepts   []item `json:"concepts,omitempty"`
		Codes      []item `json:"codes,omitempty"`
		ValueItems []item `json:"valueItems,omitempty"`
	}
	item struct {
		ID    string            `json:"id"`
		Name  string            `json:"name"`
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
		Position       *int           `json:"position,omitempty"`
		Concept        string         `json:"conceptIdentity"`
		Representation representation `json:"localRepresentation"`
		Relationship   map[string]any `json:"attributeRelationship,omitempty"` // of attributes: all are of the observation
	}
	representation struct {
		Enumeration string      `json:"enumeration,omitempty"`
		Format      *textFormat `json:"format,omitempty"`
		MaxOccurs   string      `json:"maxOccurs,omitempty"` // unbounded: a list
	}
	textFormat struct {
		Type string `json:"dataType"`
	}
	dataflow struct {
		maintained
		Structure string `json:"structure"`
	}
)

const (
	structureAgency = "CAUCE"
	structureSchema = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json"
)

// structureCode is what a code of a code list may look like.
var structureCode = regexp.MustCompile(`^[A-Za-z0-9_@$-]+$`)

func named(id, es string) item { return item{id, es, map[string]string{"es": es}} }

// urn names an artefact; kind is its package and class.
func (m maintained) urn(kind string) string {
	return fmt.Sprintf("urn:sdmx:org.sdmx.infomodel.%s=%s:%s(%s)", kind, m.Agency, m.ID, m.Version)
}

func format(kind string) representation { return representation{Format: &textFormat{kind}} }

// structure describes the values of an indicator: which dimensions, measure and
// attributes they have, in which concepts, with the codes that occur.
func (q *request) structure(d *indicators.Indicator) structureMessage {
	id := strings.ToUpper(d.ID)
	m := func(kind, es string) maintained {
		return maintained{named(kind+id, es), structureAgency, d.Version}
	}
	concepts := scheme{maintained: m("CS_", "Conceptos de "+d.Name.ES)}
	out := structure{}
	dims := componentList{ID: "DimensionDescriptor"}
	measures, attributes := componentList{ID: "MeasureDescriptor"}, componentList{ID: "AttributeDescriptor"}
	add := func(to *[]component, id, es string, r representation) {
		concepts.Concepts = append(concepts.Concepts, named(id, es))
		c := component{ID: id, Concept: concepts.urn("conceptscheme.Concept") + "." + id, Representation: r}
		switch to {
		case &dims.Dimensions:
			at := len(*to)
			c.Position = &at
		case &attributes.Attributes:
			c.Relationship = map[string]any{"observation": struct{}{}}
		}
		*to = append(*to, c)
	}
	coded := func(key, es string, codes []item) representation {
		slices.SortFunc(codes, func(a, b item) int { return strings.Compare(a.ID, b.ID) })
		list := scheme{maintained: m("CL_", es)}
		list.ID += "_" + strings.ToUpper(key)
		if slices.ContainsFunc(codes, func(c item) bool { return !structureCode.MatchString(c.ID) }) {
			list.ValueItems = codes
			out.ValueLists = append(out.ValueLists, list)
			return format("String")
		}
		list.Codes = codes
		out.Codelists = append(out.Codelists, list)
		return representation{Enumeration: list.urn("codelist.Codelist")}
	}
	values := q.list(d.ID)
	for _, k := range dimensionsOf(d, values) {
		codes := []item{named("_T", "Total")}
		for _, v := range values {
			if code := v.Dimensions[k]; code != "" && !slices.ContainsFunc(codes, func(x item) bool { return x.ID == code }) {
				codes = append(codes, named(code, dimensionLabel(v, k)))
			}
		}
		es := dimensionName(d, k)
		add(&dims.Dimensions, k, es, coded(k, es, codes))
	}
	add(&dims.Dimensions, "periodo_inicio", "Primer día del periodo", format("GregorianDay"))
	add(&dims.Dimensions, "periodo_fin", "Último día del periodo", format("GregorianDay"))
	add(&measures.Measures, "valor", d.Name.ES, format("Double"))
	var status []item
	for _, s := range []string{indicators.StatusFinal, indicators.StatusPreliminary, indicators.StatusRevised, indicators.StatusEstimated, indicators.StatusMissing, indicators.StatusSuppressed} {
		status = append(status, named(s, statusText(s)))
	}
	many := func(r representation) representation {
		r.MaxOccurs = "unbounded"
		return r
	}
	for _, a := range []struct {
		id, es string
		r      representation
	}{
		{"numerador", "Numerador", format("Double")}, {"denominador", "Denominador", format("Double")},
		{"unidad", "Unidad de medida", format("String")}, {"estado", "Estado de la observación", coded("estado", "Estado de la observación", status)},
		{"vigencia", "Fecha de la publicación más reciente usada", format("GregorianDay")},
		{"reportes", "Reportes de los que sale", many(format("Integer"))}, {"intervalo_min", "Extremo inferior del intervalo", format("Double")},
		{"intervalo_max", "Extremo superior del intervalo", format("Double")}, {"ruptura", "Cruza una ruptura de la serie", format("Boolean")},
		{"notas", "Notas", many(format("String"))},
	} {
		if k := a.id; k == "unidad" && slices.ContainsFunc(dims.Dimensions, func(c component) bool { return c.ID == k }) {
			continue // an indicator whose figures differ in their unit alone has it as a dimension
		}
		add(&attributes.Attributes, a.id, a.es, a.r)
	}
	dsd := dataStructure{m("DSD_", "Estructura de "+d.Name.ES), components{dims, measures, attributes}}
	out.ConceptSchemes = []scheme{concepts}
	out.DataStructures = []dataStructure{dsd}
	out.Dataflows = []dataflow{{m("", d.Name.ES), dsd.urn("datastructure.DataStructure")}}
	meta := structureMeta{
		Schema: structureSchema, ID: fmt.Sprintf("%s-%d", id, q.Publication.ID), Prepared: q.Publication.At.UTC(),
		Languages: []string{"es"}, Sender: named(structureAgency, "Cauce"),
	}
	return structureMessage{meta, out}
}
