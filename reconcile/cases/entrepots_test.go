package cases_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
	"counterflow/reconcile/timing"
)

// corridor is one commodity that four economies trade: two origins, a middle and an
// importer. Amounts are thousand kilograms a month, at ten dollars a kilogram.
type corridor struct {
	noise *rand.Rand
	pairs []mirror.Pair
}

const (
	origin, other, middle, importer = 0, 1, 2, 3
	turn                            = 28 // month in which more goes by the middle
	quiet                           = -1 // a side that published nothing
)

// lane declares a lane: amounts of both sides by month, 0 for none. Both sides'
// logarithms scatter as one AR(1) of .5 with a deviation of .2, and each by .1.
func (c *corridor) lane(from, to int, x, m func(t int) float64) {
	state := 0.0
	for t := range months {
		state = 0.5*state + 0.17*c.noise.NormFloat64()
		p := mirror.Pair{Commodity: code(0), Exporter: data.Exporter(economy(from)), Importer: data.Importer(economy(to)), Period: month(t),
			XKg: data.MissingKg, MKg: data.MissingKg, XUSD: data.FOB(data.MissingUSD), MUSD: data.CIF(data.MissingUSD)}
		kg := func(of float64) float64 { return 1000 * of * math.Exp(state+0.1*c.noise.NormFloat64()) }
		exported, imported := x(t), m(t)
		if exported > 0 {
			p.XKg = data.Kilograms(kg(exported))
			p.XUSD = data.FOB(data.Dollars(10 * p.XKg.Float()))
		}
		if imported > 0 {
			p.MKg = data.Kilograms(kg(imported))
			p.MUSD = data.CIF(data.Dollars(10 * p.MKg.Float()))
		}
		switch {
		case exported > 0 && imported > 0:
			p.State = mirror.Both
		case exported > 0:
			p.State = mirror.ExportOnly
		case imported > 0 && exported == quiet:
			p.State = mirror.ExporterSilent
		case imported > 0:
			p.State = mirror.ImportOnly
		default:
			continue
		}
		c.pairs = append(c.pairs, p)
	}
}

func always(v float64) func(int) float64 { return func(int) float64 { return v } }

func from(v, then float64) func(int) float64 {
	return func(t int) float64 {
		if t >= turn {
			return then
		}
		return v
	}
}

// panel lays the corridor out; those named published all months, the others nothing.
func (c *corridor) panel(spoke ...int) *panel.Panel {
	var rows []mirror.Coverage
	for _, e := range spoke {
		for _, d := range []data.Direction{data.Export, data.Import} {
			for t := range months {
				rows = append(rows, mirror.Coverage{Economy: economy(e), Direction: d, Period: month(t), Presence: mirror.Reported})
			}
		}
	}
	p := panel.Build(panel.Input{Pairs: c.pairs, Coverage: rows})
	panel.Carry(p, c.pairs, timing.Fit(c.pairs, rows, timing.Settings{}))
	return p
}

// detour is a corridor in which the middle comes to pass on 40 of the 100 that the
// importer books under origins from month turn on.
func detour(seed uint64) *corridor {
	c := &corridor{noise: rand.New(rand.NewPCG(seed, 3))}
	c.lane(origin, middle, always(quiet), always(200))
	c.lane(origin, importer, always(quiet), from(12, 70))
	c.lane(other, importer, always(quiet), from(6, 30))
	c.lane(middle, importer, from(1, 40), always(0))
	return c
}

func (c *corridor) entrepots(t *testing.T, before ...cases.Case) *cases.Screened {
	t.Helper()
	var out cases.Screened
	out.Add(before, make([][]claims.Claim, len(before)), 0)
	if err := out.Entrepots(c.panel(middle, importer), c.pairs, cases.ScreenSettings{ListQ: 0.2, FalseShare: 0.05, MinimumUSD: 10_000}); err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestGoodsBookedUnderTheirOrigin(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		c := detour(seed)
		out := c.entrepots(t)
		if len(out.Cases) != 1 {
			t.Fatalf("seed %d: %d cases of %d tested", seed, len(out.Cases), out.Tested)
		}
		found := out.Cases[0]
		if found.Kind != cases.Reroute || !found.BookedByOrigin() || found.Via != economy(middle) || found.Q > 0.05 ||
			data.Economy(found.Exporter) != economy(origin) || data.Economy(found.Importer) != economy(importer) {
			t.Errorf("seed %d: %+v", seed, found)
		}
		if d := found.Start.Index() - month(turn).Index(); d < -1 || d > 1 || found.End != month(months-1) {
			t.Errorf("seed %d: from %s to %s, planted from %s", seed, found.Start, found.End, month(turn))
		}
		// Twenty months of 39 thousand kg above the usual one; their mean scatters by 7%.
		if kg := found.ExcessKg.Float(); math.Abs(kg/780_000-1) > 0.21 || found.ExcessUSD.Float()/kg < 9.9 || found.ExcessUSD.Float()/kg > 10.1 {
			t.Errorf("seed %d: %.0f kg, %.0f USD, planted 780000", seed, kg, found.ExcessUSD.Float())
		}
		sum, gap := data.Kg(0), data.Kg(0)
		for _, claim := range out.Claims {
			sum += claim.Kg
			if claim.Explanation == "entrepot" && (claim.Verdict != claims.Holds || claim.Kg != found.ExcessKg) {
				t.Errorf("seed %d: the passage explains %+v", seed, claim)
			}
		}
		for _, p := range c.pairs {
			if data.Economy(p.Exporter) == economy(middle) && p.Period >= found.Start {
				gap += p.XKg
			}
		}
		if sum != gap {
			t.Errorf("seed %d: the claims add up to %s kg of %s", seed, sum.Text(), gap.Text())
		}
	}
}

// What looks like a passage and is none: each differs from the one that is found in
// one thing.
func TestPassagesThatAreNone(t *testing.T) {
	named := map[string]func(c *corridor){
		"the importer books it from the middle, too": func(c *corridor) {
			c.lane(origin, middle, always(quiet), always(200))
			c.lane(origin, importer, always(quiet), from(12, 70))
			c.lane(middle, importer, from(1, 40), from(1, 38))
		},
		"the importer books most of it from the middle": func(c *corridor) {
			c.lane(origin, middle, always(quiet), always(200))
			c.lane(origin, importer, always(quiet), from(12, 120))
			c.lane(middle, importer, from(2.5, 100), from(1.5, 60))
		},
		"nothing more is booked under origins": func(c *corridor) {
			c.lane(origin, middle, always(quiet), always(200))
			c.lane(origin, importer, always(quiet), always(70))
			c.lane(middle, importer, from(1, 40), always(0))
		},
		"the middle buys none": func(c *corridor) {
			c.lane(origin, importer, always(quiet), from(12, 70))
			c.lane(middle, importer, from(1, 40), always(0))
		},
		"the middle buys too little": func(c *corridor) {
			c.lane(origin, middle, always(quiet), always(5))
			c.lane(origin, importer, always(quiet), from(12, 70))
			c.lane(middle, importer, from(1, 40), always(0))
		},
		"what is booked swings as much at other times": func(c *corridor) {
			c.lane(origin, middle, always(quiet), always(200))
			c.lane(origin, importer, always(quiet), func(t int) float64 {
				if t/6%2 == 1 {
					return 110
				}
				return from(10, 30)(t)
			})
			c.lane(middle, importer, from(1, 40), always(0))
		},
		"the middle has always stood between, and trade grows": func(c *corridor) {
			c.lane(origin, middle, always(quiet), always(200))
			c.lane(origin, importer, always(quiet), from(12, 70))
			c.lane(middle, importer, from(7, 40), always(0))
		},
		"what passes the middle is a trifle of what is booked": func(c *corridor) {
			c.lane(origin, middle, always(quiet), always(200))
			c.lane(origin, importer, always(quiet), from(12, 500))
			c.lane(middle, importer, from(0.05, 40), always(0))
		},
		"nothing changes": func(c *corridor) {
			c.lane(origin, middle, always(quiet), always(200))
			c.lane(origin, importer, always(quiet), always(70))
			c.lane(middle, importer, always(40), always(0))
		},
	}
	for name, make := range named {
		for _, seed := range []uint64{1, 2} {
			c := &corridor{noise: rand.New(rand.NewPCG(seed, 3))}
			make(c)
			if out := c.entrepots(t); len(out.Cases) != 0 || out.Tested == 0 {
				t.Errorf("%s, seed %d: %d cases of %d tested", name, seed, len(out.Cases), out.Tested)
			}
		}
	}
}

// The origin declares most of what the importer books from it: then that went there
// itself, though what it leaves out would be enough.
func TestOriginsThatDeclare(t *testing.T) {
	for declared, want := range map[float64]int{0.6: 0, 0.3: 1} {
		c := &corridor{noise: rand.New(rand.NewPCG(1, 3))}
		c.lane(origin, middle, always(0), always(200))
		c.lane(origin, importer, from(20*declared, 140*declared), from(20, 140))
		c.lane(middle, importer, from(1, 40), always(0))
		var out cases.Screened
		p := c.panel(middle, importer, origin)
		if err := out.Entrepots(p, c.pairs, cases.ScreenSettings{ListQ: 0.2, FalseShare: 0.05}); err != nil || len(out.Cases) != want {
			t.Errorf("origins declare %.1f: %d cases, want %d, %v", declared, len(out.Cases), want, err)
		}
	}
}

// What the passage explains is no case of its own; what it does not, stays.
func TestPassageExplainsItsLegs(t *testing.T) {
	lone := cases.Case{Kind: cases.MissingImport, Goods: code(0), Exporter: data.Exporter(economy(middle)), Importer: data.Importer(economy(importer)), Q: 0.04}
	inside, before, slip := lone, lone, lone
	inside.Start, inside.End = month(turn+3), month(turn+3)
	before.Start, before.End = month(2), month(3)
	slip.Start, slip.End, slip.Kind = inside.Start, inside.End, cases.UnitSlip
	out := detour(1).entrepots(t, inside, before, slip)
	kinds := make([]cases.Kind, len(out.Cases))
	for i, c := range out.Cases {
		kinds[i] = c.Kind
	}
	if want := []cases.Kind{cases.Reroute, cases.MissingImport, cases.UnitSlip}; !slices.Equal(kinds, want) || out.Cases[1].Start != before.Start {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
}

// Two economies that come to pass on goods of one origin are two cases.
func TestTwoMiddles(t *testing.T) {
	const second = 4
	c := &corridor{noise: rand.New(rand.NewPCG(5, 3))}
	c.lane(origin, middle, always(quiet), always(200))
	c.lane(origin, importer, always(quiet), from(18, 100))
	c.lane(origin, second, always(quiet), always(200))
	c.lane(middle, importer, from(1, 40), always(0))
	c.lane(second, importer, from(1, 40), always(0))
	var out cases.Screened
	if err := out.Entrepots(c.panel(middle, second, importer), c.pairs, cases.ScreenSettings{ListQ: 0.2, FalseShare: 0.05, MinimumUSD: 10_000}); err != nil {
		t.Fatal(err)
	}
	via := map[data.Economy]bool{}
	for _, found := range out.Cases {
		via[found.Via] = true
	}
	if len(out.Cases) != 2 || !via[economy(middle)] || !via[economy(second)] {
		t.Errorf("%d cases, by way of %v", len(out.Cases), via)
	}
}

// With every q listed, what failed a condition, such as having no origin, is still no
// case.
func TestNoPassageAtAnyLevel(t *testing.T) {
	c := &corridor{noise: rand.New(rand.NewPCG(3, 3))}
	c.lane(middle, importer, from(1, 40), always(0))
	var out cases.Screened
	if err := out.Entrepots(c.panel(middle, importer), c.pairs, cases.ScreenSettings{ListQ: 1, FalseShare: 0.05}); err != nil {
		t.Fatal(err)
	}
	if out.Tested != 1 || len(out.Cases) != 0 {
		t.Errorf("%d tested, %d cases; want 1 and none", out.Tested, len(out.Cases))
	}
}
