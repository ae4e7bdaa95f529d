package reliability

import "math"

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
// leaves it out.
func (l *Lane) Given(gap, variance, size float64) Level {
	t := l.term
	t.gap, t.variance = gap+l.X.Bias-l.M.Bias, variance
	causes := l.levels.causes(&t)
	if hint := l.hint(size); hint.ok {
		hint.judge(&causes, size-gap/2-l.X.Bias)
	}
	var x, m [waysInAll]part
	for i := range causes {
		c := &causes[i]
		x[i] = part{c.probability, c.x, c.xVariance}
		m[i] = part{c.probability, c.m, c.mVariance}
	}
	bias := (l.X.BiasSE*l.X.BiasSE + l.M.BiasSE*l.M.BiasSE) / 4
	return Level{X: summary(x[:], l.X.Bias, bias), M: summary(m[:], l.M.Bias, bias)}
}

// Before is the level of a lane of which only one side is known, or neither: the
// reporter's bias, since most lines are near it, with the doubt that the others
// leave.
func (l *Lane) Before() Level {
	exporter, importer := l.levels.sides(&l.term)
	return Level{X: unheard(exporter[:], l.X), M: unheard(importer[:], l.M)}
}

// part is one component of what is known of a deviation.
type part struct{ weight, mean, variance float64 }

const (
	summaryRounds = 8
	// bend is where the loss of an estimate turns from squares to absolute
	// values, in logs. Between two explanations of a factor of two the estimate
	// lies in the middle; between two that are worlds apart it takes the side of
	// the likelier one.
	bend = 1.0
)

// summary is the estimate of least expected loss (Huber's, 1964), by reweighting
// from the mean, with the doubt on either side. bias is added to it, and its
// variance to both doubts.
func summary(parts []part, bias, variance float64) Deviation {
	center := 0.0
	for _, p := range parts {
		center += p.weight * p.mean
	}
	for range summaryRounds {
		sum, weights := 0.0, 0.0
		for _, p := range parts {
			w := p.weight
			if d := math.Abs(p.mean - center); d > bend {
				w *= bend / d
			}
			sum += w * p.mean
			weights += w
		}
		next := sum / max(weights, 1e-300)
		moved := math.Abs(next - center)
		center = next
		if moved < 1e-3 {
			break
		}
	}
	d := Deviation{Estimate: center + bias}
	for _, p := range parts {
		square := (p.mean - center) * (p.mean - center)
		if p.mean > center {
			d.Above += p.weight * (2*square + p.variance)
			d.Below += p.weight * p.variance
		} else {
			d.Below += p.weight * (2*square + p.variance)
			d.Above += p.weight * p.variance
		}
	}
	d.Below += variance
	d.Above += variance
	return d
}

// unheard is the doubt about a reporter of whose lane nothing is known.
func unheard(components []component, s Side) Deviation {
	d := Deviation{Estimate: s.Bias, Below: s.BiasSE * s.BiasSE, Above: s.BiasSE * s.BiasSE}
	for i, c := range components {
		if i == brokenLow || i == brokenHigh {
			continue // a 90% interval need not reach that far
		}
		square := 2 * c.mean * c.mean
		if c.mean > 0 {
			d.Above += c.share * square
		} else {
			d.Below += c.share * square
		}
		d.Above += c.share * c.variance
		d.Below += c.share * c.variance
	}
	return d
}
