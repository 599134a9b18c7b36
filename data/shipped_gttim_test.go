package data_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

const fifthSession = "2025-06-03-gttim-5a-sesion.csv"

func mustShipped(tb testing.TB, d *data.Declarations, dataset string) map[string][][]string {
	tb.Helper()
	files, err := fs.Glob(data.Files, "reports/"+dataset+"/*.csv")
	if err != nil || len(files) == 0 {
		tb.Fatalf("%s: %d shipped files: %v", dataset, len(files), err)
	}
	out := map[string][][]string{}
	for _, file := range files {
		out[path.Base(file)] = mustRows(tb, d, file)
	}
	return out
}

// What the funnel and the complaints say is what cifras-publicadas says of the
// same document: one figure, never two.
func TestShippedFunnelAndComplaintsAgreeWithPublishedPoints(t *testing.T) {
	d := mustLoad(t)
	points := map[string]string{}
	for _, file := range mustShipped(t, d, "cifras-publicadas") {
		for _, r := range file {
			points[strings.Join([]string{r[1], r[2], r[3], r[4], r[7], r[8]}, "|")] = r[5]
		}
	}
	same := func(file, from, to, dim, label, value, published, source string) {
		if got := points[strings.Join([]string{from, to, dim, label, published, source}, "|")]; got != value {
			t.Errorf("%s: %s %s %s %q is %s here and %q there", file, from, to, dim, label, value, got)
		}
	}
	rows := 0
	for file, all := range mustShipped(t, d, "fgr-embudo") {
		for _, r := range all {
			same(file, r[0], r[1], "etapa", r[2], r[5], r[6], r[7])
			rows++
		}
	}
	for file, all := range mustShipped(t, d, "upmrip-denuncias") {
		for _, r := range all {
			dim, label := "total", ""
			switch {
			case r[2] != "":
				dim, label = "delito", r[2]
			case r[3] != "":
				dim, label = "sexo", r[3]
			}
			same(file, r[0], r[1], dim, label, r[4], r[5], r[6])
			rows++
		}
	}
	if rows != 10+23 {
		t.Errorf("%d rows", rows)
	}
}

// A stage of a published point and of the funnel has one unit.
func TestStagesAndCrimesOfPublishedPoints(t *testing.T) {
	ref := mustLoad(t).Reference
	labels, stages := ref["etiquetas"], ref["etapas"]
	for _, l := range labels.Rows {
		code := cell(t, labels, l, "codigo")
		switch cell(t, labels, l, "dimension") {
		case "etapa":
			at := slices.IndexFunc(stages.Rows, func(r []string) bool { return r[0] == code })
			if at < 0 || cell(t, stages, stages.Rows[at], "unidades") != cell(t, labels, l, "unidad") {
				t.Errorf("stage %s is not in etapas with unit %s", code, cell(t, labels, l, "unidad"))
			}
		case "delito":
			if !slices.Contains(ref["delitos"].Codes(), code) {
				t.Errorf("crime %s is not in delitos", code)
			}
		}
	}
	for _, r := range stages.Rows {
		if !slices.Contains(stages.Codes(), cell(t, stages, r, "etapa")) {
			t.Errorf("%s: unknown stage %s", r[0], cell(t, stages, r, "etapa"))
		}
		for _, u := range strings.Split(cell(t, stages, r, "unidades"), "|") {
			if !slices.Contains(ref["unidades"].Codes(), u) {
				t.Errorf("%s: unknown unit %s", r[0], u)
			}
		}
	}
}

// The plan of 2025 is the table's, without responsible institutions and without
// a status that nobody has given.
func TestShippedPlan(t *testing.T) {
	d := mustLoad(t)
	table := d.Reference["acciones_plan"]
	rows := mustShipped(t, d, "gttim-plan-trabajo")[fifthSession]
	if len(rows) != 10 || len(table.Rows) != 10 {
		t.Fatalf("%d actions, %d in the table", len(rows), len(table.Rows))
	}
	for i, r := range rows {
		a := table.Rows[i]
		want := strings.Join([]string{a[0], a[2], a[1], a[3], "", "", "sin_dato", "", "", ""}, "|")
		if got := strings.Join(r, "|"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestShippedSessionsAgreementsAndRoutes(t *testing.T) {
	d := mustLoad(t)
	for dataset, want := range map[string][]string{
		"gttim-sesiones": {"5/SO|2025|5|2025-06-03|celebrada|", "6/SO|2025|6|2025-08-05|programada|",
			"7/SO|2025|7|2025-09-18|programada|", "8/SO|2025|8|2025-11-27|programada|"},
		"gttim-acuerdos": {"5/SO-1|5/SO|Dar por enterado el plan|todas|2025-06-03|sin_dato|",
			"5/SO-2|5/SO|Enviar el plan|UPMRIP|2025-06-04|sin_dato|",
			"5/SO-3|5/SO|Comentarios y participación|todas|2025-06-11|sin_dato|",
			"5/SO-4|5/SO|Calendarización|todas|2025-06-03|sin_dato|",
			"5/SO-5|5/SO|Enviar la presentación|UPMRIP|2025-06-04|sin_dato|"},
	} {
		var got []string
		for _, r := range mustShipped(t, d, dataset)[fifthSession] {
			got = append(got, strings.Join(r, "|"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", dataset, got)
		}
	}
	for _, r := range mustShipped(t, d, "oim-rutas-proteccion")[fifthSession] {
		if _, ok := d.Reference["entidades"].Code(r[0]); !ok || r[1] != "sin_dato" || r[2] != "2025-06-03" {
			t.Errorf("route %q", r)
		}
	}
	for _, r := range mustShipped(t, d, "gttim-publicaciones")[fifthSession] {
		if r[0]+r[4]+r[5] != "" {
			t.Errorf("a year, date or address that the minutes do not give: %q", r)
		}
	}
}

// A report without columns for them has its date and source beside it.
func TestShippedReportsWithoutDateHaveSidecar(t *testing.T) {
	for _, ds := range mustLoad(t).Datasets {
		if slices.ContainsFunc(ds.Columns, func(c data.Column) bool { return c.Name == "publicado_en" }) {
			continue
		}
		files, err := fs.Glob(data.Files, "reports/"+ds.ID+"/*.csv")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			b, err := data.Files.ReadFile(file + ".meta.yml")
			if err != nil || !strings.HasPrefix(string(b), "publicado_en: "+path.Base(file)[:10]+"\nfuente: ") {
				t.Errorf("%s: sidecar %q: %v", file, b, err)
			}
		}
	}
}

// Of the directory only institutions and dates reach the clean rows, and no rule
// of its own repeats a mailbox.
func TestDirectoryStaysInside(t *testing.T) {
	ds := mustLoad(t).Dataset("gttim-directorio")
	if ds.Class != data.ClassRestricted {
		t.Errorf("class %s", ds.Class)
	}
	for _, column := range []string{"correo", "area", "cargo", "line"} {
		for _, l := range strings.Split(ds.Clean+ds.Coverage, "\n") {
			if !strings.HasPrefix(l, "--") && strings.Contains(l, column) {
				t.Errorf("SQL of the directory lets %s out: %s", column, l)
			}
		}
	}
	for _, c := range ds.Checks {
		if strings.Contains(c.SQL, "correo AS valor") {
			t.Errorf("check %s repeats a mailbox", c.Rule.Check)
		}
	}
	mailbox := slices.IndexFunc(ds.Columns, func(c data.Column) bool { return c.Name == "correo" })
	if ds.Columns[mailbox].Pattern != "" {
		t.Error("a pattern's message repeats the value")
	}
}
