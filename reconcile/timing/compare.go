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
}

// Shifted gives, for each pair of a lane, the arrivals that the exporter's
// declared departures lead to expect in that period, kilograms or US dollars at
// the exporter's valuation. NaN where a departure that matters is not known:
// the exporter was silent, gave no such amount, or the month lies before the
// lane's first pair.
func (m *Model) Shifted(lane []mirror.Pair, measure mirror.Measure) []float64 {
	var s Series
	s.Fill(lane, measure, m.silence)
	expected := make([]float64, len(s.X))
	m.Kernel(lane).Arrivals(s.X, expected)
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
	model    *Model
	series   Series
	expected []float64
	all      []Comparison
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
	s.Fill(lane, measure, c.model.silence)
	s.dropCopies(lane, measure)
	c.expected = resize(c.expected, len(s.X))
	c.model.Kernel(lane).Arrivals(s.X, c.expected)
	joins := s.First.Monthly() && (restsAtNewYear[data.Economy(lane[0].Exporter)] || restsAtNewYear[data.Economy(lane[0].Importer)])
	c.all = c.all[:0]
	for t := range s.X {
		now := Comparison{Period: s.First.Add(t), Expected: c.expected[t], Declared: s.M[t]}
		if month := now.Period.Month(); joins && month == 1 && t+1 < len(s.X) {
			continue
		} else if joins && month == 2 && t > 0 {
			now.Expected += c.expected[t-1]
			now.Declared += s.M[t-1]
			now.Joined = true
		}
		if !math.IsNaN(now.Expected+now.Declared) && now.Expected+now.Declared > 0 {
			c.all = append(c.all, now)
		}
	}
	return c.all
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
