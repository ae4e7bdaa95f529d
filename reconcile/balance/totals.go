package balance

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/stats/adjust"
	"counterflow/stats/robust"
)

// Fit says how an adjustment to totals ended.
type Fit struct {
	Problems       int     // commodities and periods with totals
	Moved          int     // flows that changed by more than a thousandth
	MedianGap      float64 // median of |ln(sum of partners / total)| before
	MedianGapAfter float64
	Infeasible     int
	Unsettled      int     // stopped at the limit of iterations
	Worst          float64 // largest broken constraint, relative
	Warnings       []string
}

// totalSpread is the relative error that a published World total is given beside
// the reporter's bias: totals are revised less carefully than they are added.
const totalSpread = 0.02

// ToTotals adjusts reconciled flows so that, over partners, they meet what each
// reporter published as its own total with the world, as nearly as both are
// known: the smallest change weighted by inverse variances (Stone, Champernowne
// and Meade 1942), commodity by commodity and period by period. A total counts
// as an observation of its own, with the reporter's bias and two percent as its
// error, since exporters' totals and importers' contradict one another.
// Importers' totals join in only for whole years: by months they count arrivals.
// The rows are changed in a copy; intervals keep their relative width.
func ToTotals(rows []Reconciled, totals []data.Flow, models Models) ([]Reconciled, Fit, error) {
	adjusted := slices.Clone(rows)
	var fit Fit
	var before, after []float64
	books, lookup := bookTotals(totals), models.Reliability.Lookup()
	for from := 0; from < len(adjusted); {
		to := from
		for to < len(adjusted) && adjusted[to].Commodity == adjusted[from].Commodity {
			to++
		}
		byPeriod := map[data.Period][]int{}
		for i := from; i < to; i++ {
			byPeriod[adjusted[i].Period] = append(byPeriod[adjusted[i].Period], i)
		}
		periods := make([]data.Period, 0, len(byPeriod))
		for p := range byPeriod {
			periods = append(periods, p)
		}
		slices.Sort(periods)
		for _, p := range periods {
			book := books[commodityPeriod{adjusted[from].Commodity.In(data.EditionUnknown), p}]
			for _, measure := range measures {
				s := settlement{rows: adjusted, places: byPeriod[p], measure: measure, models: models, lookup: lookup}
				if err := s.solve(book, &fit); err != nil {
					return nil, fit, fmt.Errorf("totals of %s in %s: %w", adjusted[from].Commodity, p, err)
				}
				before, after = append(before, s.before...), append(after, s.after...)
			}
		}
		from = to
	}
	fit.MedianGap, fit.MedianGapAfter = robust.Median(before), robust.Median(after)
	if fit.Problems == 0 {
		fit.Warnings = append(fit.Warnings, "no World totals match the reconciled flows: nothing was adjusted")
	}
	if fit.Infeasible+fit.Unsettled > 0 {
		fit.Warnings = append(fit.Warnings, fmt.Sprintf("%d adjustments had no solution and %d stopped early: their flows stay as they were", fit.Infeasible, fit.Unsettled))
	}
	return adjusted, fit, nil
}

type commodityPeriod struct {
	commodity data.Commodity
	period    data.Period
}

// bookTotals sorts World totals by commodity and period.
func bookTotals(totals []data.Flow) map[commodityPeriod][]data.Flow {
	books := map[commodityPeriod][]data.Flow{}
	for _, t := range totals {
		if t.Partner() == data.World && t.Direction <= data.Import {
			key := commodityPeriod{t.Commodity.In(data.EditionUnknown), t.Period}
			books[key] = append(books[key], t)
		}
	}
	for _, book := range books {
		slices.SortFunc(book, func(a, b data.Flow) int {
			return cmp.Or(cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Reporter(), b.Reporter()))
		})
	}
	return books
}

// settlement adjusts one commodity, period and measure.
type settlement struct {
	rows          []Reconciled
	places        []int
	measure       mirror.Measure
	models        Models
	lookup        *reliability.Lookup
	before, after []float64
}

func (s *settlement) amount(r *Reconciled) (v, low, high float64) {
	if s.measure == mirror.Weight {
		return r.Kg.Float(), r.KgLow.Float(), r.KgHigh.Float()
	}
	return r.USD.Float(), r.USDLow.Float(), r.USDHigh.Float()
}

// variance of a figure in its own units, from its interval.
func (s *settlement) variance(v, low, high float64) float64 {
	sd := (math.Log(high) - math.Log(low)) / (2 * ninety)
	if math.IsNaN(sd) || math.IsInf(sd, 0) {
		sd = 1
	}
	return max(v*v*sd*sd, 1e-12)
}

// solve sets up the flows and the totals as numbers, the sums as constraints, and
// writes the answer back.
func (s *settlement) solve(book []data.Flow, fit *Fit) error {
	var p adjust.Problem
	place := map[int]int{}
	for _, row := range s.places {
		if v, low, high := s.amount(&s.rows[row]); v > 0 {
			place[row] = len(p.Start)
			p.Start = append(p.Start, v)
			p.Weight = append(p.Weight, 1/s.variance(v, low, high))
		}
	}
	for _, t := range book {
		s.constrain(&p, &t, place)
	}
	if len(p.Constraints) == 0 {
		return nil
	}
	solution, err := adjust.LeastChange(p, adjust.LeastChangeOptions{})
	if err != nil {
		return err
	}
	fit.Problems++
	fit.Worst = max(fit.Worst, solution.Precision)
	switch solution.Status {
	case adjust.Infeasible:
		fit.Infeasible++
		return nil
	case adjust.IterationLimit:
		fit.Unsettled++
		return nil
	}
	s.measureGaps(&p, solution.X)
	for _, row := range s.places {
		if at, ok := place[row]; ok && solution.X[at] > 0 {
			if s.move(&s.rows[row], solution.X[at]/p.Start[at]) {
				fit.Moved++
			}
		}
	}
	return nil
}

// constrain adds one total as a number of its own, and the equation that its
// partners' flows sum to it.
func (s *settlement) constrain(p *adjust.Problem, t *data.Flow, place map[int]int) {
	if t.Direction == data.Import && t.Period.Monthly() {
		return
	}
	var c adjust.Constraint
	logMargin := 0.0
	for _, row := range s.places {
		r := &s.rows[row]
		at, ok := place[row]
		if !ok || t.Direction == data.Export && r.Exporter != t.Exporter || t.Direction == data.Import && r.Importer != t.Importer {
			continue
		}
		c.Index, c.Coef = append(c.Index, at), append(c.Coef, 1)
		if t.Direction == data.Import && s.measure == mirror.Value {
			logMargin += s.models.Margin.Log(&mirror.Pair{Commodity: r.Commodity, Exporter: r.Exporter, Importer: r.Importer, Period: r.Period})
		}
	}
	total := t.Value.Float()
	if s.measure == mirror.Weight {
		total = t.NetWeight.Float()
	}
	if len(c.Index) == 0 || !(total > 0) {
		return
	}
	if t.Valuation != data.ValuationFOB {
		total *= math.Exp(-logMargin / float64(len(c.Index)))
	}
	side := s.sideOf(t)
	total *= math.Exp(-side.Bias)
	sd := total * math.Hypot(side.BiasSE, totalSpread)
	c.Index, c.Coef = append(c.Index, len(p.Start)), append(c.Coef, -1)
	p.Start, p.Weight = append(p.Start, total), append(p.Weight, 1/(sd*sd))
	p.Constraints = append(p.Constraints, c)
}

func (s *settlement) sideOf(t *data.Flow) reliability.Side {
	l := s.lookup.Lane(&mirror.Pair{Exporter: t.Exporter, Importer: t.Importer, Commodity: t.Commodity}, s.measure)
	if t.Direction == data.Export {
		return l.X
	}
	return l.M
}

// measureGaps notes how far the sums were from the totals, and are.
func (s *settlement) measureGaps(p *adjust.Problem, x []float64) {
	for _, c := range p.Constraints {
		last := len(c.Index) - 1
		var start, end float64
		for _, at := range c.Index[:last] {
			start += p.Start[at]
			end += x[at]
		}
		total := p.Start[c.Index[last]]
		s.before = append(s.before, math.Abs(math.Log(start/total)))
		s.after = append(s.after, math.Abs(math.Log(end/total)))
	}
}

// move scales a row's figure and interval; it says whether that changed them by
// more than a thousandth.
func (s *settlement) move(r *Reconciled, factor float64) bool {
	if s.measure == mirror.Weight {
		r.Kg, r.KgLow, r.KgHigh = scaleKg(r.Kg, factor), scaleKg(r.KgLow, factor), scaleKg(r.KgHigh, factor)
	} else {
		r.USD, r.USDLow, r.USDHigh = scaleFOB(r.USD, factor), scaleFOB(r.USDLow, factor), scaleFOB(r.USDHigh, factor)
	}
	if math.Abs(factor-1) <= 1e-3 {
		return false
	}
	r.Rule = r.Rule.keeping(r.Rule.kept() | adjusted)
	return true
}

func scaleKg(w data.Kg, factor float64) data.Kg { return data.Kilograms(w.Float() * factor) }

func scaleFOB(v data.FOB, factor float64) data.FOB {
	return data.FOB(data.Dollars(v.Float() * factor))
}
