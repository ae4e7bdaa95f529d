package reliability

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"counterflow/stats/elementary"
)

// spreads is the additive variance model. Parameters are logarithms: of the
// variances of exporters, then of importers, then of the factors of groups, then
// of those of traits.
type spreads struct {
	terms                []spreadTerm
	exporters, importers int
	log                  []float64
	value                []float64 // exponentials of log
	looks                []look    // of terms, at log
	shares               []float64 // the exporter's part of their variances
	center, between      float64   // of the log variances of all reporters
	betweenGroups        float64
	own                  float64 // variance of a line's log variance about its reporter's
	inverse              *mat.SymDense
	cells                map[cellKey]departure
	usual                [traits]float64 // means of traits, which are taken off
	loss                 float64
	most                 rounds
	iterations           int
	converged            bool
}

const (
	spreadCap       = 100
	spreadTolerance = 1e-3 // in log variances: a twentieth of a percent of a spread
	// damping keeps a reporter whose share of every variance is small from
	// stepping over its place again and again.
	damping     = 0.6
	longestStep = 1.0 // of a log variance in one iteration
	mildOutlier = 1.5 // Huber's constant, in standard deviations of ln s^2
)

// fitSpreads solves ln(variance of a lane) = ln c_g (carried V_i + V_j) + error by
// scoring with Huber's weights. The error has variance own (p^2 + (1-p)^2), with p
// the exporter's part, since lines differ from what their reporters are like
// elsewhere; how much of it the gaps of the lane show is worked out at the present
// expectation, see locate. A lane's own variance, with the freedom that it leaves,
// will not do: where timing is in doubt, lanes that happen to scatter more than
// others seem better known than those, and reporters that scatter little seemed
// twice as bad as they are. Log variances of all reporters, in both roles, are draws from
// one normal distribution, and log factors of groups from another about zero;
// both are estimated along the way, as is own (empirical Bayes). That the roles
// share one distribution is the restriction which tells V_i + d, V_j - d apart.
// Working in logarithms keeps variances positive and gives every lane its say:
// maximising the likelihood of the squares by expectation and maximisation took
// thousands of rounds and followed the wildest lanes.
func fitSpreads(s *spreads) {
	n := len(s.log)
	s.value, s.looks, s.shares = make([]float64, n), make([]look, len(s.terms)), make([]float64, len(s.terms))
	step, before := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	damping := 1.0
	for !s.converged && s.iterations < s.most.within(spreadCap) {
		s.exponentiate()
		information, score := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
		s.sum(information, score.RawVector().Data)
		s.lean(information, score.RawVector().Data)
		var factor mat.Cholesky
		if !factor.Factorize(information) || factor.SolveVecTo(step, score) != nil {
			return
		}
		s.inverse = mat.NewSymDense(n, nil)
		if factor.InverseTo(s.inverse) != nil {
			return
		}
		// A step against the one before has gone too far.
		if mat.Dot(step, before) < 0 {
			damping *= 0.7
		} else {
			damping = min(damping*1.2, 1)
		}
		moved := 0.0
		for i := range n {
			d := min(max(damping*step.AtVec(i), -longestStep), longestStep)
			s.log[i] += d
			moved = max(moved, math.Abs(d))
		}
		before.CopyVec(step)
		s.converged = max(moved, s.hyper()) < spreadTolerance
		s.iterations++
	}
	s.exponentiate()
	s.loss = s.total()
}

// exponentiate brings value up to log.
func (s *spreads) exponentiate() {
	for i, v := range s.log {
		s.value[i] = elementary.Exp(v)
	}
}

// parts splits the expectation of a term. The variances of the two lines scatter
// about their reporters', each with a variance own of its logarithm; the logarithm
// of their sum lies own p (1-p) above that of the typical ones.
func (s *spreads) parts(t *spreadTerm) (x, m, group int, ofExporter, logExpected float64) {
	x, m, group = int(t.exporter), s.exporters+int(t.importer), s.exporters+s.importers+int(t.group)
	vx, vm := t.carried*s.value[x], s.value[m]
	p := vx / (vx + vm)
	logExpected = s.log[group] + elementary.Log(vx+vm) + s.own*p*(1-p)
	for k, b := range s.log[len(s.log)-traits:] {
		logExpected += float64(b * t.traits[k])
	}
	return x, m, group, p, logExpected
}

// sum adds score and information of all terms.
func (s *spreads) sum(information *mat.SymDense, score []float64) {
	n := len(s.log)
	raw := information.RawSymmetric().Data
	trait := n - traits // the first of them
	for i := range s.terms {
		t := &s.terms[i]
		x, m, group, p, expected := s.parts(t)
		l := t.locate(expected, s.own*ofOwn(p))
		s.looks[i], s.shares[i] = l, p
		r, w := l.residual, l.precision*l.huber
		score[x] += w * r * p
		score[m] += w * r * (1 - p)
		score[group] += w * r
		// The upper triangle: exporters come before importers, then groups and traits.
		ofX, ofM, ofGroup := raw[x*n:(x+1)*n], raw[m*n:(m+1)*n], raw[group*n:(group+1)*n]
		ofX[x] += w * p * p
		ofX[m] += w * p * (1 - p)
		ofX[group] += w * p
		ofM[m] += w * (1 - p) * (1 - p)
		ofM[group] += w * (1 - p)
		ofGroup[group] += w
		for k, z := range t.traits {
			score[trait+k] += w * r * z
			ofX[trait+k] += w * p * z
			ofM[trait+k] += w * (1 - p) * z
			ofGroup[trait+k] += w * z
			for l := k; l < traits; l++ {
				raw[(trait+k)*n+trait+l] += w * z * t.traits[l]
			}
		}
	}
}

// lean adds the prior distributions.
func (s *spreads) lean(information *mat.SymDense, score []float64) {
	for i, v := range s.log {
		center, between := s.prior(i)
		score[i] -= (v - center) / between
		information.SetSym(i, i, information.At(i, i)+1/between)
	}
}

// prior is the distribution that a parameter is drawn from.
func (s *spreads) prior(i int) (center, between float64) {
	switch {
	case i < s.exporters+s.importers:
		return s.center, s.between
	case i < len(s.log)-traits:
		return 0, s.betweenGroups
	}
	return 0, traitVariance
}

// hyper renews the distributions and returns how far they moved.
func (s *spreads) hyper() float64 {
	reporters := s.exporters + s.importers
	center := average(s.log[:reporters])
	between, groups := 0.0, 0.0
	for i, v := range s.log[:len(s.log)-traits] {
		if i < reporters {
			between += (v-center)*(v-center) + s.inverse.At(i, i)
		} else {
			groups += v*v + s.inverse.At(i, i)
		}
	}
	between /= float64(reporters)
	groups /= float64(max(len(s.log)-traits-reporters, 1))
	own := s.ownVariance()
	moved := math.Abs(center-s.center) + math.Abs(own-s.own)
	s.center, s.between, s.betweenGroups, s.own = center, max(between, 0.01), max(groups, 0.01), own
	return moved
}

// ownVariance is the variance of lanes beyond that of s^2, by the mean of
// Winsorised squares, never below 0.01.
func (s *spreads) ownVariance() float64 {
	sum, weights := 0.0, 0.0
	for i := range s.terms {
		l, part := &s.looks[i], ofOwn(s.shares[i])
		r := l.residual * l.huber
		w := part * l.precision * l.precision
		sum += w * (r*r/huberShare - l.noise)
		weights += w * part
	}
	return max(sum/weights, 0.01)
}

// huberShare is E min(Z^2, 1.5^2) for a standard normal Z.
const huberShare = 0.7785

// total is Huber's loss with the priors: what the fit makes small.
func (s *spreads) total() float64 {
	loss := 0.0
	for i := range s.terms {
		t := &s.terms[i]
		_, _, _, p, expected := s.parts(t)
		l := t.locate(expected, s.own*ofOwn(p))
		z := math.Abs(l.residual) * math.Sqrt(l.precision)
		if z > mildOutlier {
			loss += mildOutlier*z - mildOutlier*mildOutlier/2
		} else {
			loss += z * z / 2
		}
		loss -= math.Log(l.precision) / 2
	}
	for i, v := range s.log {
		center, between := s.prior(i)
		loss += (v-center)*(v-center)/between/2 + math.Log(between)/2
	}
	return loss
}

func average(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
