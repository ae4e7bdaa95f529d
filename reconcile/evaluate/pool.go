package evaluate

import "math"

// Mean is a figure averaged over worlds.
type Mean struct {
	Name   string `json:"name"`
	Mean   Ratio  `json:"mean"`
	SE     Ratio  `json:"se"`     // standard error of the mean, null for fewer than two worlds
	Worlds int    `json:"worlds"` // in which the figure is defined
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
	series := map[string][]float64{}
	var order []string
	for _, s := range scores {
		p.Total.merge(s)
		for _, f := range s.figures() {
			if series[f.name] == nil {
				order = append(order, f.name)
				series[f.name] = []float64{}
			}
			if !math.IsNaN(f.value) {
				series[f.name] = append(series[f.name], f.value)
			}
		}
	}
	for _, name := range order {
		p.Means = append(p.Means, meanOf(name, series[name]))
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
}

func (s *Score) figures() []figure {
	v := &s.Overall.Visible
	all := []figure{
		{"visible found", float64(ratio(v.Found, v.Planted))},
		{"visible named", float64(ratio(v.Named, v.Planted))},
		{"visible sized", float64(ratio(v.Sized, v.Planted))},
		{"visible diversions traced", float64(ratio(v.Traced, v.Diversions))},
		{"all found", float64(ratio(s.Overall.All.Found, s.Overall.All.Planted))},
		{"false share", float64(s.False.Share)},
		{"any false case", anyFalse(s.False.False)},
		{"unit slips found", float64(ratio(s.Slips.Found, s.Slips.Present))},
		{"unit slips invented", float64(ratio(s.Slips.Invented, s.Slips.Listed))},
	}
	for i := range s.ByKind {
		k := &s.ByKind[i]
		all = append(all, figure{"visible found, " + k.Name, float64(ratio(k.Visible.Found, k.Visible.Planted))})
	}
	for _, c := range s.Calibration {
		all = append(all, figure{"false share at q " + decimal(c.Q, 2), float64(c.Share)})
	}
	for _, c := range s.Intervals {
		all = append(all, figure{"held by 90% intervals, " + c.Name, float64(c.Share)})
	}
	for _, a := range s.Accuracy {
		all = append(all, figure{"log RMSE " + a.Measure + " by " + a.Span + ", " + a.Group + ", " + a.Rule, float64(a.LogRMSE)})
	}
	for i := range s.Baselines {
		b := &s.Baselines[i]
		all = append(all, figure{"visible found by " + b.Name, float64(ratio(b.Overall.Visible.Found, b.Overall.Visible.Planted))},
			figure{"false share of " + b.Name, float64(b.False.Share)})
	}
	return all
}

func anyFalse(n int) float64 {
	if n > 0 {
		return 1
	}
	return 0
}
