package explain

import (
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
)

func period(text string) data.Period {
	p, err := data.ParsePeriod(text)
	if err != nil {
		panic(err)
	}
	return p
}

// A case of metals from Chile to Japan rests in part on what went to Singapore.
func rested() *reconcile.Result {
	goods := data.MustCommodity("280530", data.EditionUnknown)
	chile, japan, singapore := data.Exporter(data.MustEconomy("CHL")), data.Importer(data.MustEconomy("JPN")), data.Importer(data.MustEconomy("SGP"))
	pair := func(to data.Importer, month string) mirror.Pair {
		return mirror.Pair{Commodity: goods, Exporter: chile, Importer: to, Period: period(month), XKg: data.Kilograms(5), MKg: data.Kilograms(9)}
	}
	return &reconcile.Result{
		Pairs:      []mirror.Pair{pair(japan, "2024-03"), pair(singapore, "2024-03")},
		Departures: make([]cases.Departure, 2),
		Cases: []cases.Case{{ID: "C0001", Kind: cases.MissingExport, Goods: goods, Exporter: chile, Importer: japan,
			Start: period("2024-03"), End: period("2024-04"), ExcessKg: data.Kilograms(1), ExcessUSD: data.MissingUSD}},
		Claims: []claims.Claim{
			{CaseID: "C0001", Explanation: "entrepot", Kg: data.Kilograms(3), FoundOn: "280530:CHL:SGP", Verdict: claims.Holds, Caveat: "entrepot"},
			{CaseID: "C0001", Explanation: "unexplained", Kg: data.Kilograms(1), Verdict: claims.Holds},
		},
		Allocations: []claims.Allocation{
			{Families: "rare earths", Start: period("2024-02"), End: period("2024-04"), Cells: 2, Links: 1, Excess: data.Kilograms(4), Short: data.Kilograms(3),
				Allocated: data.Kilograms(3), Cost: 18, Algorithm: "shortest paths", Augmentations: 1, Optimal: true},
			{Families: "4407", Start: period("2024-02"), End: period("2024-04"), Algorithm: "shortest paths"},
		},
	}
}

func TestLanesThatClaimsRestOnAreShown(t *testing.T) {
	e, ok := Of(rested(), "C0001")
	if !ok || len(e.Lanes) != 2 || e.Lanes[1].Title != "280530 from CHL to SGP" || len(e.Lanes[1].Pairs) != 1 {
		t.Fatalf("lanes %+v", e.Lanes)
	}
	wanted := e.Wanted(6)
	row := func(to, month string) *source.Record {
		r := &source.Record{}
		r.Commodity, r.Exporter, r.Importer = data.MustCommodity("280530", data.HS2022), data.Exporter(data.MustEconomy("CHL")), data.Importer(data.MustEconomy(to))
		r.Period = period(month)
		return r
	}
	// The case's own lane in its months; what a claim rests on up to three about them.
	for _, c := range []struct {
		to, month string
		want      bool
	}{{"JPN", "2024-03", true}, {"JPN", "2024-05", false}, {"SGP", "2024-04", true}, {"SGP", "2024-07", true}, {"SGP", "2024-08", false}, {"SGP", "2023-12", true}, {"KOR", "2024-03", false}} {
		if got := wanted(row(c.to, c.month)); got != c.want {
			t.Errorf("to %s in %s: wanted %t", c.to, c.month, got)
		}
	}
}

func TestHowClaimsWereSharedOutIsSaid(t *testing.T) {
	e, _ := Of(rested(), "C0001")
	want := "shared out with all gaps of rare earths, 2024-02 to 2024-04: 2 cells, 1 links, 3 kg of 3 kg at a cost of 18, by shortest paths, 1 paths, stopped at the optimum"
	text := e.Text()
	if !strings.Contains(text, want) || strings.Contains(text, "4407") {
		t.Errorf("the text does not hold %q:\n%s", want, text)
	}
}
