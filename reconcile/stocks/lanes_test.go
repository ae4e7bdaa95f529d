package stocks

import (
	"math"
	"testing"

	"counterflow/data"
)

var nan = math.NaN()

func economy(code string) data.Economy { return data.MustEconomy(code) }

func goods(code string) data.Commodity { return data.MustCommodity(code, data.EditionUnknown) }

func period(t testing.TB, text string) data.Period {
	t.Helper()
	p, err := data.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func equal(t *testing.T, name string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %v, want %v", name, got, want)
		return
	}
	for i := range want {
		if math.IsNaN(got[i]) != math.IsNaN(want[i]) || math.Abs(got[i]-want[i]) > 1e-9*math.Max(1, math.Abs(want[i])) {
			t.Errorf("%s: %v, want %v", name, got, want)
			return
		}
	}
}

// The importer says twice what the exporter does; where one is silent the other
// stands in at that ratio, and where both are, nothing is known.
func TestSilenceIsNoChange(t *testing.T) {
	f := &flow{imported: []float64{20, 22, nan, 18, 20, 24, nan, 20}}
	l := newLane(f, []float64{10, 11, 9, nan, 10, 12, nan, 10}, contentOf{kg: 1})
	equal(t, "importer", l.told[byImporter], []float64{20, 22, 18, 18, 20, 24, nan, 20})
	equal(t, "exporter", l.told[byExporter], []float64{10, 11, 9, 9, 10, 12, nan, 10})
	if l.own[byImporter][2] || !l.own[byImporter][3] || l.own[byExporter][3] {
		t.Error("who spoke was forgotten")
	}
	if want := math.Sqrt(square(soundLevel) + square(math.Ln2/2)); math.Abs(l.level-want) > 1e-12 {
		t.Errorf("level known to %g, want %g", l.level, want)
	}
	if lone := newLane(f, unknown(8), contentOf{kg: 1}); lone.level != loneLevel {
		t.Errorf("level of one side known to %g", lone.level)
	}
}

// Too few periods of both sides give no ratio of their own.
func TestLastingRatioNeedsPeriods(t *testing.T) {
	if r, known := lastingRatio([]float64{2, 2, 2, 2, nan}, []float64{1, 1, 1, 1, 1}); r != 1 || known {
		t.Errorf("ratio %g of four periods", r)
	}
	if r, known := lastingRatio([]float64{2, 2, 2, 8, 2, 0}, []float64{1, 1, 1, 1, 1, 1}); r != 2 || !known {
		t.Errorf("ratio %g, want the median 2", r)
	}
}

// A month in which the importer alone jumps a hundredfold is taken from the
// exporter; the exporter's own figures stay.
func TestTameSetsAsideTheWildSide(t *testing.T) {
	imported, exported := make([]float64, 14), make([]float64, 14)
	for i := range imported {
		imported[i], exported[i] = 10+float64(i%3), 10+float64((i+1)%3)
	}
	imported[6] = 1000
	tame(imported, exported, 1)
	if !math.IsNaN(imported[6]) || math.IsNaN(exported[6]) || math.IsNaN(imported[5]) {
		t.Errorf("importer %v, exporter %v", imported, exported)
	}
}

// Antimony oxide (content .835, .8 to .835) enters the account of antimony, ores
// of gallium baskets do not, and a code enters its own account as it is.
func TestContent(t *testing.T) {
	antimony := data.MustCommodity("ANTIMONY", data.EditionUnknown)
	c, ok := contentIn(antimony, goods("282580"))
	if want := (0.835 - 0.8) / math.Sqrt(12) / 0.835; !ok || c.kg != 0.835 || math.Abs(c.log-want) > 1e-12 {
		t.Errorf("%+v, want .835 with %g", c, want)
	}
	if _, ok := contentIn(data.MustCommodity("GALLIUM", data.EditionUnknown), goods("811292")); ok {
		t.Error("a basket entered a mass balance")
	}
	if _, ok := contentIn(antimony, goods("284690")); ok {
		t.Error("rare earths entered the account of antimony")
	}
	if c, ok := contentIn(goods("811292"), goods("811292")); !ok || c.kg != 1 || c.log != 0 {
		t.Errorf("%+v", c)
	}
	if all := accountsOf(goods("282580")); len(all) != 2 || all[1] != antimony {
		t.Errorf("accounts %v", all)
	}
}

// Prices are medians over lanes and sides, and fill in weights that were not
// stated.
func TestWeighed(t *testing.T) {
	equal(t, "weights", weighed([]float64{5, nan, nan, nan}, []float64{9, 20, 20, nan}, []float64{2, 4, nan, 2}), []float64{5, 5, nan, nan})
}
