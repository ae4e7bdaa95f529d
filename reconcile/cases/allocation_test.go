package cases_test

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
)

// screened runs the detectors on a world.
func (w *world) screened(t *testing.T) *cases.Screened {
	t.Helper()
	p, slips := panel.Prepare(panel.Input{Pairs: w.pairs, Coverage: w.coverage()})
	out, err := cases.Detect(cases.Input{Pairs: w.pairs, Panel: p, Slips: slips}, cases.ScreenSettings{ListQ: 0.2, FalseShare: 0.05, MinimumUSD: 100})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// claimed gives what an explanation accounts for in the first case found on a lane,
// what is left, and the size of that case.
func claimed(out *cases.Screened, x, m int, explanation string) (kg, rest, size data.Kg) {
	for _, c := range out.Cases {
		if c.Goods != code(1) || data.Economy(c.Exporter) != economy(x) || data.Economy(c.Importer) != economy(m) {
			continue
		}
		for _, claim := range out.Claims {
			switch {
			case claim.CaseID != c.ID:
			case claim.Explanation == explanation:
				kg = claim.Kg
			case claim.Explanation == "unexplained":
				rest = claim.Kg
			}
		}
		return kg, rest, c.ExcessKg
	}
	return data.MissingKg, data.MissingKg, data.MissingKg
}

// oneBucket is a world in which one exporter leaves 70% out on two lanes for ten
// months, and books a quarter of what the first of them carries without a partner.
// What stands in the bucket may be of either lane, and cannot be of both.
func oneBucket(seed uint64) (w *world, booked float64) {
	w = newWorld(seed)
	var bucket []mirror.Pair
	for _, m := range []int{7, 9} {
		w.lane(1, 3, m, 20, 29, func(p *mirror.Pair) {
			if m == 7 {
				kg := 0.25 * p.XKg.Float()
				booked += kg
				bucket = append(bucket, mirror.Pair{
					Commodity: p.Commodity, Exporter: p.Exporter, Importer: data.Importer(data.Unallocated), Period: p.Period,
					XKg: data.Kilograms(kg), MKg: data.MissingKg, XUSD: scaleFOB(p.XUSD, 0.25), MUSD: data.CIF(data.MissingUSD),
					State: mirror.ExportOnly, Notes: mirror.PartnerUnstated,
				})
			}
			p.XKg, p.XUSD = scaleKg(p.XKg, 0.3), scaleFOB(p.XUSD, 0.3)
		})
	}
	at := slices.IndexFunc(w.pairs, func(p mirror.Pair) bool { return p.Commodity == code(1) && data.Economy(p.Exporter) == economy(4) })
	w.pairs = slices.Insert(w.pairs, at, bucket...)
	return w, booked
}

func TestOneBucketServesTwoCasesOnce(t *testing.T) {
	w, booked := oneBucket(4)
	out := w.screened(t)
	first, rest, size := claimed(out, 3, 7, claims.Unallocated)
	second, otherRest, otherSize := claimed(out, 3, 9, claims.Unallocated)
	if !first.Known() || !second.Known() {
		t.Fatal("a lane that was cut is no case")
	}
	t.Logf("%s and %s kg of %.3f", first.Text(), second.Text(), booked)
	// Both lanes lack far more than the bucket holds, so that all of it is used, and
	// none twice; each month is rounded to the gram.
	if sum := (first + second).Float(); math.Abs(sum-booked) > 0.01 {
		t.Errorf("%.3f and %.3f kg of a bucket of %.3f", first.Float(), second.Float(), booked)
	}
	if math.Abs(rest.Float()-size.Float()) > 0.1 || math.Abs(otherRest.Float()-otherSize.Float()) > 0.1 {
		t.Errorf("rests %s and %s, sizes %s and %s", rest.Text(), otherRest.Text(), size.Text(), otherSize.Text())
	}
	for _, a := range out.Allocations {
		if !a.Optimal || a.Algorithm == "" || a.Allocated > min(a.Excess, a.Short) || a.Explained > a.Allocated {
			t.Errorf("allocation %+v", a)
		}
	}
	t.Run("with sides swapped", func(t *testing.T) {
		w, _ := oneBucket(4)
		for i := range w.pairs {
			w.pairs[i] = swapped(w.pairs[i])
		}
		w.sort()
		out := w.screened(t)
		one, _, _ := claimed(out, 7, 3, claims.Unallocated)
		other, _, _ := claimed(out, 9, 3, claims.Unallocated)
		if one+other != first+second {
			t.Errorf("%s and %s kg, before %s and %s", one.Text(), other.Text(), first.Text(), second.Text())
		}
	})
	t.Run("in another currency and on one thread", func(t *testing.T) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		for i := range w.pairs {
			p := &w.pairs[i]
			p.XUSD, p.MUSD = times3(p.XUSD), data.CIF(times3(data.FOB(p.MUSD)))
		}
		again := w.screened(t)
		if !slices.EqualFunc(again.Claims, out.Claims, func(a, b claims.Claim) bool {
			return a.Explanation == b.Explanation && a.Kg == b.Kg && a.Verdict == b.Verdict
		}) ||
			!slices.Equal(again.Allocations, out.Allocations) {
			t.Error("claims in kg change with the currency or the number of threads")
		}
	})
}

// times3 leaves goods below 50 dollars a kilogram, from which their lags are learned
// apart.
func times3(v data.FOB) data.FOB {
	if !v.Known() {
		return v
	}
	return v * 3
}

// swapped is a pair whose goods went the other way: what the exporter declared, the
// importer did.
func swapped(p mirror.Pair) mirror.Pair {
	p.Exporter, p.Importer = data.Exporter(p.Importer), data.Importer(p.Exporter)
	p.XKg, p.MKg = p.MKg, p.XKg
	p.XUSD, p.MUSD = data.FOB(p.MUSD), data.CIF(p.XUSD)
	switch p.State {
	case mirror.ExportOnly:
		p.State = mirror.ImportOnly
	case mirror.ImportOnly:
		p.State = mirror.ExportOnly
	}
	return p
}

// renamed gives the world other names for a commodity and an economy.
func (w *world) renamed(goods, as data.Commodity, e, ae data.Economy) {
	for i := range w.pairs {
		p := &w.pairs[i]
		if p.Commodity == goods {
			p.Commodity = as
		}
		if data.Economy(p.Exporter) == e {
			p.Exporter = data.Exporter(ae)
		}
		if data.Economy(p.Importer) == e {
			p.Importer = data.Importer(ae)
		}
	}
	w.sort()
}

func (w *world) sort() {
	slices.SortFunc(w.pairs, func(a, b mirror.Pair) int {
		return cmp.Or(cmp.Compare(a.Commodity, b.Commodity), cmp.Compare(a.Exporter, b.Exporter), cmp.Compare(a.Importer, b.Importer), cmp.Compare(a.Period, b.Period))
	})
}

// An exporter leaves 70% out on a lane and declares more than usual elsewhere: too
// little of it for a code switch or for the hub to account for the gap, and enough to
// be seen.
func TestPartOfAGapIsFoundElsewhere(t *testing.T) {
	for _, c := range []struct {
		explanation string
		goods, to   int // where more is declared
	}{{claims.Classification, 2, 7}, {claims.Entrepot, 1, 14}} {
		w := newWorld(6)
		moved := map[data.Period]mirror.Pair{}
		planted := 0.0
		w.lane(1, 3, 7, 20, 29, func(p *mirror.Pair) {
			moved[p.Period] = *p
			planted += 0.2 * p.XKg.Float()
			p.XKg, p.XUSD = scaleKg(p.XKg, 0.3), scaleFOB(p.XUSD, 0.3)
		})
		w.lane(c.goods, 3, c.to, 0, months-1, func(p *mirror.Pair) {
			// A small lane, on which a fifth of the other shows.
			scalePair(p, 0.1)
			if from, ok := moved[p.Period]; ok {
				p.XKg, p.XUSD = p.XKg+scaleKg(from.XKg, 0.2), p.XUSD+scaleFOB(from.XUSD, 0.2)
			}
		})
		w.renamed(code(2), data.MustCommodity("281110", data.EditionUnknown), economy(14), data.MustEconomy("SGP"))
		w.hub = data.MustEconomy("SGP")
		out := w.screened(t)
		kg, rest, size := claimed(out, 3, 7, c.explanation)
		// The lane elsewhere has a scatter of its own, a few percent of what was planted.
		if !kg.Known() || math.Abs(kg.Float()/planted-1) > 0.25 {
			t.Errorf("%s: %s kg, planted %.0f", c.explanation, kg.Text(), planted)
		}
		if math.Abs(rest.Float()-size.Float()) > 0.1 {
			t.Errorf("%s: %s kg are left, the case has %s", c.explanation, rest.Text(), size.Text())
		}
	}
}
