package acceptance

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// planted are the words of the directory that must stay where they are: a
// mailbox, its domain, an area, a post, and a mailbox that is none.
var planted = []string{"zqbuzon", "zqdominio", "Zqarea", "Zqcargo", "zqmalo"}

// directory is a directory of some institutions with the planted words in it.
func directory(institutions []string) string {
	var b strings.Builder
	b.WriteString("institucion,area,cargo,correo,vigente_desde\n")
	for i, code := range institutions {
		fmt.Fprintf(&b, "%s,Zqarea %d,Zqcargo %d,zqbuzon%d@zqdominio.example,2026-01-15\n", code, i, i, i)
	}
	return b.String()
}

// leaked gives the planted words that some bytes hold, also in the files of a ZIP.
func leaked(body []byte) []string {
	var out []string
	for _, w := range planted {
		if bytes.Contains(bytes.ToLower(body), []byte(strings.ToLower(w))) {
			out = append(out, w)
		}
	}
	if z, err := zip.NewReader(bytes.NewReader(body), int64(len(body))); err == nil {
		for _, f := range z.File {
			if r, err := f.Open(); err == nil {
				inner, err := io.ReadAll(r)
				r.Close()
				if err == nil {
					out = append(out, leaked(inner)...)
				}
			}
		}
	}
	return out
}

var address = regexp.MustCompile(`(?:href|src|action|data-[a-z-]+)="(/[^"#]*)`)

// crawl gets every address that pages lead to, and those that only programs ask
// for, and hands each answer to see.
func (s *server) crawl(t *testing.T, see func(path string, body []byte)) int {
	t.Helper()
	queue := []string{"/", "/metrics", "/-/ready", "/-/healthy", "/api/v1/openapi.json", "/api/v1/datasets", "/api/v1/cargas", "/api/v1/indicadores", "/no/hay"}
	for _, id := range s.indicators(t) {
		for _, form := range []string{"", ".json", ".csv", ".xlsx", ".parquet", ".arrow", ".metadata.json", ".zip"} {
			queue = append(queue, "/api/v1/indicadores/"+id+form)
		}
	}
	for _, l := range s.loads(t, "") {
		queue = append(queue, fmt.Sprintf("/datos/reportes/%d", l.Report))
	}
	seen := map[string]bool{}
	for len(queue) > 0 {
		path := strings.ReplaceAll(queue[0], "&amp;", "&")
		queue = queue[1:]
		if seen[path] || strings.Contains(path, "as_of_carga=") { // the same pages of earlier loads
			continue
		}
		seen[path] = true
		res, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		var head bytes.Buffer
		if err := res.Header.Write(&head); err != nil {
			t.Fatal(err)
		}
		see(path, append(head.Bytes(), body...))
		if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			for _, m := range address.FindAllSubmatch(body, -1) {
				queue = append(queue, string(m[1]))
			}
		}
	}
	return len(seen)
}

// Of the directory the pages say whether it is complete, and nothing that it
// holds: no mailbox, area or post on any page, export, metric or log line, nor in
// the published file, whether its rows are loaded or in quarantine.
func TestDirectory_onlyWhetherItIsComplete(t *testing.T) {
	var signing []string
	codes, roles := column(t, "../data/reference/instituciones.csv", "codigo"), column(t, "../data/reference/instituciones.csv", "papel")
	for i, c := range codes {
		if roles[i] != "grupo" {
			signing = append(signing, c)
		}
	}
	home, dir := mustBlank(t), t.TempDir()
	some := mustWrite(t, dir, "directorio-enero.csv", directory(signing[:5])+"GN,Zqarea x,Zqcargo x,zqmalo sin arroba,2026-01-15\n")
	out := cauce(t, 3, "ingest", "--dir", home, "--dataset", "gttim-directorio", "--published", "2026-01-31", "--source", "Secretaría técnica", some)
	s := mustServe(t, home)
	check := func(complete string) {
		t.Helper()
		if text := visible(s.get(t, "/datos")); !strings.Contains(text, "Directorio completo de personas responsables de la información: "+complete) {
			t.Errorf("/datos does not say whether the directory is complete (%s): %.600s", complete, text[strings.Index(text, "gttim-directorio"):])
		}
		n := s.crawl(t, func(path string, body []byte) {
			if words := leaked(body); len(words) > 0 {
				t.Errorf("%s holds %q", path, words)
			}
		})
		if n < 150 {
			t.Errorf("only %d addresses", n)
		}
	}
	check("sin dato")
	all := mustWrite(t, dir, "directorio-febrero.csv", directory(signing))
	again := cauce(t, 0, "ingest", "--dir", home, "--dataset", "gttim-directorio", "--published", "2026-02-28", "--source", "Secretaría técnica", all)
	eventually(t, "the second directory on the pages", func() bool { return len(s.loads(t, "gttim-directorio")) == 2 })
	check("sí")
	for what, text := range map[string]string{"the first load": out.stdout + out.stderr, "the second load": again.stdout + again.stderr, "the log": s.out.String()} {
		if words := leaked([]byte(text)); len(words) > 0 {
			t.Errorf("%s tells %q:\n%s", what, words, text)
		}
	}
	files, err := filepath.Glob(filepath.Join(home, "published", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err != nil || len(leaked(b)) > 0 {
			t.Errorf("%s holds %q, %v", f, leaked(b), err)
		}
	}
	// The words are where they have to be, so that looking for them means something.
	archive, err := filepath.Glob(filepath.Join(home, "archive", "*"))
	if err != nil || !slices.ContainsFunc(archive, func(f string) bool {
		b, err := os.ReadFile(f)
		return err == nil && len(leaked(b)) == len(planted)
	}) {
		t.Errorf("the archive does not hold the directory: %v", err)
	}
}
