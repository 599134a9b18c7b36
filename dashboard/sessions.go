package dashboard

import (
	"bytes"
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"
)

// sessionRow is one session of the working group.
type sessionRow struct {
	ID         string `json:"sesion"`
	Name       string `json:"sesion_nombre"`
	Year       int    `json:"anio"`
	Date       string `json:"fecha"`
	Status     string `json:"estatus"`
	StatusName string `json:"estatus_nombre"`
	Mode       string `json:"modalidad_nombre"`
	Reports    idList `json:"reportes"`
}

func (r sessionRow) title() string {
	if r.Name != "" {
		return r.Name
	}
	return r.ID
}

func (q *request) sessionsFigure() (figure, error) {
	list, err := rows[sessionRow](q.view, sessionsID)
	if err != nil {
		return figure{}, err
	}
	f := figure{ID: "sesiones", Title: q.t("Sesiones del grupo de trabajo")}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "No hay un calendario de sesiones entregado con estos criterios.",
		Head: []column{{Text: "Sesión"}, {Text: "Fecha"}, {Text: "Estatus"}, {Text: "Modalidad"}},
	}
	var ids idList
	for _, r := range list {
		mode := r.Mode
		if mode == "" {
			mode = "—"
		}
		date := doneCell(r.Date)
		if late := q.dueCell(r.Date, r.Status != "programada"); late.Sub != "" {
			date.Sub = "la fecha ya pasó; no se ha informado si se celebró"
		}
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: r.title(), Head: true}, date, badgeCell(r.Status, r.StatusName), {Text: mode}})
		ids = append(ids, r.Reports...)
	}
	f.Sources = q.reportSources(ids)
	return f, nil
}

// sessionsCalendar answers /plan/sesiones.ics: the sessions as whole days, with
// neither place nor link: those are for the institutions alone.
func (s *Server) sessionsCalendar(q *request) (*answer, error) {
	list, err := rows[sessionRow](q.view, sessionsID)
	if err != nil {
		return nil, err
	}
	c := ics.NewCalendarFor("Cauce")
	c.SetMethod(ics.MethodPublish)
	c.SetName("Sesiones del GTTIM")
	for _, r := range list {
		day := dayOf(r.Date)
		if day.IsZero() {
			continue
		}
		e := c.AddEvent(slug(fmt.Sprintf("sesion %d %s", r.Year, r.ID)) + "@cauce")
		e.SetDtStampTime(q.Publication.At)
		e.SetAllDayStartAt(day)
		e.SetAllDayEndAt(day.Add(24 * time.Hour))
		e.SetSummary("GTTIM: " + r.title())
		e.SetDescription("Estatus en el último calendario recibido: " + r.StatusName)
		status := ics.ObjectStatusConfirmed
		switch r.Status {
		case "cancelada":
			status = ics.ObjectStatusCancelled
		case "programada", "reprogramada", "sin_dato":
			status = ics.ObjectStatusTentative
		}
		e.SetStatus(status)
	}
	var b bytes.Buffer
	if err := c.SerializeTo(&b); err != nil {
		return nil, fmt.Errorf("write calendar: %w", err)
	}
	a := q.finish(typeCalendar, b.Bytes())
	a.filename = "sesiones-gttim.ics"
	return a, nil
}
