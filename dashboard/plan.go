package dashboard

import (
	"fmt"
	"strings"
)

const (
	planID       = "avance_plan_trabajo"
	agreementsID = "acuerdos_gttim_en_tiempo"
	sessionsID   = "sesiones_gttim"
	papersID     = "publicaciones_tim"
	routesID     = "rutas_proteccion_implementadas"
)

// actionRow is one action of the plan as the detail table has it.
type actionRow struct {
	Year        int    `json:"anio"`
	AxisName    string `json:"eje_nombre"`
	ID          string `json:"accion"`
	Text        string `json:"texto"`
	Responsible string `json:"responsables"`
	Helping     string `json:"coadyuvantes"`
	Status      string `json:"estatus"`
	StatusName  string `json:"estatus_nombre"`
	Due         string `json:"fecha_compromiso"`
	Done        string `json:"fecha_cumplimiento"`
	Evidence    string `json:"evidencia"`
	Reports     idList `json:"reportes"`
}

// agreementRow is one agreement of the working group.
type agreementRow struct {
	ID          string `json:"acuerdo"`
	Session     string `json:"sesion"`
	Text        string `json:"texto"`
	Responsible string `json:"responsables"`
	Due         string `json:"fecha_compromiso"`
	Status      string `json:"estatus"`
	StatusName  string `json:"estatus_nombre"`
	Done        string `json:"fecha_cumplimiento"`
	Reports     idList `json:"reportes"`
}

// plan answers /plan: actions, sessions, agreements, training and strategy of
// the working group.
func (s *Server) plan(q *request) (*answer, error) {
	d := q.indicator(planID)
	if d == nil {
		return nil, errNotFound
	}
	p := topicPage{Lead: q.text(d.Definition), Box: "Lo que nadie ha informado no cuenta como incumplido: se muestra como «sin dato»."}
	p.BoxLabel = "Qué no miden estas cifras"
	p.BoxItems = notMeasured(d, q.indicator(agreementsID))
	if v := newest(where(q.list(planID), total)); v != nil {
		p.Figure = shareFigure(d, v, "de las acciones de "+formatPeriod(v.From, v.To)+" con estatus informado")
		p.Fields = statusFields(v, [2]string{"acciones", "Acciones del plan"}, [2]string{"cumplidas", "Cumplidas"}, [2]string{"en_proceso", "En proceso"},
			[2]string{"pendientes", "Pendientes"}, [2]string{"sin_dato", "Sin dato"})
	}
	actions, err := q.actionsFigure()
	if err != nil {
		return nil, err
	}
	sessions, err := q.sessionsFigure()
	if err != nil {
		return nil, err
	}
	agreements, err := q.agreementsFigure()
	if err != nil {
		return nil, err
	}
	training, err := q.papersFigure("Capacitación y estrategia", "capacitacion", "estrategia", "guia")
	if err != nil {
		return nil, err
	}
	training.Lead = "Programas de capacitación, estrategias y guías que constan en las minutas. Las acciones de capacitación del plan son la 1.1 y la 3.2."
	p.Figures = []figure{actions, sessions, agreements, training}
	p.Links = []link{{"Sesiones en formato iCalendar", "/plan/sesiones.ics"}}
	p.More = append(q.sheets(planID, agreementsID, sessionsID), link{"Rutas locales de protección", q.href("/rutas")}, link{"Publicaciones", q.href("/publicaciones")})
	return s.page(q, "cifras", q.t("Plan de trabajo del GTTIM"), p.Lead, p)
}

func (q *request) actionsFigure() (figure, error) {
	list, err := rows[actionRow](q.view, planID)
	if err != nil {
		return figure{}, err
	}
	f := figure{ID: "acciones", Title: q.t("Acciones del plan")}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "No hay un plan de trabajo entregado con estos criterios.",
		Head: []column{{Text: "Acción"}, {Text: "Descripción"}, {Text: "Responsables"}, {Text: "Coadyuvantes"}, {Text: "Estatus"}, {Text: "Compromiso"}, {Text: "Cumplimiento"}},
	}
	var ids idList
	for _, r := range list {
		done := r.Status == "cumplido" || r.Status == "cancelado"
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: fmt.Sprintf("%s (%d)", r.ID, r.Year), Head: true, Sub: r.AxisName}, {Text: r.Text, Sub: r.Evidence}, institutionsCell(r.Responsible), institutionsCell(r.Helping),
			badgeCell(r.Status, r.StatusName), q.dueCell(r.Due, done), doneCell(r.Done),
		})
		ids = append(ids, r.Reports...)
	}
	f.Sources = q.reportSources(ids)
	return f, nil
}

func (q *request) agreementsFigure() (figure, error) {
	list, err := rows[agreementRow](q.view, agreementsID)
	if err != nil {
		return figure{}, err
	}
	f := figure{ID: "acuerdos", Title: q.t("Acuerdos del grupo de trabajo")}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "No hay acuerdos entregados con estos criterios.",
		Head: []column{{Text: "Acuerdo"}, {Text: "Texto"}, {Text: "Responsables"}, {Text: "Compromiso"}, {Text: "Estatus"}, {Text: "Cumplimiento"}},
	}
	var ids idList
	for _, r := range list {
		done := r.Status == "cumplido" || r.Status == "cancelado"
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: r.ID, Head: true}, {Text: r.Text}, institutionsCell(r.Responsible), q.dueCell(r.Due, done), badgeCell(r.Status, r.StatusName), doneCell(r.Done),
		})
		ids = append(ids, r.Reports...)
	}
	f.Sources = q.reportSources(ids)
	return f, nil
}

// institutionsCell lists institutions; none filled in is no data: nobody said that there are none.
func institutionsCell(codes string) cell {
	switch codes {
	case "":
		return cell{Text: missing, Date: true}
	case "todas":
		return cell{Text: "todas las instituciones"}
	}
	return cell{Text: strings.ReplaceAll(codes, "|", ", ")}
}
