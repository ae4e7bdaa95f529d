package margin

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/mirror"
)

// world makes pairs of which the margins are known: economies on a line, some
// landlocked, and unit values by commodity. Both sides weigh the goods.
type world struct {
	economies   int
	commodities int
	truth       [regressors]float64
	noise       float64 // of the log unit-value ratio
	periods     int
	seed        uint64
	mode        func(c, i, j int) source.Mode // nil for none that is known
}

func (w *world) modeOf(c, i, j int) source.Mode {
	if w.mode == nil {
		return 0
	}
	return w.mode(c, i, j)
}

func economy(i int) data.Economy {
	return data.MustEconomy(string([]byte{'A' + byte(i/26/26), 'A' + byte(i/26%26), 'A' + byte(i%26)}))
}

// route is the geography of the worlds: 400 km from each economy to the next;
// neighbours are contiguous, every fourth economy is landlocked.
func route(x data.Exporter, m data.Importer) Route {
	i, j := placeOf(data.Economy(x)), placeOf(data.Economy(m))
	apart := i - j
	if apart < 0 {
		apart = -apart
	}
	return Route{Km: 400 * float64(apart), Contiguous: apart == 1, LandlockedExporter: i%4 == 0, LandlockedImporter: j%4 == 0}
}

func placeOf(e data.Economy) int {
	code := e.String()
	return int(code[0]-'A')*26*26 + int(code[1]-'A')*26 + int(code[2]-'A')
}

func commodity(i int) data.Commodity {
	return data.MustCommodity(fmt.Sprintf("%06d", 100000+i), data.EditionUnknown)
}

func (w *world) pairs() []mirror.Pair {
	r := rand.New(rand.NewPCG(w.seed, 1))
	var pairs []mirror.Pair
	for c := range w.commodities {
		worth := 2 * math.Sin(float64(c)) // ln USD per kg, mean about 0
		for i := range w.economies {
			for j := range w.economies {
				if i == j {
					continue
				}
				x, m := data.Exporter(economy(i)), data.Importer(economy(j))
				row := rowOf(route(x, m), worth, w.modeOf(c, i, j))
				log := 0.0
				for k, b := range w.truth {
					log += b * row[k]
				}
				for t := range w.periods {
					kg := 1e6 * math.Exp(r.NormFloat64())
					gap := math.Exp(0.3 * r.NormFloat64()) // an error that weight and value share
					usd := kg * math.Exp(worth)
					period, _ := data.Month(2020, t+1)
					pairs = append(pairs, mirror.Pair{
						Commodity: commodity(c), Exporter: x, Importer: m, Period: period, State: mirror.Both,
						Mode: w.modeOf(c, i, j), XKg: data.Kilograms(kg), MKg: data.Kilograms(kg * gap),
						XUSD: data.FOB(data.Dollars(usd)), MUSD: data.CIF(data.Dollars(usd * gap * math.Exp(log+w.noise*r.NormFloat64()))),
					})
				}
			}
		}
	}
	return pairs
}

func plain() world {
	return world{economies: 24, commodities: 12, truth: [regressors]float64{0.05, 0.02, 0.003, -0.01, 0.01, 0.02, -0.005}, noise: 0.05, periods: 3, seed: 1}
}

// Lanes by air cost more and lanes by land less than those of which the mode is
// not known; so few go by water that water counts as not known.
func TestModeOfTransport(t *testing.T) {
	w := plain()
	w.truth[firstMode], w.truth[firstMode+2] = 0.04, -0.02
	w.mode = func(c, i, j int) source.Mode {
		switch {
		case c == 0 && i == 0:
			return source.Water
		case (i+j+c)%4 == 0:
			return source.Air
		case (i+j+c)%4 == 1:
			return source.Land
		}
		return 0
	}
	m := Fit(w.pairs(), Settings{Route: route})
	g := &m.Gravity
	for j := firstMode; j < regressors; j++ {
		if regressorNames[j] == "by_water" {
			if g.Coefficients[j] != 0 || !math.IsNaN(g.SE[j]) {
				t.Errorf("23 lanes have a term of %g (SE %g)", g.Coefficients[j], g.SE[j])
			}
			continue
		}
		if math.Abs(g.Coefficients[j]-w.truth[j]) > 4*g.SE[j] || !(g.SE[j] < 0.01) {
			t.Errorf("%s: %.4f (SE %.4f), want %.4f", regressorNames[j], g.Coefficients[j], g.SE[j], w.truth[j])
		}
	}
	p := m.pairFor(3, 0, 20)
	unknown := m.Log(&p)
	if p.Mode = source.Air; math.Abs(m.Log(&p)-unknown-g.Coefficients[firstMode]) > 1e-12 {
		t.Errorf("by air %g, of no known mode %g", m.Log(&p), unknown)
	}
}

// A fit that is stopped too early says so, and the median stands in its place.
func TestStoppedTooEarly(t *testing.T) {
	w := plain()
	m := Fit(w.pairs(), Settings{Route: route, Rounds: 1})
	if m.Gravity.Converged || m.Gravity.Identified || m.Gravity.Iterations != 1 {
		t.Errorf("converged %v, identified %v after %d rounds", m.Gravity.Converged, m.Gravity.Identified, m.Gravity.Iterations)
	}
	if len(m.Warnings) != 2 || !strings.Contains(m.Warnings[0], "had not settled after 1 rounds") {
		t.Errorf("warnings: %v", m.Warnings)
	}
}

func TestGravityFindsTheTruth(t *testing.T) {
	w := plain()
	m := Fit(w.pairs(), Settings{Route: route})
	g := &m.Gravity
	if !g.Identified || !g.Converged {
		t.Fatalf("identified %v, converged %v, p %g", g.Identified, g.Converged, g.PValue)
	}
	mean := m.meanWorth()
	for j, want := range w.truth {
		if j == 0 {
			want += w.truth[6] * mean // the regressor of worth is about its mean
		}
		if math.Abs(g.Coefficients[j]-want) > 4*g.SE[j] || g.SE[j] > 0.01 {
			t.Errorf("%s: %.4f (SE %.4f), want %.4f", regressorNames[j], g.Coefficients[j], g.SE[j], want)
		}
	}
	if len(m.Warnings) > 0 {
		t.Errorf("warnings: %v", m.Warnings)
	}
	// A pair gets the truth of its own route and goods.
	p := m.pairFor(3, 0, 20)
	row := rowOf(route(p.Exporter, p.Importer), 2*math.Sin(3), 0)
	want := 0.0
	for k, b := range w.truth {
		want += b * row[k]
	}
	// A lane's own error is 0.05/sqrt(3); many lanes leave a tenth of that.
	if got := m.Log(&p); math.Abs(got-want) > 0.004 {
		t.Errorf("margin of a pair: %.4f, want %.4f", got, want)
	}
}

func (m *Model) pairFor(c, i, j int) mirror.Pair {
	return mirror.Pair{Commodity: commodity(c), Exporter: data.Exporter(economy(i)), Importer: data.Importer(economy(j)), State: mirror.Both}
}

// A commodity whose margin departs from the others gets most of it, and none of
// a departure that is noise.
func TestCommoditiesDepart(t *testing.T) {
	w := plain()
	pairs := w.pairs()
	for i := range pairs {
		if pairs[i].Commodity == commodity(5) {
			pairs[i].MUSD = data.CIF(math.Round(float64(pairs[i].MUSD) * math.Exp(0.2)))
		}
	}
	m := Fit(pairs, Settings{Route: route})
	apart := func(c int) float64 {
		p := m.pairFor(c, 1, 20)
		return m.Log(&p) - m.Gravity.Log(route(p.Exporter, p.Importer), m.worth[commodity(c)], 0)
	}
	// The slope of the unit value takes a little of it.
	if got := apart(5); math.Abs(got-0.2) > 0.03 {
		t.Errorf("the commodity apart departs by %.3f, want 0.2", got)
	}
	if got := apart(6); math.Abs(got) > 0.01 {
		t.Errorf("another commodity departs by %.3f, want 0", got)
	}
}

// On one route, or with hardly a lane, there is nothing to identify: the overall
// median stands, and a warning says so.
func TestNarrowSlice(t *testing.T) {
	w := plain()
	var pairs []mirror.Pair
	for _, p := range w.pairs() {
		if data.Economy(p.Exporter) == economy(0) && data.Economy(p.Importer) == economy(9) {
			pairs = append(pairs, p)
		}
	}
	m := Fit(pairs, Settings{Route: route})
	if m.Gravity.Identified || len(m.Warnings) == 0 {
		t.Fatalf("identified %v from one route, warnings %v", m.Gravity.Identified, m.Warnings)
	}
	p := m.pairFor(3, 2, 7) // another route, known goods
	if got := m.Log(&p); math.Abs(got-m.Gravity.Overall) > 0.05 {
		t.Errorf("another route has %.3f, want about the overall %.3f", got, m.Gravity.Overall)
	}
	p.Commodity = commodity(99)
	if got := m.Log(&p); got != m.Gravity.Overall {
		t.Errorf("unknown goods on another route have %v, want the overall %v", got, m.Gravity.Overall)
	}
}

func TestNothingToLearnFrom(t *testing.T) {
	one := plain().onePair()
	for name, pairs := range map[string][]mirror.Pair{
		"no pairs":       nil,
		"imputed mirror": {noted(one, mirror.ImputedMirror)},
		"FOB importer":   {noted(one, mirror.ImportFOB)},
		"no partner":     {noted(one, mirror.PartnerUnstated)},
		"one side":       {stated(one, mirror.ExportOnly)},
	} {
		m := Fit(pairs, Settings{Route: route})
		if got := m.Log(&one); got != 0 || len(m.Warnings) != 1 || len(m.Terms()) != 0 {
			t.Errorf("%s: margin %v, warnings %v, %d terms; want 0, one warning, none", name, got, m.Warnings, len(m.Terms()))
		}
	}
}

func (w world) onePair() mirror.Pair {
	w.economies, w.commodities, w.periods = 2, 1, 1
	return w.pairs()[0]
}

func noted(p mirror.Pair, n mirror.Notes) mirror.Pair {
	p.Notes |= n
	return p
}

func stated(p mirror.Pair, s mirror.State) mirror.Pair {
	p.State = s
	return p
}

// single is how far a margin may lie from the truth because gaps of lanes are
// kept in single precision: a part in 2^24 of a logarithm of a tenth.
const single = 1e-8

// A single pair is its own median: 1.10 times the unit value of the exporter.
func TestSinglePair(t *testing.T) {
	p := plain().onePair()
	p.XKg, p.MKg, p.XUSD, p.MUSD = 1000_000, 500_000, 20_000_00, 11_000_00
	m := Fit([]mirror.Pair{p}, Settings{Route: route})
	if got := float64(m.Of(&p)); math.Abs(got-0.10) > single {
		t.Errorf("margin %v, want 0.10", got)
	}
	fob := noted(p, mirror.ImportFOB)
	if got := m.Of(&fob); got != 0 {
		t.Errorf("an importer that states FOB has a margin of %v", got)
	}
}

// Without weights the ratio of values is all there is.
func TestWithoutWeights(t *testing.T) {
	p := plain().onePair()
	p.XKg, p.MKg, p.XUSD, p.MUSD = data.MissingKg, data.MissingKg, 20_000_00, 21_000_00
	m := Fit([]mirror.Pair{p}, Settings{Route: route})
	if got := float64(m.Of(&p)); math.Abs(got-0.05) > single {
		t.Errorf("margin %v, want 0.05", got)
	}
	// An estimated weight is no better than none.
	p.XKg, p.MKg = 1000_000, 10_000_000
	p = noted(p, mirror.ImportWeightEstimated)
	m = Fit([]mirror.Pair{p}, Settings{Route: route})
	if got := float64(m.Of(&p)); math.Abs(got-0.05) > single {
		t.Errorf("margin with an estimated weight %v, want 0.05", got)
	}
}

// A route that cannot be placed takes the overall median, not a distance of
// zero.
func TestUnplacedRoute(t *testing.T) {
	w := plain()
	nowhere := func(x data.Exporter, m data.Importer) Route {
		if data.Economy(m) == economy(23) {
			return Route{Km: math.NaN()}
		}
		return route(x, m)
	}
	m := Fit(w.pairs(), Settings{Route: nowhere})
	if !m.Gravity.Identified {
		t.Fatal("not identified")
	}
	p := m.pairFor(2, 0, 23)
	// The commodity's own departure is small here.
	if got := m.Log(&p); math.Abs(got-m.Gravity.Overall) > 0.01 {
		t.Errorf("margin %.4f, want about the overall %.4f", got, m.Gravity.Overall)
	}
}

// What must hold whatever the data: a currency changes nothing, importers that
// state a tenth more have margins a tenth higher, and equal inputs give equal
// terms.
func TestScales(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := plain()
		w.economies, w.commodities, w.periods = 10, 3, 1
		w.seed = rapid.Uint64Range(1, 1000).Draw(t, "seed")
		pairs := w.pairs()
		fit := Fit(pairs, Settings{Route: route})
		if again := Fit(slices.Clone(pairs), Settings{Route: route}); !reflect.DeepEqual(fmt.Sprint(again.Terms()), fmt.Sprint(fit.Terms())) {
			t.Fatal("the same pairs give other terms")
		}
		higher := slices.Clone(pairs)
		for i := range higher {
			higher[i].MUSD = data.CIF(math.Round(float64(higher[i].MUSD) * 1.1))
		}
		p := fit.pairFor(1, 2, 7)
		// Cents are whole numbers, amounts at least a thousand dollars.
		if got := Fit(higher, Settings{Route: route}).Log(&p) - fit.Log(&p); math.Abs(got-math.Log(1.1)) > 1e-5 {
			t.Fatalf("a tenth more moves the margin by %v, want ln 1.1", got)
		}
		currency := slices.Clone(pairs)
		for i := range currency {
			currency[i].XUSD *= 7
			currency[i].MUSD *= 7
		}
		if got := Fit(currency, Settings{Route: route}).Log(&p) - fit.Log(&p); math.Abs(got) > 1e-5 {
			t.Fatalf("another currency moves the margin by %v", got)
		}
	})
}

// Worked by hand: medians +-3 of variance 1. With the variance A between cells
// the mean square is 9/(A+1) = 0.9925, so A = 8.0680 and the share kept is
// A/(A+1) = 0.8897.
func TestShrink(t *testing.T) {
	cells := []cell{{median: 3, variance: 1}, {median: -3, variance: 1}}
	shrink(cells)
	for i, want := range []float64{2.6692, -2.6692} {
		if math.Abs(cells[i].shrunk-want) > 1e-3 {
			t.Errorf("cell %d: %.4f, want %.4f", i, cells[i].shrunk, want)
		}
	}
	// Medians within their errors are all noise.
	calm := []cell{{median: 0.5, variance: 1}, {median: -0.5, variance: 1}}
	shrink(calm)
	if calm[0].shrunk != 0 || calm[1].shrunk != 0 {
		t.Errorf("noise is kept: %v", calm)
	}
	alone := []cell{{median: 5, variance: 1}}
	shrink(alone)
	if alone[0].shrunk != 0 {
		t.Errorf("one cell alone keeps %v", alone[0].shrunk)
	}
}

func TestBands(t *testing.T) {
	for km, want := range map[float64]Band{1: Near, 1499: Near, 1500: Regional, 3999: Regional, 4000: Distant, 9000: Far, 20000: Far} {
		if got := (Route{Km: km}).Band(); got != want {
			t.Errorf("%g km is %s, want %s", km, got, want)
		}
	}
	for _, km := range []float64{math.NaN(), 0, -1, math.Inf(1)} {
		if got := (Route{Km: km}).Band(); got != Unplaced {
			t.Errorf("%g km is %s, want unplaced", km, got)
		}
	}
}

func TestReferenceRoute(t *testing.T) {
	of := func(x, m string) Route {
		return ReferenceRoute(data.Exporter(data.MustEconomy(x)), data.Importer(data.MustEconomy(m)))
	}
	if r := of("KAZ", "CHN"); !r.Contiguous || !r.LandlockedExporter || r.LandlockedImporter || !r.Known() {
		t.Errorf("KAZ to CHN: %+v", r)
	}
	if r := of("CHN", "QXX"); r.Known() {
		t.Errorf("the unallocated bucket lies at %g km", r.Km)
	}
}

func TestFOB(t *testing.T) {
	if got := Margin(0.06).FOB(106_00); got != 100_00 {
		t.Errorf("106 dollars CIF at 6%% are %d cents FOB, want 10000", got)
	}
	if got := Margin(0.06).FOB(data.CIF(data.MissingUSD)); got.Known() {
		t.Errorf("a missing value became %d", got)
	}
}

// The sample of lanes does not depend on what else is in it.
func TestSampling(t *testing.T) {
	w := plain()
	pairs := w.pairs()
	all := Fit(pairs, Settings{Route: route})
	half := Fit(pairs, Settings{Route: route, Sample: all.Gravity.Lanes / 2})
	// The mean of so many coin tosses lies within 4 standard deviations.
	if n := float64(half.Gravity.Lanes); math.Abs(n-float64(all.Gravity.Lanes)/2) > 4*math.Sqrt(float64(all.Gravity.Lanes))/2 {
		t.Errorf("half the lanes are %g of %d", n, all.Gravity.Lanes)
	}
	if got, want := half.Gravity.Coefficients[1], all.Gravity.Coefficients[1]; math.Abs(got-want) > 4*half.Gravity.SE[1] {
		t.Errorf("slope of the sample %.4f, of all %.4f", got, want)
	}
}

// The curve is the fit, told from the table of terms alone.
func TestCurve(t *testing.T) {
	if _, _, ok := Curve(nil); ok {
		t.Error("a curve of no terms")
	}
	term := func(name string, v float64) Term { return Term{Model: "gravity", Name: name, Estimate: v} }
	terms := []Term{term("intercept", 0.03), term("log_distance", 0.02), term("log_distance_squared", 0.01), term("overall_median", 0.05), term("identified", 1)}
	at, identified, ok := Curve(terms)
	if got := at(5000 * math.E); !ok || !identified || math.Abs(got-0.06) > 1e-12 {
		t.Errorf("e times 5,000 km: %v, want 0.03 + 0.02 + 0.01", got)
	}
	terms[4].Estimate = 0
	if at, identified, _ = Curve(terms); identified || at(100) != 0.05 {
		t.Errorf("not identified: %v, want the overall median", at(100))
	}
}
