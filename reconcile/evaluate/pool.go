package evaluate

import "math"

// Mean is a figure averaged over worlds.
type Mean struct {
	Name   string `json:"name"`
	Mean   Ratio  `json:"mean"`
	SE     Ratio  `json:"se"`     // standard error of the mean, null for fewer than two worlds
	Worlds int    `json:"worlds"` // in which the figure is defined

	minor bool // left out of the text
}

// Pooled sums up the scores of many worlds.
type Pooled struct {
	Worlds int    `json:"worlds"`
	Means  []Mean `json:"means"` // averages over worlds
	Total  *Score `json:"total"` // counts summed, shares taken of the sums
}

// Pool sums up scores made by the same rules. No score gives an empty answer.
func Pool(scores []*Score) Pooled {
	p := Pooled{Worlds: len(scores)}
	if len(scores) == 0 {
		return p
	}
	p.Total = &Score{Rules: scores[0].Rules}
	series, minor := map[string][]float64{}, map[string]bool{}
	var order []string
	for _, s := range scores {
		p.Total.merge(s)
		for _, f := range s.figures() {
			if series[f.name] == nil {
				order = append(order, f.name)
				series[f.name], minor[f.name] = []float64{}, f.minor
			}
			if !math.IsNaN(f.value) {
				series[f.name] = append(series[f.name], f.value)
			}
		}
	}
	for _, name := range order {
		m := meanOf(name, series[name])
		m.minor = minor[name]
		p.Means = append(p.Means, m)
	}
	return p
}

// meanOf is the mean with its standard error s/sqrt(n).
func meanOf(name string, values []float64) Mean {
	n := float64(len(values))
	sum, squares := 0.0, 0.0
	for _, v := range values {
		sum += v
	}
	mean := sum / n
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return Mean{Name: name, Mean: Ratio(mean), SE: Ratio(math.Sqrt(squares / (n - 1) / n)), Worlds: len(values)}
}

// figure is one number of a score that is averaged over worlds.
type figure struct {
	name  string
	value float64
	minor bool
}

func (s *Score) figures() []figure {
	var all []figure
	add := func(name string, value Ratio) { all = append(all, figure{name: name, value: float64(value)}) }
	v, a := &s.Overall.Visible, &s.Overall.All
	add("visible found", ratio(v.Found, v.Planted))
	add("visible named", ratio(v.Named, v.Planted))
	add("visible sized", ratio(v.Sized, v.Planted))
	add("visible diversions traced", ratio(v.Traced, v.Diversions))
	add("all found", ratio(a.Found, a.Planted))
	add("false share", s.False.Share)
	add("any false case", anyFalse(s.False.False))
	add("unit slips found", ratio(s.Slips.Found, s.Slips.Present))
	add("unit slips invented", ratio(s.Slips.Invented, s.Slips.Listed))
	for i := range s.ByKind {
		k := &s.ByKind[i]
		add("visible found, "+k.Name, ratio(k.Visible.Found, k.Visible.Planted))
	}
	for _, c := range s.Calibration {
		add("false share at q "+decimal(c.Q, 2), c.Share)
	}
	for _, c := range s.Intervals {
		add("held by 90% intervals, "+c.Name, c.Share)
	}
	for _, m := range s.Accuracy {
		add("log RMSE "+m.Measure+" by "+m.Span+", "+m.Group+", "+m.Rule, m.LogRMSE)
		all[len(all)-1].minor = m.Rule != reconciledRule
	}
	for i := range s.Baselines {
		b := &s.Baselines[i]
		add("visible found by "+b.Name, ratio(b.Overall.Visible.Found, b.Overall.Visible.Planted))
		add("false share of "+b.Name, b.False.Share)
	}
	return all
}

func anyFalse(n int) Ratio {
	if n > 0 {
		return 1
	}
	return 0
}
