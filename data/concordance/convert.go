package concordance

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"counterflow/data"
)

// Converter turns codes of one edition into codes of another.
type Converter struct {
	From, To data.Edition
	shares   map[data.Commodity][]share
}

// Between chains the table's steps from one edition to another, by way of the
// editions between them: weights multiply, and a share is as well founded as its
// weakest step. A direct step is taken where the table has one. Codes that a step
// on the way does not know are not converted.
func (t *Table) Between(from, to data.Edition) (*Converter, error) {
	c := &Converter{From: from, To: to}
	if from == to {
		return c, nil
	}
	if direct := t.steps[step{from, to}]; direct != nil {
		c.shares = chain(nil, direct)
		return c, nil
	}
	next := func(e data.Edition) data.Edition {
		if to > from {
			return e + 1
		}
		return e - 1
	}
	for at := from; at != to; at = next(at) {
		links := t.steps[step{at, next(at)}]
		if links == nil {
			return nil, fmt.Errorf("the concordance has no links from %s to %s; give a file that has them", at, next(at))
		}
		c.shares = chain(c.shares, links)
	}
	return c, nil
}

// chain gives a copy, so that weights learnt later do not reach into converters
// that are in use.
func chain(first, second map[data.Commodity][]share) map[data.Commodity][]share {
	out := make(map[data.Commodity][]share, len(second))
	if first == nil {
		for code, shares := range second {
			out[code] = slices.Clone(shares)
		}
		return out
	}
	for from, shares := range first {
		sums := map[data.Commodity]share{}
		whole := true
		for _, a := range shares {
			onward := second[a.to]
			whole = whole && len(onward) > 0
			for _, b := range onward {
				s := sums[b.to]
				sums[b.to] = share{b.to, s.weight + a.weight*b.weight, max(s.origin, a.origin, b.origin)}
			}
		}
		if !whole {
			continue
		}
		for _, to := range slices.Sorted(maps.Keys(sums)) {
			s := sums[to]
			if len(sums) == 1 { // split and merged again
				s.weight, s.origin = 1, Only
			}
			out[from] = append(out[from], s)
		}
	}
	return out
}

// Part is one row of what a converted amount becomes.
type Part struct {
	To     data.Commodity
	USD    data.USD // missing where the amount was
	Kg     data.Kg
	Share  float64 // of the amount, 0 to 1
	Origin Origin  // where the share comes from
}

// Convert divides the amounts of one code over its codes in the other edition,
// value and weight by the same shares. Parts add up to the amounts exactly: each
// is rounded down, and the units left over go to the largest remainders, the
// lower code first where they tie. A missing amount is missing in every part. ok
// is false for a code that the concordance does not know, and for one whose shares
// do not add up to 1: the caller must count it as refused. Codes that are not of six digits are not known.
func (c *Converter) Convert(code data.Commodity, usd data.USD, kg data.Kg) (parts []Part, ok bool) {
	if c.From == c.To {
		return []Part{{To: code.In(c.To), USD: usd, Kg: kg, Share: 1, Origin: Only}}, true
	}
	shares := c.shares[code.In(c.From)]
	if len(shares) == 0 {
		return nil, false
	}
	weights := make([]float64, len(shares))
	for i, s := range shares {
		weights[i] = s.weight
		parts = append(parts, Part{To: s.to, USD: usd, Kg: kg, Share: s.weight, Origin: s.origin})
	}
	if usd.Known() {
		shared, sound := apportion(int64(usd), weights)
		if !sound {
			return nil, false
		}
		for i, cents := range shared {
			parts[i].USD = data.USD(cents)
		}
	}
	if kg.Known() {
		shared, sound := apportion(int64(kg), weights)
		if !sound {
			return nil, false
		}
		for i, grams := range shared {
			parts[i].Kg = data.Kg(grams)
		}
	}
	return parts, true
}

// tolerance is how far weights may be from adding up to 1: far above what rounding
// leaves of the longest chain of editions, far below any share that matters.
const tolerance = 1e-6

// apportion divides a total by largest remainders (Hamilton's method). The parts
// sum to the total whatever the rounding of the weights. ok is false where the
// weights are no shares: below 0, or not adding up to 1 within the tolerance. What
// rounding down leaves is then at most a few units for each part, so that handing
// it out ends after as many steps as there are parts.
func apportion(total int64, weights []float64) (parts []int64, ok bool) {
	sum := 0.0
	for _, w := range weights {
		if !(w >= 0) {
			return nil, false
		}
		sum += w
	}
	if !(math.Abs(sum-1) <= tolerance) {
		return nil, false
	}
	sign := int64(1)
	if total < 0 {
		sign, total = -1, -total
	}
	parts = make([]int64, len(weights))
	remainders := make([]float64, len(weights))
	order := make([]int, 0, len(weights))
	left := total
	for i, w := range weights {
		exact := float64(float64(total) * (w / sum))
		parts[i] = min(int64(exact), left)
		remainders[i] = exact - float64(parts[i])
		left -= parts[i]
		if w > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	each, more := left/int64(len(order)), int(left%int64(len(order)))
	for k, i := range order {
		parts[i] += each
		if k < more {
			parts[i]++
		}
	}
	for i := range parts {
		parts[i] *= sign
	}
	return parts, true
}
