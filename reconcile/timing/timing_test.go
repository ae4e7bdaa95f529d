package timing

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
)

var (
	aland = data.MustEconomy("AAA")
	bland = data.MustEconomy("BBB")
	goods = data.MustCommodity("284690", data.EditionUnknown)
)

func month(n int) data.Period {
	p, _ := data.Month(2020, 1)
	return p.Add(n)
}

// far is a route of 5,000 km for everybody.
func far(data.Exporter, data.Importer) margin.Route { return margin.Route{Km: 5000} }

// lay makes the pairs of one lane from US dollars by month, NaN for a silent
// side and 0 for one that spoke and did not declare.
func lay(x, m []float64) []mirror.Pair {
	var lane []mirror.Pair
	for t := range x {
		p := mirror.Pair{Commodity: goods, Exporter: data.Exporter(aland), Importer: data.Importer(bland), Period: month(t),
			XKg: data.MissingKg, MKg: data.MissingKg, XUSD: data.FOB(data.MissingUSD), MUSD: data.CIF(data.MissingUSD)}
		if x[t] > 0 {
			p.XUSD, p.XKg = data.FOB(data.Dollars(x[t])), data.Kilograms(x[t]/2)
		}
		if m[t] > 0 {
			p.MUSD, p.MKg = data.CIF(data.Dollars(m[t])), data.Kilograms(m[t]/2)
		}
		switch {
		case x[t] > 0 && m[t] > 0:
			p.State = mirror.Both
		case x[t] > 0 && math.IsNaN(m[t]):
			p.State = mirror.ImporterSilent
		case x[t] > 0:
			p.State = mirror.ExportOnly
		case m[t] > 0 && math.IsNaN(x[t]):
			p.State = mirror.ExporterSilent
		case m[t] > 0:
			p.State = mirror.ImportOnly
		default:
			continue // nobody declared: there is no pair
		}
		lane = append(lane, p)
	}
	return lane
}

// spoken is a coverage table in which both sides of the lane speak in the given
// months.
func spoken(months int, silentX, silentM []int) []mirror.Coverage {
	var rows []mirror.Coverage
	for t := range months {
		x := mirror.Coverage{Economy: aland, Direction: data.Export, Period: month(t), Presence: mirror.Reported}
		m := mirror.Coverage{Economy: bland, Direction: data.Import, Period: month(t), Presence: mirror.Reported}
		if slices.Contains(silentX, t) {
			x.Presence = mirror.Silent
		}
		if slices.Contains(silentM, t) {
			m.Presence = mirror.Silent
		}
		rows = append(rows, x, m)
	}
	return rows
}

var nan = math.NaN()

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func TestPassage(t *testing.T) {
	for months, want := range map[float64]Kernel{0: {1}, 0.4: {0.6, 0.4}, 1: {0, 1}, 1.25: {0, 0.75, 0.25}, 3: {0, 0, 0, 1}, 9: {0, 0, 0, 1}, -1: {1}} {
		got := Passage(months)
		for lag := range want {
			if math.Abs(got[lag]-want[lag]) > 1e-15 {
				t.Errorf("passage of %g months: %v, want %v", months, got, want)
			}
		}
	}
}

// Any mixture of passages is a kernel: no share negative, all together one, the
// mean the mean of the passages.
func TestKernelsAreShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shares [passagesInAll]float64
		sum, mean := 0.0, 0.0
		for i := range shares {
			shares[i] = rapid.Float64Range(0, 1).Draw(t, "share") + 1e-6
			sum += shares[i]
		}
		for i := range shares {
			shares[i] /= sum
			mean += shares[i] * passages[i]
		}
		k := mix(&shares)
		total := 0.0
		for _, share := range k {
			if share < 0 {
				t.Fatalf("negative share in %v", k)
			}
			total += share
		}
		if math.Abs(total-1) > 1e-12 || math.Abs(k.Mean()-mean) > 1e-12 {
			t.Fatalf("shares sum to %v, mean %v instead of %v", total, k.Mean(), mean)
		}
	})
}

func TestArrivals(t *testing.T) {
	k := Kernel{0.5, 0.3, 0.2}
	got := make([]float64, 5)
	k.Arrivals([]float64{100, 0, nan, 50, 10}, got)
	// The first two months lack what left before the series; the fourth and fifth
	// what left in the month that is not known.
	for i, want := range []float64{nan, nan, nan, nan, nan} {
		if !same(got[i], want) {
			t.Errorf("month %d: %v, want %v", i, got[i], want)
		}
	}
	k.Arrivals([]float64{100, 0, 20, 50, 10}, got)
	for i, want := range []float64{nan, nan, 0.5*20 + 0.2*100, 0.5*50 + 0.3*20, 0.5*10 + 0.3*50 + 0.2*20} {
		if !same(got[i], want) && math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("month %d: %v, want %v", i, got[i], want)
		}
	}
}

// planted makes lanes whose goods travel for a known time, with log-normal errors
// on both sides.
func planted(lanes, months int, passage func(lane int) float64, sigma float64, seed uint64) []mirror.Pair {
	r := rand.New(rand.NewPCG(seed, 2))
	var pairs []mirror.Pair
	for l := range lanes {
		left := make([]float64, months)
		for t := range left {
			left[t] = 1e6 * math.Exp(0.5*r.NormFloat64())
		}
		arrived := make([]float64, months)
		Passage(passage(l)).Arrivals(left, arrived)
		x, m := make([]float64, months), make([]float64, months)
		for t := range left {
			x[t] = left[t] * math.Exp(sigma*r.NormFloat64())
			m[t] = arrived[t] * math.Exp(sigma*r.NormFloat64())
		}
		for _, p := range lay(x, m) {
			p.Commodity = data.MustCommodity(commodityCode(l), data.EditionUnknown)
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func commodityCode(l int) string {
	return string([]byte{'1', '0', '0' + byte(l/1000%10), '0' + byte(l/100%10), '0' + byte(l/10%10), '0' + byte(l%10)})
}

// Lanes find their own passage, and their group the distribution of it.
func TestPassagesAreFound(t *testing.T) {
	passage := func(l int) float64 { return 0.3 + 0.1*float64(l%7) } // 0.3 to 0.9
	pairs := planted(70, 48, passage, 0.15, 1)
	m := Fit(pairs, spoken(48, nil, nil), Settings{Route: far})
	off, n := 0.0, 0
	for from := 0; from < len(pairs); {
		to := from + 1
		for to < len(pairs) && pairs[to].SameLane(&pairs[from]) {
			to++
		}
		lag := m.Lag(pairs[from:to])
		off += math.Abs(lag.Kernel.Mean() - passage(n))
		if !lag.Own {
			t.Fatalf("lane %d has no passage of its own", n)
		}
		n++
		from = to
	}
	// The grid of passages is a tenth of a month wide here.
	if off /= float64(n); off > 0.05 {
		t.Errorf("passages are off by %.3f months on average", off)
	}
	groups := m.Groups()
	if len(groups) != 1 || !groups[0].Converged || groups[0].Lanes != 70 {
		t.Fatalf("groups: %+v", groups)
	}
	// The mean of 0.3 .. 0.9 is 0.6, their standard deviation 0.2.
	if g := groups[0]; math.Abs(g.Kernel.Mean()-0.6) > 0.03 || math.Abs(g.Spread-0.2) > 0.04 {
		t.Errorf("group: mean %.3f, spread %.3f; want 0.6, 0.2", g.Kernel.Mean(), g.Spread)
	}
	if len(m.Warnings) > 0 {
		t.Errorf("warnings: %v", m.Warnings)
	}
	// A lane that is too short takes the kernel of its group.
	short := lay([]float64{100, 110}, []float64{90, 100})
	if lag := m.Lag(short); lag.Own || math.Abs(lag.Kernel.Mean()-groups[0].Kernel.Mean()) > 0.02 {
		t.Errorf("a short lane has %+v", lag)
	}
}

// A fit that is stopped too early says so.
func TestStoppedTooEarly(t *testing.T) {
	pairs := planted(70, 60, func(lane int) float64 { return 0.3 + 0.1*float64(lane%7) }, 0.15, 4)
	m := Fit(pairs, nil, Settings{Route: far, Rounds: 2})
	if len(m.Warnings) != 2 || !strings.Contains(m.Warnings[0], "over all lanes had not settled after 2 rounds") {
		t.Errorf("warnings: %v", m.Warnings)
	}
	if g := m.Groups(); len(g) != 1 || g[0].Converged || g[0].Iterations != 2 {
		t.Errorf("groups: %+v", g)
	}
}

func TestNothingToLearnFrom(t *testing.T) {
	year := func(n int) data.Period { p, _ := data.Year(2018 + n); return p }
	annual := lay([]float64{100, 110, 120}, []float64{100, 100, 100})
	for i := range annual {
		annual[i].Period = year(i)
	}
	for name, c := range map[string]struct {
		pairs    []mirror.Pair
		warnings int
	}{
		"no pairs":     {nil, 0},
		"annual pairs": {annual, 0},
		"a short lane": {lay([]float64{100, 110}, []float64{100, 100}), 1},
		"one side":     {lay(slices.Repeat([]float64{100}, 40), slices.Repeat([]float64{nan}, 40)), 1},
	} {
		m := Fit(c.pairs, nil, Settings{Route: far})
		if len(m.Warnings) != c.warnings || len(m.Groups()) != 0 {
			t.Errorf("%s: warnings %v, groups %v", name, m.Warnings, m.Groups())
		}
		lane := lay([]float64{100, 110}, []float64{100, 100})
		if k := m.Lag(lane).Kernel; k != Immediate {
			t.Errorf("%s: kernel %v", name, k)
		}
	}
	m := Fit(annual, nil, Settings{Route: far})
	if got := m.Shifted(annual, mirror.Value); !slices.Equal(got, []float64{100, 110, 120}) {
		t.Errorf("years are shifted: %v", got)
	}
}

// A month in which a side was silent is unknown; one in which it spoke without
// declaring the lane is zero.
func TestSilenceIsNotZero(t *testing.T) {
	silence := NewSilence(spoken(6, []int{1}, []int{4}))
	lane := lay([]float64{100, nan, 0, 100, 100, 0}, []float64{90, 80, 0, 0, nan, 70})
	var s Series
	s.Fill(lane, mirror.Value, silence, 2)
	// Two months before the first pair nobody is known to have spoken.
	for i, want := range []float64{nan, nan, 100, nan, 0, 100, 100, 0} {
		if !same(s.X[i], want) {
			t.Errorf("exporter, month %d: %v, want %v", i, s.X[i], want)
		}
	}
	for i, want := range []float64{nan, nan, 90, 80, 0, 0, nan, 70} {
		if !same(s.M[i], want) {
			t.Errorf("importer, month %d: %v, want %v", i, s.M[i], want)
		}
	}
}

// flat is a model in which goods arrive at once.
func flat(coverage []mirror.Coverage) *Model {
	return Fit(nil, coverage, Settings{Route: far})
}

func compared(m *Model, lane []mirror.Pair, measure mirror.Measure) []Comparison {
	return slices.Clone(NewComparer(m).Compare(lane, measure))
}

func TestSilentMonthsAreNotCompared(t *testing.T) {
	m := flat(spoken(4, []int{1}, []int{2}))
	got := compared(m, lay([]float64{100, nan, 100, 100}, []float64{90, 80, nan, 110}), mirror.Value)
	if len(got) != 2 || got[0].Period != month(0) || got[1].Period != month(3) || got[1].Expected != 100 || got[1].Declared != 110 {
		t.Errorf("compared: %+v", got)
	}
}

// Copies are no second witness, and neither are estimated weights.
func TestCopiesAreNotCompared(t *testing.T) {
	m := flat(spoken(3, nil, nil))
	lane := lay([]float64{100, 200, 300}, []float64{90, 212, 318})
	if n := len(compared(m, lane, mirror.Value)); n != 3 {
		t.Errorf("%d months compared of a lane that nobody is known to copy, want 3", n)
	}
	lane[1].Notes |= mirror.ImputedMirror
	// The third month has the same exact ratio: on this lane it is a copy too.
	if got := compared(m, lane, mirror.Value); len(got) != 1 || got[0].Period != month(0) {
		t.Errorf("compared: %+v", got)
	}
	lane = lay([]float64{100, 200, 300}, []float64{90, 190, 310})
	lane[0].Notes |= mirror.ExportWeightEstimated
	lane[2].Notes |= mirror.ImportWeightEstimated
	if got := compared(m, lane, mirror.Weight); len(got) != 1 || got[0].Period != month(1) {
		t.Errorf("weights compared: %+v", got)
	}
	if n := len(compared(m, lane, mirror.Value)); n != 3 {
		t.Errorf("%d values compared, want 3", n)
	}
}

// January and February are one where the Lunar New Year moves between them.
func TestNewYear(t *testing.T) {
	coverage := spoken(3, nil, nil)
	lane := lay([]float64{100, 50, 80}, []float64{60, 90, 80})
	if got := compared(flat(coverage), lane, mirror.Value); len(got) != 3 {
		t.Errorf("%d months compared elsewhere, want 3", len(got))
	}
	china := data.MustEconomy("CHN")
	for i := range lane {
		lane[i].Exporter = data.Exporter(china)
	}
	for i := range coverage {
		if coverage[i].Economy == aland {
			coverage[i].Economy = china
		}
	}
	got := compared(flat(coverage), lane, mirror.Value)
	if len(got) != 2 || !got[0].Joined || got[0].Expected != 150 || got[0].Declared != 150 || got[0].Period != month(1) || got[1].Joined {
		t.Errorf("compared: %+v", got)
	}
	// Of two months of equal size a quarter of the squares is left twice over.
	if want := (100.*100 + 50*50) / (150 * 150); math.Abs(got[0].Carried-want) > 1e-12 {
		t.Errorf("carried %v, want %v", got[0].Carried, want)
	}
}

// Worked by hand: a lag of half a month known to within 0.1; 100 left last month
// and 60 this month, so 80 are expected. A passage longer by 0.1 moves 0.1 x 40
// of them: 5%. Single months stray by u = 0.12 x 0.5: of the squares of 60/80 and
// 100/80 twice half their product goes.
func TestDoubt(t *testing.T) {
	l := Lag{Kernel: Kernel{0.5, 0.5}, SD: 0.1}
	u := 0.12 * 0.5
	want := 0.1*0.1*0.5*0.5 + u*u*(0.75*0.75+1.25*1.25-0.75*1.25)
	doubts, none := l.Doubts(), (&Lag{Kernel: Immediate}).Doubts()
	if got := doubts.Of([]float64{100, 60}, 1, 80); math.Abs(got-want) > 1e-15 {
		t.Errorf("doubt %v, want %v", got, want)
	}
	if got := none.Of([]float64{100, 60}, 1, 60); got != 0 {
		t.Errorf("goods that arrive at once leave a doubt of %v", got)
	}
	// Two equal months carry (1 + r)/2 of the variance of one.
	if got, want := l.carried([]float64{80, 80}, 1, 80), (1+errorMemory)/2; math.Abs(got-want) > 1e-12 {
		t.Errorf("carried %v, want %v", got, want)
	}
}

// The median share without a partner is given back; in a month in which most is
// without, a lane that was not declared is unknown.
func TestUnstated(t *testing.T) {
	var pairs []mirror.Pair
	for t := range 5 {
		bucket := 10.0
		if t == 3 {
			bucket = 100
		}
		x := []float64{90, 90, 90, 0, 90}[t]
		if x > 0 {
			pairs = append(pairs, at(lay([]float64{x}, []float64{nan}), t)...)
		}
		b := at(lay([]float64{bucket}, []float64{nan}), t)
		b[0].Importer, b[0].Notes = data.Importer(data.Unallocated), mirror.PartnerUnstated
		pairs = append(pairs, b...)
	}
	slices.SortStableFunc(pairs, func(a, b mirror.Pair) int { return int(a.Importer) - int(b.Importer) })
	u := NewUnstated(pairs).Of(goods)
	s := Series{First: month(0), X: []float64{90, 90, 90, 0, 90}, M: []float64{1, 1, 1, 1, 1}}
	u.Place(&s, &pairs[0])
	for i, want := range []float64{100, 100, 100, nan, 100} {
		if !same(s.X[i], want) && math.Abs(s.X[i]-want) > 1e-9 {
			t.Errorf("month %d: %v, want %v", i, s.X[i], want)
		}
	}
	if s.M[0] != 1 {
		t.Errorf("the importer's side became %v", s.M[0])
	}
	// All of the bucket has gone to the lane, but for the spell, where nobody knows.
	for i := range pairs {
		if p := &pairs[i]; p.Notes.Has(mirror.PartnerUnstated) {
			if rest := u.Rest(p); math.Abs(rest) > 1e-9 {
				t.Errorf("%s: %v of the bucket is left", p.Period, rest)
			}
		}
	}
}

func at(lane []mirror.Pair, t int) []mirror.Pair {
	for i := range lane {
		lane[i].Period = month(t)
	}
	return lane
}

// Shifted carries a lane's departures forward by its kernel.
func TestShifted(t *testing.T) {
	pairs := planted(30, 40, func(int) float64 { return 0.5 }, 0.05, 3)
	m := Fit(pairs, spoken(40, nil, nil), Settings{Route: far})
	lane := pairs[:40]
	k := m.Lag(lane).Kernel
	got := m.Shifted(lane, mirror.Value)
	if !math.IsNaN(got[0]) {
		t.Errorf("the first month, whose departures lie before the lane, has %v", got[0])
	}
	for i := MaxLag; i < 40; i++ {
		want := 0.0
		for lag, share := range k {
			if share > 0 {
				want += share * lane[i-lag].XUSD.Float()
			}
		}
		if math.Abs(got[i]-want) > 1e-6*want {
			t.Fatalf("month %d: %v, want %v", i, got[i], want)
		}
	}
}

// The same pairs give the same kernels.
func TestSameKernels(t *testing.T) {
	pairs := planted(20, 30, func(l int) float64 { return 0.1 * float64(l%9) }, 0.2, 4)
	a, b := Fit(pairs, spoken(30, nil, nil), Settings{Route: far}), Fit(pairs, spoken(30, nil, nil), Settings{Route: far})
	if !slices.Equal(a.lanes, b.lanes) {
		t.Error("two fits of the same pairs differ")
	}
}
