package balance

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"counterflow/data"
)

// Origin is what comes, over however many borders, from where a good was made to
// where it stays.
type Origin struct {
	Maker data.Economy
	User  data.Economy
	Kg    float64
}

// Tracing is the origins of one commodity.
type Tracing struct {
	Origins  []Origin       // by maker and user
	Assumed  []data.Economy // economies whose output was not known: their net exports were taken
	Warnings []string
}

// leastTraced is the share of all trade below which an origin is left out.
const leastTraced = 1e-9

// Trace follows re-exports to their source, after FABIO (Bruckner and others
// 2019, Environmental Science and Technology 53, 11302): with T the trade from
// row to column, supply = made at home + imports, A = T / supply of the column
// and made the share of supply that is made at home,
//
//	origins = diag(made share) (I - A)^-1 diag(supply - exports)
//
// on the assumption that what an economy sends on is mixed like all that it has.
// rows are the reconciled flows of one commodity over a span in which goods
// pass; output is what economies made over the same span, in kilograms. One that
// is not known is taken as exports less imports, where that is positive: too low
// for an economy that uses what it makes. Exports above supply are cut to it,
// with a warning.
func Trace(rows []Reconciled, output map[data.Economy]float64) (Tracing, error) {
	var t Tracing
	b := newTradeBook(rows)
	n := len(b.economies)
	if n == 0 {
		t.Warnings = append(t.Warnings, "no flows with a weight: nothing to trace")
		return t, nil
	}
	made, supply, kept := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, e := range b.economies {
		out, known := output[e]
		if !known {
			out = max(b.exports[i]-b.imports[i], 0)
			t.Assumed = append(t.Assumed, e)
		}
		made[i], supply[i] = out, out+b.imports[i]
		if b.exports[i] > supply[i]*(1+1e-9) {
			t.Warnings = append(t.Warnings, fmt.Sprintf("%s sends out more than it makes and gets: the surplus counts as made there", e))
			made[i], supply[i] = b.exports[i]-b.imports[i], b.exports[i]
		}
		kept[i] = max(supply[i]-b.exports[i], 0)
	}
	inverse, err := b.leontief(supply)
	if err != nil {
		return t, err
	}
	total := 0.0
	for _, v := range b.exports {
		total += v
	}
	for i := range n {
		for j := range n {
			if supply[i] == 0 || supply[j] == 0 {
				continue
			}
			if kg := made[i] / supply[i] * inverse.At(i, j) * kept[j]; kg > leastTraced*total {
				t.Origins = append(t.Origins, Origin{b.economies[i], b.economies[j], kg})
			}
		}
	}
	return t, nil
}

// tradeBook is the flows of one commodity between economies, kilograms.
type tradeBook struct {
	economies        []data.Economy
	trade            *mat.Dense
	exports, imports []float64
}

func newTradeBook(rows []Reconciled) *tradeBook {
	b := &tradeBook{}
	usable := func(r *Reconciled) bool {
		return r.Kg > 0 && data.Economy(r.Exporter) != data.Unallocated && data.Economy(r.Importer) != data.Unallocated && data.Economy(r.Exporter) != data.Economy(r.Importer)
	}
	for i := range rows {
		if usable(&rows[i]) {
			b.economies = append(b.economies, data.Economy(rows[i].Exporter), data.Economy(rows[i].Importer))
		}
	}
	slices.Sort(b.economies)
	b.economies = slices.Compact(b.economies)
	n := len(b.economies)
	if n == 0 {
		return b
	}
	b.trade = mat.NewDense(n, n, nil)
	b.exports, b.imports = make([]float64, n), make([]float64, n)
	place := func(e data.Economy) int {
		at, _ := slices.BinarySearchFunc(b.economies, e, func(a, b data.Economy) int { return cmp.Compare(a, b) })
		return at
	}
	for i := range rows {
		r := &rows[i]
		if !usable(r) {
			continue
		}
		from, to, kg := place(data.Economy(r.Exporter)), place(data.Economy(r.Importer)), r.Kg.Float()
		b.trade.Set(from, to, b.trade.At(from, to)+kg)
		b.exports[from] += kg
		b.imports[to] += kg
	}
	return b
}

// leontief is (I - A)^-1 with A the trade over the supply of its column. It
// exists wherever some supply is made at home.
func (b *tradeBook) leontief(supply []float64) (*mat.Dense, error) {
	n := len(b.economies)
	m := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			v := 0.0
			if supply[j] > 0 {
				v = -b.trade.At(i, j) / supply[j]
			}
			if i == j {
				v++
			}
			m.Set(i, j, v)
		}
	}
	var inverse mat.Dense
	if err := inverse.Inverse(m); err != nil {
		if condition, ok := err.(mat.Condition); !ok || math.IsInf(float64(condition), 1) {
			return nil, fmt.Errorf("a ring of economies makes nothing and only passes goods on: give the output of one of them")
		}
	}
	return &inverse, nil
}
