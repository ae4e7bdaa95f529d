package reference

import (
	"math"
	"testing"

	"counterflow/data"
)

func TestGoodName(t *testing.T) {
	for code, want := range map[string]string{
		"282580":   "Antimony oxides",
		"284610":   "Cerium compounds",
		"28258000": "28258000", // finer than the table
		"2825":     "2825",
		"010121":   "010121",
		"TOTAL":    "TOTAL",
	} {
		for _, edition := range []data.Edition{data.EditionUnknown, data.HS2022} {
			if got := GoodName(data.MustCommodity(code, edition)); got != want {
				t.Errorf("%s in %v is called %q, want %q", code, edition, got, want)
			}
		}
	}
	if got := GoodName(0); got != "" {
		t.Errorf("no commodity is called %q", got)
	}
}

func TestGoods(t *testing.T) {
	list := Goods()
	if len(list) != 70 {
		t.Errorf("%d goods, want 70", len(list))
	}
	for i, g := range list {
		if i > 0 && list[i-1].HS6 >= g.HS6 {
			t.Errorf("%s is out of order", g.HS6)
		}
		if len(g.HS6) != 6 || g.Name == "" || g.Mineral == "" || g.Stage == "" || len(g.Editions) == 0 {
			t.Errorf("%s is incomplete: %+v", g.HS6, g)
		}
		if g.ContentLow > g.Content || g.Content > g.ContentHigh || g.ContentLow < 0 {
			t.Errorf("%s: content %g is outside %g to %g", g.HS6, g.Content, g.ContentLow, g.ContentHigh)
		}
		switch g.Purity {
		case Pure, Mixed, Dirty, Adjacent:
		default:
			t.Errorf("%s: purity %q", g.HS6, g.Purity)
		}
		for _, e := range g.Editions {
			if e == data.EditionOther || e == data.EditionUnknown {
				t.Errorf("%s: an edition is not one of the Harmonised System", g.HS6)
			}
		}
	}
	// Sb2O3: 2 x 121.760 / (2 x 121.760 + 3 x 15.999) = 0.8354 (IUPAC weights).
	oxide, ok := GoodOf(data.MustCommodity("28258000", data.HS2022))
	if want := 2 * 121.760 / (2*121.760 + 3*15.999); !ok || math.Abs(oxide.Content-want) > 0.001 { // three decimals in the table
		t.Errorf("antimony oxide holds %g, want %.4f", oxide.Content, want)
	}
	if good, _ := GoodOf(data.MustCommodity("260800", data.HS2022)); !math.IsNaN(good.Content) {
		t.Errorf("zinc ore has content %g, want none", good.Content)
	}
}
