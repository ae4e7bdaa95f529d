package units

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"sync"

	"counterflow/data"
	"counterflow/data/source"
)

// Settings of Learn; zero values stand for the defaults.
type Settings struct {
	Pairs  int     // fewest pairs, 10 by default
	Spread float64 // the standard deviation of the logarithms must be below it, 2.5 by default
}

// Verdict says what became of the factor of one commodity and unit.
type Verdict string

// The verdicts.
const (
	Learnt  Verdict = "learnt"
	Given   Verdict = "given"
	TooFew  Verdict = "too_few"  // pairs
	TooWide Verdict = "too_wide" // spread
	NoMass  Verdict = "no_mass"  // a unit of energy
)

// Factor is kilograms for one unit of a commodity. Low and High are the 90%
// interval of the median, by its normal approximation on the logarithms; NaN where
// the factor was given or there are fewer than two pairs.
type Factor struct {
	Commodity data.Commodity // 0 for a given factor of any commodity
	Unit      source.Unit
	Kg        float64
	Low, High float64
	SD        float64 // of the logarithms, NaN for fewer than two pairs
	Pairs     int
	Verdict   Verdict
	Rows      int64 // declarations whose weight it filled in
}

// Used says whether weights are filled in by the factor.
func (f *Factor) Used() bool { return f.Verdict == Learnt || f.Verdict == Given }

// energy lists the units that no mass corresponds to.
var energy = []string{"kwh", "1000kwh", "tj"}

// corridor is one commodity between two economies in one period, as one of them
// declares it.
type corridor struct {
	commodity data.Commodity
	exporter  data.Exporter
	importer  data.Importer
	period    data.Period
	outward   bool
}

// partner is the same corridor as the other side declares it.
func (c corridor) partner() corridor {
	c.outward = !c.outward
	return c
}

func corridorOf(r *source.Record) corridor {
	return corridor{r.Commodity.In(data.EditionUnknown), r.Exporter, r.Importer, r.Period, r.Direction == data.Export}
}

// amount is what one side declares of a corridor, in thousandths of a unit or in
// grams. Rows are added up within the coarsest breakdown that is given, the one
// with the fewest columns that divide, so that the order of rows plays no part.
type amount struct {
	columns source.Columns
	sum     int64
}

func (a *amount) add(columns source.Columns, x int64) {
	switch {
	case a.sum == 0 || columns < a.columns:
		*a = amount{columns, x}
	case columns == a.columns:
		a.sum += x
	}
}

// counting is a corridor in one unit.
type counting struct {
	corridor
	unit source.Unit
}

// Learn gives the factors of all commodities and units in which some declaration
// states a quantity and no weight, by commodity and unit, after the given ones.
// The files are read with the options given, but before any concordance.
func Learn(ctx context.Context, paths []string, reading source.Options, given source.Factors, s Settings) ([]Factor, error) {
	s.Pairs, s.Spread = cmp.Or(s.Pairs, 10), cmp.Or(s.Spread, 2.5)
	reading.Quantities, reading.Factors, reading.Concordance = true, nil, nil
	counted, wanted, err := quantities(ctx, paths, reading)
	if err != nil {
		return nil, err
	}
	weighed, err := weights(ctx, paths, reading, counted)
	if err != nil {
		return nil, err
	}
	ratios := map[source.FactorKey][]float64{}
	for at, a := range counted {
		if w := weighed[at.partner()]; w != nil {
			k := source.FactorKey{Commodity: at.commodity, Unit: at.unit}
			ratios[k] = append(ratios[k], math.Log(float64(w.sum)/float64(a.sum)))
		}
	}
	factors := FromFile(given)
	for _, k := range slices.SortedFunc(maps.Keys(wanted), compareKeys) {
		if _, ok := given[k]; !ok {
			factors = append(factors, s.factor(k, ratios[k]))
		}
	}
	return factors, nil
}

func compareKeys(a, b source.FactorKey) int {
	return cmp.Or(cmp.Compare(a.Commodity, b.Commodity), cmp.Compare(a.Unit.String(), b.Unit.String()))
}

// FromFile lists given factors, by commodity and unit.
func FromFile(given source.Factors) []Factor {
	var factors []Factor
	for _, k := range slices.SortedFunc(maps.Keys(given), compareKeys) {
		factors = append(factors, Factor{Commodity: k.Commodity, Unit: k.Unit, Kg: given[k], Low: math.NaN(), High: math.NaN(), SD: math.NaN(), Verdict: Given})
	}
	return factors
}

// quantities gathers what is declared in units other than mass, and in which units
// of which commodities a declaration lacks a weight.
func quantities(ctx context.Context, paths []string, reading source.Options) (map[counting]*amount, map[source.FactorKey]bool, error) {
	var mu sync.Mutex
	counted, wanted := map[counting]*amount{}, map[source.FactorKey]bool{}
	_, err := source.Read(ctx, paths, reading, func(_ int, b source.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		for i := range b.Records {
			r := &b.Records[i]
			if r.Unit == source.NoUnit || r.Direction > data.Import {
				continue
			}
			at := counting{corridorOf(r), r.Unit}
			if !r.NetWeight.Known() || r.NetWeight <= 0 {
				wanted[source.FactorKey{Commodity: at.commodity, Unit: r.Unit}] = true
			}
			if counted[at] == nil {
				counted[at] = &amount{}
			}
			counted[at].add(r.Part.Columns, r.Quantity)
		}
		return nil
	})
	return counted, wanted, err
}

// weights gathers what the partners of those declarations state in kilograms, and
// did not estimate.
func weights(ctx context.Context, paths []string, reading source.Options, counted map[counting]*amount) (map[corridor]*amount, error) {
	weighed := map[corridor]*amount{}
	for at := range counted {
		weighed[at.partner()] = nil
	}
	var mu sync.Mutex
	_, err := source.Read(ctx, paths, reading, func(_ int, b source.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		for i := range b.Records {
			r := &b.Records[i]
			if !r.NetWeight.Known() || r.NetWeight <= 0 || r.Estimated || r.Direction > data.Import {
				continue
			}
			at := corridorOf(r)
			held, mirrored := weighed[at]
			if !mirrored {
				continue
			}
			if held == nil {
				held = &amount{}
				weighed[at] = held
			}
			held.add(r.Part.Columns, int64(r.NetWeight))
		}
		return nil
	})
	return weighed, err
}

// factor sums up the logarithms of the ratios of one commodity and unit.
func (s Settings) factor(k source.FactorKey, logs []float64) Factor {
	f := Factor{Commodity: k.Commodity, Unit: k.Unit, Kg: math.NaN(), Low: math.NaN(), High: math.NaN(), SD: math.NaN(), Pairs: len(logs)}
	if n := len(logs); n > 0 {
		slices.Sort(logs) // pairs come from a map
		middle := (logs[(n-1)/2] + logs[n/2]) / 2
		f.Kg = math.Exp(middle)
		if n > 1 {
			f.SD = deviation(logs)
			// The median of n normal values has sqrt(pi/2) the standard error of
			// their mean; 1.645 of them hold 90%.
			half := 1.645 * math.Sqrt(math.Pi/2) * f.SD / math.Sqrt(float64(n))
			f.Low, f.High = math.Exp(middle-half), math.Exp(middle+half)
		}
	}
	switch {
	case slices.Contains(energy, k.Unit.String()):
		f.Verdict = NoMass
	case f.Pairs < s.Pairs:
		f.Verdict = TooFew
	case !(f.SD < s.Spread):
		f.Verdict = TooWide
	default:
		f.Verdict = Learnt
	}
	return f
}

// deviation is the standard deviation about the mean, with n-1.
func deviation(x []float64) float64 {
	mean, sum := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return math.Sqrt(sum / float64(len(x)-1))
}

// Table gives the factors that are used, for a reader.
func Table(factors []Factor) source.Factors {
	t := source.Factors{}
	for i := range factors {
		if f := &factors[i]; f.Used() {
			t[source.FactorKey{Commodity: f.Commodity, Unit: f.Unit}] = f.Kg
		}
	}
	return t
}

// Count notes how many rows each factor filled in.
func Count(factors []Factor, weighed map[source.FactorKey]int64) {
	for i := range factors {
		factors[i].Rows = weighed[source.FactorKey{Commodity: factors[i].Commodity, Unit: factors[i].Unit}]
	}
}

// Rows is the number of rows whose weight some factor filled in.
func Rows(factors []Factor) (n int64) {
	for i := range factors {
		n += factors[i].Rows
	}
	return n
}
