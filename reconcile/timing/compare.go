package timing

import (
	"math"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Comparison is one period of a lane in which both sides can be compared:
// arrivals that the exporter's departures lead to expect, and those that the
// importer declared. Kilograms or US dollars.
type Comparison struct {
	Period             data.Period // the second month where two were joined
	Expected, Declared float64
	Joined             bool // January and February together
	// Doubt is the variance of ln(Expected) that comes of not knowing the
	// passage: the lane's own, and how far single months stray from it.
	Doubt float64
	// Carried is the part of the variance of the exporter's monthly errors that
	// is left in Expected: 1 where one month's departures arrive at a time, less
	// where several months' are mixed.
	Carried float64
}

// Shifted gives, for each pair of a lane, the arrivals that the exporter's
// declared departures lead to expect in that period, kilograms or US dollars at
// the exporter's valuation. NaN where a departure that matters is not known:
// the exporter was silent, gave no such amount, or the month lies before the
// lane's first pair.
func (m *Model) Shifted(lane []mirror.Pair, measure mirror.Measure) []float64 {
	var s Series
	s.Fill(lane, measure, m.Silence, 0)
	m.Unstated.Of(lane[0].Commodity).Place(&s, &lane[0])
	expected := make([]float64, len(s.X))
	m.Lag(lane).Kernel.Arrivals(s.X, expected)
	shifted := make([]float64, len(lane))
	for i, t := range s.At {
		shifted[i] = math.NaN()
		if t >= 0 {
			shifted[i] = expected[t]
		}
	}
	return shifted
}

// Comparer lays lanes side by side, keeping its room from one to the next. It
// is for one goroutine.
type Comparer struct {
	model     *Model
	series    Series
	expected  []float64
	all       []Comparison
	commodity data.Commodity // last asked for
	unstated  UnstatedGoods
}

// NewComparer makes one.
func NewComparer(m *Model) *Comparer { return &Comparer{model: m} }

// Compare lists the periods of a lane in which both sides are known and at
// least one declared something. A month in which a side was silent is not
// compared, nor one whose figure was copied from the partner, nor a weight that
// is an estimate: these are no second witness. The list is the caller's until
// the next call.
func (c *Comparer) Compare(lane []mirror.Pair, measure mirror.Measure) []Comparison {
	s := &c.series
	s.Fill(lane, measure, c.model.Silence, 0)
	if c.commodity != lane[0].Commodity {
		c.commodity, c.unstated = lane[0].Commodity, c.model.Unstated.Of(lane[0].Commodity)
	}
	c.unstated.Place(s, &lane[0])
	s.dropCopies(lane, measure)
	lag := c.model.Lag(lane)
	doubts := lag.Doubts()
	c.expected = resize(c.expected, len(s.X))
	lag.Kernel.Arrivals(s.X, c.expected)
	joins := s.First.Monthly() && (restsAtNewYear[data.Economy(lane[0].Exporter)] || restsAtNewYear[data.Economy(lane[0].Importer)])
	c.all = c.all[:0]
	for t := range s.X {
		now := Comparison{Period: s.First.Add(t), Expected: c.expected[t], Declared: s.M[t], Carried: lag.carried(s.X, t, c.expected[t]),
			Doubt: doubts.Of(s.X, t, c.expected[t])}
		if month := now.Period.Month(); joins && month == 1 && t+1 < len(s.X) {
			continue
		} else if joins && month == 2 && t > 0 {
			now.join(c.expected[t-1], s.M[t-1])
		}
		if lag.Covered(s.X, t) < LeastCovered && now.Expected > 0 {
			continue
		}
		if !math.IsNaN(now.Expected+now.Declared) && now.Expected+now.Declared > 0 {
			c.all = append(c.all, now)
		}
	}
	return c.all
}

// LeastCovered is the part of the kernel that must fall on months with
// departures before arrivals can be compared: the tail of one month's departures
// alone says more of the kernel than of the reports.
const LeastCovered = 0.25

// Covered is the part of the kernel that falls on months with departures, for
// arrivals of month t.
func (l *Lag) Covered(x []float64, t int) float64 {
	sum := 0.0
	for lag, share := range l.Kernel {
		if t >= lag && x[t-lag] > 0 {
			sum += share
		}
	}
	return sum
}

// join adds the month before. What is not known of February's timing counts by
// February's share; January's errors are taken to be like February's and
// independent of them.
func (c *Comparison) join(expected, declared float64) {
	share := c.Expected / (c.Expected + expected)
	c.Expected += expected
	c.Declared += declared
	c.Doubt *= share * share
	c.Carried *= share*share + (1-share)*(1-share)
	c.Joined = true
}

const (
	// unsteady is how far the passage of single months strays from the lane's: a
	// standard deviation as a share of the passage. It is an assumption: ships that
	// are late are late by some days in a passage of weeks.
	unsteady = 0.12
	// unsteadyMemory is the correlation of that in neighbouring months: ports stay
	// crowded for weeks.
	unsteadyMemory = 0.5
)

// Doubts tells how much not exactly knowing the passage of a lane matters to its
// arrivals, by what is the same for all of its months.
type Doubts struct {
	common, single float64 // variances of the lane's mean passage and of a single month's, months squared
	first, last    int     // whole months between which the passage may lie
}

// Doubts works out that of a lane.
func (l *Lag) Doubts() Doubts {
	mean := l.Kernel.Mean()
	d := Doubts{common: l.SD * l.SD, single: unsteady * unsteady * mean * mean}
	sd := math.Sqrt(d.common + d.single)
	d.first, d.last = int(max(mean-sd, 0)), int(min(mean+sd, MaxLag-0.01))
	return d
}

// Of is the variance of ln(expected), the arrivals of month t that departures x
// lead to expect. With a and b the departures over expected of the two months that
// meet in the month of arrival, a passage longer by d for both moves a share d of
// each to the month after, which changes ln(expected) by d (b - a): the lane's mean
// passage. Single months stray for themselves, so that d(b) b - d(a) a is left even
// where departures are steady. Where the passage may be on either side of a whole
// month the larger variance counts.
func (d *Doubts) Of(x []float64, t int, expected float64) float64 {
	if d.common+d.single == 0 || expected <= 0 {
		return 0
	}
	most := 0.0
	for lag := d.first; lag <= d.last; lag++ {
		variance := d.common + 2*(1-unsteadyMemory)*d.single // of months about which nothing is known
		if t > lag {
			a, b := x[t-lag]/expected, x[t-lag-1]/expected
			v := d.common*(b-a)*(b-a) + d.single*(a*a+b*b-2*unsteadyMemory*a*b)
			if v == v { // NaN where a departure is not known
				variance = v
			}
		}
		if variance > most {
			most = variance
		}
	}
	return most
}

// errorMemory is the correlation of a reporter's errors in neighbouring months
// that is assumed where departures of several months are mixed.
const errorMemory = 0.25

// carried is sum_pq r^|p-q| share_p share_q, with the shares that the months of
// departure have in expected.
func (l *Lag) carried(x []float64, t int, expected float64) float64 {
	if expected <= 0 {
		return 1
	}
	var share [MaxLag + 1]float64
	for lag, k := range l.Kernel {
		if k > 0 && t >= lag && x[t-lag] > 0 {
			share[lag] = k * x[t-lag] / expected
		}
	}
	sum, memory := 0.0, 1.0
	for apart := 0; apart <= MaxLag; apart++ {
		for p := 0; p+apart <= MaxLag; p++ {
			product := float64(share[p] * share[p+apart] * memory)
			if apart > 0 {
				product *= 2
			}
			sum += product
		}
		memory *= errorMemory
	}
	return min(sum, 1)
}

// restsAtNewYear lists the economies whose factories and ports rest at the
// Lunar New Year, which falls in January in some years and in February in
// others: there the two months are compared as one (public holidays; the
// customs of China publish January and February together for this reason).
var restsAtNewYear = func() map[data.Economy]bool {
	all := map[data.Economy]bool{}
	for _, code := range []string{"CHN", "HKG", "MAC", "TWN", "SGP", "KOR", "VNM", "MYS", "IDN", "PHL", "MNG"} {
		all[data.MustEconomy(code)] = true
	}
	return all
}()
