package dashboard

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"
)

// Every form gives the numbers of the API, missing ones as missing.
func TestExports_sameNumbers(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	for _, d := range mustSnapshot(t, mustHome(t)).Indicators {
		at := "/api/v1/indicadores/" + d.ID
		var want []*float64
		for _, v := range mustDocument(t, h, at+".json").Values {
			want = append(want, v.Value)
		}
		for ext, read := range map[string]func(*testing.T, []byte) []*float64{".csv": csvValues, ".xlsx": xlsxValues, ".arrow": arrowValues, ".parquet": parquetValues} {
			w := get(t, h, at+ext)
			if got, want := w.Header().Get("Content-Disposition"), `attachment; filename="`+d.ID+ext+`"`; got != want {
				t.Errorf("%s%s: Content-Disposition %s", d.ID, ext, got)
			}
			got := read(t, w.Body.Bytes())
			digits := 0.0
			if ext == ".xlsx" {
				digits = 1e-14 // a workbook holds fifteen digits
			}
			same := func(a, b *float64) bool {
				return a == nil && b == nil || a != nil && b != nil && math.Abs(*a-*b) <= digits*math.Abs(*b)
			}
			if !slices.EqualFunc(got, want, same) {
				t.Errorf("%s%s has %d values and other numbers than the %d of the API", d.ID, ext, len(got), len(want))
			}
		}
	}
}

func mustSnapshot(t *testing.T, dir string) *Snapshot {
	t.Helper()
	s := mustServer(t, dir)
	snap := s.acquire()
	t.Cleanup(func() { s.release(snap) })
	return snap
}

func csvValues(t *testing.T, body []byte) []*float64 {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, lines)
}

// parsed reads the column valor of lines under a header.
func parsed(t *testing.T, lines [][]string) []*float64 {
	t.Helper()
	var out []*float64
	column := slices.Index(lines[0], "valor")
	for _, l := range lines[1:] {
		if column >= len(l) || l[column] == "" {
			out = append(out, nil)
			continue
		}
		x, err := strconv.ParseFloat(l[column], 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, &x)
	}
	return out
}

func xlsxValues(t *testing.T, body []byte) []*float64 {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got[:2], []string{"Datos", "Ficha"}) {
		t.Errorf("sheets %q", got)
	}
	lines, err := f.GetRows("Datos", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, lines)
}

func numbers(column any) []*float64 {
	var out []*float64
	c := column.(*array.Float64)
	for i := range c.Len() {
		if c.IsNull(i) {
			out = append(out, nil)
			continue
		}
		x := c.Value(i)
		out = append(out, &x)
	}
	return out
}

func arrowValues(t *testing.T, body []byte) []*float64 {
	t.Helper()
	r, err := ipc.NewFileReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if v, ok := r.Schema().Metadata().GetValue("publicacion"); !ok || v != "12" {
		t.Errorf("metadata %v", r.Schema().Metadata())
	}
	batch, err := r.RecordBatch(0)
	if err != nil {
		t.Fatal(err)
	}
	return numbers(batch.Column(r.Schema().FieldIndices("valor")[0]))
}

func parquetValues(t *testing.T, body []byte) []*float64 {
	t.Helper()
	r, err := file.NewParquetReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	a, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := a.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	var out []*float64
	for _, chunk := range table.Column(table.Schema().FieldIndices("valor")[0]).Data().Chunks() {
		out = append(out, numbers(chunk)...)
	}
	return out
}

func TestExports_zip(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	w := get(t, h, "/api/v1/indicadores/composicion_por_nacionalidad.zip?as_of=2026-02-28&as_of_carga=9")
	if w.Header().Get("Content-Type") != typeZIP || w.Header().Get("Content-Disposition") != `attachment; filename="composicion_por_nacionalidad_al_2026-02-28_carga_9.zip"` {
		t.Errorf("headers %v", w.Header())
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, ext := range []string{".json", ".csv", ".xlsx", ".parquet", ".arrow", ".md", ".metadata.json", ".revisiones.csv", ".revisiones.json", ".estructura.json"} {
		name := "composicion_por_nacionalidad" + ext
		if len(files[name]) == 0 || !strings.Contains(string(files["LEEME.md"]), "`"+name+"`") {
			t.Errorf("%s has %d bytes, or is not told in the README", name, len(files[name]))
		}
		if strings.HasSuffix(ext, ".json") && !json.Valid(files[name]) {
			t.Errorf("%s is not JSON", name)
		}
	}
	if len(files) != 11 || !strings.Contains(string(files["LEEME.md"]), "hasta la carga 9") {
		t.Errorf("%d files", len(files))
	}
	var m structureMessage
	if err := json.Unmarshal(files["composicion_por_nacionalidad.estructura.json"], &m); err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, l := range m.Data.Codelists {
		for _, c := range l.Codes {
			codes[l.ID+"/"+c.ID] = c.Names["es"] != ""
		}
	}
	const list = "CL_COMPOSICION_POR_NACIONALIDAD_"
	if !codes[list+"NACIONALIDAD/VEN"] || !codes[list+"NACIONALIDAD/_T"] || !codes[list+"ESTADO/preliminar"] {
		t.Errorf("code lists %v", codes)
	}
}

// What a sheet says is shown as text, whatever it holds.
func TestExports_markdown(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	w := get(t, h, "/api/v1/indicadores/eventos_irregulares.md")
	if w.Header().Get("Content-Type") != typeMarkdown || w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("headers %v", w.Header())
	}
	body := w.Body.String()
	for _, want := range []string{"# Eventos", "## Definición", "## Fórmula", "## Unidad", "## Límites", "## Fuentes"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	if got := markdown("a <b> *c* _d_ [e](f) `g`\n# h"); got != "a \\<b\\> \\*c\\* \\_d\\_ \\[e\\](f) \\`g\\` \\# h" {
		t.Errorf("markdown is written %q", got)
	}
}

func TestRevisions(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	type vintage struct {
		Since     string   `json:"publicada_desde"`
		Until     *string  `json:"publicada_hasta"`
		Value     *float64 `json:"valor"`
		Diff      *float64 `json:"diferencia"`
		Change    *float64 `json:"cambio_porcentual"`
		Direction string   `json:"sentido"`
	}
	read := func(query string) map[string][]vintage {
		var doc struct {
			Items []struct {
				From     string    `json:"periodo_inicio"`
				To       string    `json:"periodo_fin"`
				Vintages []vintage `json:"vigencias"`
			} `json:"revisiones"`
		}
		if err := json.Unmarshal(get(t, h, "/api/v1/indicadores/eventos_irregulares.revisiones.json"+query).Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		out := map[string][]vintage{}
		for _, x := range doc.Items {
			out[x.From+"/"+x.To] = x.Vintages
		}
		return out
	}
	year := read("")["2019-01-01/2019-12-31"]
	if len(year) != 2 || *year[0].Value != 186750 || year[0].Direction != "primera" || year[0].Diff != nil || *year[0].Until != "2024-02-28" ||
		*year[1].Value != 182940 || *year[1].Diff != -3810 || year[1].Direction != "a la baja" || year[1].Until != nil || *year[1].Change > -2.04 || *year[1].Change < -2.05 {
		t.Errorf("2019 was revised from 186,750 to 182,940: %+v", year)
	}
	if then := read("?as_of=2020-03-01"); len(then["2019-01-01/2019-12-31"]) != 0 {
		t.Errorf("known to be revised before it was: %+v", then)
	}
	lines, err := csv.NewReader(get(t, h, "/api/v1/indicadores/eventos_irregulares.revisiones.csv").Body).ReadAll()
	if err != nil || !slices.ContainsFunc(lines, func(l []string) bool {
		return slices.Contains(l, "182940") && slices.Contains(l, "-3810") && slices.Contains(l, "a la baja")
	}) {
		t.Errorf("%v in %v", err, lines)
	}
	page := get(t, h, "/indicadores/eventos_irregulares").Body.String()
	for _, want := range []string{"Cada cifra que cambió", "186,750", "182,940", "−3,810", "−2.04", "a la baja", "/api/v1/indicadores/eventos_irregulares.revisiones.csv", "/api/v1/indicadores/eventos_irregulares.zip"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if w := get(t, h, "/api/v1/indicadores/nada.revisiones.json"); w.Code != http.StatusNotFound {
		t.Errorf("an indicator that is none: %d", w.Code)
	}
}
