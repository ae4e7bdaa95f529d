package cases_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
)

const (
	months    = 48
	economies = 15
)

// world is lanes of four commodities between economies, in which both sides
// declare the truth but for noise of 10%.
type world struct {
	pairs    []mirror.Pair
	balances []data.Balance
	hub      data.Economy // one more economy that reports, else none
}

func code(i int) data.Commodity {
	return data.MustCommodity(fmt.Sprintf("28%02d90", 10+i), data.EditionUnknown)
}

func economy(i int) data.Economy {
	return data.MustEconomy(string([]byte{'A' + byte(i), 'A' + byte(i), 'X'}))
}

func month(t int) data.Period {
	p, _ := data.Month(2021, 1)
	return p.Add(t)
}

func newWorld(seed uint64) *world {
	w := &world{}
	r := rand.New(rand.NewPCG(seed, 2))
	for g := range 4 {
		for x := range economies {
			for m := range economies {
				if x == m {
					continue
				}
				level, price := math.Exp(8+r.NormFloat64()), 5+float64(g)
				for t := range months {
					truth := level * math.Exp(0.3*r.NormFloat64())
					w.pairs = append(w.pairs, mirror.Pair{
						Commodity: code(g), Exporter: data.Exporter(economy(x)), Importer: data.Importer(economy(m)), Period: month(t),
						XKg: data.Kilograms(truth * math.Exp(0.1*r.NormFloat64())), MKg: data.Kilograms(truth * math.Exp(0.1*r.NormFloat64())),
						XUSD: data.FOB(data.Dollars(truth * price * math.Exp(0.12*r.NormFloat64()))),
						MUSD: data.CIF(data.Dollars(truth * price * math.Exp(0.12*r.NormFloat64()))),
					})
				}
			}
		}
	}
	return w
}

// lane gives the months of a lane within a window.
func (w *world) lane(g, x, m, from, to int, do func(p *mirror.Pair)) {
	for i := range w.pairs {
		p := &w.pairs[i]
		if p.Commodity == code(g) && data.Economy(p.Exporter) == economy(x) && data.Economy(p.Importer) == economy(m) &&
			p.Period >= month(from) && p.Period <= month(to) {
			do(p)
		}
	}
}

func (w *world) coverage() []mirror.Coverage {
	var rows []mirror.Coverage
	for e := range economies {
		e := economy(e)
		if w.hub != 0 && e == economy(economies-1) {
			e = w.hub
		}
		for _, d := range []data.Direction{data.Export, data.Import} {
			for t := range months {
				rows = append(rows, mirror.Coverage{Economy: e, Direction: d, Period: month(t), Presence: mirror.Reported})
			}
		}
	}
	return rows
}

func (w *world) detect(t *testing.T) []cases.Case {
	t.Helper()
	p, slips := panel.Prepare(panel.Input{Pairs: w.pairs, Coverage: w.coverage()})
	out, err := cases.Detect(cases.Input{Pairs: w.pairs, Panel: p, Slips: slips, Balances: w.balances}, cases.ScreenSettings{ListQ: 0.2, FalseShare: 0.05, MinimumUSD: 100})
	if err != nil {
		t.Fatal(err)
	}
	var found []cases.Case
	for _, c := range out.Cases {
		if c.Q <= 0.05 {
			found = append(found, c)
		}
	}
	return found
}

func scaleKg(v data.Kg, by float64) data.Kg    { return data.Kilograms(v.Float() * by) }
func scaleFOB(v data.FOB, by float64) data.FOB { return data.FOB(data.Dollars(v.Float() * by)) }

func TestHonestWorldHasNoCase(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		if found := newWorld(seed).detect(t); len(found) > 1 {
			t.Errorf("seed %d: %d cases in a world without any, first %s", seed, len(found), found[0].Statement)
		}
	}
}

func TestEveryLevelListed(t *testing.T) {
	w := newWorld(1)
	p, slips := panel.Prepare(panel.Input{Pairs: w.pairs, Coverage: w.coverage()})
	out, err := cases.Detect(cases.Input{Pairs: w.pairs, Panel: p, Slips: slips}, cases.ScreenSettings{ListQ: 1, FalseShare: 0.05, MinimumUSD: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range out.Cases {
		if !(c.LogP < 0) && c.Kind != cases.UnitSlip {
			t.Errorf("a %s with a p of 1 is listed", c.Kind)
		}
	}
}

func TestExportsLeftOutAreFoundAndSized(t *testing.T) {
	w := newWorld(4)
	missing := 0.0
	w.lane(1, 3, 7, 20, 29, func(p *mirror.Pair) {
		missing += 0.7 * p.XKg.Float()
		p.XKg, p.XUSD = scaleKg(p.XKg, 0.3), scaleFOB(p.XUSD, 0.3)
	})
	found := w.detect(t)
	if len(found) == 0 {
		t.Fatal("the planted case was not found")
	}
	c := found[0]
	if c.Kind != cases.MissingExport || c.Goods != code(1) || data.Economy(c.Exporter) != economy(3) || data.Economy(c.Importer) != economy(7) {
		t.Errorf("found %s", c.Statement)
	}
	if c.Start < month(19) || c.Start > month(21) || c.End < month(28) || c.End > month(30) {
		t.Errorf("window %s to %s, planted %s to %s", c.Start, c.End, month(20), month(29))
	}
	if got := c.ExcessKg.Float() / missing; got < 0.8 || got > 1.2 {
		t.Errorf("size %.2f of the planted one", got)
	}
}

// What one commodity loses the other gains, on one lane and in the same months.
func TestFalseNameIsOneCaseWithTwoCodes(t *testing.T) {
	w := newWorld(5)
	moved := map[data.Period]mirror.Pair{}
	w.lane(0, 2, 9, 15, 26, func(p *mirror.Pair) {
		moved[p.Period] = *p
		p.XKg, p.XUSD = scaleKg(p.XKg, 0.4), scaleFOB(p.XUSD, 0.4)
	})
	w.lane(2, 2, 9, 15, 26, func(p *mirror.Pair) {
		from := moved[p.Period]
		p.XKg += scaleKg(from.XKg, 0.6)
		p.XUSD += scaleFOB(from.XUSD, 0.6)
	})
	found := w.detect(t)
	if len(found) != 1 || found[0].Kind != cases.CodeSwitch {
		t.Fatalf("found %d cases: %+v", len(found), found)
	}
	// The exporter's records of code 2 rose: that is the other name, not the first.
	if c := found[0]; c.Goods != code(0) || c.Related != code(2) {
		t.Errorf("codes %s and %s", c.Goods, c.Related)
	}
}

// Direct trade moves to a third economy, and both sides declare both legs.
func TestDetourIsTracedToItsOrigin(t *testing.T) {
	w := newWorld(6)
	moved := map[data.Period]mirror.Pair{}
	w.lane(3, 1, 8, 18, 30, func(p *mirror.Pair) {
		moved[p.Period] = *p
		p.XKg, p.XUSD, p.MKg, p.MUSD = scaleKg(p.XKg, 0.1), scaleFOB(p.XUSD, 0.1), scaleKg(p.MKg, 0.1), data.CIF(scaleFOB(data.FOB(p.MUSD), 0.1))
	})
	for _, leg := range [][2]int{{1, 5}, {5, 8}} {
		w.lane(3, leg[0], leg[1], 0, months-1, func(p *mirror.Pair) { // small lanes before
			p.XKg, p.XUSD, p.MKg, p.MUSD = scaleKg(p.XKg, 0.1), scaleFOB(p.XUSD, 0.1), scaleKg(p.MKg, 0.1), data.CIF(scaleFOB(data.FOB(p.MUSD), 0.1))
			if from, ok := moved[p.Period]; ok {
				p.XKg += scaleKg(from.XKg, 0.9)
				p.MKg += scaleKg(from.MKg, 0.9)
				p.XUSD += scaleFOB(from.XUSD, 0.9)
				p.MUSD += data.CIF(scaleFOB(data.FOB(from.MUSD), 0.9))
			}
		})
	}
	found := w.detect(t)
	if len(found) != 1 {
		t.Fatalf("found %d cases", len(found))
	}
	c := found[0]
	if c.Kind != cases.Reroute || data.Economy(c.Exporter) != economy(1) || c.Via != economy(5) || data.Economy(c.Importer) != economy(8) {
		t.Errorf("found %s: %s", c.Kind, c.Statement)
	}
}

func TestWeightsAgreeAndValuesPart(t *testing.T) {
	w := newWorld(7)
	w.lane(2, 4, 6, 10, 21, func(p *mirror.Pair) { p.XUSD = scaleFOB(p.XUSD, 0.5) })
	found := w.detect(t)
	if len(found) != 1 || found[0].Kind != cases.ValueGap || data.Economy(found[0].Exporter) != economy(4) {
		t.Fatalf("found %d cases: %+v", len(found), found)
	}
}

// Everything an exporter declares shifts: that is its method, not a lane's case.
func TestChangeOfMethodIsNoCase(t *testing.T) {
	w := newWorld(8)
	for m := range economies {
		for g := range 4 {
			w.lane(g, 11, m, 24, months-1, func(p *mirror.Pair) {
				p.XKg, p.XUSD = scaleKg(p.XKg, 0.7), scaleFOB(p.XUSD, 0.7)
			})
		}
	}
	if found := w.detect(t); len(found) > 1 {
		t.Errorf("%d cases, first %s", len(found), found[0].Statement)
	}
}
