package concordance

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"counterflow/data"
)

func h(edition data.Edition, code string) data.Commodity { return data.MustCommodity(code, edition) }

// small: 111111 of H4 splits into 222221 and 222222 of H5 (0.25, 0.75), and
// 111112 goes to 222222 alone; 333333 stays. In H6 both parts are 444444.
const small = `from_edition,from,to_edition,to,weight
H4,111111,H5,222221,0.25
H4,111111,H5,222222,0.75
H4,111112,H5,222222,
H4,333333,H5,333333,1
H5,222221,H6,444444,
H5,222222,H6,444444,
H5,333333,H6,333333,
`

func parse(t *testing.T, text string) *Table {
	t.Helper()
	table, err := Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func between(t *testing.T, table *Table, from, to data.Edition) *Converter {
	t.Helper()
	c, err := table.Between(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// 10.03 dollars: a quarter is 250.75 cents, three quarters 752.25; rounded down
// 250 and 752, and the cent left over goes to the larger remainder, 0.75. 1001
// grams: 250.25 and 750.75, the gram goes to the second.
func TestASplitByHand(t *testing.T) {
	c := between(t, parse(t, small), data.HS2012, data.HS2017)
	parts, ok := c.Convert(h(data.HS2012, "111111"), 10_03, 1001)
	want := []Part{
		{h(data.HS2017, "222221"), 251, 250, 0.25, Given},
		{h(data.HS2017, "222222"), 752, 751, 0.75, Given},
	}
	if !ok || !reflect.DeepEqual(parts, want) {
		t.Errorf("%+v", parts)
	}
	parts, _ = c.Convert(h(data.HS2012, "111111"), data.MissingUSD, 1001)
	if parts[0].USD.Known() || parts[1].USD.Known() || parts[0].Kg != 250 {
		t.Errorf("a missing value has parts: %+v", parts)
	}
	if _, ok := c.Convert(h(data.HS2012, "999999"), 1, 1); ok {
		t.Error("a code that the table does not know is converted")
	}
	if parts, ok := between(t, parse(t, small), data.HS2012, data.HS2012).Convert(h(data.HS2012, "999999"), 1, 2); !ok || len(parts) != 1 || parts[0].USD != 1 || parts[0].Kg != 2 {
		t.Errorf("within one edition: %+v", parts)
	}
}

// Split and merged again, a code is what it was; backward the shares are equal,
// since the weights of the split say nothing of them.
func TestChainsAndTheWayBack(t *testing.T) {
	table := parse(t, small)
	parts, _ := between(t, table, data.HS2012, data.HS2022).Convert(h(data.HS2012, "111111"), 10_03, 1001)
	if want := []Part{{h(data.HS2022, "444444"), 10_03, 1001, 1, Only}}; !reflect.DeepEqual(parts, want) {
		t.Errorf("chained: %+v", parts)
	}
	parts, _ = between(t, table, data.HS2017, data.HS2012).Convert(h(data.HS2017, "222222"), 101, 10)
	want := []Part{{h(data.HS2012, "111111"), 51, 5, 0.5, Equal}, {h(data.HS2012, "111112"), 50, 5, 0.5, Equal}}
	if !reflect.DeepEqual(parts, want) {
		t.Errorf("backward: %+v", parts)
	}
	// 222221 came from 111111 alone.
	parts, _ = between(t, table, data.HS2017, data.HS2012).Convert(h(data.HS2017, "222221"), 101, 10)
	if len(parts) != 1 || parts[0].Origin != Only {
		t.Errorf("%+v", parts)
	}
	if _, err := table.Between(data.HS1992, data.HS2022); err == nil || !strings.Contains(err.Error(), "from H0 to H1") {
		t.Errorf("error %v does not name the step", err)
	}
}

func TestFamiliesAreWhatLinksTieTogether(t *testing.T) {
	families := between(t, parse(t, small), data.HS2012, data.HS2017).Families()
	want := []Family{
		{From: []data.Commodity{h(data.HS2012, "111111"), h(data.HS2012, "111112")}, To: []data.Commodity{h(data.HS2017, "222221"), h(data.HS2017, "222222")}},
		{From: []data.Commodity{h(data.HS2012, "333333")}, To: []data.Commodity{h(data.HS2017, "333333")}},
	}
	if !reflect.DeepEqual(families, want) || families[0].Simple() || !families[1].Simple() || families[0].Name().Code() != "222221" {
		t.Errorf("%+v", families)
	}
}

func TestLearntWeightsReplaceOthers(t *testing.T) {
	table := parse(t, small)
	before := between(t, table, data.HS2012, data.HS2017)
	if err := table.SetWeights(h(data.HS2012, "111111"), data.HS2017, []float64{0.6, 0.4}); err != nil {
		t.Fatal(err)
	}
	parts, _ := between(t, table, data.HS2012, data.HS2017).Convert(h(data.HS2012, "111111"), 100, 100)
	if parts[0].USD != 60 || parts[1].Kg != 40 || parts[0].Origin != Learnt {
		t.Errorf("%+v", parts)
	}
	if parts, _ := before.Convert(h(data.HS2012, "111111"), 100, 100); parts[0].USD != 25 {
		t.Error("weights learnt later reach into a converter that is in use")
	}
	for _, wrong := range [][]float64{{1}, {0.5, 0.4}, {1.5, -0.5}, {math.NaN(), 1}} {
		if table.SetWeights(h(data.HS2012, "111111"), data.HS2017, wrong) == nil {
			t.Errorf("weights %v are taken", wrong)
		}
	}
}

func TestConsolidatedTablesAndLostZeros(t *testing.T) {
	table := parse(t, "code.after,code.before,Relationship,adjustment\n10111,10111,1:1,1996 to 1992\n10119,10119,1:1,1996 to 1992\n10119,10119,1:1,1996 to 1992\n101,101,1:1,1996 to 1992\n111,11,n:1,1976 to 1962\n")
	parts, ok := between(t, table, data.HS1996, data.HS1992).Convert(h(data.HS1996, "010111"), 5, 5)
	if !ok || parts[0].To != h(data.HS1992, "010111") || len(table.Warnings) != 3 {
		t.Errorf("%+v, warnings %q", parts, table.Warnings)
	}
}

func TestMistakesNameTheirLine(t *testing.T) {
	for text, says := range map[string]string{
		"":                                  "empty",
		"a,b\n1,2\n":                        "from_edition",
		"from_edition,from,to_edition,to\n": "no link",
		"from_edition,from,to_edition,to\nH4,111111,H9,1\n":                                          "line 2: \"H9\"",
		"from_edition,from,to_edition,to\nH4,1111111,H5,111111\n":                                    "line 2",
		"from_edition,from,to_edition,to\nH4,1111,H5,111111\n":                                       "4 digits",
		"from_edition,from,to_edition,to\nH4,111111,H4,111112\n":                                     "stays within",
		"from_edition,from,to_edition,to,weight\nH4,111111,H5,111111,x\n":                            "line 2: weight",
		"from_edition,from,to_edition,to,weight\nH4,111111,H5,111111,2\n":                            "weight 2",
		"from_edition,from,to_edition,to,weight\nH4,111111,H5,111111,0.5\nH4,111111,H5,111112,\n":    "give all or none",
		"from_edition,from,to_edition,to,weight\nH4,111111,H5,111111,0.5\nH4,111111,H5,111112,0.4\n": "sum to 0.9",
		"code.after,code.before,adjustment\n111111,111111,later\n":                                   "adjustment",
	} {
		if _, err := Parse(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: error %v lacks %q", text, err, says)
		}
	}
}

// Whatever the weights and amounts, parts add up and none is negative or further
// than one unit from its exact share.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 12).Draw(t, "weights")
		sum := 0.0
		for _, w := range weights {
			sum += w
		}
		if sum == 0 {
			weights[0], sum = 1, 1
		}
		for i := range weights {
			weights[i] /= sum
		}
		total := rapid.Int64Range(0, 1e16).Draw(t, "total")
		left := total
		parts, ok := apportion(total, weights)
		if !ok {
			t.Fatalf("shares %v are refused", weights)
		}
		for i, part := range parts {
			left -= part
			// A float of 1e16 is exact to 2 units, and one more may be left over.
			if part < 0 || math.Abs(float64(part)-float64(total)*weights[i]) > 4 {
				t.Fatalf("part %d of %d is %d, its share %g", i, total, part, float64(total)*weights[i])
			}
		}
		if left != 0 {
			t.Fatalf("%d units are left over", left)
		}
	})
}

// What are no shares ends at once, and says so.
func TestWeightsThatAreNoShares(t *testing.T) {
	for _, weights := range [][]float64{{0, 0}, {0.5, 0.25}, {1, 1}, {1.5, -0.5}, {math.NaN(), 1}, {math.Inf(1)}, {1 - 2e-6}} {
		if parts, ok := apportion(1e15, weights); ok {
			t.Errorf("%v gives %v", weights, parts)
		}
	}
	if parts, ok := apportion(-10, []float64{1.0 / 3, 1.0 / 3, 1.0 / 3}); !ok || !slices.Equal(parts, []int64{-4, -3, -3}) {
		t.Errorf("%v, %v", parts, ok)
	}
}

// The whole table of real links, forward and backward over each step and over
// all of them: totals stay to the cent and the gram, every code is converted or
// said to be unknown.
func TestRealTablesKeepTotals(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "hs", "HS_consolidated_comtrade_concordances.csv.gz")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the consolidated correlation tables are not there: real links are not checked")
	}
	table, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range [][2]data.Edition{
		{data.HS2022, data.HS2017}, {data.HS2017, data.HS2022}, {data.HS1996, data.HS1992}, {data.HS1992, data.HS1996},
		{data.HS2022, data.HS1992}, {data.HS1992, data.HS2022},
	} {
		c, err := table.Between(way[0], way[1])
		if err != nil {
			t.Fatal(err)
		}
		var usdIn, usdOut data.USD
		var kgIn, kgOut data.Kg
		amount := int64(1)
		for code := range c.shares {
			amount = amount*6364136223846793005 + 1442695040888963407
			usd, kg := data.USD(uint64(amount)>>20), data.Kg(uint64(amount)>>14)
			parts, ok := c.Convert(code, usd, kg)
			if !ok {
				t.Fatalf("%s is not converted", code)
			}
			usdIn, kgIn = usdIn+usd, kgIn+kg
			for _, p := range parts {
				usdOut, kgOut = usdOut+p.USD, kgOut+p.Kg
			}
		}
		if usdIn != usdOut || kgIn != kgOut {
			t.Errorf("%s to %s: %d cents become %d, %d grams %d", way[0], way[1], usdIn, usdOut, kgIn, kgOut)
		}
		families, simple := c.Families(), 0
		for i := range families {
			if families[i].Simple() {
				simple++
			}
		}
		t.Logf("%s to %s: %d codes, %d families, %d of them one to one", way[0], way[1], len(c.shares), len(families), simple)
	}
	t.Logf("warnings: %q", table.Warnings)
}

func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add("code.after,code.before,Relationship,adjustment\n10111,10111,1:1,1996 to 1992\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := Parse(strings.NewReader(text))
		if err != nil {
			return
		}
		for s, codes := range table.steps {
			c, err := table.Between(s.from, s.to)
			if err != nil {
				t.Fatal(err)
			}
			for code := range codes {
				parts, ok := c.Convert(code, 1001, 7)
				var usd data.USD
				var kg data.Kg
				for _, p := range parts {
					usd, kg = usd+p.USD, kg+p.Kg
				}
				if !ok || usd != 1001 || kg != 7 {
					t.Fatalf("%s becomes %+v", code, parts)
				}
			}
		}
	})
}
