package reliability

import (
	"math"

	"counterflow/stats/elementary"
)

// spreadTerm is what one lane says of c_g (carried V_i + V_j) exp(traits).
type spreadTerm struct {
	exporter, importer, group int32
	carried                   float64
	traits                    [traits]float64
	quarters                  quarters
	off                       float64 // how far the lane's own log variance lies from expectation, as last found
}

// The traits of a lane that widen its gaps whoever reports: it has few periods,
// which are then shipments rather than a flow; it is long. Reporters with few, far
// and sparse lanes would be called worse than they are if these were left out.
const (
	fewPeriods = iota // ten over their number
	far               // ln(km) over 5,000 km
	traits
)

// traitVariance is that of the prior of what a trait adds to ln s^2.
const traitVariance = 0.25

func newSpreadTerm(l *laneGaps) spreadTerm {
	t := spreadTerm{exporter: l.exporter, importer: l.importer, group: l.group, carried: l.carried, quarters: l.quarters}
	t.traits = [traits]float64{fewPeriods: 10 / float64(l.n), far: l.distance}
	return t
}

// passing is the log excess of the exporter's side from which a lane that begins
// or ends at a hub is taken for one on which one side alone books what passes.
const passing = 0.4

// tells says whether the scatter of a lane is that of its reporters. Where one
// side of a hub books goods in passage and the other does not, the gap moves with
// what passes: hubs with much of that, and little trade of their own, would be
// called far worse than they are, and to tell hubs' lanes apart by a factor for
// all of them would call the other hubs better.
func (l *laneGaps) tells() bool {
	return l.freedom > 0 && (l.class == Ordinary || l.center > -passing)
}

// centerTraits takes the mean off every trait, so that reporters are told as they
// are on typical lanes, and returns the means.
func centerTraits(terms []spreadTerm) (means [traits]float64) {
	for i := range terms {
		for k := range traits {
			means[k] += terms[i].traits[k] / float64(len(terms))
		}
	}
	takeOff(terms, means)
	return means
}

func takeOff(terms []spreadTerm, means [traits]float64) {
	for i := range terms {
		for k := range traits {
			terms[i].traits[k] -= means[k]
		}
	}
}

const (
	squareNoise = 2.5 // variance of ln s^2 of t errors, times their number
	// locateRounds and locateTolerance end Newton's steps, which start where they
	// ended in the round before; farOff bounds what they find.
	locateRounds    = 8
	locateTolerance = 1e-3
	farOff          = 4
)

// look is what a term says at the present parameters: residual is an estimate of
// how far the lane's log variance lies from expectation, with the given precision,
// huber its weight; noise is the part of 1/precision that is not the lane's own.
type look struct{ residual, precision, noise, huber float64 }

// locate finds the likeliest deviation u of a lane's log variance, drawn from a
// normal distribution of variance own, by Newton's steps; in each quarter squares
// have the mean v = exp(log + u) + doubt, so that with h = (v - doubt)/v the score
// is the sum of n h (square/v - 1) over 2.5, the information that of n h^2. As far
// as the parameters go, u/own is the derivative of the likelihood with u
// integrated out (Laplace's approximation), and 1/(own + 1/information) minus the
// second.
func (t *spreadTerm) locate(log, own float64) look {
	u := min(max(t.off, -farOff), farOff)
	var information float64
	for range locateRounds {
		scale := elementary.Exp(log+u) / TailFactor
		score, observed := 0.0, 0.0
		information = 0
		for k := range t.quarters {
			q := &t.quarters[k]
			v := scale + q.doubt
			h := scale / v
			score += q.n * h * (q.square/v - 1)
			information += q.n * h * h
			observed += q.n * h * h * q.square / v
		}
		information /= squareNoise
		step := (score/squareNoise - u/own) / (max(information, observed/squareNoise) + 1/own)
		u = min(max(u+step, -farOff), farOff)
		if math.Abs(step) < locateTolerance {
			break
		}
	}
	t.off = u
	noise := 1 / max(information, 1e-6)
	l := look{precision: 1 / (own + noise), noise: noise, huber: 1}
	l.residual = u / own / l.precision
	if z := math.Abs(l.residual) * math.Sqrt(l.precision); z > mildOutlier {
		l.huber = mildOutlier / z
	}
	return l
}

// ofOwn is the part of own that the variance of a lane has about expectation when
// each of its two lines has own.
func ofOwn(p float64) float64 { return p*p + (1-p)*(1-p) }
