package generate

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
)

// series is the published series of events that the margins are read from, and
// folder the shipped reports that hold it.
const (
	series = "upmrip_eventos_smi"
	folder = "reports/cifras-publicadas"
	whole  = "total" // the dimension of a figure that is not broken down
)

// point is one published figure of the series.
type point struct {
	from, to  string // AAAA-MM
	dimension string
	label     string
	value     float64
	published string // AAAA, AAAA-MM or AAAA-MM-DD
}

// months is how long the period is.
func (p point) months() int {
	from, err1 := time.Parse("2006-01", p.from)
	to, err2 := time.Parse("2006-01", p.to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return (to.Year()-from.Year())*12 + int(to.Month()-from.Month()) + 1
}

// published is what is known of one year: the newest figure of every period,
// dimension and label.
type published map[[4]string]point

// readPublished reads the figures of the periods within a year from the shipped
// reports of files.
func readPublished(files fs.FS, words labels, year int) (published, error) {
	names, err := fs.Glob(files, path.Join(folder, "*.csv"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	out := published{}
	for _, name := range names {
		if err := out.read(files, name, words, year); err != nil {
			return nil, fmt.Errorf("read published figures: %w", err)
		}
	}
	return out, nil
}

func (ps published) read(files fs.FS, name string, words labels, year int) error {
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	for _, h := range []string{"serie", "periodo_inicio", "periodo_fin", "dimension", "valor_dimension", "valor", "publicado_en"} {
		if _, ok := at[h]; !ok {
			return fmt.Errorf("%s: no column %q", name, h)
		}
	}
	for i, row := range rows[1:] {
		p := point{
			from: month(row[at["periodo_inicio"]]), to: month(row[at["periodo_fin"]]),
			dimension: words.dimension(row[at["dimension"]]), label: row[at["valor_dimension"]], published: row[at["publicado_en"]],
		}
		y := strconv.Itoa(year)
		if row[at["serie"]] != series || !strings.HasPrefix(p.from, y) || !strings.HasPrefix(p.to, y) {
			continue
		}
		if p.value, err = strconv.ParseFloat(row[at["valor"]], 64); err != nil {
			return fmt.Errorf("%s: record %d: %w", name, i+2, err)
		}
		key := [4]string{p.from, p.to, p.dimension, p.label}
		if old, ok := ps[key]; !ok || p.published >= old.published {
			ps[key] = p
		}
	}
	return nil
}

// month cuts a date to its month.
func month(date string) string {
	if len(date) > len("2006-01") {
		return date[:len("2006-01")]
	}
	return date
}

// margin gives the published figures of a dimension by label, those of the
// longest period that has any, and the total they are a part of (0 when that
// was not published).
func (ps published) margin(dimension string) (parts map[string]float64, total float64) {
	var best point
	for _, p := range ps {
		if p.dimension == dimension && (p.months() > best.months() || p.months() == best.months() && p.from < best.from) {
			best = p
		}
	}
	parts = map[string]float64{}
	for _, p := range ps {
		if p.from != best.from || p.to != best.to {
			continue
		}
		switch p.dimension {
		case dimension:
			parts[p.label] = p.value
		case whole:
			total = p.value
		}
	}
	return parts, total
}

// year gives the total of the whole year, 0 when it was not published.
func (ps published) year(year int) float64 {
	return ps[[4]string{fmt.Sprintf("%d-01", year), fmt.Sprintf("%d-12", year), whole, ""}].value
}

// monthly gives the share of each month: as published where a month was, the
// others share the rest by their days.
func (ps published) monthly(year int) [12]float64 {
	var out [12]float64
	rest, days := ps.year(year), 0.0
	for m := range out {
		key := fmt.Sprintf("%d-%02d", year, m+1)
		out[m] = ps[[4]string{key, key, whole, ""}].value
		rest -= out[m]
		if out[m] == 0 {
			days += float64(daysIn(year, m+1))
		}
	}
	if rest <= 0 { // nothing published of the year: every day alike
		rest = days
	}
	for m := range out {
		if out[m] == 0 {
			out[m] = rest * float64(daysIn(year, m+1)) / days
		}
	}
	return out
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// weights turns a margin into the weight of every code of a catalogue. What the
// published parts leave of their total is spread evenly over the other codes.
func weights(table *data.Table, dimension string, words labels, ps published) ([]float64, error) {
	parts, total := ps.margin(dimension)
	byCode := map[string]float64{}
	sum := 0.0
	for label, value := range parts {
		code, ok := words.code(table, dimension, label)
		if !ok {
			return nil, fmt.Errorf("published label %q of %s is not in catalogue %s: %w", label, dimension, table.ID, data.ErrDeclaration)
		}
		byCode[code] += value
		sum += value
	}
	codes := table.Codes()
	others := float64(len(codes) - len(byCode))
	out := make([]float64, len(codes))
	for i, code := range codes {
		switch value, ok := byCode[code]; {
		case ok:
			out[i] = value
		case len(parts) == 0:
			out[i] = 1
		case total > sum:
			out[i] = (total - sum) / others
		}
	}
	return out, nil
}
