package mark

import "testing"

func TestConcerns(t *testing.T) {
	row := Mark{Report: 3, Start: "2025-01-01", End: "2025-01-31", Codes: map[string]string{"entidad": "07"}}
	whole := Mark{Report: 3, Start: "2025-01-01", End: "2025-03-31", whole: true}
	for _, tt := range []struct {
		name     string
		m        Mark
		reports  []int
		from, to string
		codes    map[string]string
		want     bool
	}{
		{"its month", row, []int{3}, "2025-01-01", "2025-01-31", nil, true},
		{"its year", row, []int{2, 3}, "2025-01-01", "2025-12-31", nil, true},
		{"its state", row, []int{3}, "2025-01-01", "2025-01-31", map[string]string{"entidad": "07"}, true},
		{"another state", row, []int{3}, "2025-01-01", "2025-01-31", map[string]string{"entidad": "27"}, false},
		{"a dimension that it does not have", row, []int{3}, "2025-01-01", "2025-01-31", map[string]string{"sexo": "mujer"}, true},
		{"another report", row, []int{2}, "2025-01-01", "2025-01-31", nil, false},
		{"another month", row, []int{3}, "2025-02-01", "2025-02-28", nil, false},
		{"a part of its month", row, []int{3}, "2025-01-01", "2025-01-30", nil, false},
		{"a month of a report that is summed up", whole, []int{3}, "2025-02-01", "2025-02-28", nil, true},
		{"a month outside it", whole, []int{3}, "2025-04-01", "2025-04-30", nil, false},
	} {
		if got := tt.m.Concerns(tt.reports, tt.from, tt.to, tt.codes); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
