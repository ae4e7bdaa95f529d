package reliability

import (
	"math"
	"slices"

	"counterflow/stats/elementary"
)

// Level is what is known of the lasting deviations of the two sides of a lane,
// biases included, natural logs. They are deviations from the truth: a level of
// the exporter of -0.2 says that its reports lie 18% below it.
type Level struct {
	X, M Deviation
}

// Deviation is an estimate with the doubt about it on either side, which differs
// where a gap has two explanations: Below and Above are twice the mean squares
// of what lies below and above the estimate. Both are the variance where the
// doubt is even.
type Deviation struct {
	Estimate     float64
	Below, Above float64
}

// Given is the level of a lane whose gaps ln(M/X), less margin, center at gap,
// which is known with the given variance. size is the mean of ln X and ln M over
// the same periods: where both sides part for good, the side whose amounts are
// more like what exporter and importer trade elsewhere is the likelier. NaN
// leaves it out. The gap ties the two deviations together, so that their doubts
// are the same.
func (l *Lane) Given(gap, variance, size float64) Level {
	c := &l.lookup.causes
	l.weigh(c, gap, variance, size)
	return c.Level()
}

// CausesInAll is the number of ways in which the gap of a lane can come about.
const CausesInAll = waysInAll

// Causes are those ways for one lane, with their probabilities.
type Causes struct {
	all  [waysInAll]cause
	x, m Side
}

// Causes weighs the ways in which the gaps of a lane may have come about; see
// [Lane.Given].
func (l *Lane) Causes(gap, variance, size float64) (c Causes) {
	l.weigh(&c, gap, variance, size)
	return c
}

// weigh fills causes where they lie: ten million copies of them take a second.
func (l *Lane) weigh(c *Causes, gap, variance, size float64) {
	t := l.term
	t.gap, t.variance = gap+l.X.Bias-l.M.Bias, variance
	hint := l.hint(size)
	hint.report = size - gap/2 - l.X.Bias
	c.x, c.m = l.X, l.M
	l.fit.levels.weigh(&c.all, &l.fit.ways[t.group+1][t.class], &t, &hint)
}

// Exporter gives the probability of a way, and the exporter's deviation from the
// truth under it, bias included, with its variance.
func (c *Causes) Exporter(way int) (probability, deviation, variance float64) {
	w := &c.all[way]
	return w.probability, w.x + c.x.Bias, w.xVariance
}

// Weigh adds the logarithms of how likely each way makes something else that is
// known.
func (c *Causes) Weigh(logs *[CausesInAll]float64) {
	most, sum := slices.Max(logs[:]), 0.0
	for i := range c.all {
		c.all[i].probability *= elementary.Exp(logs[i] - most)
		sum += c.all[i].probability
	}
	if sum <= 0 {
		return
	}
	for i := range c.all {
		c.all[i].probability /= sum
	}
}

// Level is what the causes say together.
func (c *Causes) Level() Level {
	x := summary(&c.all)
	apart := 0.0
	for i := range c.all {
		apart += c.all[i].probability * (c.all[i].m - c.all[i].x)
	}
	bias := (c.x.BiasSE*c.x.BiasSE + c.m.BiasSE*c.m.BiasSE) / 4
	x.Below += bias
	x.Above += bias
	m := x
	m.Estimate += apart + c.m.Bias
	x.Estimate += c.x.Bias
	return Level{X: x, M: m}
}

// Before is the level of a lane of which only one side is known, or neither: the
// reporter's bias, since most lines are near it, with the doubt that the others
// leave.
func (l *Lane) Before() Level {
	odd := &l.fit.odd[l.term.group+1][l.term.class]
	x, m := l.fit.levels.own(&l.term)
	return Level{X: odd[0].with(l.X, x), M: odd[1].with(l.M, m)}
}

// with adds a reporter's own doubt.
func (d Deviation) with(s Side, variance float64) Deviation {
	own := s.BiasSE*s.BiasSE + variance
	return Deviation{s.Bias, d.Below + own, d.Above + own}
}

const (
	summaryRounds = 8
	// bend is where the loss of an estimate turns from squares to absolute
	// values, in logs. Between two explanations that are equally likely the estimate
	// lies in the middle; the further apart they are, the more it takes the side of
	// the likelier one, which errs by less in sums of amounts, and by little more in
	// logs.
	bend = 0.4
	// weighed is a probability below which a cause bends nothing.
	weighed = 1e-3
)

// summary is the exporter's deviation of least expected loss (Huber's, 1964), by
// reweighting from the mean, with the doubt on either side.
func summary(causes *[waysInAll]cause) Deviation {
	center := 0.0
	for i := range causes {
		center += causes[i].probability * causes[i].x
	}
	for range summaryRounds {
		sum, weights, bent := 0.0, 0.0, false
		for i := range causes {
			w := causes[i].probability
			if d := math.Abs(causes[i].x - center); d > bend {
				bent = bent || w > weighed
				w *= bend / d
			}
			sum += w * causes[i].x
			weights += w
		}
		next := sum / max(weights, 1e-300)
		moved := math.Abs(next - center)
		center = next
		if !bent || moved < 1e-3 {
			break
		}
	}
	d := Deviation{Estimate: center}
	for i := range causes {
		c := &causes[i]
		square := 2 * (c.x - center) * (c.x - center)
		if c.x > center {
			d.Above += c.probability * square
		} else {
			d.Below += c.probability * square
		}
		d.Above += c.probability * c.xVariance
		d.Below += c.probability * c.xVariance
	}
	return d
}

// oddDoubt is the doubt that all components but the small one leave about a side
// of whose lane nothing is known. Broken ones are left out: a 90% interval need
// not reach that far.
func oddDoubt(components []component) Deviation {
	var d Deviation
	for i, c := range components {
		if i == small || i == brokenLow || i == brokenHigh {
			continue
		}
		square := 2 * c.share * c.mean * c.mean
		if c.mean > 0 {
			d.Above += square
		} else {
			d.Below += square
		}
		d.Above += c.share * c.variance
		d.Below += c.share * c.variance
	}
	return d
}
