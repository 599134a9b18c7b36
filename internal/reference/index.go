package reference

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// index is, per year, the share of each axis' questions that reports in force
// answer, and the mean of the axes. Questions that institutions answer by
// themselves have no shipped answer.
func (r *Reports) index(asOf, today string) ([]Value, error) {
	questions, err := r.table("reference/preguntas.csv")
	if err != nil {
		return nil, err
	}
	answered, err := r.answered(asOf)
	if err != nil {
		return nil, err
	}
	now, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return nil, err
	}
	var out []Value
	for year := 2019; year <= min(now.Year(), r.today.Year()); year++ {
		from, to := fmt.Sprintf("%d-01-01", year), fmt.Sprintf("%d-12-31", year)
		yes, asked := map[string]float64{}, map[string]float64{}
		for _, q := range questions {
			weight, err := strconv.ParseFloat(q["peso"], 64)
			if err != nil {
				return nil, fmt.Errorf("preguntas: %w", err)
			}
			least, err := strconv.ParseFloat(q["minimo"], 64)
			if err != nil {
				return nil, fmt.Errorf("preguntas: %w", err)
			}
			if q["periodos"] == "mes" {
				least *= 12
			}
			asked[q["eje"]] += weight
			if q["evidencia"] == "reporte" && float64(len(answered[q["etiqueta"]][year])) >= least {
				yes[q["eje"]] += weight
			}
		}
		sum := 0.0
		for axis, all := range asked {
			out = append(out, ratio(yes[axis], all, 100, final).at(from, to, "eje", axis))
			sum += yes[axis] / all
		}
		out = append(out, ratio(sum, float64(len(asked)), 100, final).at(from, to))
	}
	return out, nil
}

// answers are, by what a question asks of reports, the years and the periods of each
// that reports in force inform about.
type answers map[string]map[int]map[string]bool

func (a answers) say(what, from, to string) error {
	year, err := strconv.Atoi(to[:4])
	if err != nil {
		return err
	}
	if a[what] == nil {
		a[what] = map[int]map[string]bool{}
	}
	if a[what][year] == nil {
		a[what][year] = map[string]bool{}
	}
	a[what][year][from] = true
	return nil
}

// sayYears says it of every year of which it holds.
func (a answers) sayYears(what string, years map[string]bool) error {
	for year, holds := range years {
		if holds {
			if err := a.say(what, year+"-01-01", year+"-12-31"); err != nil {
				return err
			}
		}
	}
	return nil
}

// answered tells what reports in force inform about.
func (r *Reports) answered(asOf string) (answers, error) {
	out := answers{}
	if err := r.answeredByFunnel(asOf, out); err != nil {
		return nil, err
	}
	routes, planned := map[string]bool{}, map[string]bool{}
	for _, row := range r.snapshot("oim-rutas-proteccion", asOf) {
		year := row["fecha"][:4]
		told, seen := routes[year]
		routes[year] = (told || !seen) && statusOf(row) != "sin_dato"
	}
	for _, row := range r.snapshot("gttim-plan-trabajo", asOf) {
		if row["accion"] == "1.2" && row["estatus"] == "cumplido" {
			planned[row["anio"]] = true
		}
	}
	studied, err := r.studied(asOf)
	if err != nil {
		return nil, err
	}
	return out, errors.Join(out.sayYears("rutas", routes), out.sayYears("accion_1_2", planned),
		out.sayYears("delito_sexo", r.complainedOf(asOf)), out.sayYears("estudios", studied))
}

// answeredByFunnel says what the funnel's counts of persons inform about.
func (r *Reports) answeredByFunnel(asOf string, out answers) error {
	stages, err := r.table("reference/etapas.csv")
	if err != nil {
		return err
	}
	stageOf := map[string]string{}
	for _, s := range stages {
		stageOf[s["codigo"]] = s["etapa"]
	}
	persons := map[[2]string]map[string]bool{}
	for _, d := range r.of("fgr-embudo", asOf) {
		for _, row := range d.rows {
			if row["unidad"] != "personas" {
				continue
			}
			k := [2]string{firstDay(row["fecha_inicio"]), lastDay(row["fecha_corte"])}
			if persons[k] == nil {
				persons[k] = map[string]bool{}
			}
			stage := stageOf[r.codes["etapas"][fold(row["etapa"])]]
			persons[k][stage] = true
			if sex := r.codes["sexo"][fold(row["sexo"])]; sex == "mujer" || sex == "hombre" {
				persons[k][stage+" por sexo"] = true
			}
		}
	}
	for k, has := range persons {
		for what, yes := range map[string]bool{
			"judicializadas_vinculadas": has["judicializadas"] && has["vinculadas"],
			"sentenciadas_sexo":         has["sentenciadas por sexo"],
			"prision_preventiva":        has["prision_preventiva"],
		} {
			if yes {
				if err := out.say(what, k[0], k[1]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// complainedOf are the years of which every month has complaints by crime and sex.
func (r *Reports) complainedOf(asOf string) map[string]bool {
	months := map[string]map[string]bool{}
	for _, d := range r.of("upmrip-denuncias", asOf) {
		for _, row := range d.rows {
			from, to := firstDay(row["periodo_inicio"]), lastDay(row["periodo_fin"])
			if row["delito"] == "" || row["sexo"] == "" || from[:4] != to[:4] {
				continue
			}
			for _, m := range monthsOf(from, to) {
				if months[from[:4]] == nil {
					months[from[:4]] = map[string]bool{}
				}
				months[from[:4]][m] = true
			}
		}
	}
	whole := map[string]bool{}
	for year, all := range months {
		whole[year] = len(all) == 12
	}
	return whole
}

// studied are the years of which a study was published.
func (r *Reports) studied(asOf string) (map[string]bool, error) {
	kinds, err := r.table("reference/tipos_publicacion.csv")
	if err != nil {
		return nil, err
	}
	years := map[string]bool{}
	for _, row := range r.snapshot("gttim-publicaciones", asOf) {
		year, _, _ := strings.Cut(row["anio"]+row["fecha"], "-")
		for _, k := range kinds {
			if k["codigo"] == row["tipo"] && k["estudio"] == "1" && len(year) >= 4 {
				years[year[:4]] = true
			}
		}
	}
	return years, nil
}
