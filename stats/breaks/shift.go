package breaks

import (
	"math"
	"slices"
)

// A Shift is the answer of a scan: the best position of one lasting change of
// level, how large it is, and how surprising that would be without any.
type Shift struct {
	// Position is the index of the first observation at the new level.
	Position int
	// Size is the change of level, in the units of the series; SE its standard
	// error for a known position. Both are NaN when nothing could be fitted.
	Size, SE float64
	// Z is the statistic of the scan, a number of standard errors after
	// searching over all positions; always >= 0.
	Z float64
	// LogP is the natural log of the p-value of Z allowing for the search, for
	// the autocorrelation and for its being estimated. 0 (p = 1) when untested.
	LogP float64
	// Phi is the AR(1) parameter given the shift, in [0, .9], PhiSE its standard
	// error, PhiNull the estimate given no shift.
	Phi, PhiSE, PhiNull float64
	// Scale is the scale of the innovations in the units of the series.
	Scale float64
	// Outliers are the indices that were cleaned as additive outliers, in
	// increasing order. The slice belongs to the scanner and is overwritten by
	// its next call; see [Shift.Clone].
	Outliers []int
	// Rows is the number of observations used: those not missing.
	Rows int
	// Refined tells that the Student likelihood decided, not the screening.
	Refined bool
	// Warnings lists what limits the answer.
	Warnings Warnings
}

// P is the p-value, exp(LogP).
func (s Shift) P() float64 { return math.Exp(s.LogP) }

// Clone returns a copy that shares no memory with the scanner.
func (s Shift) Clone() Shift {
	s.Outliers = slices.Clone(s.Outliers)
	return s
}

// Warnings is a set of [Warning].
type Warnings uint16

// A Warning is a reason to trust an answer less.
type Warning uint16

// The warnings of the scans.
const (
	TooShort      Warning = 1 << iota // fewer observations than the test needs: p is 1
	Constant                          // no variation around the model: p is 1
	HasMissing                        // missing observations: the slower path was used
	ManyOutliers                      // as many outliers as are ever cleaned
	NearUnitRoot                      // phi at the end of its grid: a random walk looks like shifts
	OffTable                          // length or model outside the calibrated range: p is approximate
	NotConverged                      // an iteration stopped at its limit
	Infinite                          // infinite observations were taken as missing
	AtSearchBound                     // the best position is the first or last candidate
	ExactFit                          // model and step leave no residual: p is 0, errors are 0
)

var warningText = map[Warning]string{
	TooShort:      "too few observations for a test: give at least 36",
	Constant:      "the series does not vary around its trend and season",
	HasMissing:    "some observations are missing",
	ManyOutliers:  "an eighth of the observations are outliers: look for several shifts or zeros",
	NearUnitRoot:  "autocorrelation at the end of its range: difference the series",
	OffTable:      "outside the calibrated lengths or models: p-value is approximate",
	NotConverged:  "an iteration stopped before its tolerance",
	Infinite:      "infinite observations were left out",
	AtSearchBound: "the best position is at the edge of the search",
	ExactFit:      "the fit leaves no residuals: are these observations?",
}

// Has tells whether w is in the set.
func (ws Warnings) Has(w Warning) bool { return ws&Warnings(w) != 0 }

func (ws *Warnings) add(w Warning) { *ws |= Warnings(w) }

// String says what is wrong and what would cure it.
func (w Warning) String() string { return warningText[w] }

// List returns the members of the set in declared order.
func (ws Warnings) List() []Warning {
	var list []Warning
	for w := TooShort; w <= ExactFit; w <<= 1 {
		if ws.Has(w) {
			list = append(list, w)
		}
	}
	return list
}
