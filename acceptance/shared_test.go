package acceptance

import (
	"testing"
)

// sesnspFile is the publisher's own file, which the repository does not hold.
const sesnspFile = "../../shared/data/sesnsp/IDEFF_jul25.csv"

// The publisher's real file loads as it is and gives the published totals again.
func TestShared_realFederalFile(t *testing.T) {
	home := mustSeeded(t)
	cauce(t, 0, "ingest", "--dir", home, "--dataset", "sesnsp-fuero-federal", "--published", "2025-08-20", sesnspFile)
	s := mustServe(t, home)
	loads := s.loads(t, "sesnsp-fuero-federal")
	if len(loads) != 1 || loads[0].Records != 13398 || loads[0].Accepted != 13398 {
		t.Fatalf("loads %+v", loads)
	}
	d := s.indicator(t, "carpetas_ley_migracion", "")
	for year, want := range map[int]float64{2012: 775, 2021: 1681, 2023: 1000, 2024: 749} {
		v := d.year(year)
		if v == nil || *v.Value != want || v.Reports[0] != loads[0].Report {
			t.Errorf("%d: %v, want %v of report %d", year, v, want, loads[0].Report)
		}
	}
	// August to December 2025 are blank in the file: unpublished, not zero.
	if v := d.must(t, "2025-01-01", "2025-07-31"); *v.Value != 177 || v.Attributes["parcial"] != true {
		t.Errorf("2025: %s", v)
	}
	if d.find("2025-08-01", "2025-08-31") != nil || d.year(2025) != nil {
		t.Error("months that were not published have values")
	}
	// EXTRANJERO is kept apart from the 32 states and counted in the country.
	if v := d.year(2021, "entidad", "33"); v == nil || *v.Value != 1 {
		t.Errorf("EXTRANJERO in 2021: %v", v)
	}
	before := s.get(t, "/api/v1/indicadores/carpetas_ley_migracion")
	cauce(t, 0, "ingest", "--dir", home, "--dataset", "sesnsp-fuero-federal", "--published", "2025-08-20", sesnspFile)
	if n := len(s.loads(t, "sesnsp-fuero-federal")); n != 1 {
		t.Errorf("%d loads after the second delivery", n)
	}
	if s.get(t, "/api/v1/indicadores/carpetas_ley_migracion") != before {
		t.Error("the second delivery changed something")
	}
}
