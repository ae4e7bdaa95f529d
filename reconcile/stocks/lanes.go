package stocks

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/stats/robust"
)

// The two witnesses of a flow.
const (
	byImporter = iota
	byExporter
	witnesses
)

// lane is one flow of an account as its two sides tell it, in kilograms of the
// account's commodity. A side that is unknown in a period is filled from the
// other at the lane's lasting ratio, so that silence does not look like change.
type lane struct {
	flow    *flow
	content float64              // kilograms of the account's commodity in one of the flow's
	told    [witnesses][]float64 // NaN where neither side is known
	own     [witnesses][]bool    // the witness itself spoke
	usual   [witnesses]float64   // mean period, for periods that nobody knows
	level   float64              // standard deviation of what is lasting in its figures, natural log
}

// How far the level of a lane may lie from the truth for good, natural log. Where
// both sides are known and agree, both would have to be off alike: soundLevel.
// Where they differ for good, one of them is off, and the truth lies about as
// likely at either end. Where one side alone is known, its level may be half or
// double, as is common in minerals. What an account says of them is learned, see
// learn.
const (
	soundLevel = 0.12
	loneLevel  = 0.5
)

// newLane takes the importer's series and the exporter's at one calendar.
func newLane(f *flow, exported []float64, content contentOf) lane {
	l := lane{flow: f, content: content.kg}
	l.told = [witnesses][]float64{scaled(f.imported, content.kg), scaled(exported, content.kg)}
	ratio, known := lastingRatio(l.told[byImporter], l.told[byExporter])
	l.level = math.Hypot(loneLevel, content.log)
	if known {
		l.level = math.Sqrt(square(soundLevel) + square(math.Log(ratio)/2) + square(content.log))
	}
	tame(l.told[byImporter], l.told[byExporter], ratio)
	m, x := l.told[byImporter], l.told[byExporter]
	for w := range l.own {
		l.own[w] = make([]bool, len(m))
		for t, v := range l.told[w] {
			l.own[w][t] = !math.IsNaN(v)
		}
	}
	for t := range m {
		switch {
		case math.IsNaN(m[t]):
			m[t] = x[t] * ratio
		case math.IsNaN(x[t]):
			x[t] = m[t] / ratio
		}
	}
	for w := range l.usual {
		l.usual[w] = usualPeriod(l.told[w])
	}
	return l
}

func scaled(x []float64, by float64) []float64 {
	y := slices.Clone(x)
	if by != 1 {
		for t := range y {
			y[t] *= by
		}
	}
	return y
}

// contentOf is how much of an account's commodity a flow holds.
type contentOf struct {
	kg  float64 // in one kilogram
	log float64 // relative standard deviation of that
}

// contentIn gives the content of a flow for an account: one for its own code;
// for a mineral the content of the code, if it can be used in a mass balance at
// all. The range of products under a code is taken as evenly likely, so its
// standard deviation is the range over the square root of 12.
func contentIn(account, goods data.Commodity) (contentOf, bool) {
	if account == goods {
		return contentOf{kg: 1}, true
	}
	mineral, ok := reference.MineralName(account)
	if !ok {
		return contentOf{}, false
	}
	good, ok := reference.GoodOf(goods)
	if !ok || good.Mineral != mineral || !(good.Content > 0) || good.Purity == reference.Dirty || good.Purity == reference.Adjacent {
		return contentOf{}, false
	}
	return contentOf{kg: good.Content, log: (good.ContentHigh - good.ContentLow) / math.Sqrt(12) / good.Content}, true
}

// leastGaps is the number of periods with both sides from which a lane has a
// lasting ratio of its own.
const leastGaps = 5

// lastingRatio is the median of the importer's figure over the exporter's; it is
// not known, and taken to be 1, where too few periods have both.
func lastingRatio(imported, exported []float64) (ratio float64, known bool) {
	var gaps []float64
	for t, m := range imported {
		if x := exported[t]; m > 0 && x > 0 {
			gaps = append(gaps, math.Log(m/x))
		}
	}
	if len(gaps) < leastGaps {
		return 1, false
	}
	return math.Exp(robust.MedianInPlace(gaps)), true
}

// How far, in robust standard deviations and in natural logs, a period's ratio
// may lie from the lasting one before one of the two figures is set aside.
const (
	wildDeviations = 3.5
	wildLog        = 0.7
)

// tame makes unknown, in periods in which the two sides are wildly apart for
// their lane, the figure that is farther from its own side's usual one.
func tame(imported, exported []float64, ratio float64) {
	gaps := make([]float64, 0, len(imported))
	for t, m := range imported {
		if x := exported[t]; m > 0 && x > 0 {
			gaps = append(gaps, math.Log(m/x/ratio))
		}
	}
	if len(gaps) < 2*leastGaps {
		return
	}
	limit := max(wildDeviations*robust.MAD(gaps), wildLog)
	for t, m := range imported {
		x := exported[t]
		if !(m > 0 && x > 0) || math.Abs(math.Log(m/x/ratio)) <= limit {
			continue
		}
		if math.Abs(math.Log(m/localUsual(imported, t))) > math.Abs(math.Log(x/localUsual(exported, t))) {
			imported[t] = math.NaN()
		} else {
			exported[t] = math.NaN()
		}
	}
}

// localPeriods is how far on each side the usual amount is looked for.
const localPeriods = 6

// localUsual is the median positive amount of the other periods about t.
func localUsual(x []float64, t int) float64 {
	var around [2 * localPeriods]float64
	n := 0
	for s := max(0, t-localPeriods); s < min(len(x), t+localPeriods+1); s++ {
		if s != t && x[s] > 0 {
			around[n] = x[s]
			n++
		}
	}
	if n == 0 {
		return x[t]
	}
	return robust.MedianInPlace(around[:n])
}

// usualPeriod is the mean of the known periods, each cut at four times their
// median so that no single one makes it; 0 where none is known.
func usualPeriod(x []float64) float64 {
	var known []float64
	for _, v := range x {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	if len(known) == 0 {
		return 0
	}
	top, sum := 4*robust.Median(known), 0.0
	for _, v := range known {
		if top > 0 {
			v = min(v, top)
		}
		sum += v
	}
	return sum / float64(len(known))
}
