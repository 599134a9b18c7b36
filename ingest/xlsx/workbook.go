package xlsx

import (
	"strings"

	"github.com/gttim/cauce/data"
)

// sheetRef is one worksheet as the workbook lists it.
type sheetRef struct {
	name, part string
	hidden     bool
}

// workbook is what all sheets share.
type workbook struct {
	*container
	sheets  []sheetRef
	from04  bool // days count from 1904
	formats []format
	strings []string
}

func (c *container) workbook() (*workbook, error) {
	if c.parts["_rels/.rels"] == nil {
		return nil, c.otherKind()
	}
	top, err := c.relations("")
	if err != nil {
		return nil, err
	}
	main := top.byKind["officeDocument"]
	if main == "" || strings.HasSuffix(main, ".bin") || c.parts[partName(main)] == nil || !strings.HasPrefix(partName(main), "xl/") {
		return nil, c.otherKind()
	}
	var doc struct {
		Properties struct {
			From04 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := c.decode(main, &doc); err != nil {
		return nil, err
	}
	if len(doc.Sheets) > c.opt.Sheets {
		return nil, tooBig("el libro tiene %d hojas", len(doc.Sheets))
	}
	rel, err := c.relations(main)
	if err != nil {
		return nil, err
	}
	w := &workbook{container: c, from04: isTrue(doc.Properties.From04)}
	for _, s := range doc.Sheets {
		if rel.kindOf[s.ID] != "worksheet" { // charts and dialogs have no cells
			continue
		}
		if c.parts[partName(rel.byID[s.ID])] == nil {
			return nil, broken(nil, "falta la hoja %.80q", s.Name)
		}
		w.sheets = append(w.sheets, sheetRef{name: s.Name, part: rel.byID[s.ID], hidden: s.State != "" && s.State != "visible"})
	}
	if w.formats, err = c.readFormats(rel.byKind["styles"]); err != nil {
		return nil, err
	}
	w.strings, err = c.readStrings(rel.byKind["sharedStrings"])
	return w, err
}

func isTrue(s string) bool { return s == "1" || s == "true" }

// names lists the sheets for a message.
func (w *workbook) names() string {
	var out []string
	for _, s := range w.sheets {
		name := "«" + data.Printable(s.name) + "»"
		if s.hidden {
			name += " (oculta)"
		}
		if out = append(out, name); len(out) == 10 {
			break
		}
	}
	if len(out) == 0 {
		return "el libro no tiene hojas de celdas"
	}
	return "el libro tiene " + strings.Join(out, ", ")
}
