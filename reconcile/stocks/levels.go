package stocks

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"counterflow/stats/spell"
)

// learned is what one witness's account says of the lasting levels of its lanes. The
// zero value is nothing.
type learned struct {
	lanes      []int         // places among the imports, then the exports
	covariance *mat.SymDense // of their levels, natural log, given the account
	taken      float64       // degrees of freedom that the levels took
}

const (
	// leastPart is the mean part of what comes in, or goes out, from which the level
	// of a lane is learned.
	leastPart = 0.02
	// learnClip is where gaps are cut before levels are learned, in robust standard
	// deviations.
	learnClip = 3
)

// learn takes out of a witness's gaps what the lasting levels of its lanes make of
// a changing mix of suppliers and buyers,
//
//	gap(t) = a + d inside(t) + sum b_i s_i(t) + e(t),   b_i ~ N(0, level_i^2),
//
// s_i being the lane's part of what comes in, or less its part of what goes out:
// to first order, what a level off by b_i does to the gap. The most unlikely spell
// has a level d of its own, which is free, so that no build is taken for levels.
// The mean of b given the gaps (ridge regression with a ridge for each lane: Hoerl
// and Kennard 1970, Technometrics 12) is taken out; gaps are cut at learnClip scales
// about the two levels first. Gaps stay as they are where nothing can be learned.
func (a *account) learn(w int) learned {
	if a.total {
		return learned{}
	}
	s := spell.Scan(a.gaps[w], scanSettings(firstPhi))
	l, parts, priors := a.mix(w)
	if len(parts) == 0 || !s.Found() || !(s.Scale > 0) {
		return learned{}
	}
	rest, rows := aboutLevels(a.gaps[w], parts, s)
	normal, right := mat.NewSymDense(len(parts), nil), mat.NewVecDense(len(parts), nil)
	for i := range parts {
		for j := i; j < len(parts); j++ {
			normal.SetSym(i, j, dot(rows[i], rows[j])/square(s.Scale))
		}
		normal.SetSym(i, i, normal.At(i, i)+1/priors[i])
		right.SetVec(i, dot(rows[i], rest)/square(s.Scale))
	}
	var c mat.Cholesky
	var b mat.VecDense
	l.covariance = mat.NewSymDense(len(parts), nil)
	if !c.Factorize(normal) || c.SolveVecTo(&b, right) != nil || c.InverseTo(l.covariance) != nil {
		return learned{}
	}
	for i := range parts {
		l.taken += 1 - l.covariance.At(i, i)/priors[i]
		middle := meanOf(known(parts[i]))
		for t := range a.gaps[w] {
			a.gaps[w][t] -= b.AtVec(i) * (parts[i][t] - middle) // NaN stays NaN
		}
	}
	return l
}

// mix lists the lanes whose levels can be learned, with their parts period by period
// and the variances of their levels.
func (a *account) mix(w int) (l learned, parts [][]float64, priors []float64) {
	add := func(place int, n *lane, side int, total func(t int) float64) {
		part := unknown(len(a.gaps[w]))
		for t, v := range a.gaps[w] {
			if math.IsNaN(v) {
				continue
			}
			kg := n.told[side][t]
			if math.IsNaN(kg) {
				kg = n.usual[side]
			}
			part[t] = kg / total(t)
		}
		if math.Abs(meanOf(known(part))) >= leastPart {
			l.lanes, parts, priors = append(l.lanes, place), append(parts, part), append(priors, square(n.level))
		}
	}
	for i := range a.in {
		add(i, &a.in[i], w, func(t int) float64 { return a.comes(w, t) })
	}
	for i := range a.out {
		add(len(a.in)+i, &a.out[i], byExporter, func(t int) float64 { return -a.goes(t) })
	}
	return l, parts, priors
}

// aboutLevels gives the known gaps, cut, and the parts of lanes in the same periods,
// less their means within the spell and outside.
func aboutLevels(gap []float64, parts [][]float64, s spell.Spell) (rest []float64, rows [][]float64) {
	rows = make([][]float64, len(parts))
	for _, inside := range [...]bool{true, false} {
		from, level := len(rest), s.Centre
		if inside {
			level += s.Shift
		}
		for t, v := range gap {
			if math.IsNaN(v) || (t >= s.Start && t <= s.End) != inside {
				continue
			}
			rest = append(rest, min(max(v-level, -learnClip*s.Scale), learnClip*s.Scale))
			for i := range parts {
				rows[i] = append(rows[i], parts[i][t])
			}
		}
		lessMean(rest[from:])
		for i := range rows {
			lessMean(rows[i][from:])
		}
	}
	return rest, rows
}

func lessMean(x []float64) {
	m := meanOf(x)
	for i := range x {
		x[i] -= m
	}
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}

// widened is a spell whose series levels were taken out of: the degrees of freedom
// that they took are missing from its scatter.
func (a *account) widened(s spell.Spell) spell.Spell {
	taken := max(a.learned[byImporter].taken, a.learned[byExporter].taken)
	if taken == 0 || !s.Found() {
		return s
	}
	larger := math.Sqrt(float64(s.Known) / max(float64(s.Known)-taken, 1))
	s.Scale, s.SE, s.Z, s.DF = s.Scale*larger, s.SE*larger, s.Z/larger, max(s.DF-taken, 2)
	s.LogP = s.At(s.Z)
	return s
}

// errorOf is the standard deviation that levels leave in a shift with which parts
// moved by so much, given what was learned; levels are those of lanes before.
func (l *learned) errorOf(moved, levels []float64) float64 {
	variance := 0.0
	for i := range moved {
		variance += square(moved[i] * levels[i])
	}
	for a, i := range l.lanes {
		variance -= square(moved[i] * levels[i])
		for b, j := range l.lanes {
			variance += moved[i] * moved[j] * l.covariance.At(a, b)
		}
	}
	return math.Sqrt(max(variance, 0))
}
