package concordance

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
)

// Link says that goods of one code may be found under another. Codes carry
// their editions.
type Link struct {
	From, To data.Commodity
	Weight   float64 // share of From that goes to To, 0 to 1; NaN where the table gives none
}

// Origin is where a weight comes from.
type Origin uint8

// The origins, the best first.
const (
	Only   Origin = iota // the code has one successor
	Given                // by the table
	Learnt               // fitted to trade of economies that changed edition
	Equal                // nothing is known: equal shares
)

func (o Origin) String() string { return [...]string{"only", "given", "learnt", "equal"}[o] }

// Table holds the links between pairs of editions.
type Table struct {
	steps    map[step]map[data.Commodity][]share // by code, then in the order of codes
	Links    int                                 // that were read, between codes of six digits
	LeftOut  int                                 // rows of a file that are none: headings, other classifications, repetitions
	Warnings []string
}

type step struct{ from, to data.Edition }

// share is one successor of a code.
type share struct {
	to     data.Commodity
	weight float64
	origin Origin
}

// New builds a table. Links of one pair of editions may stand in any order; a
// link that is there twice, a code longer or shorter than six digits, and weights
// of a code that are given in part or do not sum to 1 within 0.001 are errors.
// Weights are scaled to sum to 1 exactly. Each pair of editions can also be used
// backward, where its weights say nothing: shares are equal there unless the
// table has links for that direction.
func New(links []Link) (*Table, error) {
	t := &Table{steps: map[step]map[data.Commodity][]share{}}
	for _, l := range links {
		if err := check(l); err != nil {
			return nil, err
		}
		t.add(l.From, l.To, l.Weight)
	}
	for _, s := range t.stepsInOrder() {
		if _, both := t.steps[step{s.to, s.from}]; both {
			continue
		}
		for from, shares := range t.steps[s] {
			for _, sh := range shares {
				t.add(sh.to, from, math.NaN())
			}
		}
	}
	for _, s := range t.stepsInOrder() {
		for from, shares := range t.steps[s] {
			if err := settle(from, shares); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

func check(l Link) error {
	for _, c := range []data.Commodity{l.From, l.To} {
		if e := c.Edition(); e < data.HS1992 || e > data.HS2028 {
			return fmt.Errorf("code %s has no edition; write H0 to H7", c)
		}
		if c.Len() != 6 {
			return fmt.Errorf("code %s has %d digits; concordances hold between codes of six", c, c.Len())
		}
	}
	if l.From.Edition() == l.To.Edition() {
		return fmt.Errorf("the link from %s to %s stays within %s", l.From, l.To, l.From.Edition())
	}
	if l.Weight < 0 || l.Weight > 1 {
		return fmt.Errorf("the link from %s to %s has weight %g; write a share, 0 to 1", l.From, l.To, l.Weight)
	}
	return nil
}

func (t *Table) add(from, to data.Commodity, weight float64) {
	s := step{from.Edition(), to.Edition()}
	if t.steps[s] == nil {
		t.steps[s] = map[data.Commodity][]share{}
	}
	t.steps[s][from] = append(t.steps[s][from], share{to: to, weight: weight})
}

func (t *Table) stepsInOrder() []step {
	var all []step
	for s := range t.steps {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b step) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	return all
}

// settle puts the successors of a code in order and gives each its weight.
func settle(from data.Commodity, shares []share) error {
	slices.SortFunc(shares, func(a, b share) int { return cmp.Compare(a.to, b.to) })
	given, sum := 0, 0.0
	for i := range shares {
		if i > 0 && shares[i].to == shares[i-1].to {
			return fmt.Errorf("the link from %s (%s) to %s (%s) is there twice", from, from.Edition(), shares[i].to, shares[i].to.Edition())
		}
		if !math.IsNaN(shares[i].weight) {
			given++
			sum += shares[i].weight
		}
	}
	switch {
	case given != 0 && given != len(shares):
		return fmt.Errorf("code %s (%s) has weights for %d of its %d links; give all or none", from, from.Edition(), given, len(shares))
	case given != 0 && math.Abs(sum-1) > 0.001:
		return fmt.Errorf("the weights of code %s (%s) sum to %g and not to 1", from, from.Edition(), sum)
	}
	for i := range shares {
		switch {
		case len(shares) == 1:
			shares[i].weight, shares[i].origin = 1, Only
		case given != 0:
			shares[i].weight, shares[i].origin = shares[i].weight/sum, Given
		default:
			shares[i].weight, shares[i].origin = 1/float64(len(shares)), Equal
		}
	}
	return nil
}

// SetWeights replaces the weights of one code's links by learnt ones, in the
// order of Successors. They must be shares that sum to 1 within 0.001.
func (t *Table) SetWeights(from data.Commodity, to data.Edition, weights []float64) error {
	shares := t.steps[step{from.Edition(), to}][from]
	if len(shares) == 0 || len(weights) != len(shares) {
		return fmt.Errorf("code %s (%s) has %d links to %s, not %d", from, from.Edition(), len(shares), to, len(weights))
	}
	sum := 0.0
	for _, w := range weights {
		if !(w >= 0) {
			return fmt.Errorf("code %s (%s): weight %g is no share", from, from.Edition(), w)
		}
		sum += w
	}
	if math.Abs(sum-1) > 0.001 {
		return fmt.Errorf("the weights of code %s (%s) sum to %g and not to 1", from, from.Edition(), sum)
	}
	for i, w := range weights {
		shares[i].weight = w / sum
		if len(shares) > 1 {
			shares[i].origin = Learnt
		}
	}
	return nil
}

// Successors lists the codes that one code is linked to in a neighbouring
// edition, in their order; none where the table does not know it.
func (t *Table) Successors(from data.Commodity, to data.Edition) []data.Commodity {
	var codes []data.Commodity
	for _, s := range t.steps[step{from.Edition(), to}][from] {
		codes = append(codes, s.to)
	}
	return codes
}
