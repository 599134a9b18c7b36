package dashboard

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"testing"
)

// structureOf reads the structural description out of an indicator's ZIP.
func structureOf(t *testing.T, s *Server, id string) (message structureMessage, text []byte) {
	t.Helper()
	body := get(t, s.Handler(), "/api/v1/indicadores/"+id+".zip").Body.Bytes()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(id + ".estructura.json")
	if err != nil {
		t.Fatal(err)
	}
	if text, err = io.ReadAll(f); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &message); err != nil {
		t.Fatal(err)
	}
	return message, text
}

// What the official schema of structure messages of SDMX-JSON 2.0.0 asks of the
// parts that we write, checked here without it, since it is not ours to ship: the
// members that it requires, the form of every identifier and reference, one kind of
// representation each, the relationship of each attribute. Beyond the schema: every
// reference is resolved in the message, and no artefact is named twice. The messages
// of all declared indicators were valid against the schema itself on 2026-11-28.
func TestStructure(t *testing.T) {
	s := mustServer(t, mustHome(t))
	for _, d := range s.current.Load().Indicators {
		t.Run(d.ID, func(t *testing.T) {
			m, text := structureOf(t, s, d.ID)
			for _, key := range []string{`"meta":`, `"schema":`, `"prepared":`, `"contentLanguages":`, `"sender":`, `"data":`} {
				if !bytes.Contains(text, []byte(key)) {
					t.Errorf("the message has no %s", key)
				}
			}
			checkStructure(t, m.Data)
		})
	}
}

func checkStructure(t *testing.T, s structure) {
	t.Helper()
	free, strict := regexp.MustCompile(`^[A-Za-z0-9_@$-]+$`), regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	known := map[string]bool{}
	declare := func(kind string, m maintained, id *regexp.Regexp) {
		urn := m.urn(kind)
		if known[urn] || !id.MatchString(m.ID) || m.Name == "" || !strict.MatchString(m.Agency) || m.Version == "" {
			t.Errorf("artefact %s, named %q, stands twice or lacks something", urn, m.Name)
		}
		known[urn] = true
	}
	items := func(of maintained, list []item, id *regexp.Regexp) {
		seen := map[string]bool{}
		for _, x := range list {
			if seen[x.ID] || !id.MatchString(x.ID) || x.Name == "" {
				t.Errorf("%s: item %q, named %q, stands twice or lacks something", of.ID, x.ID, x.Name)
			}
			seen[x.ID] = true
		}
		if len(list) == 0 {
			t.Errorf("%s is empty", of.ID)
		}
	}
	for _, c := range s.ConceptSchemes {
		declare("conceptscheme.ConceptScheme", c.maintained, strict)
		items(c.maintained, c.Concepts, strict)
		for _, x := range c.Concepts {
			known[c.urn("conceptscheme.Concept")+"."+x.ID] = true
		}
	}
	for _, c := range s.Codelists {
		declare("codelist.Codelist", c.maintained, strict)
		items(c.maintained, c.Codes, free)
	}
	for _, c := range s.ValueLists {
		declare("codelist.ValueList", c.maintained, strict)
		items(c.maintained, c.ValueItems, regexp.MustCompile(`.`))
	}
	component := func(c component) {
		r := c.Representation
		switch {
		case !strict.MatchString(c.ID) || !known[c.Concept]:
			t.Errorf("component %q has no concept %s", c.ID, c.Concept)
		case (r.Enumeration == "") == (r.Format == nil):
			t.Errorf("component %q has not one representation: %+v", c.ID, r)
		case r.Enumeration != "" && !known[r.Enumeration]:
			t.Errorf("component %q has no list %s", c.ID, r.Enumeration)
		}
	}
	for _, d := range s.DataStructures {
		declare("datastructure.DataStructure", d.maintained, free)
		parts := d.Components
		if parts.Dimensions.ID != "DimensionDescriptor" || parts.Measures.ID != "MeasureDescriptor" || parts.Attributes.ID != "AttributeDescriptor" {
			t.Errorf("lists %s, %s, %s", parts.Dimensions.ID, parts.Measures.ID, parts.Attributes.ID)
		}
		for i, c := range parts.Dimensions.Dimensions {
			component(c)
			if c.Position == nil || *c.Position != i {
				t.Errorf("dimension %q has no place", c.ID)
			}
		}
		for _, c := range parts.Measures.Measures {
			component(c)
		}
		for _, c := range parts.Attributes.Attributes {
			component(c)
			if _, ok := c.Relationship["observation"]; !ok || len(c.Relationship) != 1 {
				t.Errorf("attribute %q is of %v", c.ID, c.Relationship)
			}
		}
		if len(parts.Dimensions.Dimensions) < 2 || len(parts.Measures.Measures) != 1 {
			t.Errorf("%d dimensions, %d measures", len(parts.Dimensions.Dimensions), len(parts.Measures.Measures))
		}
	}
	for _, f := range s.Dataflows {
		declare("datastructure.Dataflow", f.maintained, free)
		if !known[f.Structure] {
			t.Errorf("dataflow %s has no structure %s", f.ID, f.Structure)
		}
	}
}

// A code list may not hold every code that data have: one with 18+ is a value list.
func TestStructure_valueList(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql",
		`UPDATE valor SET dimensiones = replace(CAST(dimensiones AS VARCHAR), '"VEN"', '"18+"') WHERE indicador = 'composicion_por_nacionalidad'`)
	m, _ := structureOf(t, mustServer(t, dir), "composicion_por_nacionalidad")
	checkStructure(t, m.Data)
	if len(m.Data.ValueLists) != 1 || m.Data.DataStructures[0].Components.Dimensions.Dimensions[0].Representation.Format == nil {
		t.Errorf("%d value lists", len(m.Data.ValueLists))
	}
}
