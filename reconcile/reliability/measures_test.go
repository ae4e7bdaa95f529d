package reliability

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// In weight some reporters scatter more than in value, and a third of the lanes
// have no weights at all. Values tell the spreads, and the lanes that have both
// by how much those in weight depart from them.
func TestWeightsBesideValues(t *testing.T) {
	w := newTrial(14)
	w.sigma = func(_, i int) float64 { return 0.1 * math.Pow(1.1, float64(i)) }
	w.commodities = 9
	pairs := w.pairs()
	r := rand.New(rand.NewPCG(14, 1))
	coarse := economy(4) // weighs half as well as it values
	for i := range pairs {
		p := &pairs[i]
		if p.Commodity.Code()[1] >= '6' {
			p.XKg, p.MKg = data.MissingKg, data.MissingKg
			continue
		}
		if data.Economy(p.Exporter) == coarse {
			p.XKg = data.Kilograms(p.XKg.Float() * math.Exp(math.Sqrt(3)*w.sigma(0, 4)*r.NormFloat64()))
		}
	}
	m := fit(pairs)
	if !m.Converged {
		t.Error(m.Warnings)
	}
	values, weights := byEconomy(m, mirror.Value), byEconomy(m, mirror.Weight)
	for e, v := range values {
		want := v
		if e == coarse {
			want = 2 * v
		}
		// 50 lanes tell the departure, of 36 periods each: an error of 5%.
		if got := weights[e]; math.Abs(got/want-1) > 0.12 {
			t.Errorf("%v scatters by %.3f in weight, want %.3f", e, got, want)
		}
	}
}

// byEconomy is the spreads of exporters in one measure.
func byEconomy(m *Model, measure mirror.Measure) map[data.Economy]float64 {
	spreads := map[data.Economy]float64{}
	for _, s := range m.Scores() {
		if s.Measure == measure && s.Role == AsExporter && s.Group == AllGroups {
			spreads[s.Economy] = s.Sigma
		}
	}
	return spreads
}

// Departures that are known come out, and where there are none what is chance is
// taken for nothing.
func TestDepartures(t *testing.T) {
	for name, truth := range map[string][]float64{
		"apart": {0.6, -0.6, 0.3, -0.3, 0.6, -0.6},
		"alike": make([]float64, 6),
	} {
		r := rand.New(rand.NewPCG(3, 3))
		var pairs []paired
		for x := range 6 {
			for m := range 6 {
				for range 12 {
					share := 0.2 + 0.6*r.Float64()
					p := paired{exporter: int32(x), importer: int32(m), share: share, noise: 0.02}
					p.log = 0.2 + math.Log(share*math.Exp(truth[x])+(1-share)*math.Exp(-truth[m])) + math.Sqrt(2*p.noise)*r.NormFloat64()
					pairs = append(pairs, p)
				}
			}
		}
		pairs[0].log += 20 // one lane in another unit
		d := fitDepartures(pairs, 6, 6, 1, 0)
		if !d.converged {
			t.Errorf("%s: not converged after %d rounds", name, d.iterations)
		}
		for i, want := range truth {
			// Each has 72 lanes, of half a share and an error of 0.2: 0.05.
			if got := d.log[i]; math.Abs(got-want) > 0.15 {
				t.Errorf("%s: exporter %d departs by %.3f, want %.3f", name, i, got, want)
			}
		}
		if sd := math.Sqrt(d.between); name == "alike" && sd > 0.05 {
			t.Errorf("reporters that are alike depart by %.3f", sd)
		}
	}
}

// Half of what is sent to a hub passes it, and the hub books none of that: its
// own reports are no worse for it.
func TestPassingGoodsAreNoSpread(t *testing.T) {
	w := newTrial(15)
	pairs := w.pairs()
	r := rand.New(rand.NewPCG(15, 1))
	hub := data.MustEconomy("NLD")
	for i := range pairs {
		p := &pairs[i]
		if data.Economy(p.Importer) != economy(5) {
			continue
		}
		p.Importer = data.Importer(hub)
		if data.Economy(p.Exporter) < economy(8) {
			p.XUSD = data.FOB(data.Dollars(p.XUSD.Float() * (1 + math.Exp(0.6*r.NormFloat64()))))
			p.XKg = data.MissingKg
		}
	}
	slices.SortFunc(pairs, func(a, b mirror.Pair) int {
		return cmp.Or(cmp.Compare(a.Commodity, b.Commodity), cmp.Compare(a.Exporter, b.Exporter),
			cmp.Compare(a.Importer, b.Importer), cmp.Compare(a.Period, b.Period))
	})
	m := fit(pairs)
	for _, s := range m.Scores() {
		if s.Economy != hub || s.Role != AsImporter || s.Measure != mirror.Value || s.Group != AllGroups {
			continue
		}
		if math.Abs(s.Sigma/0.2-1) > 0.15 {
			t.Errorf("the hub scatters by %.3f, want 0.2", s.Sigma)
		}
		return
	}
	t.Error("no score of the hub")
}

// What is met in the other measure alone has the mean of all: a reporter that of
// reporters, a group none.
func TestMetInOneMeasureAlone(t *testing.T) {
	diagonal := func(n int, v float64) *mat.SymDense {
		m := mat.NewSymDense(n, nil)
		for i := range n {
			m.SetSym(i, i, v)
		}
		return m
	}
	first := &gaps{exporters: []data.Economy{economy(0), economy(1), economy(2)}, importers: []data.Economy{economy(0), economy(1), economy(2)}, groups: []string{"10"}}
	other := &gaps{exporters: []data.Economy{economy(1), economy(3)}, importers: []data.Economy{economy(0)}, groups: []string{"10", "11"}}
	s := &spreads{exporters: 3, importers: 3, log: []float64{-2, -2.5, -3, -3.5, -4, -4.5, 0.5, 0, 0}, inverse: diagonal(9, 0.01), center: -3, between: 1, betweenGroups: 0.2}
	d := &departures{exporters: 2, importers: 1, log: []float64{0.3, 0, 0, 0.1, 0, 0.05}, inverse: diagonal(6, 0.02), converged: true}
	o := s.besides(d, first, other, 0)
	for i, want := range []struct{ log, variance float64 }{
		{-2.5 + 0.3 + 0.05, 0.03}, {-3 + 0.05, 1.02}, {-3.5 + 0.05, 0.03}, {0.5 + 0.1, 0.03}, {0, 0.22}, {0, 0.01}, {0, 0.01},
	} {
		if math.Abs(o.log[i]-want.log) > 1e-12 || math.Abs(o.inverse.At(i, i)-want.variance) > 1e-12 {
			t.Errorf("parameter %d: %.3f with %.3f, want %.3f with %.3f", i, o.log[i], o.inverse.At(i, i), want.log, want.variance)
		}
	}
}
