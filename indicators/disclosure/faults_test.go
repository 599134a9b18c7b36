package disclosure

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
)

// The numbered disclosure faults: what is hidden, that the auditor agrees, and that
// it finds the leak when it is planted.
func TestNumberedFaults(t *testing.T) {
	plain := count("victimas", data.ClassSensitive, "sexo", "entidad")
	internal := count("eventos", data.ClassInternal, "sexo", "entidad")
	for _, c := range []struct {
		fault   int
		name    string
		control *Control
		figures []*Figure
		hidden  []string // of the first figure's indicator, now
		plant   string   // what is shown again, all that is needed for a leak
	}{
		{
			123, "a cell below the threshold", control(t, internal), []*Figure{
				figure(internal, "entidad=07", 4), figure(internal, "entidad=20", 5), figure(internal, "entidad=30", 30),
			}, []string{"entidad=07"}, "entidad=07",
		},
		{
			123, "another class, another threshold", control(t, plain), []*Figure{
				figure(plain, "entidad=07", 9), figure(plain, "entidad=20", 10), figure(plain, "entidad=30", 0),
			}, []string{"entidad=07"}, "entidad=07",
		},
		{
			124, "one hidden cell and the total", control(t, internal), []*Figure{
				figure(internal, "", 64), figure(internal, "entidad=07", 4), figure(internal, "entidad=20", 20), figure(internal, "entidad=30", 40),
			}, []string{"entidad=07", "entidad=20"}, "entidad=20",
		},
		{
			124, "two hidden cells that sum up to less than the threshold", control(t, internal), []*Figure{
				figure(internal, "", 64), figure(internal, "entidad=07", 1), figure(internal, "entidad=20", 3), figure(internal, "entidad=30", 20), figure(internal, "entidad=15", 40),
			}, []string{"entidad=07", "entidad=20", "entidad=30"}, "entidad=30",
		},
		{
			124, "two ways", control(t, internal), []*Figure{
				figure(internal, "", 100), figure(internal, "sexo=m", 40), figure(internal, "sexo=h", 60),
				figure(internal, "entidad=07", 50), figure(internal, "entidad=20", 50),
				figure(internal, "entidad=07,sexo=m", 3), figure(internal, "entidad=07,sexo=h", 47),
				figure(internal, "entidad=20,sexo=m", 37), figure(internal, "entidad=20,sexo=h", 13),
			}, []string{"entidad=07,sexo=h", "entidad=07,sexo=m", "entidad=20,sexo=h", "entidad=20,sexo=m"}, "entidad=20,sexo=h",
		},
		{
			126, "two cells that differ by one person", control(t, internal), []*Figure{
				figure(internal, "entidad=07", 21), figure(internal, "entidad=07,sexo=m", 20),
			}, []string{"entidad=07,sexo=m"}, "entidad=07,sexo=m",
		},
		{
			126, "two periods that differ by one person", control(t, internal), []*Figure{
				figure(internal, "", 21).during("2024-01-01", "2024-06-30"), figure(internal, "", 20).during("2024-01-01", "2024-05-31"),
				figure(internal, "", 80).during("2024-01-01", "2024-12-31"),
			}, []string{"total"}, "",
		},
		{
			128, "a zero cell that makes one hundred percent elsewhere", control(t, internal), []*Figure{
				figure(internal, "", 50), figure(internal, "sexo=m", 50), figure(internal, "sexo=h", 0),
			}, []string{"sexo=h", "sexo=m"}, "sexo=h",
		},
		{
			128, "almost all in one cell", control(t, internal), []*Figure{
				figure(internal, "", 50), figure(internal, "sexo=m", 48), figure(internal, "sexo=h", 2),
			}, []string{"sexo=h", "sexo=m"}, "sexo=m",
		},
		{
			129, "a cell of one agency", control(t, plain), []*Figure{
				figure(plain, "", 600), agencies(figure(plain, "entidad=07", 300), 1), figure(plain, "entidad=20", 200), figure(plain, "entidad=30", 100),
			}, []string{"entidad=07", "entidad=30"}, "entidad=07",
		},
		{
			129, "one agency alone is no matter where the class is not sensible", control(t, internal), []*Figure{
				agencies(figure(internal, "", 300), 1),
			}, []string{}, "",
		},
	} {
		t.Run(fmt.Sprint(c.fault, " ", c.name), func(t *testing.T) {
			out := safe(t, c.control, c.figures)
			if got := hiddenOf(out, c.figures[0].Indicator.ID); !slices.Equal(got, c.hidden) {
				t.Errorf("hidden %q, want %q", got, c.hidden)
			}
			if len(c.hidden) > 0 {
				leaks(t, c.control, c.figures, reveal(c.figures, out, c.plant))
			}
		})
	}
}

func agencies(f *Figure, n int) *Figure {
	f.Agencies = n
	return f
}

// reveal shows the hidden figures of some dimensions again.
func reveal(truth, out []*Figure, dims string) []*Figure {
	planted := slices.Clone(out)
	for i, f := range out {
		if where(f) == dims && f.Value.Status == indicators.StatusSuppressed {
			at := slices.IndexFunc(truth, func(x *Figure) bool {
				return x.Indicator == f.Indicator && where(x) == dims && x.Value.Start == f.Value.Start && x.Value.End == f.Value.End
			})
			planted[i] = shown(truth[at], f.Span)
		}
	}
	return planted
}

func leaks(t *testing.T, c *Control, truth, published []*Figure) {
	t.Helper()
	if err := c.Audit(truth, withPublic(c, truth, published)); !errors.Is(err, ErrLeak) {
		t.Errorf("the auditor finds nothing wrong (%v) with\n%s", err, show(truth, published))
	}
}

// 123: a hidden figure says nothing at all, and the auditor sees when it does.
func TestFault123_nothingLeft(t *testing.T) {
	ind := count("victimas", data.ClassSensitive)
	c := control(t, ind)
	f := figure(ind, "", 3)
	low, high := 2.0, 4.0
	f.Value.Low, f.Value.High, f.Value.Notes = &low, &high, []string{"Incluye 2 menores."}
	out := safe(t, c, []*Figure{f})
	v := out[0].Value
	if len(out) != 1 || !blank(v) || len(v.Attributes) != 0 || !slices.Equal(v.Notes, []string{NoteHidden}) {
		t.Errorf("%d figures, %+v", len(out), v)
	}
	for name, spoil := range map[string]func(v *indicators.Value){
		"valor":       func(v *indicators.Value) { v.Value = f.Value.Value },
		"numerador":   func(v *indicators.Value) { v.Numerator = f.Value.Numerator },
		"denominador": func(v *indicators.Value) { v.Denom = f.Value.Value },
		"intervalo":   func(v *indicators.Value) { v.Low, v.High = &low, &high },
		"notas":       func(v *indicators.Value) { v.Notes = f.Value.Notes },
		"atributos":   func(v *indicators.Value) { v.Attributes = map[string]any{"n": 3.0} },
	} {
		planted := *out[0]
		w := *v
		spoil(&w)
		planted.Value = &w
		if err := c.Audit([]*Figure{f}, []*Figure{&planted}); !errors.Is(err, ErrLeak) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 123: what a shown figure says besides its numbers does not speak of hidden ones,
// and what can not be judged is not shown.
func TestFault123_besidesTheNumbers(t *testing.T) {
	ind := count("victimas", data.ClassSensitive)
	c := control(t, ind)
	f := figure(ind, "", 300)
	f.Value.Notes = []string{"Sin Oaxaca (3).", "Datos de la fuente."}
	v := safe(t, c, []*Figure{f})[0].Value
	if *v.Value != 300 || !slices.Equal(v.Notes, []string{"Datos de la fuente."}) || len(v.Attributes) != 1 || v.Attributes["parcial"] != false {
		t.Errorf("%+v", v)
	}
	mean := figure(ind, "", 300)
	mean.Value.Numerator = nil
	if v := c.Disclose([]*Figure{mean})[0].Value; !blank(v) || v.Status != indicators.StatusSuppressed {
		t.Errorf("a value without its count is shown: %+v", v)
	}
	missing := figure(ind, "", 0)
	missing.Value.Numerator, missing.Value.Value, missing.Value.Status = nil, nil, indicators.StatusMissing
	if v := c.Disclose([]*Figure{missing})[0].Value; v.Status != indicators.StatusMissing {
		t.Errorf("what is missing is called suppressed: %+v", v)
	}
}

// 125: a share, a rate and a change are hidden with the count that they would give
// back, and a published value gives it back.
func TestFault125_inherited(t *testing.T) {
	total := count("victimas", data.ClassSensitive, "entidad")
	rate := count("tasa", data.ClassSensitive, "entidad")
	rate.Calculation = indicators.Ratio
	rate.Disclosure.Numerator = "victimas"
	share := count("participacion", data.ClassSensitive, "entidad")
	share.Calculation, share.Disclosure = indicators.Percent, indicators.Disclosure{Numerator: "victimas", Denominator: "victimas"}
	change := count("variacion", data.ClassSensitive, "entidad")
	change.Calculation, change.Disclosure.Numerator = indicators.Change, "victimas"
	c := control(t, total, rate, share, change)
	figures := []*Figure{
		figure(total, "", 102), figure(total, "entidad=07", 2), figure(total, "entidad=20", 40), figure(total, "entidad=30", 60),
		ratio(rate, "entidad=07", 2, 50_000), ratio(rate, "entidad=20", 40, 80_000), ratio(rate, "entidad=30", 60, 90_000),
		ratio(share, "entidad=07", 2, 102), ratio(share, "entidad=20", 40, 102), ratio(share, "entidad=30", 60, 102),
		ratio(change, "entidad=07", 20, 2).during("2025-01-01", "2025-12-31"), ratio(change, "entidad=20", 20, 40).during("2025-01-01", "2025-12-31"),
		ratio(change, "entidad=30", 30, 60).during("2025-01-01", "2025-12-31"),
	}
	out := safe(t, c, figures)
	for _, id := range []string{"victimas", "tasa", "participacion", "variacion"} {
		if got := hiddenOf(out, id); !slices.Equal(got, []string{"entidad=07", "entidad=20"}) {
			t.Errorf("%s: hidden %q", id, got)
		}
	}
	for i, f := range out {
		if where(f) != "entidad=07" || f.Indicator == total {
			continue
		}
		planted := slices.Clone(out)
		v := *f.Value
		v.Value = figures[slices.IndexFunc(figures, func(x *Figure) bool { return x.Indicator == f.Indicator && where(x) == where(f) })].Value.Value
		v.Status = indicators.StatusFinal
		planted[i] = &Figure{Indicator: f.Indicator, Value: &v, Span: f.Span}
		leaks(t, c, figures, planted)
	}
}

// 126: filters that no single indicator offers: the public total of one and the
// parts of another that counts the same.
func TestFault126_acrossIndicators(t *testing.T) {
	public := count("total_publicado", data.ClassPublic)
	parts := count("victimas", data.ClassInternal, "sexo")
	parts.Disclosure.Numerator = "total_publicado"
	c := control(t, public, parts)
	figures := []*Figure{figure(public, "", 43), figure(parts, "sexo=m", 3), figure(parts, "sexo=h", 40)}
	out := safe(t, c, figures)
	if got := hiddenOf(out, "victimas"); !slices.Equal(got, []string{"sexo=h", "sexo=m"}) {
		t.Errorf("hidden %q", got)
	}
	leaks(t, c, figures, reveal(figures, out, "sexo=h"))

	t.Run("what public cells give away can not be hidden", func(t *testing.T) {
		publicParts := count("partes_publicadas", data.ClassPublic, "sexo")
		publicParts.Disclosure.Numerator = "total_publicado"
		c := control(t, public, publicParts, parts)
		figures := []*Figure{figure(public, "", 43), figure(publicParts, "sexo=h", 40), figure(parts, "sexo=m", 3)}
		leaks(t, c, figures, c.Disclose(figures))
	})
}

// 127: of two vintages that differ by one person only the current stays public;
// one that differs by more, or not at all, stays beside it.
func TestFault127_vintages(t *testing.T) {
	ind := count("victimas", data.ClassSensitive, "entidad")
	c := control(t, ind)
	figures := []*Figure{
		figure(ind, "", 100).loaded(1, 3), figure(ind, "entidad=07", 40).loaded(1, 3),
		figure(ind, "", 160).loaded(3, 4), figure(ind, "entidad=07", 100).loaded(3, 4),
		figure(ind, "", 161).loaded(4, 0), figure(ind, "entidad=07", 101).loaded(4, 0),
		figure(ind, "entidad=30", 60).loaded(1, 0),
		figure(ind, "", 77).during("2023-01-01", "2023-12-31").loaded(1, 0), // another year is another matter
	}
	out := safe(t, c, figures)
	for _, want := range []struct {
		load  int
		where string
		n     float64 // 0: withheld
	}{
		{1, "", 100}, {2, "entidad=07", 40}, {3, "", 0}, {3, "entidad=07", 0}, {3, "entidad=30", 0}, {4, "", 161}, {5, "entidad=30", 60}, {1, "entidad=30", 60},
	} {
		found := false
		for _, f := range out {
			if where(f) != want.where || f.Value.Start != "2024-01-01" || !holds(f.Span, date("2025-02-01"), want.load) {
				continue
			}
			if found {
				t.Errorf("load %d %q: two figures", want.load, want.where)
			}
			found = true
			if n := f.Value.Numerator; want.n == 0 && n != nil || want.n != 0 && (n == nil || *n != want.n) {
				t.Errorf("load %d %q: %v, want %v", want.load, want.where, n, want.n)
			}
			if want.n == 0 && !slices.Equal(f.Value.Notes, []string{NoteWithheld}) {
				t.Errorf("load %d %q: notes %q", want.load, want.where, f.Value.Notes)
			}
		}
		if !found {
			t.Errorf("load %d %q: none\n%s", want.load, want.where, show(figures, out))
		}
	}
	leaks(t, c, figures, figures)
	clean := slices.Clone(figures) // and with nothing else wrong with them
	for i, f := range clean {
		clean[i] = shown(f, f.Span)
	}
	leaks(t, c, figures, clean)
	for _, f := range out {
		if f.Value.Start == "2023-01-01" && f.Value.Numerator == nil {
			t.Error("a year that was not revised is withheld")
		}
	}
}

// 130: another threshold is another choice.
func TestFault130_threshold(t *testing.T) {
	ind := count("eventos", data.ClassInternal, "entidad")
	figures := []*Figure{figure(ind, "entidad=07", 7), figure(ind, "entidad=20", 30)}
	c := control(t, ind)
	before := safe(t, c, figures)
	if got := hiddenOf(before, "eventos"); len(got) != 0 {
		t.Errorf("hidden %q", got)
	}
	c.policy[data.ClassInternal] = Rule{Threshold: 8}
	if got := hiddenOf(safe(t, c, figures), "eventos"); !slices.Equal(got, []string{"entidad=07"}) {
		t.Errorf("hidden %q", got)
	}
	leaks(t, c, figures, before)
}

// Months make up their year, and age groups the wider ones that contain them.
func TestMargins_periodsAndCodes(t *testing.T) {
	ind := count("victimas", data.ClassInternal, "grupo")
	ind.Dimensions[0].Catalog = "grupos_edad"
	c := control(t, ind)
	months := []*Figure{
		figure(ind, "", 60).during("2024-01-01", "2024-03-31"), figure(ind, "", 2).during("2024-01-01", "2024-01-31"),
		figure(ind, "", 28).during("2024-02-01", "2024-02-29"), figure(ind, "", 30).during("2024-03-01", "2024-03-31"),
	}
	out := safe(t, c, months)
	if got := hiddenOf(out, "victimas"); len(got) != 2 {
		t.Errorf("hidden %q\n%s", got, show(months, out))
	}
	ages := []*Figure{
		figure(ind, "", 100), figure(ind, "grupo=18+", 60), figure(ind, "grupo=0-17", 40), figure(ind, "grupo=0-11", 38), figure(ind, "grupo=12-17", 2),
	}
	out = safe(t, c, ages)
	if got := hiddenOf(out, "victimas"); !slices.Equal(got, []string{"grupo=0-11", "grupo=12-17"}) {
		t.Errorf("hidden %q\n%s", got, show(ages, out))
	}
}
