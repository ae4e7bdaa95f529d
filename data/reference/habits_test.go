package reference

import "testing"

func TestHubs(t *testing.T) {
	for _, code := range []string{"HKG", "SGP", "NLD", "BEL", "ARE"} {
		if !IsHub(economy(code)) {
			t.Errorf("%s is no hub", code)
		}
	}
	if IsHub(economy("CHN")) || IsHub(0) {
		t.Error("China, or no economy, is a hub")
	}
	for _, h := range Hubs() {
		if h.Role == "" || h.Source == "" || Name(h.Economy) == h.Economy.String() {
			t.Errorf("incomplete: %+v", h)
		}
	}
}

func TestImportsFOB(t *testing.T) {
	for _, c := range []struct {
		code string
		year int
		want bool
	}{{"CAN", 2022, true}, {"ZAF", 1995, true}, {"GEO", 2004, true}, {"GEO", 2022, false}, {"DEU", 2022, false}} {
		if got := ImportsFOB(economy(c.code), c.year); got != c.want {
			t.Errorf("%s %d: %v, want %v", c.code, c.year, got, c.want)
		}
	}
	for _, f := range FOBImporters() {
		if f.What == "" || f.Source == "" || Name(f.Economy) == f.Economy.String() {
			t.Errorf("incomplete: %+v", f)
		}
	}
}
