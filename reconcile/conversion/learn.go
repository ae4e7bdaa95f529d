// Package conversion learns how the codes of one edition of the Harmonised System
// divide over the codes of the next, from economies that changed edition between
// two years (Lukaszuk and Torun, Harmonizing the Harmonized System, 2022).
//
//  1. Learn lays side by side, for each family of linked codes, what each such
//     economy traded under the old codes in the year before its change and under
//     the new ones in the year of it.
//  2. Shares that reproduce the second from the first with the least squares of
//     error are fitted by stats/simplex.
//  3. Where the data determine them, they replace the weights of the table of
//     links; where not, the family stays as it was and is named.
package conversion

import (
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/gonum/mat"

	"counterflow/data"
	"counterflow/data/concordance"
	"counterflow/stats/simplex"
)

// Trade is what one economy traded under one code in one of the two years.
type Trade struct {
	Reporter data.Economy
	Code     data.Commodity // carries its edition
	USD      data.USD
}

// Options decide which families are learnt.
type Options struct {
	Reporters int // fewest economies with trade in both years; 0 for 5
	Fit       simplex.Options
}

// FamilyFit is what became of one family that has anything to learn.
type FamilyFit struct {
	Family    concordance.Family
	Reporters int
	// Determined says that the old codes differ enough between the economies for
	// their shares to be told apart, and that the fit converged: the weights were
	// set. Codes of any other family cannot be told apart and belong together.
	Determined bool
	Error      float64 // ‖Y − XB‖² / ‖Y‖², 0 to 1 as a rule; 0 where nothing was fitted
	Iterations int
	Warning    string // what would cure it, "" where determined
}

// Learn fits the shares of every family between two neighbouring editions and
// sets them in the table. before holds trade under codes of from, after under
// codes of to; rows of other editions, of unknown codes, and missing or zero
// amounts are not used. Both years of a family are divided by their totals over
// all economies, so that growth of the family as a whole does not count.
func Learn(t *concordance.Table, from, to data.Edition, before, after []Trade, o Options) ([]FamilyFit, error) {
	if o.Reporters == 0 {
		o.Reporters = 5
	}
	c, err := t.Between(from, to)
	if err != nil {
		return nil, err
	}
	old, new := sums(before, from), sums(after, to)
	var fits []FamilyFit
	for _, family := range c.Families() {
		f := newFitting(t, to, family)
		if len(f.free) == 0 {
			continue
		}
		fit, err := f.learn(old, new, o)
		if err != nil {
			return nil, err
		}
		fits = append(fits, *fit)
	}
	return fits, nil
}

// amounts is what each economy traded under each code.
type amounts map[data.Commodity]map[data.Economy]data.USD

func sums(trade []Trade, edition data.Edition) amounts {
	out := amounts{}
	for _, t := range trade {
		if t.Code.Edition() != edition || !t.USD.Known() || t.USD <= 0 {
			continue
		}
		if out[t.Code] == nil {
			out[t.Code] = map[data.Economy]data.USD{}
		}
		out[t.Code][t.Reporter] += t.USD
	}
	return out
}

// fitting is one family on its way to weights.
type fitting struct {
	table   *concordance.Table
	to      data.Edition
	family  concordance.Family
	allowed [][]int // for each old code, the places of its new codes
	free    []int   // old codes with more than one
}

func newFitting(t *concordance.Table, to data.Edition, family concordance.Family) *fitting {
	f := &fitting{table: t, to: to, family: family}
	for i, code := range family.From {
		var columns []int
		for _, successor := range t.Successors(code, to) {
			j, _ := slices.BinarySearch(family.To, successor)
			columns = append(columns, j)
		}
		f.allowed = append(f.allowed, columns)
		if len(columns) > 1 {
			f.free = append(f.free, i)
		}
	}
	return f
}

func (f *fitting) learn(old, new amounts, o Options) (*FamilyFit, error) {
	x, y := f.matrices(old, new)
	fit := &FamilyFit{Family: f.family, Reporters: len(x)}
	if len(x) < o.Reporters {
		fit.Warning = fmt.Sprintf("need at least %d economies that changed edition between the two years, there are %d", o.Reporters, len(x))
		return fit, nil
	}
	if rank := f.rank(x); rank < len(f.free) {
		fit.Warning = fmt.Sprintf("%d codes divide, but trade tells only %d of them apart; need economies with another mixture of them", len(f.free), rank)
		return fit, nil
	}
	solved, err := simplex.LeastSquares(simplex.Problem{X: x, Y: y, Allowed: f.allowed}, o.Fit)
	if err != nil {
		return nil, err
	}
	fit.Error, fit.Iterations = solved.Objective/squares(y), solved.Iterations
	if !solved.Converged {
		fit.Warning = fmt.Sprintf("the fit did not converge in %d steps; allow more", solved.Iterations)
		return fit, nil
	}
	for _, i := range f.free {
		if err := f.table.SetWeights(f.family.From[i], f.to, solved.Weights[i]); err != nil {
			return nil, err
		}
	}
	fit.Determined = true
	return fit, nil
}

// matrices gives a row for each economy that traded the family in both years, in
// the order of economies.
func (f *fitting) matrices(old, new amounts) (x, y [][]float64) {
	then, now := old.reporters(f.family.From), new.reporters(f.family.To)
	for _, reporter := range slices.Sorted(maps.Keys(then)) {
		if now[reporter] {
			x = append(x, old.row(reporter, f.family.From))
			y = append(y, new.row(reporter, f.family.To))
		}
	}
	normalise(x)
	normalise(y)
	return x, y
}

func (a amounts) reporters(codes []data.Commodity) map[data.Economy]bool {
	seen := map[data.Economy]bool{}
	for _, code := range codes {
		for reporter := range a[code] {
			seen[reporter] = true
		}
	}
	return seen
}

func (a amounts) row(reporter data.Economy, codes []data.Commodity) []float64 {
	values := make([]float64, len(codes))
	for i, code := range codes {
		values[i] = float64(a[code][reporter])
	}
	return values
}

func normalise(m [][]float64) {
	total := 0.0
	for _, r := range m {
		for _, v := range r {
			total += v
		}
	}
	for _, r := range m {
		for i := range r {
			r[i] /= total
		}
	}
}

func squares(m [][]float64) float64 {
	sum := 0.0
	for _, r := range m {
		for _, v := range r {
			sum += v * v
		}
	}
	return sum
}

// rank counts the directions in which the columns of the dividing codes differ:
// singular values above 1e-6 of the largest, each column at length 1. Shares
// along smaller ones would rest on a millionth of the trade.
func (f *fitting) rank(x [][]float64) int {
	m := mat.NewDense(len(x), len(f.free), nil)
	for c, i := range f.free {
		column := make([]float64, len(x))
		for t := range x {
			column[t] = x[t][i]
		}
		if length := mat.Norm(mat.NewVecDense(len(column), column), 2); length > 0 {
			for t := range column {
				column[t] /= length
			}
		}
		m.SetCol(c, column)
	}
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDNone) {
		return 0
	}
	values := svd.Values(nil)
	rank := 0
	for _, v := range values {
		if v > 1e-6*values[0] {
			rank++
		}
	}
	return rank
}
