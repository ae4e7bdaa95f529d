package stocks

import (
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/panel"
)

// made is a small world without any simulator: lanes of steady trade with errors
// of a tenth on each side, and the use that goes with them.
type made struct {
	t     testing.TB
	r     *rand.Rand
	start data.Period
	n     int
	input Input
}

func newMade(t testing.TB, seed uint64) *made {
	m := &made{t: t, r: rand.New(rand.NewPCG(seed, 1)), start: period(t, "2020-01"), n: 60}
	m.input.Panel = &panel.Panel{Start: m.start, Months: m.n}
	return m
}

// lane adds a lane: true kilograms by month of arrival from base and factor, and
// what each side makes of them.
func (m *made) lane(code, from, to string, base float64, factor func(month int) float64, said [witnesses]func(int) float64) []float64 {
	l := panel.Lane{Goods: goods(code), Exporter: data.Exporter(economy(from)), Importer: data.Importer(economy(to))}
	truth := make([]float64, m.n)
	for i := range truth {
		truth[i] = base * factor(i) * math.Exp(0.1*m.r.NormFloat64())
		say := func(w int) float64 {
			v := truth[i] * math.Exp(0.1*m.r.NormFloat64())
			if said[w] != nil {
				v *= said[w](i)
			}
			return v
		}
		kg := say(byImporter)
		l.MKg, l.MUSD = append(l.MKg, kg), append(l.MUSD, 10*kg)
		kg = say(byExporter)
		l.XKg, l.XUSD = append(l.XKg, kg), append(l.XUSD, 9*kg)
	}
	l.Arrived, l.ArrivedUSD = l.XKg, l.XUSD
	m.input.Panel.Lanes = append(m.input.Panel.Lanes, l)
	return truth
}

// use adds published use: so much of what arrived each month.
func (m *made) use(code, at string, arrived ...[]float64) {
	m.useOf(code, at, func(int) float64 { return 1 }, arrived...)
}

func (m *made) useOf(code, at string, share func(int) float64, arrived ...[]float64) {
	for i := range m.n {
		sum := 0.0
		for _, a := range arrived {
			sum += a[i]
		}
		m.input.Balances = append(m.input.Balances, data.Balance{Economy: economy(at), Commodity: goods(code), Period: m.start.Add(i),
			Item: data.Consumption, Kg: data.Kilograms(sum * share(i) * math.Exp(0.05*m.r.NormFloat64())), Basis: "survey"})
	}
}

func (m *made) detect() *Result {
	slices.SortStableFunc(m.input.Panel.Lanes, func(a, b panel.Lane) int { return int(a.Goods>>8) - int(b.Goods>>8) })
	r, err := Detect(m.input, Settings{})
	if err != nil {
		m.t.Fatal(err)
	}
	return r
}

func steady(int) float64 { return 1 }

// between is so much from one month to another, both included, and 1 elsewhere.
func between(from, to int, factor float64) func(int) float64 {
	return func(month int) float64 {
		if month >= from && month <= to {
			return factor
		}
		return 1
	}
}

// inverse is one over a factor.
func inverse(f func(int) float64) func(int) float64 { return func(i int) float64 { return 1 / f(i) } }

func caseOf(r *Result, code, at string) (*cases.Case, []claims.Claim) {
	for i := range r.Cases {
		if r.Cases[i].Goods == goods(code) && data.Economy(r.Cases[i].Importer) == economy(at) {
			return &r.Cases[i], r.Claims[i]
		}
	}
	return nil, nil
}

// Imports of three suppliers rise by 80% for eight months while use does not: a
// build of the 80%. A boom, in which use rises as well, is none.
func TestBuildAndBoom(t *testing.T) {
	m := newMade(t, 1)
	surge := between(30, 37, 1.8)
	a, b, c := m.lane("284690", "CHN", "JPN", 5e5, surge, [2]func(int) float64{}), m.lane("284690", "VNM", "JPN", 3e5, surge, [2]func(int) float64{}), m.lane("284690", "USA", "JPN", 2e5, surge, [2]func(int) float64{})
	m.useOf("284690", "JPN", inverse(surge), a, b, c)
	a, b = m.lane("811020", "CHN", "KOR", 5e5, surge, [2]func(int) float64{}), m.lane("811020", "USA", "KOR", 3e5, surge, [2]func(int) float64{})
	m.use("811020", "KOR", a, b)
	r := m.detect()
	found, tried := caseOf(r, "284690", "JPN")
	if found == nil {
		t.Fatalf("no build among %d cases", len(r.Cases))
	}
	want := 8 * 1e6 * 0.8 // a month's base of a thousand tonnes
	if found.Start != m.start.Add(30) || found.End != m.start.Add(37) || !found.Assessable || found.Q > 0.01 || math.Abs(found.ExcessKg.Float()/want-1) > 0.15 {
		t.Errorf("%+v, want %.0f kg", found, want)
	}
	if found.ExcessKgLow.Float() > want || found.ExcessKgHigh.Float() < want || math.Abs(found.ExcessUSD.Float()/found.ExcessKg.Float()-9.5) > 0.6 {
		t.Errorf("%s to %s, %s", found.ExcessKgLow.Text(), found.ExcessKgHigh.Text(), found.ExcessUSD.Text())
	}
	rest := found.ExcessKg
	for _, c := range tried {
		if c.Kg.Known() {
			rest -= c.Kg
		}
	}
	if rest != 0 {
		t.Errorf("%d g of the excess are in no claim", rest)
	}
	for _, word := range []string{"smuggl", "illegal", "fraud", "evasion"} {
		if strings.Contains(found.Statement, word) {
			t.Errorf("the statement says %q", word)
		}
	}
	if boom, _ := caseOf(r, "811020", "KOR"); boom != nil {
		t.Errorf("a boom was taken for a build: %s", boom.Statement)
	}
}

// What the importer alone says is no build: its method changed, not its trade.
func TestOneSideIsNoBuild(t *testing.T) {
	m := newMade(t, 2)
	said := [2]func(int) float64{byImporter: between(30, 41, 1.7)}
	a, b := m.lane("284690", "CHN", "JPN", 5e5, steady, said), m.lane("284690", "VNM", "JPN", 3e5, steady, said)
	m.use("284690", "JPN", a, b)
	if c, _ := caseOf(m.detect(), "284690", "JPN"); c != nil {
		t.Errorf("%s", c.Statement)
	}
}

// Goods that both sides book under a sister code for a while are in neither
// account's stock: the rise here is the fall there.
func TestMovedCodeIsNoBuild(t *testing.T) {
	m := newMade(t, 3)
	moved := between(30, 41, 0.4)
	sister := func(i int) float64 { return 1 + (1-moved(i))*2 }
	a := m.lane("284690", "CHN", "JPN", 6e5, moved, [2]func(int) float64{})
	m.useOf("284690", "JPN", inverse(moved), a)
	b := m.lane("284610", "CHN", "JPN", 3e5, sister, [2]func(int) float64{})
	m.useOf("284610", "JPN", inverse(sister), b)
	if c, _ := caseOf(m.detect(), "284610", "JPN"); c != nil {
		t.Errorf("%s", c.Statement)
	}
}

// Where use is not known a rise of imports is listed, as not assessable; where it
// comes before a measure and a fall below the usual follows, stocks were laid in.
func TestTradeAlone(t *testing.T) {
	m := newMade(t, 4)
	m.lane("284690", "CHN", "JPN", 5e5, between(30, 37, 2.2), [2]func(int) float64{})
	loaded := func(i int) float64 { return between(33, 38, 2.2)(i) * between(39, 44, 0.3)(i) }
	m.lane("811020", "CHN", "JPN", 5e5, loaded, [2]func(int) float64{})
	m.input.Events = []data.Event{{ID: "E", Effective: m.start.Add(39), Actor: "CHN", Target: "world", Commodities: []data.Commodity{goods("811020")}}}
	r := m.detect()
	alone, tried := caseOf(r, "284690", "JPN")
	if alone == nil || alone.Assessable || !slices.Contains(alone.Caveats, "use_unknown") || len(tried) == 0 {
		t.Fatalf("%+v", alone)
	}
	front, _ := caseOf(r, "811020", "JPN")
	if front == nil || !front.Assessable || !slices.Contains(front.Caveats, "front_loading") {
		t.Fatalf("%+v", front)
	}
	if len(r.Studies) != 2 || r.Studies[0].Contrast.Value < 3*r.Studies[0].Contrast.SE {
		t.Errorf("studies %+v", r.Studies)
	}
}

// The terms of every row add up to its change, exactly; cumulated changes lie in
// their interval; months of cover are cumulated over use.
func TestRowsAddUp(t *testing.T) {
	m := newMade(t, 5)
	surge := between(30, 37, 1.8)
	a, b := m.lane("284690", "CHN", "JPN", 5e5, surge, [2]func(int) float64{}), m.lane("284690", "VNM", "JPN", 3e5, surge, [2]func(int) float64{})
	out := m.lane("284690", "JPN", "KOR", 1e5, steady, [2]func(int) float64{})
	for i := range out {
		out[i] = -out[i]
	}
	m.useOf("284690", "JPN", inverse(surge), a, b, out)
	m.input.Balances = append(m.input.Balances, balance(t, "JPN", "284690", "2020-12", data.StockAtEnd, 2e6, "survey"))
	r := m.detect()
	if len(r.Accounts) != m.n {
		t.Fatalf("%d rows", len(r.Accounts))
	}
	for _, row := range r.Accounts {
		if row.Change != row.Imports-row.Exports-row.Use || row.Production.Known() {
			t.Errorf("%s: %d - %d - %d is not %d", row.Period, row.Imports, row.Exports, row.Use, row.Change)
		}
		if row.Low > row.Change || row.High < row.Change || row.CumulatedLow > row.Cumulated || row.CumulatedHigh < row.Cumulated {
			t.Errorf("%s: outside its interval: %+v", row.Period, row)
		}
	}
	// The stock held at the end of 2020 is where the path passes, within its error.
	if at := r.Accounts[11]; math.Abs(at.Cumulated.Float()-2e6) > 2*heldError*2e6 {
		t.Errorf("stock of %s in December 2020, 2,000 t were published", at.Cumulated.Text())
	}
	if last := r.Accounts[m.n-1]; math.Abs(last.MonthsOfCover-last.Cumulated.Float()/7e5) > 0.5*last.MonthsOfCover {
		t.Errorf("%.1f months of cover of %s", last.MonthsOfCover, last.Cumulated.Text())
	}
}

// Neither the order of balances nor the number of threads changes anything.
func TestSameWhateverTheOrder(t *testing.T) {
	build := func() *made {
		m := newMade(t, 6)
		for i, code := range []string{"284610", "284690", "811020"} {
			surge := between(20+5*i, 27+5*i, 1.9)
			a, b := m.lane(code, "CHN", "JPN", 5e5, surge, [2]func(int) float64{}), m.lane(code, "USA", "JPN", 3e5, surge, [2]func(int) float64{})
			m.useOf(code, "JPN", inverse(surge), a, b)
		}
		return m
	}
	want := build().detect()
	if len(want.Cases) != 3 {
		t.Fatalf("%d cases", len(want.Cases))
	}
	other := build()
	other.r.Shuffle(len(other.input.Balances), func(i, j int) {
		other.input.Balances[i], other.input.Balances[j] = other.input.Balances[j], other.input.Balances[i]
	})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if got := other.detect(); !reflect.DeepEqual(got.Cases, want.Cases) || !same(got.Accounts, want.Accounts) {
		t.Errorf("%+v, want %+v", got.Cases, want.Cases)
	}
}

// same compares rows, NaN being equal to itself.
func same(a, b []Account) bool {
	return slices.EqualFunc(a, b, func(x, y Account) bool {
		if math.IsNaN(x.MonthsOfCover) && math.IsNaN(y.MonthsOfCover) {
			x.MonthsOfCover, y.MonthsOfCover = 0, 0
		}
		return x == y
	})
}

// A circular production figure leaves the account without it, and says so.
func TestNothingFromNothing(t *testing.T) {
	r, err := Detect(Input{}, Settings{})
	if err != nil || len(r.Cases)+len(r.Accounts)+len(r.Warnings) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = Detect(Input{Balances: []data.Balance{balance(t, "MMR", "284690", "2023-01", data.Production, 10, "estimated from partner imports")}}, Settings{})
	if err != nil || len(r.Refusals) != 1 || len(r.Warnings) != 1 || len(r.Accounts) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A build of which a monthly run sees more each month is found within three
// months of its start, and once.
func TestReplay(t *testing.T) {
	m := newMade(t, 7)
	surge := between(40, 49, 1.9)
	a, b := m.lane("284690", "CHN", "JPN", 5e5, surge, [2]func(int) float64{}), m.lane("284690", "VNM", "JPN", 3e5, surge, [2]func(int) float64{})
	m.useOf("284690", "JPN", inverse(surge), a, b)
	seen, err := Replay(m.input, Settings{}, m.start.Add(36))
	if err != nil || len(seen) != 1 {
		t.Fatalf("%+v, %v", seen, err)
	}
	if late := seen[0].First.Index() - m.start.Add(40).Index(); late < 0 || late > 3 {
		t.Errorf("first seen %d months after its start", late)
	}
}
