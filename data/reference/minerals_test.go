package reference

import (
	"math"
	"strings"
	"testing"

	"counterflow/data"
)

func TestMineralCommodity(t *testing.T) {
	for name, code := range map[string]string{"rare earths": "RAREEARTHS", "Rare Earths": "RAREEARTHS", "GALLIUM": "GALLIUM", "graphite": "GRAPHITE"} {
		c, ok := MineralCommodity(name)
		if !ok || c.Code() != code || c.Edition() != data.EditionOther {
			t.Errorf("%s is %s (%t)", name, c.Code(), ok)
		}
	}
	if _, ok := MineralCommodity("284690"); ok {
		t.Error("a code is no mineral")
	}
	seen := map[data.Commodity]string{}
	for _, name := range Minerals() {
		c, _ := MineralCommodity(name)
		if other, ok := seen[c]; ok {
			t.Errorf("%s and %s share a commodity", name, other)
		}
		seen[c] = name
		if back, ok := MineralName(c.In(data.EditionUnknown)); !ok || back != name {
			t.Errorf("%s comes back as %q", name, back)
		}
	}
	if _, ok := MineralName(data.MustCommodity("284690", data.EditionUnknown)); ok {
		t.Error("a code has a mineral's name")
	}
}

// Every row of the bundled tables names its source; nothing unknown is filled in.
func TestBundledTables(t *testing.T) {
	for _, p := range Producers() {
		if p.Source == "" || p.Basis == "" || p.Tonnes < 0 {
			t.Errorf("producer %+v", p)
		}
		if _, ok := MineralCommodity(p.Mineral); !ok {
			t.Errorf("%s is no mineral of the table of goods", p.Mineral)
		}
	}
	for _, mineral := range []string{"rare earths", "gallium", "germanium", "antimony", "tungsten", "graphite"} {
		if yes, known := Produces(mineral, data.MustEconomy("CHN")); !yes || !known {
			t.Errorf("%s: China is no producer", mineral)
		}
	}
	if yes, known := Produces("antimony", data.MustEconomy("NLD")); yes || !known {
		t.Error("the Netherlands mine antimony")
	}
	if _, known := Produces("cobalt", data.MustEconomy("COD")); known {
		t.Error("the table knows no producers of cobalt, and has to say so")
	}
	last := 0.0
	for _, c := range Covers() {
		if c.Source == "" || c.Months() < last {
			t.Errorf("bench line %+v", c)
		}
		last = c.Months()
	}
	for _, e := range Events() {
		if e.Source == "" || e.Effective == 0 || e.ID == "" {
			t.Errorf("event %+v", e)
		}
	}
	for _, s := range SummarySeries() {
		if _, ok := MineralCommodity(s.Mineral); !ok {
			t.Errorf("series %+v", s)
		}
	}
	for _, f := range Editable() {
		if !strings.Contains(f.Text, "\n") || !strings.Contains(strings.SplitN(f.Text, "\n", 2)[0], "source") {
			t.Errorf("%s has no column source", f.Name)
		}
	}
}

// Content of two forms from IUPAC atomic weights: Nd 144.242, O 15.999, W
// 183.84, C 12.011.
func TestContents(t *testing.T) {
	want := map[string]float64{
		"Nd metal": (2*144.242 + 3*15.999) / (2 * 144.242),
		"W WC":     183.84 / (183.84 + 12.011),
	}
	for _, c := range Contents() {
		if w, ok := want[c.Element+" "+c.Form]; ok {
			delete(want, c.Element+" "+c.Form)
			if math.Abs(c.Factor-w) > 5e-4 { // three or four decimals in the table
				t.Errorf("%s in %s: %g, want %.4f", c.Element, c.Form, c.Factor, w)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("no rows for %v", want)
	}
}
