package density

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"counterflow/stats/tail"
)

// loglinear is a Poisson regression of cell counts:
// ln mean = ln exposure + level of the class + sum over d of slope_d at^d.
type loglinear struct {
	degree     int
	levels     map[int]int // class to column
	beta       []float64
	prior      []float64     // values added to a class that was hardly seen
	cov        *mat.SymDense // inverse information, without overdispersion
	logLik     float64       // up to a constant of the counts
	dispersion float64       // Pearson statistic over degrees of freedom
	// overdispersed is whether that is more than chance would give at 5%;
	// taking every value above one at face value made the test conservative.
	overdispersed bool
	iterations    int
	converged     bool
}

// fitLoglinear maximises the likelihood by Newton's method on the cells of the
// outside zone. Means are concave in the parameters, so halving a step that
// lowers the likelihood is all the safeguard needed. It stops when the
// likelihood gains less than 1e-10.
func fitLoglinear(cells []cell, degree int) (loglinear, error) {
	m := loglinear{degree: degree, levels: map[int]int{}}
	var fitted []cell
	var seen, exposed []float64
	for _, c := range cells {
		if c.zone != outside {
			continue
		}
		column, known := m.levels[c.class]
		if !known {
			column = len(m.levels)
			m.levels[c.class] = column
			seen, exposed = append(seen, 0), append(exposed, 0)
		}
		seen[column] += c.count
		exposed[column] += c.exposure
		fitted = append(fitted, c)
	}
	for k := range seen {
		// A class never seen outside the windows has no finite level; half a
		// value, the Jeffreys prior of a Poisson mean, gives it one.
		prior := 0.0
		if seen[k] < 5 {
			prior = 0.5
		}
		m.prior = append(m.prior, prior)
		m.beta = append(m.beta, math.Log((seen[k]+0.5)/exposed[k]))
	}
	m.beta = append(m.beta, make([]float64, degree)...)
	if err := m.maximise(fitted); err != nil {
		return loglinear{}, err
	}
	pearson := 0.0
	for _, c := range fitted {
		mean := m.mean(c)
		pearson += (c.count - mean) * (c.count - mean) / mean
	}
	free := math.Max(1, float64(len(fitted)-len(m.beta)))
	m.dispersion = pearson / free
	m.overdispersed = tail.ChiSquaredLogSF(pearson, free) < math.Log(0.05)
	return m, nil
}

func (m *loglinear) maximise(cells []cell) error {
	size := len(m.beta)
	rows := make([][]float64, len(cells))
	for i, c := range cells {
		rows[i] = m.row(c)
	}
	m.logLik = m.likelihood(cells)
	for m.iterations = 1; m.iterations <= 60; m.iterations++ {
		information := make([]float64, size*size)
		score := make([]float64, size)
		copy(score, m.prior)
		for i, c := range cells {
			mean := m.mean(c)
			for s, x := range rows[i] {
				if x == 0 {
					continue
				}
				score[s] += (c.count - mean) * x
				for q := s; q < size; q++ {
					information[s*size+q] += mean * x * rows[i][q]
				}
			}
		}
		var chol mat.Cholesky
		if !chol.Factorize(mat.NewSymDense(size, information)) {
			return fmt.Errorf("the density outside the windows cannot be fitted: too few values for degree %d", m.degree)
		}
		var step mat.VecDense
		if err := chol.SolveVecTo(&step, mat.NewVecDense(size, score)); err != nil {
			return fmt.Errorf("the density outside the windows is degenerate at degree %d: widen Reach", m.degree)
		}
		m.cov = mat.NewSymDense(size, nil)
		_ = chol.InverseTo(m.cov) // the solve above would have failed first
		if gain := m.move(cells, step.RawVector().Data); gain < 1e-10 {
			m.converged = true
			return nil
		}
	}
	return nil
}

// move adds the step, halved until the likelihood does not fall, and returns
// the gain.
func (m *loglinear) move(cells []cell, step []float64) float64 {
	start, before := m.beta, m.logLik
	for scale := 1.0; scale > 1e-8; scale /= 2 {
		m.beta = make([]float64, len(start))
		for k := range start {
			m.beta[k] = start[k] + scale*step[k]
		}
		if m.logLik = m.likelihood(cells); m.logLik >= before {
			return m.logLik - before
		}
	}
	m.beta, m.logLik = start, before
	return 0
}

func (m *loglinear) likelihood(cells []cell) float64 {
	sum := 0.0
	for _, c := range cells {
		mean := m.mean(c)
		sum += c.count*math.Log(mean) - mean
	}
	for k, prior := range m.prior {
		sum += prior * m.beta[k]
	}
	return sum
}

// row is the derivative of ln mean in the parameters.
func (m *loglinear) row(c cell) []float64 {
	row := make([]float64, len(m.beta))
	row[m.levels[c.class]] = 1
	power := 1.0
	for d := range m.degree {
		power *= c.at
		row[len(m.levels)+d] = power
	}
	return row
}

func (m *loglinear) mean(c cell) float64 {
	eta := m.beta[m.levels[c.class]]
	power := 1.0
	for d := range m.degree {
		power *= c.at
		eta += m.beta[len(m.levels)+d] * power
	}
	return c.exposure * math.Exp(eta)
}

// bic is -2 ln L + parameters times ln of the values fitted.
func (m *loglinear) bic(values float64) float64 {
	return -2*m.logLik + float64(len(m.beta))*math.Log(values)
}

// predict sums the means of a zone's cells and the gradient of ln of that sum.
func (m *loglinear) predict(cells []cell, z zone) (sum float64, gradient []float64) {
	gradient = make([]float64, len(m.beta))
	for _, c := range cells {
		if c.zone != z {
			continue
		}
		mean := m.mean(c)
		sum += mean
		for k, r := range m.row(c) {
			gradient[k] += mean * r
		}
	}
	for k := range gradient {
		gradient[k] /= sum
	}
	return sum, gradient
}
