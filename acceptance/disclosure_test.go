package acceptance

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// declared are declarations with two sensible indicators over victims by state and
// sex, changed by pairs of old and new text in one file ("" makes a new one).
func declared(t *testing.T, file string, change ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/disclosure")); err != nil {
		t.Fatal(err)
	}
	if file == "" {
		return dir
	}
	from := filepath.Join(dir, file)
	if _, err := os.Stat(from); err != nil {
		from = filepath.Join("../data", file)
	}
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(change...).Replace(string(text))
	if changed == string(text) {
		t.Fatalf("%s: nothing to change", file)
	}
	mustWrite(t, dir, file, changed)
	return dir
}

// victims is a delivery: total 140,862, of which one cell of 7 has to be hidden and
// draws others with it. One row is bad and goes into quarantine.
const victims = `folio,anio,entidad,sexo,victimas
SECRETO-1,2024,Chiapas,mujer,7
SECRETO-2,2024,Chiapas,hombre,43219
SECRETO-3,2024,Oaxaca,mujer,27811
SECRETO-4,2024,Oaxaca,hombre,33413
SECRETO-5,2024,Veracruz,mujer,15
SECRETO-6,2024,Veracruz,hombre,36397
SECRETO-7,2023,Veracruz,mujer,0
SECRETO-8,2024,Nowhere,mujer,4
`

// Faults 123, 124, 125 and 128: what is hidden stands nowhere, on no page, in no
// document or export, chart, metric or note, and not in the bytes of the published
// file; what is not needed to hide it is shown.
func TestDisclosure_nothingHiddenIsAnywhere(t *testing.T) {
	home, decls := mustBlank(t), declared(t, "")
	cauce(t, 3, "ingest", "--dir", home, "--declarations", decls, "--dataset", "fgr-victimas", "--published", "2025-02-01", mustWrite(t, t.TempDir(), "v.csv", victims))
	s := mustServe(t, home, "--declarations", decls)

	if own := cauce(t, 0, "report", "1", "--dir", home, "--declarations", decls).stdout; !strings.Contains(own, "registros:     8 = 7 aceptados + 1 en cuarentena + 0 omitidos") {
		t.Errorf("who runs the machine is not told what the publication hides:\n%s", own)
	}
	d := s.indicator(t, "victimas_por_entidad", "")
	hidden := map[string]bool{}
	var secret []string // the numbers that nobody may find, as they could be written
	truth := map[string]string{
		"07 mujer": "7", "07 hombre": "43219", "20 mujer": "27811", "20 hombre": "33413", "30 mujer": "15", "30 hombre": "36397",
		"07 ": "43226", "20 ": "61224", "30 ": "36412", " mujer": "27833", " hombre": "113029", " ": "140862",
	}
	for _, v := range d.Values {
		if v.From != "2024-01-01" {
			continue
		}
		cell := v.Dimensions["entidad"] + " " + v.Dimensions["sexo"]
		if v.Status != "suprimido" {
			if v.Value == nil || fmt.Sprintf("%.0f", *v.Value) != truth[cell] || *v.Numerator != *v.Value {
				t.Errorf("%q: %s, want %s", cell, &v, truth[cell])
			}
			continue
		}
		hidden[cell] = true
		if n := truth[cell]; len(n) >= 5 {
			secret = append(secret, n, n[:len(n)-3]+","+n[len(n)-3:], n[:len(n)-3]+" "+n[len(n)-3:])
		}
		if v.Value != nil || v.Numerator != nil || v.Denominator != nil || v.Interval != nil || len(v.Attributes) != 0 ||
			!slices.Equal(v.Notes, []string{"Dato suprimido por confidencialidad estadística."}) {
			t.Errorf("%q is hidden and says %s", cell, &v)
		}
	}
	if !hidden["07 mujer"] || len(hidden) < 3 || len(hidden) > 4 || hidden[" "] || len(secret) == 0 {
		t.Fatalf("hidden: %v", hidden)
	}
	for _, v := range s.indicator(t, "victimas_participacion", "").Values {
		if (v.Value == nil) != hidden[v.Dimensions["entidad"]+" "] && v.From == "2024-01-01" {
			t.Errorf("share %s, hidden cells %v", &v, hidden)
		}
	}
	secret = append(secret, "SECRETO", "secreto")
	surfaces := map[string]string{}
	for _, path := range everything(t, s) {
		code, body, err := fetch(s.url + path)
		if err != nil || code != 200 && code != 404 {
			t.Fatalf("%s: %d %v", path, code, err)
		}
		surfaces[path] = body + unzipped(t, body)
	}
	if len(surfaces) < 40 {
		t.Errorf("only %d addresses were looked at", len(surfaces))
	}
	files, err := filepath.Glob(filepath.Join(home, "published", "*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		surfaces[f] = string(b)
	}
	// What is public is found where it belongs: the search can find. A form that is not
	// offered is no surface.
	for where, total := range map[string]string{
		"/indicadores/victimas_por_entidad": "140,862", "/metrics": "140862", "/api/v1/indicadores/victimas_por_entidad.csv": "140862",
		"/api/v1/indicadores/victimas_por_entidad.xlsx": "140862", "/api/v1/indicadores/victimas_por_entidad.zip": "140862",
	} {
		if code, _, err := fetch(s.url + where); err == nil && code == 200 && !strings.Contains(surfaces[where], total) {
			t.Errorf("%s does not say %s", where, total)
		}
	}
	for where, text := range surfaces {
		for _, x := range secret {
			if i := strings.Index(text, x); i >= 0 && x != "secreto" {
				t.Errorf("%s says %q: …%q…", where, x, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
	if got := s.metric(t, `cauce_indicator_value{indicator="victimas_por_entidad"}`); got != "140862" {
		t.Errorf("the total is public, the metric says %q", got)
	}
	// A few rows, a warning about one and a bad one: as few as the victims they count.
	if page := s.get(t, "/indicadores/victimas_por_entidad"); !strings.Contains(page, "Umbral: 10.") || !strings.Contains(page, "Suprimido") {
		t.Error("the sheet says nothing of what is hidden")
	}
	if page := s.get(t, "/datos/reportes/1"); strings.Contains(page, "abierta") || !strings.Contains(page, "Las filas en cuarentena no cuentan") {
		t.Error("the report's page says how many rows are open, or not that some may be")
	}
	l := decode[struct {
		All []map[string]any `json:"cargas"`
	}](t, s.get(t, "/api/v1/cargas")).All[0]
	for _, k := range []string{"bytes", "registros", "aceptados", "cuarentena", "omitidos"} {
		if x, ok := l[k]; !ok || x != nil {
			t.Errorf("the load's %s is %v", k, x)
		}
	}
	for _, series := range []string{`cauce_load_rows{dataset="fgr-victimas",outcome="aceptado"}`, `cauce_quarantine_open_rows{dataset="fgr-victimas",rule="R020"}`} {
		if got := s.metric(t, series); got != "" {
			t.Errorf("%s is %s", series, got)
		}
	}
	tables(t, home)
}

// everything lists the addresses of the server: those of its description, of every
// indicator in every form, and all that its pages link to.
func everything(t *testing.T, s *server) []string {
	t.Helper()
	todo := []string{"/", "/metrics", "/datos", "/indicadores", "/api/v1/indicadores", "/api/v1/datasets", "/api/v1/cargas", "/graficas/victimas_por_entidad", "/datos/reportes/1"}
	for _, id := range []string{"victimas_por_entidad", "victimas_participacion"} {
		for _, form := range []string{"", ".json", ".csv", ".xlsx", ".parquet", ".arrow", ".metadata.json", ".md", ".zip"} {
			todo = append(todo, "/api/v1/indicadores/"+id+form, "/api/v1/indicadores/"+id+form+"?as_of_carga=1", "/api/v1/indicadores/"+id+form+"?as_of=2025-02-01")
		}
		todo = append(todo, "/indicadores/"+id, "/indicadores/"+id+"?lang=en")
	}
	seen := map[string]bool{}
	for _, path := range todo {
		seen[path] = true
	}
	link := regexp.MustCompile(`(?:href|src|data-[a-z-]+)="(/[^"#]*)"`)
	for i := 0; i < len(todo) && len(todo) < 300; i++ {
		if strings.HasPrefix(todo[i], "/api") || strings.HasPrefix(todo[i], "/static") {
			continue
		}
		code, body, err := fetch(s.url + todo[i])
		if err != nil || code != 200 {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			if path := strings.ReplaceAll(m[1], "&amp;", "&"); !seen[path] {
				seen[path] = true
				todo = append(todo, path)
			}
		}
	}
	return todo
}

// unzipped is what a workbook or an archive holds, "" of anything else.
func unzipped(t *testing.T, body string) string {
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
		b.WriteString(unzipped(t, string(text)))
	}
	return b.String()
}

// tables holds the published file against the tables that it may have: rows about
// events are in none.
func tables(t *testing.T, home string) {
	t.Helper()
	db := mustPublished(t, home, "?access_mode=read_only")
	defer db.Close()
	rows, err := db.Query("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		got = append(got, name)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	if want := []string{"aviso", "carga", "conjunto", "cuarentena", "detalle", "estado_cuarentena", "indicador", "problema", "publicacion", "valor"}; !slices.Equal(got, want) {
		t.Errorf("the published file has %q, want %q", got, want)
	}
}

// mustPublished opens the current published file.
func mustPublished(t *testing.T, home, options string) *sql.DB {
	t.Helper()
	name, err := os.ReadFile(filepath.Join(home, "published", "CURRENT"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", filepath.Join(home, "published", strings.TrimSpace(string(name)))+options)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func published(t *testing.T, home string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(home, "published", "*.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Fault 127: a revision by one person hides the vintage before it and nothing of
// the current one; the difference can be read nowhere.
func TestDisclosure_smallRevision(t *testing.T) {
	home, decls := mustBlank(t), declared(t, "")
	deliver := func(published, rows string) {
		cauce(t, 0, "ingest", "--dir", home, "--declarations", decls, "--dataset", "fgr-victimas", "--published", published, mustWrite(t, t.TempDir(), "v.csv", rows))
	}
	const rows = "folio,anio,entidad,sexo,victimas\nA,2024,Oaxaca,mujer,200\nB,2024,Oaxaca,hombre,300\nC,2024,Veracruz,mujer,400\nD,2024,Veracruz,hombre,500\n"
	deliver("2025-02-01", strings.ReplaceAll(rows, ",200", ",100"))
	deliver("2025-03-01", rows)
	deliver("2025-04-01", strings.ReplaceAll(rows, ",200", ",201"))
	s := mustServe(t, home, "--declarations", decls)
	for asOf, want := range map[string]float64{"2025-02-15": 1300, "2025-03-15": 0, "2025-04-15": 1401} {
		v := s.indicator(t, "victimas_por_entidad", asOf).year(2024)
		if v == nil || want == 0 && (v.Value != nil || v.Status != "suprimido") || want != 0 && (v.Value == nil || *v.Value != want) {
			t.Errorf("as of %s: %v, want %v", asOf, v, want)
		}
	}
	for load, want := range map[string]float64{"1": 1300, "2": 0, "3": 1401} {
		v := s.at(t, "victimas_por_entidad", "", load).year(2024)
		if v == nil || want == 0 && v.Value != nil || want != 0 && (v.Value == nil || *v.Value != want) {
			t.Errorf("as loaded at %s: %v, want %v", load, v, want)
		}
	}
	cauce(t, 0, "verify", "--dir", home, "--declarations", decls)
}

// Fault 126: where a public indicator shows the other parts of what is hidden, the
// auditor refuses: exit 6, and what was published stays. It also finds what somebody
// put into a published file.
func TestDisclosure_leakIsNotPublished(t *testing.T) {
	home, decls := mustBlank(t), declared(t, "")
	cauce(t, 3, "ingest", "--dir", home, "--declarations", decls, "--dataset", "fgr-victimas", "--published", "2025-02-01", mustWrite(t, t.TempDir(), "v.csv", victims))
	before := published(t, home)
	leaky := declared(t, "")
	text, err := os.ReadFile("testdata/disclosure/indicators/victimas_por_entidad.yml")
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, leaky, "indicators/victimas_publicadas.yml", strings.NewReplacer("id: victimas_por_entidad", "id: victimas_publicadas", "class: sensible", "class: publica").Replace(string(text)))
	if text, err = os.ReadFile("testdata/disclosure/indicators/victimas_por_entidad.sql"); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, leaky, "indicators/victimas_publicadas.sql", strings.TrimSpace(string(text))+"\nHAVING coalesce(entidad, '') <> '07' OR coalesce(sexo, '') <> 'mujer'\n")
	out := cauce(t, 6, "ingest", "--publish", "--dir", home, "--declarations", leaky)
	if !strings.Contains(out.stderr, "disclosure: can be derived: ") || strings.Contains(out.stderr, "43219") {
		t.Errorf("says %s", out.stderr)
	}
	if after := published(t, home); !slices.Equal(after, before) {
		t.Errorf("published files were %v and are %v", before, after)
	}
	cauce(t, 0, "verify", "--dir", home, "--declarations", decls)

	db := mustPublished(t, home, "")
	if _, err := db.Exec(`UPDATE valor SET valor = 7, numerador = 7, estado = 'definitivo', notas = '[]' WHERE dimensiones = '{"entidad":"07","sexo":"mujer"}'`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if out := cauce(t, 6, "verify", "--dir", home, "--declarations", decls); !strings.Contains(out.stderr, "disclosure") {
		t.Errorf("says %s", out.stderr)
	}
}

// Fault 130: another threshold makes all anew, and no file of before is left.
func TestDisclosure_newThreshold(t *testing.T) {
	home, decls := mustBlank(t), declared(t, "")
	cauce(t, 3, "ingest", "--dir", home, "--declarations", decls, "--dataset", "fgr-victimas", "--published", "2025-02-01", mustWrite(t, t.TempDir(), "v.csv", victims))
	if files := published(t, home); len(files) != 1 {
		t.Errorf("beside a publication with hidden cells lie others: %v", files)
	}
	shown := func(decls string) *value {
		s := mustServe(t, home, "--declarations", decls)
		defer s.stop()
		return s.indicator(t, "victimas_por_entidad", "").year(2024, "entidad", "30", "sexo", "mujer")
	}
	first := shown(decls)
	higher := declared(t, "reference/clases_divulgacion.csv", "sensible,Sensible,,10,", "sensible,Sensible,,40000,")
	before := published(t, home)
	cauce(t, 0, "ingest", "--publish", "--dir", home, "--declarations", higher)
	after := published(t, home)
	if len(after) != 1 || after[0] == before[0] {
		t.Errorf("published files were %v and are %v", before, after)
	}
	if second := shown(higher); second == nil || second.Status != "suprimido" {
		t.Errorf("with a threshold of 40,000: %v (before: %v)", second, first)
	}
	for want, decls := range map[string]string{
		`umbral "nada" is not a whole number`: declared(t, "reference/clases_divulgacion.csv", "sensible,Sensible,,10,", "sensible,Sensible,,nada,"),
		"is of class publica and uses victimas_por_entidad of class sensible": declared(t, "indicators/victimas_participacion.yml",
			"class: sensible", "class: publica", "datasets: [fgr-victimas]", "datasets: [fgr-victimas]\nuses: [victimas_por_entidad]"),
	} {
		if out := cauce(t, 2, "check", "--declarations", decls); !strings.Contains(out.stderr, want) {
			t.Errorf("says %q, want %q", out.stderr, want)
		}
	}
}
