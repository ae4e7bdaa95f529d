package reports

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
)

// world says what kind of run to make up. The runs are for looking at: amounts,
// tests and cases are plausible, but nothing is estimated from them.
type world struct {
	monthly   bool
	first     int // year
	periods   int
	economies []string
	goods     []string
	lanes     int // of each good
	cases     int
	noWeights bool
}

var (
	someEconomies = []string{
		"CHN", "USA", "DEU", "JPN", "KOR", "GBR", "FRA", "ITA", "VNM", "THA", "MEX", "CAN", "AUS", "BRA", "IND",
		"NLD", "BEL", "SGP", "HKG", "TUR", "GRC", "UKR", "KAZ", "KGZ", "ARM", "GEO", "COD", "BOL", "CIV", "ZAF",
	}
	someGoods = []string{"282580", "284690", "811292"} // in order
)

func annualWorld() world {
	return world{first: 2022, periods: 1, economies: someEconomies, goods: someGoods, lanes: 150, cases: 14}
}

func monthlyWorld() world {
	return world{monthly: true, first: 2021, periods: 48, economies: someEconomies, goods: someGoods, lanes: 60, cases: 22}
}

func (w world) period(i int) data.Period {
	year, err := data.Year(w.first)
	if err != nil {
		panic(err)
	}
	if !w.monthly {
		return year.Add(i)
	}
	return year.Start().Add(i)
}

// silentFor says whether a reporter of the made-up world published nothing.
func silentFor(e data.Economy, d data.Direction, i, periods int) bool {
	switch e.String() {
	case "KGZ":
		return true
	case "BOL":
		return d == data.Import || periods > 1 && i > periods-4
	case "CIV":
		return periods > 1 && i%5 == 3
	case "COD":
		return d == data.Export && i < (periods+1)/2
	}
	return false
}

// run makes the world up.
func (w world) run() *reconcile.Result {
	rng := rand.New(rand.NewPCG(1, uint64(w.periods)))
	r := &reconcile.Result{Settings: reconcile.Defaults()}
	r.Settings.Flows = []string{"flows.csv.gz"}
	w.coverage(r)
	for _, code := range w.goods {
		goods := data.MustCommodity(code, data.HS2022)
		for _, lane := range w.lanePlan(rng) {
			w.lane(r, rng, goods, lane[0], lane[1])
		}
	}
	r.Tested = len(r.Pairs)
	w.addCases(r, rng)
	w.furniture(r)
	return r
}

func (w world) coverage(r *reconcile.Result) {
	codes := slices.Sorted(slices.Values(w.economies))
	for k, code := range codes {
		e := data.MustEconomy(code)
		for _, d := range []data.Direction{data.Export, data.Import} {
			for i := range w.periods {
				c := mirror.Coverage{Economy: e, Direction: d, Period: w.period(i), Presence: mirror.Reported, Rows: 120,
					Value: data.USD(1e12 / (k + 1)), EstimatedWeight: 0.1, Unallocated: 0.02}
				if silentFor(e, d, i, w.periods) {
					c.Presence, c.Rows, c.Value = mirror.Silent, 0, 0
				}
				r.Coverage = append(r.Coverage, c)
			}
		}
	}
}

// lanePlan draws the lanes of one good, in order.
func (w world) lanePlan(rng *rand.Rand) [][2]data.Economy {
	n := len(w.economies)
	var plan [][2]data.Economy
	for _, k := range rng.Perm(n * (n - 1))[:min(w.lanes, n*(n-1))] {
		from, to := k/(n-1), k%(n-1)
		if to >= from {
			to++
		}
		plan = append(plan, [2]data.Economy{data.MustEconomy(w.economies[from]), data.MustEconomy(w.economies[to])})
	}
	slices.SortFunc(plan, func(a, b [2]data.Economy) int { return slices.Compare(a[:], b[:]) })
	return plan
}

// lane makes up the pairs of one lane and their tests.
func (w world) lane(r *reconcile.Result, rng *rand.Rand, goods data.Commodity, from, to data.Economy) {
	level := math.Exp(rng.NormFloat64()*1.6 + 11) // kilograms
	sd := 0.1 + 0.3*rng.Float64()
	habit := 0.15 * rng.NormFloat64()
	for i := range w.periods {
		x := level * math.Exp(0.25*rng.NormFloat64()+0.3*math.Sin(float64(i)/2))
		m := x * math.Exp(habit+sd*rng.NormFloat64())
		p := mirror.Pair{
			Commodity: goods, Exporter: data.Exporter(from), Importer: data.Importer(to), Period: w.period(i), State: mirror.Both,
			XKg: data.Kilograms(x), MKg: data.Kilograms(m), XUSD: data.FOB(data.Dollars(9 * x)), MUSD: data.CIF(data.Dollars(9.5 * m)),
		}
		if w.noWeights {
			p.XKg, p.MKg = data.MissingKg, data.MissingKg
		}
		silence(&p, silentFor(from, data.Export, i, w.periods), silentFor(to, data.Import, i, w.periods), rng.Float64())
		d := cases.Departure{Z: math.NaN(), LogP: math.NaN()}
		if measure := p.Measure(); p.State == mirror.Both && measure != mirror.NoMeasure {
			d = cases.Departure{Measure: measure, Expected: habit, SD: sd, Z: (p.LogRatio(measure) - habit) / sd}
			d.LogP = -math.Abs(d.Z) // near enough for looking
		}
		if p.XKg == data.MissingKg && p.MKg == data.MissingKg && !p.XUSD.Known() && !p.MUSD.Known() {
			continue
		}
		r.Pairs, r.Departures = append(r.Pairs, p), append(r.Departures, d)
	}
}

// silence takes away what a silent or negligent side would not have said.
func silence(p *mirror.Pair, exporter, importer bool, chance float64) {
	dropX := func() { p.XKg, p.XUSD = data.MissingKg, data.FOB(data.MissingUSD) }
	dropM := func() { p.MKg, p.MUSD = data.MissingKg, data.CIF(data.MissingUSD) }
	switch {
	case exporter && importer:
		dropX()
		dropM()
	case exporter:
		p.State = mirror.ExporterSilent
		dropX()
	case importer:
		p.State = mirror.ImporterSilent
		dropM()
	case chance < 0.03:
		p.State = mirror.ExportOnly
		dropM()
	case chance < 0.06:
		p.State = mirror.ImportOnly
		dropX()
	}
}

// addCases plants discrepancies in lanes and lists them as cases.
func (w world) addCases(r *reconcile.Result, rng *rand.Rand) {
	kinds := []cases.Kind{cases.MissingExport, cases.MissingImport, cases.UnitSlip, cases.Unexplained}
	caveats := [][]string{nil, {"estimated_weight"}, {"entrepot", "timing"}, {"small_cell"}}
	step := max(1, len(r.Pairs)/max(w.cases, 1))
	for n := range w.cases {
		at := n*step + rng.IntN(step)
		p := &r.Pairs[at]
		kind := kinds[n%len(kinds)]
		length := min(1+rng.IntN(8), w.periods)
		size := p.MKg.Plus(p.XKg).Float()
		if math.IsNaN(size) {
			size = p.XUSD.Float()
		}
		size *= float64(length) * (0.5 + rng.Float64())
		c := cases.Case{
			ID: fmt.Sprintf("C%05d", n+1), Rank: n + 1, Kind: kind, Goods: p.Commodity, Exporter: p.Exporter, Importer: p.Importer,
			Start: p.Period.Start(), End: min(p.Period.Add(length-1), w.period(w.periods-1)).End(),
			ExcessKg: data.Kilograms(size), ExcessKgLow: data.Kilograms(size * 0.4), ExcessKgHigh: data.Kilograms(size * 1.7),
			ExcessUSD: data.Dollars(9 * size), LogP: -20 + float64(n)/10, Q: 0.0004 * float64(n*n+1), Assessable: true, Caveats: caveats[n%len(caveats)],
			Statement: fmt.Sprintf("Over this time the two reports differ by %.1f times what the lane lets expect.", 1.5+rng.Float64()*4),
		}
		c.Q = math.Min(c.Q, 0.2)
		if w.noWeights {
			c.ExcessKg, c.ExcessKgLow, c.ExcessKgHigh = data.MissingKg, data.MissingKg, data.MissingKg
		}
		w.plant(r, at, length, kind)
		r.Cases = append(r.Cases, c)
	}
	r.ExpectedByChance = 0.05 * float64(w.cases)
}

// plant makes the pairs of a case show what its kind says.
func (w world) plant(r *reconcile.Result, at, length int, kind cases.Kind) {
	for i := at; i < min(at+length, len(r.Pairs)) && r.Pairs[i].SameLane(&r.Pairs[at]); i++ {
		p, d := &r.Pairs[i], &r.Departures[i]
		if p.State != mirror.Both {
			continue
		}
		factor := map[cases.Kind]float64{cases.MissingExport: 2.6, cases.MissingImport: 0.35, cases.UnitSlip: 1000, cases.Unexplained: 3}[kind]
		if p.MKg.Known() {
			p.MKg = data.Kilograms(p.MKg.Float() * factor)
		}
		p.MUSD = data.CIF(data.Dollars(p.MUSD.Float() * factor))
		d.Z = (p.LogRatio(d.Measure) - d.Expected) / d.SD
		d.LogP = -math.Abs(d.Z)
	}
}

// furniture is what a run has beside its numbers.
func (w world) furniture(r *reconcile.Result) {
	r.Inputs = []source.Tally{
		{File: "flows.csv.gz", Format: "comtrade_v1", SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Bytes: 1 << 24, Rows: 166_616, Kept: 120_004, Refused: map[source.Reason]int64{
				source.Breakdown: 45_000, source.GroupPartner: 1_200, source.BadAmount: 12, source.UnknownEconomy: 400}},
		{File: "Ελλάδα-εισαγωγές-с-весами-2022.csv", Format: "canonical", SHA256: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
			Bytes: 1 << 20, Rows: 2_000, Kept: 2_000},
	}
	r.Rejects = []source.Reject{
		{File: "flows.csv.gz", Line: 4182, Reason: source.UnknownEconomy, Column: "reporterCode", Value: "578", Hint: "578 is not a Comtrade reporter; Norway is 579"},
		{File: "flows.csv.gz", Line: 99321, Reason: source.BadAmount, Column: "netWgt", Value: "twelve 中国", Hint: "write the amount in figures"},
	}
	r.Warnings = []string{
		"31 lanes have fewer than 24 periods and borrow their spread from the commodity; more history gives them their own",
		"weights of 10% of the value are estimates; a weight gap on these lanes is partly a value gap",
	}
	if !w.monthly {
		return
	}
	month := func(y, m int) data.Period { p, _ := data.Month(y, m); return p }
	goods := func(code string) []data.Commodity {
		return []data.Commodity{data.MustCommodity(code, data.EditionUnknown)}
	}
	r.Events = []data.Event{
		{ID: "E1", Announced: month(2022, 1), Effective: month(2022, 2), Target: "world", Instrument: "licence for exports of rare earths", Source: "gazette", Commodities: goods("2846")},
		{ID: "E2", Effective: month(2022, 7), Target: "world", Instrument: "export quota, first batch", Source: "gazette"},
		{ID: "E3", Effective: month(2022, 9), Instrument: "出口管制 announced", Source: "gazette"},
		{ID: "E4", Effective: month(2024, 10), Target: "world", Instrument: "licence for exports of antimony and its compounds", Source: "gazette"},
		{ID: "E5", Effective: month(2024, 8), Target: "world", Instrument: "duty lifted", Source: "gazette"},
	}
}
