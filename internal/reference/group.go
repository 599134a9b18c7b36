package reference

import "strings"

// tally counts rows by status, as a whole and by one of their columns.
type tally map[string]int

// told is the figure of done over those whose status is known; what nobody told
// widens the interval from none of them to all.
func told(done, known, unknown int) Value {
	v := Value{Numerator: num(float64(done)), Denominator: num(float64(known)), Status: missing}
	if known == 0 {
		return v
	}
	v.Number, v.Status = num(float64(done)/float64(known)*100), final
	if unknown > 0 {
		v.Status = preliminary
		all := float64(known + unknown)
		v.Low, v.High = num(float64(done)/all*100), num(float64(done+unknown)/all*100)
	}
	return v
}

// group counts rows under the keys that key gives each; none for a row left out.
func group(rows []map[string]string, key func(map[string]string) [][3]string, status func(map[string]string) string) map[[3]string]tally {
	out := map[[3]string]tally{}
	for _, row := range rows {
		for _, k := range key(row) {
			if out[k] == nil {
				out[k] = tally{}
			}
			out[k][status(row)]++
		}
	}
	return out
}

func statusOf(row map[string]string) string {
	if row["estatus"] == "" {
		return "sin_dato"
	}
	return row["estatus"]
}

func wholeYear(year, dimension string) [][3]string {
	from, to := year+"-01-01", year+"-12-31"
	if dimension == "" {
		return [][3]string{{from, to, ""}}
	}
	return [][3]string{{from, to, ""}, {from, to, dimension}}
}

func (r *Reports) plan(asOf string) []Value {
	var out []Value
	groups := group(r.snapshot("gttim-plan-trabajo", asOf), func(row map[string]string) [][3]string {
		return wholeYear(row["anio"], row["eje"])
	}, statusOf)
	for k, n := range groups {
		out = append(out, told(n["cumplido"], n["cumplido"]+n["en_proceso"]+n["pendiente"], n["sin_dato"]).at(k[0], k[1], "eje", k[2]))
	}
	return out
}

func (r *Reports) agreements(asOf string) []Value {
	var out []Value
	groups := group(r.snapshot("gttim-acuerdos", asOf), func(row map[string]string) [][3]string {
		if row["fecha_compromiso"] == "" {
			return nil
		}
		return wholeYear(row["fecha_compromiso"][:4], row["sesion"])
	}, func(row map[string]string) string {
		switch done := row["fecha_cumplimiento"]; {
		case row["estatus"] != "cumplido":
			return statusOf(row)
		case done == "":
			return "sin_dato"
		case done > row["fecha_compromiso"]:
			return "tarde"
		}
		return "en_tiempo"
	})
	for k, n := range groups {
		known := n["en_tiempo"] + n["tarde"] + n["en_proceso"] + n["pendiente"]
		out = append(out, told(n["en_tiempo"], known, n["sin_dato"]).at(k[0], k[1], "sesion", k[2]))
	}
	return out
}

func (r *Reports) routes(asOf string) []Value {
	rows := r.snapshot("oim-rutas-proteccion", asOf)
	cut := ""
	for _, row := range rows {
		cut = max(cut, row["fecha"])
	}
	var out []Value
	groups := group(rows, func(row map[string]string) [][3]string {
		return [][3]string{{cut, cut, ""}, {cut, cut, r.codes["entidades"][fold(row["entidad"])]}}
	}, statusOf)
	for k, n := range groups {
		known := n["implementada"] + n["en_proceso"] + n["planeada"] + n["suspendida"]
		out = append(out, told(n["implementada"], known, n["sin_dato"]).at(k[0], k[1], "entidad", k[2]))
	}
	return out
}

func (r *Reports) sessions(asOf string) []Value {
	var out []Value
	groups := group(r.snapshot("gttim-sesiones", asOf), func(row map[string]string) [][3]string {
		if row["fecha"] == "" {
			return nil
		}
		return wholeYear(row["anio"], "")
	}, statusOf)
	for k, n := range groups {
		v := count(float64(n["celebrada"]))
		if n["programada"] > 0 {
			v.Status = preliminary
		}
		out = append(out, v.at(k[0], k[1]))
	}
	return out
}

func (r *Reports) publications(asOf string) []Value {
	var out []Value
	groups := group(r.snapshot("gttim-publicaciones", asOf), func(row map[string]string) [][3]string {
		year := row["anio"]
		if year == "" {
			year, _, _ = strings.Cut(row["fecha"], "-")
		}
		if year == "" {
			return nil
		}
		return wholeYear(year, row["tipo"])
	}, func(map[string]string) string { return "" })
	for k, n := range groups {
		out = append(out, count(float64(n[""])).at(k[0], k[1], "tipo", k[2]))
	}
	return out
}
