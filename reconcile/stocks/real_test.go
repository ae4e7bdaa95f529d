package stocks

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/data/source"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/stats/breaks"
	"counterflow/stats/spell"
)

// shared is the folder of real data beside the module.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the real data are not here: ", path)
	}
	return path
}

// eachRow reads a CSV with a header.
func eachRow(t *testing.T, path string, use func(field func(name string) string)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	for _, row := range rows[1:] {
		use(func(name string) string { return row[at[name]] })
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// chinaFirst is the first month of the monthly exports of China that is
// comparable: codes were added in January 2018.
var chinaFirst, _ = data.Month(2018, 1)

const chinaMonths = 84

// chinaSeries reads exports of China by a name made of two columns, kg or USD.
func chinaSeries(t *testing.T, file, group, partner, amount string) map[string][]float64 {
	t.Helper()
	all := map[string][]float64{}
	eachRow(t, shared(t, "china_monthly_exports", file), func(field func(string) string) {
		name := field(group)
		if partner != "" {
			name += " " + field(partner)
		}
		month, err := data.ParsePeriod(field("period_dt")[:7])
		if err != nil {
			t.Fatal(err)
		}
		if all[name] == nil {
			all[name] = make([]float64, chinaMonths)
		}
		if at := month.Index() - chinaFirst.Index(); at >= 0 {
			all[name][at] += number(t, field(amount))
		}
	})
	return all
}

func eventOf(t *testing.T, id string, goods string) data.Event {
	t.Helper()
	for _, e := range reference.Events() {
		if e.ID == id {
			e.Commodities = []data.Commodity{data.MustCommodity(goods, data.EditionUnknown)}
			return e
		}
	}
	t.Fatal("no event ", id)
	return data.Event{}
}

// The published ratios of the three months before the control to the twelve
// before those, with their standard errors (qennis/ChinaCriticalMineralComtrade,
// data_output/tables/strategic_stockpiling.csv): all partners whose series are
// published beside them.
func TestRatiosBeforeControls(t *testing.T) {
	series := chinaSeries(t, "country_monthly_stats.csv", "broad_group", "partner_name", "qty")
	goods := map[string]data.Event{"Graphite": eventOf(t, "CN-2023-39", "250410"), "Gallium/Germanium": eventOf(t, "CN-2023-23", "811292")}
	compared := 0
	eachRow(t, shared(t, "china_monthly_exports", "strategic_stockpiling.csv"), func(field func(string) string) {
		name, e := field("broad_group")+" "+field("partner_name"), goods[field("broad_group")]
		kg, ok := series[name]
		if !ok || e.ID == "" {
			return
		}
		partner, _ := reference.ByText(field("partner_name"))
		lane := Series{Commodity: e.Commodities[0], Exporter: data.MustEconomy("CHN"), Importer: partner.Economy, Start: chinaFirst, Kg: kg}
		s, _, ok := StudyEvent([]Series{lane}, e, partner.Economy, Window{})
		if !ok {
			t.Errorf("%s could not be studied", name)
			return
		}
		compared++
		want, se := number(t, field("ratio")), number(t, field("ratio_error"))
		if math.Abs(s.Before.Value-want) > 1e-9*want || math.Abs(s.Before.SE-se) > 1e-9*se {
			t.Errorf("%s: %.6f (%.6f), published %.6f (%.6f)", name, s.Before.Value, s.Before.SE, want, se)
		}
	})
	if compared != 16 {
		t.Errorf("%d ratios compared, want 16", compared)
	}
}

// At the control dates exports fall, and before them they surge. Natural graphite
// (control 2023-12): a surge in November and three months of next to nothing.
// Artificial graphite, in value: a lasting step down in December. Gallium and
// germanium to Japan (control 2023-08): lower from August on.
func TestShiftsAtControls(t *testing.T) {
	byCode := chinaSeries(t, "deep_dive_hs6_monthly.csv", "hs6", "", "qty")
	byPartner := chinaSeries(t, "country_monthly_stats.csv", "broad_group", "partner_name", "qty")
	byValue := chinaSeries(t, "composition_subgroup.csv", "subgroup", "", "val")
	logs := func(x []float64, sign float64) []float64 {
		y := unknown(len(x))
		for i, v := range x {
			if v > 0 {
				y[i] = sign * math.Log(v)
			}
		}
		return y
	}
	graphite := spell.Scan(logs(byCode["250410"], -1), spell.Settings{Shortest: 2})
	expectSpell(t, "natural graphite, lower", graphite, "2023-12", "2024-02", 0.9, 1.7)
	surge := spell.Scan(logs(byCode["250410"], 1), spell.Settings{Shortest: 1, Longest: 6})
	if at := chinaFirst.Add(surge.Start); at.String() != "2023-11" || surge.Seen != 1 || surge.Shift < 0.9 {
		t.Errorf("natural graphite, higher: %s, %d months, %.2f", at, surge.Seen, surge.Shift)
	}
	japan := spell.Scan(logs(byPartner["Gallium/Germanium Japan"], -1), spell.Settings{})
	expectSpell(t, "gallium and germanium to Japan, lower", japan, "2023-08", "2024-12", 0.4, 0.9)

	design, err := breaks.NewDesign(breaks.Monthly(chinaMonths))
	if err != nil {
		t.Fatal(err)
	}
	step := design.NewScanner().Robust(logs(byValue["Artificial Graphite"], 1), breaks.PhiPrior{})
	t.Logf("artificial graphite, value: %s, %.2f (SE %.2f), log p %.1f", chinaFirst.Add(step.Position), step.Size, step.SE, step.LogP)
	if at := chinaFirst.Add(step.Position); at.String() != "2023-12" || step.Size > -0.5 || step.LogP > math.Log(0.01) {
		t.Errorf("artificial graphite: a step of %.2f at %s, log p %.1f", step.Size, at, step.LogP)
	}

	lane := []Series{{Commodity: data.MustCommodity("250410", 0), Exporter: data.MustEconomy("CHN"), Importer: data.MustEconomy("KOR"), Start: chinaFirst, Kg: byCode["250410"]},
		{Commodity: data.MustCommodity("280461", 0), Exporter: data.MustEconomy("CHN"), Importer: data.MustEconomy("KOR"), Start: chinaFirst, Kg: byCode["380110"]}}
	s, months, ok := StudyEvent(lane, eventOf(t, "CN-2023-39", "250410"), 0, Window{After: 3})
	t.Logf("natural graphite: before %.2f (%.2f), after %.2f (%.2f), contrast %.2f (%.2f), against other goods %.2f (%.2f), swing %.2f",
		s.Before.Value, s.Before.SE, s.After.Value, s.After.SE, s.Contrast.Value, s.Contrast.SE, s.Goods.Value, s.Goods.SE, s.Swing)
	if !ok || s.Before.Value < 1.5 || s.After.Value > 0.4 || s.Contrast.Value < 1 || s.Goods.Value < 1 {
		t.Errorf("natural graphite about its control: %+v", s)
	}
	if last := months[14]; len(months) != 18 || last.Period.String() != "2023-11" || last.Index < 2 || last.Kg.Float() != byCode["250410"][70] || !math.IsNaN(last.Partners) {
		t.Errorf("%d months, the last before the control is %+v", len(months), last)
	}
}

func expectSpell(t *testing.T, name string, s spell.Spell, from, to string, least, most float64) {
	t.Helper()
	start, end := chinaFirst.Add(s.Start).String(), chinaFirst.Add(s.End).String()
	t.Logf("%s: %s to %s, %.2f (SE %.2f), log p %.1f", name, start, end, s.Shift, s.SE, s.LogP)
	if start != from || end != to || s.Shift < least || s.Shift > most || s.LogP > math.Log(0.01) {
		t.Errorf("%s: %s to %s, shift %.2f, log p %.1f", name, start, end, s.Shift, s.LogP)
	}
}

// The United States took in 22,450 t of rare-earth compounds and metals in 2025
// after 8,454 t in 2024 (USGS Mineral Commodity Summaries 2026): a build by trade
// alone. What speaks against it: apparent consumption rose as well, but is made
// of the same imports and refused; domestic production doubled; use is unknown.
func TestRareEarthsOfTheUnitedStates(t *testing.T) {
	read, err := source.ReadBalances(shared(t, "minerals_production", "usgs_MCS2026_Commodities_Data.csv"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Detect(Input{Balances: read.Rows}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	usa, _ := reference.MineralCommodity("rare earths")
	var found *cases.Case
	var tried []claims.Claim
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Goods == usa.In(data.EditionUnknown) && data.Economy(c.Importer) == data.MustEconomy("USA") {
			found, tried = c, r.Claims[i]
		}
		t.Log(r.Cases[i].Statement)
	}
	if found == nil {
		t.Fatal("no build of rare earths in the United States")
	}
	if found.Start.Year() != 2025 || found.Q > 0.05 || found.Assessable || found.ExcessKg < data.Kilograms(10e6) || found.ExcessKg > data.Kilograms(16e6) {
		t.Errorf("%+v", found)
	}
	verdicts := map[string]claims.Verdict{}
	for _, c := range tried {
		verdicts[c.Explanation] = c.Verdict
		t.Logf("%s: %s, %s", c.Explanation, c.Verdict, c.Note)
	}
	for _, explanation := range []string{"demand_boom", "circular", "new_capacity"} {
		if verdicts[explanation] != claims.NotPossible {
			t.Errorf("%s is %q", explanation, verdicts[explanation])
		}
	}
	refused := false
	for _, f := range r.Refusals {
		refused = refused || f.Item == data.Consumption && f.Economy == data.MustEconomy("USA") && f.Commodity == usa.In(data.EditionUnknown) && f.Figures == 5
	}
	if !refused {
		t.Errorf("apparent consumption was not refused: %v", r.Refusals)
	}
}
