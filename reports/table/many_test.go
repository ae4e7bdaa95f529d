package table

import (
	"math"
	"math/rand/v2"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
)

// many makes n pairs in their order, half of them two-sided and tested, as in
// a run on monthly data.
func many(n int) *reconcile.Result {
	random := rand.New(rand.NewPCG(1, 2))
	r := &reconcile.Result{Settings: reconcile.Defaults()}
	for code := 100000; len(r.Pairs) < n; code++ {
		goods := commodity(string(data.AppendFixed(nil, int64(code), 0)))
		for lane := 0; lane < 26*26 && len(r.Pairs) < n; lane++ {
			from := exporter(string([]byte{'A' + byte(lane/26), 'A', 'A'}))
			to := importer(string([]byte{'Z', 'A' + byte(lane%26), 'A'}))
			for month := 0; month < 24 && len(r.Pairs) < n; month++ {
				p, d := someMonth(random)
				p.Commodity, p.Exporter, p.Importer, p.Period = goods, from, to, period("2022-01").Add(month)
				r.Pairs = append(r.Pairs, p)
				r.Departures = append(r.Departures, d)
			}
		}
	}
	return r
}

func someMonth(random *rand.Rand) (mirror.Pair, cases.Departure) {
	x := math.Exp(8 + 2*random.NormFloat64())
	m := x * math.Exp(0.5*random.NormFloat64())
	p := mirror.Pair{XKg: data.Kilograms(x), MKg: data.Kilograms(m), XUSD: data.FOB(data.Dollars(5.3 * x)), MUSD: data.CIF(data.Dollars(5.7 * m)),
		State: mirror.State(random.IntN(3)), Edition: data.HS2022}
	if random.IntN(5) == 0 {
		p.Notes = mirror.ExportWeightEstimated
	}
	d := cases.Departure{Expected: math.NaN(), SD: math.NaN(), Z: math.NaN(), LogP: math.NaN()}
	switch {
	case random.IntN(2) == 0:
		p.State = mirror.Both
		d = cases.Departure{Measure: mirror.Weight, Expected: 0.1 * random.NormFloat64(), SD: 0.3 + random.Float64()}
		d.Z = (math.Log(m/x) - d.Expected) / d.SD
		d.LogP = -d.Z * d.Z / 2
	case p.State == mirror.ExportOnly:
		p.MKg, p.MUSD = data.MissingKg, data.CIF(data.MissingUSD)
	case p.State == mirror.ImportOnly:
		p.XKg, p.XUSD = data.MissingKg, data.FOB(data.MissingUSD)
	}
	return p, d
}
