package simulate

import (
	"strings"
	"testing"
)

// A world seen earlier says the same of the months that were published then, and
// knows nothing of later ones.
func TestThroughIsTheSameWorldSeenEarlier(t *testing.T) {
	s := preset(t, "small").With(Silence, 0).With(ImputedMirrors, 0)
	_, _, whole := written(t, s)
	s.Through = 24
	w, _, early := written(t, s)
	last := strings.ReplaceAll(w.period(w.published-1).String(), "-", "")
	all := map[string]bool{}
	for _, line := range strings.Split(whole["flows.csv"], "\n") {
		all[line] = true
	}
	rows := 0
	for _, line := range strings.Split(strings.TrimSpace(early["flows.csv"]), "\n")[1:] {
		rows++
		if !all[line] {
			t.Fatalf("said otherwise later: %s", line)
		}
		if period := strings.Split(line, ",")[5]; period > last {
			t.Fatalf("%s is published by %s", period, last)
		}
	}
	want := 0
	for line := range all {
		if c := strings.Split(line, ","); len(c) > 5 && c[5] <= last && c[5] != "period" {
			want++
		}
	}
	if rows != want || rows == 0 {
		t.Errorf("%d rows, want %d", rows, want)
	}
	for i := range w.Truth {
		if c := &w.Truth[i]; c.Start > w.period(w.published-1) || c.End > w.period(w.published-1) {
			t.Errorf("%s from %s to %s is not known yet", c.ID, c.Start, c.End)
		}
	}
	for _, name := range []string{"balances.csv", "consignments.csv", "truth/true_flows.csv"} {
		if strings.Contains(early[name], w.period(w.published).String()) {
			t.Errorf("%s knows a month that is not published", name)
		}
	}
}
