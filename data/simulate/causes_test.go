package simulate

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// small without any cause, look-alike or planted case: both sides say exactly
// what moved.
func exact(t *testing.T) Settings {
	t.Helper()
	s := preset(t, "small").Only()
	s.Lanes, s.Months = 350, 24
	return s
}

// corridors sums six-digit totals by code, exporter, importer and period.
type corridorMonth struct{ code, exporter, importer, period string }

func corridorsOf(rows []declared) (x, m map[corridorMonth]declared) {
	x, m = map[corridorMonth]declared{}, map[corridorMonth]declared{}
	for i := range rows {
		d := &rows[i]
		switch {
		case !d.total():
		case d.flow == "X":
			x[corridorMonth{d.code, d.reporter, d.partner, d.period}] = *d
		case d.flow == "M":
			m[corridorMonth{d.code, d.partner, d.reporter, d.period}] = *d
		}
	}
	return x, m
}

func flowsOf(t *testing.T, s Settings) []declared {
	t.Helper()
	_, _, files := written(t, s)
	return rowsOf(t, files["flows.csv"])
}

func TestWithoutCausesBothSidesAgree(t *testing.T) {
	x, m := corridorsOf(dropNoTotals(flowsOf(t, exact(t))))
	if len(x) == 0 || len(x) != len(m) {
		t.Fatalf("%d exports and %d imports", len(x), len(m))
	}
	for key, a := range x {
		if b := m[key]; a.kg != b.kg || a.usd != b.usd {
			t.Fatalf("%v: exporter says %g kg %g USD, importer %g kg %g USD", key, a.kg, a.usd, b.kg, b.usd)
		}
	}
}

// dropNoTotals leaves out reporters that give parts without their total, and
// what others say of them, so that both sides are there or neither is.
func dropNoTotals(rows []declared) []declared {
	parts, total := map[string]bool{}, map[string]bool{}
	for i := range rows {
		if rows[i].mode != "0" {
			parts[rows[i].reporter] = true
		} else if rows[i].total() && rows[i].flow != "RX" {
			total[rows[i].reporter] = true
		}
	}
	var kept []declared
	for _, d := range rows {
		if (parts[d.reporter] && !total[d.reporter]) || (parts[d.partner] && !total[d.partner]) {
			continue
		}
		kept = append(kept, d)
	}
	return kept
}

// effects count what a cause leaves in the flows. Causes that are not here have
// tests of their own.
var effects = map[Cause]func([]declared) int{
	Margin: disagreements, Transit: disagreements, Entrepot: disagreements, Noise: disagreements, Bias: disagreements,
	Habits: disagreements, UnitSlips: disagreements, Silence: silentMonths,
	Unallocated:      counting(func(d *declared) bool { return d.partner == "_X" }),
	Confidential:     counting(func(d *declared) bool { return d.code == "999999" }),
	EstimatedWeights: counting(func(d *declared) bool { return d.estimated }),
	MissingWeights:   counting(func(d *declared) bool { return d.noKg && d.code != allGoods }),
	Editions:         counting(func(d *declared) bool { return d.code == "810600" || d.code == "810390" }),
	Lumps:            emptyMonths,
}

func counting(yes func(*declared) bool) func([]declared) int {
	return func(rows []declared) (n int) {
		for i := range rows {
			if yes(&rows[i]) {
				n++
			}
		}
		return n
	}
}

func disagreements(rows []declared) (n int) {
	x, m := corridorsOf(dropNoTotals(rows))
	for key, a := range x {
		if b, ok := m[key]; ok && (a.kg != b.kg || a.usd != b.usd) {
			n++
		}
	}
	return n
}

// emptyMonths counts the months without exports on lanes that have some.
func emptyMonths(rows []declared) int {
	x, _ := corridorsOf(rows)
	lanes, months := map[corridorMonth]bool{}, map[string]bool{}
	for key := range x {
		months[key.period] = true
		key.period = ""
		lanes[key] = true
	}
	return len(lanes)*len(months) - len(x)
}

// Every cause has an effect that is there when it is on, alone, and absent when
// it is off.
func TestCausesCanBeSwitched(t *testing.T) {
	base := exact(t)
	base.Lanes = 300
	off := flowsOf(t, base)
	for _, c := range Causes {
		effect := effects[c]
		if effect == nil {
			continue
		}
		s, without := base, off
		if c == Editions { // enough goods that some change their code
			s.Minerals = 52
			without = flowsOf(t, s)
		}
		if n := effect(without); n != 0 {
			t.Errorf("%s is off and has %d effects", c, n)
		}
		if n := effect(flowsOf(t, s.With(c, 1))); n == 0 {
			t.Errorf("%s is on and has no effect", c)
		}
	}
}

// silentMonths counts the months in which a reporter says nothing in one
// direction although it does in others.
func silentMonths(rows []declared) int {
	spoke, reporters, months := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range rows {
		d := &rows[i]
		spoke[d.reporter+d.period] = true
		reporters[d.reporter], months[d.period] = true, true
	}
	return len(reporters)*len(months) - len(spoke)
}

func TestImputedMirrorsAreExactRatios(t *testing.T) {
	s := preset(t, "small").Only(Silence, Noise, Margin)
	if n := imputed(t, flowsOf(t, s)); n != 0 {
		t.Errorf("%d imputed rows without the cause", n)
	}
	s.Causes[ImputedMirrors] = 3
	if n := imputed(t, flowsOf(t, s)); n == 0 {
		t.Error("no imputed rows")
	}
}

func imputed(t *testing.T, rows []declared) (n int) {
	t.Helper()
	x, m := corridorsOf(rows)
	for key, b := range m {
		a, ok := x[key]
		if !ok || !a.imputed && !b.imputed {
			continue
		}
		n++
		if r := b.usd / a.usd; math.Abs(r-1) > 1e-3 && math.Abs(r-1.06) > 1e-3 {
			t.Fatalf("%v: ratio %g is neither 1 nor 1.06", key, r)
		}
	}
	return n
}

func TestRevisionsTouchTheLastMonthsOnly(t *testing.T) {
	s := preset(t, "small").Only(Noise, Revisions)
	s.Revised = true
	w, _, files := written(t, s)
	last := strings.ReplaceAll(w.period(w.horizon-lastRevised).String(), "-", "")
	lines := func(name string) map[string]bool {
		all := map[string]bool{}
		for _, l := range strings.Split(files[name], "\n") {
			all[l] = true
		}
		return all
	}
	first, second := lines("flows_first.csv"), lines("flows.csv")
	changed := 0
	for line := range second {
		if line == "" || first[line] {
			continue
		}
		changed++
		if period := strings.Split(line, ",")[5]; period < last {
			t.Fatalf("%s was revised before %s", period, last)
		}
	}
	if changed == 0 {
		t.Error("nothing was revised")
	}
	s = s.With(Revisions, 0)
	if _, _, files := written(t, s); files["flows_first.csv"] != files["flows.csv"] {
		t.Error("publications differ although the cause is off")
	}
}

// Switching one cause off leaves the draws of all others where they were.
func TestSlipsMoveNothingElse(t *testing.T) {
	s := preset(t, "small")
	with := flowsOf(t, s.With(UnitSlips, 3))
	without := flowsOf(t, s.With(UnitSlips, 0))
	w, _, files := written(t, s.With(UnitSlips, 3))
	slipped := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(files["truth/slips.csv"]), "\n")[1:] {
		c := strings.Split(line, ",")
		for m := range w.horizon {
			if p := w.period(m).String(); p >= c[6] && p <= c[7] {
				slipped[fmt.Sprint(c[1], c[2], c[3], strings.ReplaceAll(p, "-", ""))] = true
			}
		}
	}
	if len(with) != len(without) {
		t.Fatalf("%d rows with slips, %d without", len(with), len(without))
	}
	changed := 0
	for i := range with {
		a, b := with[i], without[i]
		if a.usd != b.usd {
			t.Fatalf("a slip moved a value: %+v", a)
		}
		// Sums, parts and imputed partners follow the slipped rows.
		if a.kg == b.kg || !a.total() || a.imputed || a.partner == "_X" || a.flow == "RX" || a.code == "999999" {
			continue
		}
		changed++
		if !slipped[a.reporter+a.flow+a.code+a.period] {
			t.Fatalf("a weight moved without a slip: %+v", a)
		}
	}
	if changed == 0 {
		t.Error("no weight slipped")
	}
}
