package consignments

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/stats/density"
	"counterflow/stats/multiple"
)

// Settings decide what counts as a case. Zero fields take the defaults.
type Settings struct {
	FalseShare   float64 // share of false discoveries at which a case counts; 0 means 0.05
	ListQ        float64 // largest q that is listed; 0 means 0.20
	LeastParcels int     // smallest excess of parcels that is a case; 0 means 3
}

func (s Settings) filled() Settings {
	if s.FalseShare == 0 {
		s.FalseShare = 0.05
	}
	if s.ListQ == 0 {
		s.ListQ = 0.20
	}
	if s.LeastParcels == 0 {
		s.LeastParcels = 3
	}
	return s
}

// Result is what was found among the consignments.
type Result struct {
	Cases    []cases.Case         // of kind split_consignment, surest first; not numbered yet
	Claims   [][]claims.Claim     // what was tried on each case, in the same order, without case ids
	Parcels  [][]data.Consignment // those just under the threshold in the window of each case
	Goods    []Goods
	Tested   int // lanes
	Warnings []string
}

// Goods is all consignments of one commodity against its threshold.
type Goods struct {
	Commodity data.Commodity
	Threshold data.Kg
	Parcels   int
	Bunching  density.Bunching // N is zero where there are too few parcels
	Tested    bool
	// Benford compares the first digits of the masses with Benford's law: a note,
	// no evidence, and only from 200 parcels on.
	Benford    density.Benford
	BenfordSet bool
}

// Detect looks for split consignments. Commodities without a threshold are left
// out, with a warning that counts their parcels.
func Detect(rows []data.Consignment, thresholds []data.Threshold, s Settings) (*Result, error) {
	s = s.filled()
	lanes, without := lanesOf(rows, thresholds)
	out := &Result{}
	if without > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d consignments are of commodities without a threshold and were left out; add them to the file of thresholds", without))
	}
	found := make([]evidence, len(lanes))
	inParallel(len(lanes), func(i int) { found[i] = weigh(&lanes[i]) })
	logp := make([]float64, len(lanes))
	for i := range found {
		logp[i] = found[i].logP
		if !found[i].large(s.LeastParcels) {
			logp[i] = max(logp[i], noEvidence)
		}
	}
	adjusted, err := multiple.BenjaminiHochberg(logp)
	if err != nil {
		return nil, fmt.Errorf("consignments: %w", err)
	}
	out.Tested = adjusted.Tested
	for i := range found {
		if q := math.Exp(adjusted.LogQ[i]); q <= s.ListQ && found[i].large(s.LeastParcels) {
			out.add(&lanes[i], &found[i], q, rows)
		}
	}
	out.order()
	out.Goods, err = goodsOf(lanes)
	return out, err
}

const noEvidence = -0.6931471805599453 // ln 1/2

// evidence is what speaks for split consignments on a lane.
type evidence struct {
	pairs []pairEvidence // of every pair
	best  int            // index of the pair with the least p
	whole density.Bunching
	logP  float64 // of the lane
}

// pairEvidence is the same for one pair.
type pairEvidence struct {
	spell    spell
	bunching density.Bunching
	crowded  float64 // log p of the bunching, NaN where it could not be tested
	repeats  repeats
	logP     float64
}

// Weights of the tests of a pair when they are joined. Sums just above the
// threshold are a rarer habit and weigh less.
const (
	spellWeight    = 0.6
	bunchingWeight = 0.3
	sumsWeight     = 0.1
)

// weigh makes every test on a lane. The tests of a pair share its parcels, so
// they are joined by the Cauchy rule; pairs and the lane as a whole by Simes.
func weigh(l *lane) evidence {
	e := evidence{pairs: make([]pairEvidence, len(l.pairs)), logP: math.NaN()}
	buffer := make([]float64, 0, len(l.parcels))
	var logps []float64
	for i := range l.pairs {
		p := &e.pairs[i]
		p.spell = spellOf(&l.pairs[i])
		p.bunching, p.crowded = bunched(l.pairs[i].parcels, l.threshold, buffer)
		p.repeats = repeatsOf(&l.pairs[i])
		p.logP = joined([]float64{p.spell.logP, p.crowded, p.repeats.logPSums}, []float64{spellWeight, bunchingWeight, sumsWeight})
		logps = append(logps, p.logP)
		if p.logP < e.pairs[e.best].logP {
			e.best = i
		}
	}
	if len(l.pairs) > 1 {
		whole, crowded := bunched(l.parcels, l.threshold, buffer)
		if e.whole = whole; !math.IsNaN(crowded) {
			logps = append(logps, crowded)
		}
	}
	if joined, err := multiple.Simes(logps); err == nil {
		e.logP = joined.LogP
	}
	return e
}

// joined is the log p of several tests of one pair, NaN ones left out.
func joined(logps, weights []float64) float64 {
	var p, w []float64
	for i, v := range logps {
		if !math.IsNaN(v) {
			p, w = append(p, v), append(w, weights[i])
		}
	}
	c, err := multiple.Cauchy(p, w)
	if err != nil {
		return 0
	}
	return c.LogP
}

// large says whether the best pair has so many parcels more than expected in the
// window, and at least half as many again.
func (e *evidence) large(least int) bool {
	w := e.window()
	return float64(w.under)-w.expected >= float64(least) && float64(w.under) >= 1.5*w.expected
}

// window is the spell of the best pair, or all its months where crowding over all
// months is the stronger evidence.
func (e *evidence) window() spell { return e.pairs[e.best].window() }

func (p *pairEvidence) window() spell {
	if p.crowded < p.spell.logP {
		b := &p.bunching
		return spell{from: math.MinInt32, to: math.MaxInt32, width: 0.10, n: b.Below + b.Above + b.Fitted, under: b.Below, expected: b.Expected,
			sd: (b.High - b.Low) / 2 / 1.96}
	}
	return p.spell
}

// sized is the window in which the size of the pair's part of a case is taken.
func (p *pairEvidence) sized(of *pair) spell {
	w := p.window()
	if w.from == math.MinInt32 {
		return w
	}
	return w.widest(of)
}

// order puts the surest cases first.
func (r *Result) order() {
	index := make([]int, len(r.Cases))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, func(a, b int) int {
		x, y := &r.Cases[a], &r.Cases[b]
		return cmp.Or(cmp.Compare(x.LogP, y.LogP), cmp.Compare(x.Goods, y.Goods), cmp.Compare(x.Exporter, y.Exporter), cmp.Compare(x.Importer, y.Importer))
	})
	sorted := &Result{}
	for _, at := range index {
		sorted.Cases = append(sorted.Cases, r.Cases[at])
		sorted.Claims = append(sorted.Claims, r.Claims[at])
		sorted.Parcels = append(sorted.Parcels, r.Parcels[at])
	}
	r.Cases, r.Claims, r.Parcels = sorted.Cases, sorted.Claims, sorted.Parcels
}

// leastBenford is the number of parcels from which first digits say anything.
const leastBenford = 200

// goodsOf tests each commodity as a whole.
func goodsOf(lanes []lane) ([]Goods, error) {
	var all []Goods
	for from := 0; from < len(lanes); {
		to := from
		var parcels []parcel
		for to < len(lanes) && lanes[to].commodity == lanes[from].commodity {
			parcels = append(parcels, lanes[to].parcels...)
			to++
		}
		g := Goods{Commodity: lanes[from].commodity, Threshold: data.Kilograms(lanes[from].threshold), Parcels: len(parcels)}
		bunching, logP := bunched(parcels, lanes[from].threshold, nil)
		g.Bunching, g.Tested = bunching, !math.IsNaN(logP)
		if len(parcels) >= leastBenford {
			masses := make([]float64, len(parcels))
			for i := range parcels {
				masses[i] = parcels[i].mass * lanes[from].threshold
			}
			counts, _ := density.FirstDigits(masses)
			compared, err := density.CompareBenford(counts, density.BenfordOptions{Draws: 999, Seed: 1})
			if err != nil {
				return nil, fmt.Errorf("consignments: %w", err)
			}
			g.Benford, g.BenfordSet = compared, true
		}
		all = append(all, g)
		from = to
	}
	return all, nil
}
