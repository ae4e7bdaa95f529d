package reliability

import "math"

// Level is what is known of the lasting deviations of the two sides of a lane,
// biases included, natural logs. They are deviations from the truth: a level of
// the exporter of -0.2 says that its reports lie 18% below it.
type Level struct {
	X, M                 float64
	XVariance, MVariance float64
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
	l.judge(&causes, size-gap/2-l.X.Bias, size)
	var level Level
	var squareX, squareM float64
	for i := range causes {
		c := &causes[i]
		level.X += c.probability * c.x
		level.M += c.probability * c.m
		squareX += c.probability * (c.x*c.x + c.xVariance)
		squareM += c.probability * (c.m*c.m + c.mVariance)
	}
	bias := l.X.BiasSE*l.X.BiasSE + l.M.BiasSE*l.M.BiasSE
	level.XVariance = squareX - level.X*level.X + bias/4
	level.MVariance = squareM - level.M*level.M + bias/4
	level.X += l.X.Bias
	level.M += l.M.Bias
	return level
}

// judge weighs the causes by how likely they make the lane's size: report is the
// mean of ln X less bias, of which a cause takes its deviation off. Deviations
// are drawn towards the expected size as well, for as much as it is known.
func (l *Lane) judge(causes *[6]cause, report, size float64) {
	if math.IsNaN(size) {
		return
	}
	expected, variance, ok := l.expect(size)
	if !ok {
		return
	}
	sum := 0.0
	for i := range causes {
		c := &causes[i]
		total := variance + c.xVariance
		rest := report - c.x - expected
		c.probability *= math.Exp(-rest*rest/(2*total)) / math.Sqrt(total)
		sum += c.probability
		move := rest * c.xVariance / total
		c.x += move
		c.m += move
		shrink := c.xVariance * c.xVariance / total
		c.xVariance -= shrink
		c.mVariance = max(c.mVariance-shrink, 0)
	}
	for i := range causes {
		causes[i].probability /= max(sum, 1e-300)
	}
}

// Before is the level of a lane of which only one side is known, or neither.
func (l *Lane) Before() Level {
	exporter, importer := l.levels.sides(&l.term)
	level := Level{XVariance: l.X.BiasSE * l.X.BiasSE, MVariance: l.M.BiasSE * l.M.BiasSE}
	for _, s := range exporter {
		level.X += s.share * s.mean
		level.XVariance += s.share * (s.variance + s.mean*s.mean)
	}
	level.XVariance -= level.X * level.X
	for _, s := range importer {
		level.MVariance += s.share * s.variance
	}
	level.X += l.X.Bias
	level.M += l.M.Bias
	return level
}
