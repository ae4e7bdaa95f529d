package reliability

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// spreadTerm is what one lane says of the variances: an estimate of
// c_g (carried V_i + V_j) with its degrees of freedom.
type spreadTerm struct {
	exporter, importer, group int32
	log, freedom              float64 // ln s^2, and its degrees of freedom
	carried                   float64
}

// newSpreadTerm takes off the bias that so few degrees of freedom give ln s^2:
// its expectation lies below ln of the expectation by half of its variance.
func newSpreadTerm(l *laneGaps) spreadTerm {
	return spreadTerm{l.exporter, l.importer, l.group, math.Log(max(l.variance, leastSquare)) + squareNoise/2/l.freedom, l.freedom, l.carried}
}

// spreads is the additive variance model. Parameters are logarithms: of the
// variances of exporters, then of importers, then of the factors of groups.
type spreads struct {
	terms                []spreadTerm
	exporters, importers int
	log                  []float64
	value                []float64 // exponentials of log
	residuals            []float64 // of terms, at log
	center, between      float64   // of the log variances of all reporters
	betweenGroups        float64
	own                  float64 // variance of a lane's log variance about its reporters'
	inverse              *mat.SymDense
	cells                map[cellKey]departure
	loss                 float64
	iterations           int
	converged            bool
}

const (
	spreadCap       = 100
	spreadTolerance = 1e-3 // in log variances: a twentieth of a percent of a spread
	// damping keeps a reporter whose share of every variance is small from
	// stepping over its place again and again.
	damping     = 0.6
	squareNoise = 2.5 // variance of ln s^2 of t errors, times its degrees of freedom
	longestStep = 1.0 // of a log variance in one iteration
	mildOutlier = 1.5 // Huber's constant, in standard deviations of ln s^2
)

// fitSpreads solves ln s^2 = ln c_g (carried V_i + V_j) + error for all lanes by
// scoring with Huber's weights. The error of a lane has variance own + 2.5/f:
// lanes differ from what their reporters are like elsewhere, and s^2 is known
// only so well. Log variances of all reporters, in both roles, are draws from
// one normal distribution, and log factors of groups from another about zero;
// both are estimated along the way, as is own (empirical Bayes). That the roles
// share one distribution is the restriction which tells V_i + d, V_j - d apart.
// Working in logarithms keeps variances positive and gives every lane its say:
// maximising the likelihood of the squares by expectation and maximisation took
// thousands of rounds and followed the wildest lanes.
func fitSpreads(s *spreads) {
	n := len(s.log)
	s.value, s.residuals = make([]float64, n), make([]float64, len(s.terms))
	step, before := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	damping := 1.0
	for !s.converged && s.iterations < spreadCap {
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
		s.value[i] = math.Exp(v)
	}
}

// parts splits the expectation of a term.
func (s *spreads) parts(t *spreadTerm) (x, m, group int, ofExporter, logExpected float64) {
	x, m, group = int(t.exporter), s.exporters+int(t.importer), s.exporters+s.importers+int(t.group)
	vx, vm := t.carried*s.value[x], s.value[m]
	return x, m, group, vx / (vx + vm), s.log[group] + math.Log(vx+vm)
}

// weigh gives the precision of a term's ln s^2 and Huber's weight for its
// residual.
func (s *spreads) weigh(t *spreadTerm, residual float64) (precision, huber float64) {
	precision = 1 / (s.own + squareNoise/t.freedom)
	huber = 1
	if z := math.Abs(residual) * math.Sqrt(precision); z > mildOutlier {
		huber = mildOutlier / z
	}
	return precision, huber
}

// sum adds score and information of all terms.
func (s *spreads) sum(information *mat.SymDense, score []float64) {
	n := len(s.log)
	raw := information.RawSymmetric().Data
	add := func(i, j int, v float64) { raw[min(i, j)*n+max(i, j)] += v }
	for i := range s.terms {
		t := &s.terms[i]
		x, m, group, p, expected := s.parts(t)
		r := t.log - expected
		s.residuals[i] = r
		precision, huber := s.weigh(t, r)
		w := precision * huber
		score[x] += w * r * p
		score[m] += w * r * (1 - p)
		score[group] += w * r
		add(x, x, w*p*p)
		add(m, m, w*(1-p)*(1-p))
		add(group, group, w)
		add(x, m, w*p*(1-p))
		add(x, group, w*p)
		add(m, group, w*(1-p))
	}
}

// lean adds the prior distributions.
func (s *spreads) lean(information *mat.SymDense, score []float64) {
	reporters := s.exporters + s.importers
	for i, v := range s.log {
		center, between := s.center, s.between
		if i >= reporters {
			center, between = 0, s.betweenGroups
		}
		score[i] -= (v - center) / between
		information.SetSym(i, i, information.At(i, i)+1/between)
	}
}

// hyper renews the distributions and returns how far they moved.
func (s *spreads) hyper() float64 {
	reporters := s.exporters + s.importers
	center := average(s.log[:reporters])
	between, groups := 0.0, 0.0
	for i, v := range s.log {
		if i < reporters {
			between += (v-center)*(v-center) + s.inverse.At(i, i)
		} else {
			groups += v*v + s.inverse.At(i, i)
		}
	}
	between /= float64(reporters)
	groups /= float64(max(len(s.log)-reporters, 1))
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
		t := &s.terms[i]
		precision, huber := s.weigh(t, s.residuals[i])
		r := s.residuals[i] * huber
		w := precision * precision
		sum += w * (r*r/huberShare - squareNoise/t.freedom)
		weights += w
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
		_, _, _, _, expected := s.parts(t)
		precision, _ := s.weigh(t, 0)
		z := math.Abs(t.log-expected) * math.Sqrt(precision)
		if z > mildOutlier {
			loss += mildOutlier*z - mildOutlier*mildOutlier/2
		} else {
			loss += z * z / 2
		}
		loss -= math.Log(precision) / 2
	}
	for i, v := range s.log {
		if i < s.exporters+s.importers {
			loss += (v-s.center)*(v-s.center)/s.between/2 + math.Log(s.between)/2
		} else {
			loss += v*v/s.betweenGroups/2 + math.Log(s.betweenGroups)/2
		}
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
