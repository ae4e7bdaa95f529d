package density

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"counterflow/stats/tail"
)

// BunchingOptions are the choices of DetectBunching; zero fields take the
// defaults.
type BunchingOptions struct {
	Below float64 // width of the window below, as a share of the threshold; 0 means 0.10
	Above float64 // width of the window above; 0 means 0.25
	Reach float64 // values from threshold/Reach to threshold*Reach are used; 0 means 3
	// MaxDegree of the polynomial in ln(value); the degree is chosen by BIC from
	// 1 to MaxDegree; 0 means 3.
	MaxDegree int
	Level     float64 // of the interval; 0 means 0.95
}

func (o BunchingOptions) withDefaults() BunchingOptions {
	set := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	set(&o.Below, 0.10)
	set(&o.Above, 0.25)
	set(&o.Reach, 3)
	set(&o.Level, 0.95)
	if o.MaxDegree == 0 {
		o.MaxDegree = 3
	}
	return o
}

func (o BunchingOptions) check() error {
	if !(o.Below > 0 && o.Below < 0.5) || !(o.Above > 0 && o.Above < 1) || !(o.Reach >= 1.5 && o.Reach*(1-o.Below) > 1.2) ||
		o.Reach <= (1+o.Above)*1.2 {
		return fmt.Errorf("windows %g below and %g above, reach %g: leave room to fit the density outside the windows",
			o.Below, o.Above, o.Reach)
	}
	if o.MaxDegree < 1 || o.MaxDegree > 4 || !(o.Level > 0 && o.Level < 1) {
		return fmt.Errorf("degree %d, level %g: choose a degree from 1 to 4 and a level in (0, 1)", o.MaxDegree, o.Level)
	}
	return nil
}

// Bunching is the answer of DetectBunching.
type Bunching struct {
	Threshold    float64
	Below, Above int     // values in the two windows
	Share        float64 // share of the two windows' values expected below the threshold
	ShareSE      float64
	Expected     float64 // values expected below, given those above
	Excess       float64 // Below - Expected
	Low, High    float64 // interval for Excess
	Level        float64
	LogP         float64 // one-sided mid-p: small when there is more below than expected
	LogPExact    float64 // the same counting the observed value in full, never too small

	Fitted     int     // values outside the windows that the density was fitted to
	AtLimit    int     // values equal to the threshold, left out
	Skipped    int     // NaN, infinite, zero or negative
	Degree     int     // of the polynomial in ln(value)
	Dispersion float64 // Pearson's over degrees of freedom; above one it widens everything
	Iterations int
	Converged  bool
	Warnings   []string
}

// DetectBunching asks whether values crowd just below a threshold, as they do
// when amounts are divided to stay under it.
//
// Outside the windows [(1-Below)c, c) and (c, (1+Above)c] the density is fitted
// as a log-linear Poisson regression on cells: polynomial in ln(value/c), its
// degree by BIC, and a level for each class of round numbers. It gives the
// share pi of the windows' values that the slope and the round numbers would
// put below. Given their sum, the number below is then beta-binomial with mean
// pi; its spread holds the error of pi (delta method) and the overdispersion of
// the fit. The form follows the bunching estimators of Chetty, Friedman, Olsen
// and Pistaferri (2011, QJE 126) and Kleven (2016, Annual Review of Economics
// 8), with the share in place of the excess so that a test of exact form exists.
//
// Values equal to the threshold are left out and counted: a round limit draws
// honest lots to itself. Fewer than 30 values outside the windows is an error;
// empty windows give a p-value of one.
func DetectBunching(values []float64, threshold float64, options BunchingOptions) (Bunching, error) {
	o := options.withDefaults()
	if err := o.check(); err != nil {
		return Bunching{}, err
	}
	if !(threshold > 0) || math.IsInf(threshold, 1) {
		return Bunching{}, fmt.Errorf("threshold is %g: give a positive number", threshold)
	}
	b := Bunching{Threshold: threshold, Level: o.Level}
	g := newGrid(threshold, o)
	kept := b.keep(values, g)
	cells := g.cells(kept, newRoundness(threshold))
	for _, c := range cells {
		switch c.zone {
		case below:
			b.Below += int(c.count)
		case above:
			b.Above += int(c.count)
		default:
			b.Fitted += int(c.count)
		}
	}
	if b.Fitted < 30 {
		return Bunching{}, fmt.Errorf("%d values to fit the density to outside the windows: need 30", b.Fitted)
	}
	best, err := bestDegree(cells, o.MaxDegree, float64(b.Fitted))
	if err != nil {
		return Bunching{}, err
	}
	b.judge(cells, best)
	return b, nil
}

// keep returns the values inside the grid and counts the others.
func (b *Bunching) keep(values []float64, g grid) []float64 {
	var kept []float64
	for _, v := range values {
		switch {
		case !(v > 0) || math.IsInf(v, 1):
			b.Skipped++
		case v == g.threshold:
			b.AtLimit++
		case g.find(v) >= 0:
			kept = append(kept, v)
		}
	}
	return kept
}

func bestDegree(cells []cell, maxDegree int, values float64) (loglinear, error) {
	var best loglinear
	for degree := 1; degree <= maxDegree; degree++ {
		m, err := fitLoglinear(cells, degree)
		if err != nil {
			return loglinear{}, err
		}
		if degree == 1 || m.bic(values) < best.bic(values) {
			best = m
		}
	}
	return best, nil
}

func (b *Bunching) judge(cells []cell, m loglinear) {
	lower, lowerGradient := m.predict(cells, below)
	upper, upperGradient := m.predict(cells, above)
	b.Degree, b.Iterations, b.Converged = m.degree, m.iterations, m.converged
	b.Dispersion = 1
	if m.overdispersed {
		b.Dispersion = m.dispersion
	}
	b.Share = lower / (lower + upper)
	gradient := mat.NewVecDense(len(lowerGradient), lowerGradient)
	gradient.SubVec(gradient, mat.NewVecDense(len(upperGradient), upperGradient))
	logitVariance := b.Dispersion * mat.Inner(gradient, m.cov, gradient)
	b.ShareSE = b.Share * (1 - b.Share) * math.Sqrt(logitVariance)
	if !b.Converged {
		b.Warnings = append(b.Warnings, "the fit of the density did not converge: widen Reach or lower MaxDegree")
	}

	b.Expected = float64(b.Above) * lower / upper
	b.Excess = float64(b.Below) - b.Expected
	b.Low, b.High = b.interval(lower/upper, logitVariance)
	// The variance of the beta-binomial, n s(1-s) (1 + (n-1) correlation), is to
	// be n s(1-s) dispersion + n(n-1) (s(1-s))^2 logitVariance.
	correlation := b.Share * (1 - b.Share) * logitVariance
	if n := float64(b.Below + b.Above); n > 1 {
		correlation += (b.Dispersion - 1) / (n - 1)
	}
	b.LogP, b.LogPExact = betaBinomialTail(b.Below, b.Below+b.Above, b.Share, correlation)
}

// interval is for Excess = Below (1 - 1/Q) with Q = (Below/Above) / ratio the
// factor by which the window below is too full: normal in ln Q, half a value
// added to each count so that empty windows have an interval too.
func (b *Bunching) interval(ratio, logitVariance float64) (low, high float64) {
	lower, upper := float64(b.Below)+0.5, float64(b.Above)+0.5
	logQ := math.Log(lower / upper / ratio)
	se := math.Sqrt(b.Dispersion*(1/lower+1/upper) + logitVariance)
	z := tail.ZFromLogP(math.Log((1 - b.Level) / 2))
	return lower * -math.Expm1(z*se-logQ), lower * -math.Expm1(-z*se-logQ)
}
