package stocks

import (
	"math"

	"counterflow/data"
	"counterflow/data/reference"
)

// ledger is one account with its flows and its balance, in kilograms by period;
// NaN is unknown.
type ledger struct {
	*book
	in, out []lane

	imports, exports [witnesses][]float64
	told             [witnesses][]float64 // share of a period's imports that the witness itself stated
	guessed          []float64            // share of a period's imports that nobody stated
	total            bool                 // imports and exports are totals of the balance, not sums of flows
}

// ledgersOf joins the flows to the accounts that have a balance.
func ledgersOf(books []*book, flows []flow, c calendar) []*ledger {
	byKey := make(map[key]*ledger, len(books))
	all := make([]*ledger, len(books))
	for i, b := range books {
		all[i] = &ledger{book: b}
		byKey[b.key] = all[i]
	}
	for i := range flows {
		f := &flows[i]
		for _, account := range accountsOf(f.commodity) {
			content, ok := contentIn(account, f.commodity)
			if !ok {
				continue
			}
			if l := byKey[key{f.importer, account}]; l != nil {
				l.in = append(l.in, newLane(f, f.arrived, content))
			}
			if l := byKey[key{f.exporter, account}]; l != nil {
				l.out = append(l.out, newLane(f, f.departed, content))
			}
		}
	}
	inParallel(len(all), func(i int) { all[i].add(c.n) })
	return all
}

// accountsOf lists the accounts that a flow may enter: its own code and its
// mineral.
func accountsOf(goods data.Commodity) []data.Commodity {
	accounts := []data.Commodity{goods}
	if good, ok := reference.GoodOf(goods); ok {
		if mineral, ok := reference.MineralCommodity(good.Mineral); ok {
			accounts = append(accounts, mineral.In(data.EditionUnknown))
		}
	}
	return accounts
}

// add sums the lanes, or takes the totals of the balance where there are no
// flows.
func (l *ledger) add(n int) {
	l.guessed = make([]float64, n)
	if len(l.in)+len(l.out) == 0 && l.book.imports != nil {
		l.total = true
		for w := range witnesses {
			l.imports[w], l.exports[w], l.told[w] = l.book.imports, orZeros(l.book.exports, n), make([]float64, n)
		}
		return
	}
	for w := range witnesses {
		l.imports[w], l.exports[w], l.told[w] = make([]float64, n), make([]float64, n), make([]float64, n)
	}
	for i := range l.in {
		for t := range n {
			l.in[i].enter(l.imports, l.told, l.guessed, t)
		}
	}
	none := make([]float64, n)
	for i := range l.out {
		for t := range n {
			l.out[i].enter(l.exports, [witnesses][]float64{none, none}, none, t)
		}
	}
	for t := range n {
		for w := range witnesses {
			if l.imports[w][t] > 0 {
				l.told[w][t] /= l.imports[w][t]
			}
		}
		if s := l.imports[byExporter][t]; s > 0 {
			l.guessed[t] /= s
		}
	}
}

// enter adds one period of a lane to the sums; what nobody knows enters at the
// lane's usual amount and is counted as guessed.
func (n *lane) enter(sums, told [witnesses][]float64, guessed []float64, t int) {
	for w := range witnesses {
		kg := n.told[w][t]
		if math.IsNaN(kg) {
			kg = n.usual[w]
			if w == byExporter {
				guessed[t] += kg
			}
		} else if n.own[w][t] {
			told[w][t] += kg
		}
		sums[w][t] += kg
	}
}

func orZeros(x []float64, n int) []float64 {
	if x == nil {
		return make([]float64, n)
	}
	return x
}

// mostGuessed is the largest share of a period's imports that may be guessed.
const mostGuessed = 0.3

// comes is production plus imports by one witness in a period; NaN where too much
// of it is guessed. An account that never states production is taken to be that
// of an economy without any to speak of: a constant production of its own would
// show in the level of the account, which the test takes out.
func (l *ledger) comes(witness, t int) float64 {
	made := 0.0
	if l.production != nil {
		made = l.production[t]
	}
	if l.guessed[t] > mostGuessed {
		return math.NaN()
	}
	return made + l.imports[witness][t]
}

// goes is use plus exports in a period.
func (l *ledger) goes(t int) float64 { return l.use[t] + l.exports[byExporter][t] }

// gap is ln(comes / goes) by one witness, period by period, NaN where either is
// unknown. Exports stand beside use rather than against imports: where much is
// sold on, the difference of two large flows would be mostly their errors.
func (l *ledger) gap(witness int) []float64 {
	g := unknown(len(l.guessed))
	if l.use == nil {
		return g
	}
	for t := range g {
		if in, out := l.comes(witness, t), l.goes(t); in > 0 && l.use[t] > 0 {
			g[t] = math.Log(in / out)
		}
	}
	return g
}
