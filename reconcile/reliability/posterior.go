package reliability

// Level is what is known of the lasting deviations of the two sides of a lane,
// biases included, natural logs. They are deviations from the truth: a level of
// the exporter of -0.2 says that its reports lie 18% below it.
type Level struct {
	X, M                 float64
	XVariance, MVariance float64
}

// Given is the level of a lane whose gaps ln(M/X), less margin, center at gap,
// which is known with the given variance.
func (l *Lane) Given(gap, variance float64) Level {
	t := l.term
	t.gap, t.variance = gap+l.X.Bias-l.M.Bias, variance
	var level Level
	var squareX, squareM float64
	causes := l.levels.causes(&t)
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
