package evaluate

import (
	"math"

	"counterflow/data"
)

// Accuracy is how far one rule's figures lie from what truly moved, over the
// cells that both sides declared.
type Accuracy struct {
	Measure string `json:"measure"` // usd or kg
	Span    string `json:"span"`    // month, or year: the sum over all months
	Group   string `json:"group"`   // which lanes
	Rule    string `json:"rule"`
	N       int    `json:"n"`
	LogRMSE Ratio  `json:"log_rmse"` // root mean square of ln(figure/truth)
	LogBias Ratio  `json:"log_bias"` // mean of it
	WAPE    Ratio  `json:"wape"`     // sum |figure-truth| / sum truth

	squares, logs, misses, total float64
}

// reconciledRule is the name under which the run's own figures stand.
const reconciledRule = "reconciled"

// Lanes are grouped by what can be expected of them.
const (
	groupDirect = "direct lanes"
	groupRouted = "part by a hub or third economy"
	groupHub    = "hub at either end"
)

// Figures are compared month by month and year by year.
const (
	spanMonth = "month"
	spanYear  = "year"
)

var spans = []string{spanMonth, spanYear}

var groups = []string{groupDirect, groupRouted, groupHub}

// add takes one cell.
func (a *Accuracy) add(figure, truth float64) {
	log := math.Log(figure / truth)
	a.N++
	a.logs += log
	a.squares += log * log
	a.misses += math.Abs(figure - truth)
	a.total += truth
}

// settle computes the published figures from the sums.
func (a *Accuracy) settle() {
	n := float64(a.N)
	a.LogRMSE, a.LogBias, a.WAPE = Ratio(math.Sqrt(a.squares/n)), Ratio(a.logs/n), Ratio(a.misses/a.total)
}

// pair is one doubly declared cell in one measure, with the truth and ours.
type pair struct {
	at     cell
	x, m   float64 // m is brought to the exporter's border at the flat margin
	truth  float64
	ours   float64
	group  string
	lo, hi float64
}

// The flat margin by which plain rules bring imports to the exporter's border
// (IMF DOTS 2018), and the one that the BACI comparison of the literature uses.
const (
	flatMargin = 1.06
	baciMargin = 1.055
)

// measure compares the reconciled flows with the truth, beside six plain rules,
// in value and in weight, and counts the intervals that hold the truth.
func (s *Score) measure(run *Run, truth *Truth) {
	if len(run.reconciled) == 0 || len(truth.flows) == 0 {
		return
	}
	for _, name := range []string{"usd", "kg"} {
		pairs := doublyDeclared(run, truth, name == "usd")
		if len(pairs) == 0 {
			continue
		}
		for _, span := range spans {
			over := pairs
			if span == spanYear {
				over = byYear(run, truth, name == "usd")
			}
			if len(over) == 0 {
				continue
			}
			s.Accuracy = append(s.Accuracy, accuracies(name, span, reconciledRule, over, ours(over))...)
			for _, rule := range plainRules {
				s.Accuracy = append(s.Accuracy, accuracies(name, span, rule.name, over, rule.figures(over, name == "usd"))...)
			}
		}
		s.Intervals = append(s.Intervals, flowIntervals(name, pairs)...)
	}
}

// doublyDeclared collects the cells in which both sides gave an amount, the
// truth is known and a reconciled figure was made.
func doublyDeclared(run *Run, truth *Truth, value bool) []pair {
	var pairs []pair
	for i, at := range run.cells {
		r, e, t := &run.reports[i], run.reconciled[at], truth.flows[at]
		p := pair{at: at, x: r.xKg, m: r.mKg, truth: t.kg, ours: e.kg, lo: e.kgLow, hi: e.kgHigh}
		if value {
			p.x, p.m, p.truth, p.ours, p.lo, p.hi = r.xUSD, r.mUSD, t.usd, e.usd, e.usdLow, e.usdHigh
		}
		if !(p.x > 0 && p.m > 0 && p.truth > 0 && p.ours > 0) {
			continue
		}
		p.group = truth.groupOf(at)
		pairs = append(pairs, p)
	}
	return pairs
}

// byYear sums all months of each lane over calendar years, in which most of what
// left arrives: months that only one side declared count as well, and years in
// which one side was silent for a month are left out. A lane with one routed
// month is routed.
func byYear(run *Run, truth *Truth, value bool) []pair {
	y := yearly{truth: truth, value: value, index: map[cell]int{}, silent: map[cell]bool{}}
	for i, at := range run.cells {
		r := &run.reports[i]
		x, m := r.xKg, r.mKg
		if value {
			x, m = r.xUSD, r.mUSD
		}
		p := y.at(at)
		p.x, p.m = p.x+zero(x), p.m+zero(m)
		y.silent[p.at] = y.silent[p.at] || !r.spoke
	}
	for _, at := range run.order {
		e, p := run.reconciled[at], y.at(at)
		if value {
			p.ours += zero(e.usd)
		} else {
			p.ours += zero(e.kg)
		}
	}
	var kept []pair
	for _, p := range y.pairs {
		if !y.silent[p.at] && p.x > 0 && p.m > 0 && p.truth > 0 && p.ours > 0 {
			kept = append(kept, p)
		}
	}
	return kept
}

// yearly gathers lane years in the order in which they first occur.
type yearly struct {
	truth  *Truth
	value  bool
	pairs  []pair
	index  map[cell]int // lane years, and the months whose truth is in them
	silent map[cell]bool
}

// at is the lane year of a month, to which the month's truth is added once.
func (y *yearly) at(month cell) *pair {
	if i, ok := y.index[month]; ok {
		return &y.pairs[i]
	}
	year := month
	year.period, _ = data.Year(month.period.Year()) // a period that was read is in range
	i, ok := y.index[year]
	if !ok {
		i = len(y.pairs)
		y.pairs = append(y.pairs, pair{at: year, group: y.truth.groupOf(month)})
		y.index[year] = i
	}
	y.index[month] = i
	p, t := &y.pairs[i], y.truth.flows[month]
	if y.value {
		p.truth += t.usd
	} else {
		p.truth += t.kg
	}
	if p.group == groupDirect {
		p.group = y.truth.groupOf(month)
	}
	return p
}

// groupOf says which group a lane belongs to in a month.
func (t *Truth) groupOf(at cell) string {
	switch {
	case t.Hubs[at.exporter] || t.Hubs[at.importer]:
		return groupHub
	case t.flows[at].routed:
		return groupRouted
	}
	return groupDirect
}

func ours(pairs []pair) []float64 {
	figures := make([]float64, len(pairs))
	for i := range pairs {
		figures[i] = pairs[i].ours
	}
	return figures
}

func accuracies(measure, span, rule string, pairs []pair, figures []float64) []Accuracy {
	var all []Accuracy
	for _, g := range groups {
		a := Accuracy{Measure: measure, Span: span, Group: g, Rule: rule}
		for i := range pairs {
			if pairs[i].group == g {
				a.add(figures[i], pairs[i].truth)
			}
		}
		if a.N > 0 {
			a.settle()
			all = append(all, a)
		}
	}
	return all
}

func flowIntervals(measure string, pairs []pair) []Coverage {
	var all []Coverage
	for _, g := range groups {
		c := Coverage{Name: "reconciled " + measure + ", " + g}
		for i := range pairs {
			if p := &pairs[i]; p.group == g && !math.IsNaN(p.lo) && !math.IsNaN(p.hi) {
				c.N++
				if p.lo <= p.truth && p.truth <= p.hi {
					c.Held++
				}
			}
		}
		c.Share = ratio(c.Held, c.N)
		if c.N > 0 {
			all = append(all, c)
		}
	}
	return all
}
