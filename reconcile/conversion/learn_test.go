package conversion

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/data/concordance"
)

// Two old codes meet in one new one: 111111 goes to 222221 and 222222, 111112 to
// 222222 and 222223; 333333 stays.
const links = `from_edition,from,to_edition,to
H4,111111,H5,222221
H4,111111,H5,222222
H4,111112,H5,222222
H4,111112,H5,222223
H4,333333,H5,333333
`

var truth = map[string]map[string]float64{
	"111111": {"222221": 0.7, "222222": 0.3},
	"111112": {"222222": 0.1, "222223": 0.9},
}

func table(t *testing.T) *concordance.Table {
	t.Helper()
	parsed, err := concordance.Parse(strings.NewReader(links))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// world lets n economies trade both codes before, in amounts that mix gives, and
// after the change what the true shares and noise make of them.
func world(n int, noise float64, mix func(*rand.Rand) (a, b float64)) (before, after []Trade) {
	random := rand.New(rand.NewPCG(7, 7))
	for i := range n {
		reporter := data.MustEconomy("A" + string(rune('A'+i/26)) + string(rune('A'+i%26)))
		a, b := mix(random)
		amounts := map[string]float64{"111111": a, "111112": b}
		for _, old := range []string{"111111", "111112"} {
			before = append(before, Trade{reporter, data.MustCommodity(old, data.HS2012), data.Dollars(amounts[old])})
			for _, new := range []string{"222221", "222222", "222223"} {
				if share := truth[old][new]; share > 0 {
					grown := 1.3 * amounts[old] * share * math.Exp(noise*random.NormFloat64())
					after = append(after, Trade{reporter, data.MustCommodity(new, data.HS2017), data.Dollars(grown)})
				}
			}
		}
	}
	return before, after
}

func independent(r *rand.Rand) (a, b float64) { return 1e6 * r.Float64(), 1e6 * r.Float64() }

// share gives the weight that a table has for one link, and where it is from.
func share(t *testing.T, table *concordance.Table, old, new string) (float64, concordance.Origin) {
	t.Helper()
	c, err := table.Between(data.HS2012, data.HS2017)
	if err != nil {
		t.Fatal(err)
	}
	parts, _ := c.Convert(data.MustCommodity(old, data.HS2012), 100, 100)
	for _, p := range parts {
		if p.To.Code() == new {
			return p.Share, p.Origin
		}
	}
	t.Fatalf("%s does not go to %s", old, new)
	return 0, 0
}

func TestPlantedSharesAreFound(t *testing.T) {
	for _, test := range []struct{ noise, tolerance float64 }{
		{0, 1e-3},   // the tolerance of the fit, 1e-8 of the squares, is 1e-4 of shares
		{0.2, 0.05}, // 40 economies: about 0.2/√40 = 0.03
	} {
		table := table(t)
		before, after := world(40, test.noise, independent)
		fits, err := Learn(table, data.HS2012, data.HS2017, before, after, Options{})
		if err != nil || len(fits) != 1 || !fits[0].Determined || fits[0].Reporters != 40 || fits[0].Warning != "" {
			t.Fatalf("%+v, %v", fits, err)
		}
		for old, shares := range truth {
			for new, want := range shares {
				if got, origin := share(t, table, old, new); math.Abs(got-want) > test.tolerance || origin != concordance.Learnt {
					t.Errorf("noise %g: %s to %s has share %.4f (%s), planted %.2f", test.noise, old, new, got, origin, want)
				}
			}
		}
		if test.noise == 0 && fits[0].Error > 1e-6 || test.noise > 0 && !(fits[0].Error > 1e-4) {
			t.Errorf("noise %g: error %g", test.noise, fits[0].Error)
		}
	}
}

// Where every economy trades the two codes in the same mixture, nothing tells
// them apart: shares stay equal and the family says so. The same with too few.
func TestWhatCannotBeToldApartIsSaid(t *testing.T) {
	for name, test := range map[string]struct {
		n    int
		mix  func(*rand.Rand) (a, b float64)
		says string
	}{
		"one mixture": {40, func(r *rand.Rand) (a, b float64) { a = 1e6 * r.Float64(); return a, 2 * a }, "tells only 1 of them apart"},
		"too few":     {4, independent, "at least 5 economies"},
		"no trade":    {0, independent, "there are 0"},
	} {
		table := table(t)
		before, after := world(test.n, 0, test.mix)
		fits, err := Learn(table, data.HS2012, data.HS2017, before, after, Options{})
		if err != nil || len(fits) != 1 || fits[0].Determined || !strings.Contains(fits[0].Warning, test.says) {
			t.Fatalf("%s: %+v, %v", name, fits, err)
		}
		if got, origin := share(t, table, "111111", "222221"); got != 0.5 || origin != concordance.Equal {
			t.Errorf("%s: share %g (%s)", name, got, origin)
		}
	}
}

// Rows of other editions, and amounts that are missing or zero, do not count.
func TestOtherRowsAreNotUsed(t *testing.T) {
	one, two := table(t), table(t)
	before, after := world(10, 0.1, independent)
	if _, err := Learn(one, data.HS2012, data.HS2017, before, after, Options{}); err != nil {
		t.Fatal(err)
	}
	noise := []Trade{
		{data.MustEconomy("ZZZ"), data.MustCommodity("111111", data.HS2017), 5},
		{data.MustEconomy("AAA"), data.MustCommodity("111111", data.HS2012), data.MissingUSD},
		{data.MustEconomy("ZZZ"), data.MustCommodity("111111", data.HS2012), 0},
	}
	if _, err := Learn(two, data.HS2012, data.HS2017, append(noise, before...), after, Options{}); err != nil {
		t.Fatal(err)
	}
	a, _ := share(t, one, "111111", "222221")
	b, _ := share(t, two, "111111", "222221")
	if a != b || a == 0.5 {
		t.Errorf("shares %g and %g", a, b)
	}
	if _, err := Learn(one, data.HS1992, data.HS2017, nil, nil, Options{}); err == nil {
		t.Error("editions without links are learnt")
	}
}
