package reference

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Reports are the delivered files of a data directory (reports, reference and
// datasets below it), in the order in which they were delivered.
type Reports struct {
	files     fs.FS
	order     []delivery
	points    []point
	codes     map[string]map[string]string // catalogue, spelling → code
	labels    map[string]map[string]label  // dimension, spelling → codes
	synonyms  map[string]string            // dimension as written → its name
	deadlines []deadline
	register  *register
	today     time.Time
}

// delivery is one file: rows by column name, published the day that its columns
// or its sidecar say.
type delivery struct {
	dataset, name string
	at            int
	published     string
	rows          []map[string]string
}

type label struct{ dimension, code string }

// Read reads a data directory as of a clock's day, after which no deadline is
// judged. Reports that no indicator here knows how to read are an error.
func Read(files fs.FS, today time.Time) (*Reports, error) {
	r := &Reports{files: files, today: today}
	for _, step := range []func() error{r.readDeliveries, r.readCatalogues, r.readPoints, r.readDeadlines} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// table reads a CSV file as rows by column name.
func (r *Reports) table(name string) ([]map[string]string, error) {
	f, err := r.files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out []map[string]string
	for _, rec := range records[1:] {
		row := map[string]string{}
		for i, c := range rec {
			row[records[0][i]] = c
		}
		out = append(out, row)
	}
	return out, nil
}

var known = []string{"cifras-publicadas", "fgr-embudo", "gttim-acuerdos", "gttim-plan-trabajo", "gttim-publicaciones",
	"gttim-sesiones", "oim-rutas-proteccion", "sspc-mesa-resumen", "upmrip-denuncias"}

func (r *Reports) readDeliveries() error {
	names, err := fs.Glob(r.files, "reports/*/*.csv")
	if err != nil {
		return err
	}
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(path.Base(a)+" "+a, path.Base(b)+" "+b)
	})
	for i, name := range names {
		d := delivery{dataset: path.Base(path.Dir(name)), name: name, at: i + 1}
		if !slices.Contains(known, d.dataset) {
			return fmt.Errorf("%s: reports of %s are not computed here", name, d.dataset)
		}
		if d.rows, err = r.table(name); err != nil {
			return err
		}
		if meta, err := fs.ReadFile(r.files, name+".meta.yml"); err == nil {
			m := regexp.MustCompile(`(?m)^publicado_en: *(\S+)`).FindSubmatch(meta)
			if m == nil {
				return fmt.Errorf("%s: no publicado_en in its sidecar", name)
			}
			d.published = lastDay(string(m[1]))
		}
		for _, row := range d.rows {
			if p := row["publicado_en"]; p != "" {
				d.published = max(d.published, lastDay(p))
			}
		}
		if d.published == "" {
			return fmt.Errorf("%s: no date of publication", name)
		}
		r.order = append(r.order, d)
	}
	return nil
}

// Until is what had been delivered up to the n-th file, on the clock of loading.
func (r *Reports) Until(n int) *Reports {
	early := *r
	early.order = r.order[:min(n, len(r.order))]
	early.points = slices.DeleteFunc(slices.Clone(r.points), func(p point) bool { return p.report > n })
	return &early
}

// of lists the deliveries of a dataset published by a day.
func (r *Reports) of(dataset, asOf string) []delivery {
	var out []delivery
	for _, d := range r.order {
		if d.dataset == dataset && d.published <= asOf {
			out = append(out, d)
		}
	}
	return out
}

// snapshot is the delivery of a dataset that was published last.
func (r *Reports) snapshot(dataset, asOf string) []map[string]string {
	all := newest(r.of(dataset, asOf), func(delivery) string { return "" }, func(d delivery) (string, int) { return d.published, d.at })
	if len(all) == 0 {
		return nil
	}
	return all[0].rows
}

// lastDay is the last day of AAAA, AAAA-MM or AAAA-MM-DD, firstDay the first.
func lastDay(s string) string {
	switch len(s) {
	case len("2006"):
		return s + "-12-31"
	case len("2006-01"):
		t, err := time.Parse("2006-01", s)
		if err != nil {
			return s
		}
		return t.AddDate(0, 1, -1).Format(time.DateOnly)
	}
	return s
}

func firstDay(s string) string {
	return s + "-01-01"[min(len(s)-len("2006"), len("-01-01")):]
}

// fold is a spelling without case, accents and outer space.
func fold(s string) string {
	return accents.Replace(strings.ToLower(strings.TrimSpace(s)))
}

var accents = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n", "ç", "c", "å", "a", "ã", "a", "ô", "o", "ö", "o")

func (r *Reports) readCatalogues() error {
	r.codes, r.labels, r.synonyms = map[string]map[string]string{}, map[string]map[string]label{}, map[string]string{}
	for _, name := range []string{"entidades", "paises", "regiones", "continentes", "sexo", "condicion", "delitos", "etapas", "dimensiones"} {
		rows, err := r.table("reference/" + name + ".csv")
		if err != nil {
			return err
		}
		r.codes[name] = map[string]string{}
		for _, row := range rows {
			for _, s := range append([]string{row["codigo"], row["nombre"]}, strings.Split(row["sinonimos"], "|")...) {
				if s != "" {
					r.codes[name][fold(s)] = row["codigo"]
				}
			}
		}
	}
	for dimension, catalogue := range map[string]string{"entidad": "entidades", "nacionalidad": "paises", "region": "regiones", "continente": "continentes"} {
		r.labels[dimension] = map[string]label{}
		for s, code := range r.codes[catalogue] {
			r.labels[dimension][s] = label{dimension, code}
		}
	}
	rows, err := r.table("reference/etiquetas.csv")
	if err != nil {
		return err
	}
	for _, row := range rows {
		d := row["dimension"]
		if r.labels[d] == nil {
			r.labels[d] = map[string]label{}
		}
		r.labels[d][fold(row["etiqueta"])] = label{row["dimension_codigo"], row["codigo"]}
	}
	return nil
}
