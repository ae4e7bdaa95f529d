package margin

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"counterflow/data/source"
	"counterflow/stats/elementary"
)

// Gravity is ln(1+margin) by the geography of a route and the worth of the
// goods, after CEPII BACI (Gaulier and Zignago 2010, WP 2010-23, equation 1 and
// table 1): intercept, ln of the distance over 5,000 km and its square,
// contiguity, landlocked exporter and importer, ln of the world unit value over
// its mean, and the mode of transport where it is known: air, water and land have
// a term each, against lanes of other modes and of none that is known. A mode of
// fewer than 30 lanes counts as not known.
type Gravity struct {
	Coefficients    []float64 // by regressor, 0 where dropped
	SE              []float64 // clustered by route, NaN where dropped
	Overall         float64   // weighted median over all lanes, which stands where the slopes do not
	Lanes           int       // observations used
	R2              float64   // of the weighted robust fit, 0 to 1
	Spread          float64   // of a lane about the fit, natural log
	Identified      bool      // whether the slopes are known and believable; else Overall stands for them
	PValue          float64   // that all slopes are zero (Wald, clustered)
	Iterations      int
	Converged       bool
	worth           float64 // mean ln unit value, at which the regressor is 0
	covariance      *mat.SymDense
	overallVariance float64
	kept            []int // regressors that the covariance is of
}

const regressors = 10

var regressorNames = [regressors]string{"intercept", "log_distance", "log_distance_squared", "contiguous",
	"landlocked_exporter", "landlocked_importer", "log_unit_value", "by_air", "by_water", "by_land"}

// fiveThousand is where the regressor of distance is 0, so that the intercept
// is the margin of an ordinary long route and the square is not collinear.
var fiveThousand = math.Log(5000)

type regressor [regressors]float64

func rowOf(r Route, worth float64, mode source.Mode) regressor {
	d := elementary.Log(r.Km) - fiveThousand
	return regressor{1, d, d * d, indicator(r.Contiguous), indicator(r.LandlockedExporter), indicator(r.LandlockedImporter), worth,
		indicator(mode == source.Air), indicator(mode == source.Water), indicator(mode == source.Land)}
}

// firstMode is the place of the first mode among the regressors, leastOfMode the
// lanes below which a mode has no term.
const (
	firstMode   = 7
	leastOfMode = 30
)

// dropRareModes takes modes with too few lanes for those that are not known.
func (s *sample) dropRareModes() {
	for _, column := range s.columns[firstMode-1:] {
		n := 0.0
		for _, v := range column {
			n += v
		}
		if n < leastOfMode {
			clear(column)
		}
	}
}

func indicator(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// Log is ln(1+margin) of a route for goods of the given ln unit value, NaN
// standing for the mean, and mode of transport, 0 where not known. Where the slopes are not identified, or the route is
// not placed, it is the overall median.
func (g *Gravity) Log(r Route, unitValue float64, mode source.Mode) float64 {
	if !g.Identified || !r.Known() {
		return g.Overall
	}
	worth := unitValue - g.worth
	if math.IsNaN(worth) {
		worth = 0
	}
	row := rowOf(r, worth, mode)
	log := 0.0
	for j, b := range g.Coefficients {
		log += float64(b * row[j])
	}
	return log
}

// at is Log and its variance for a plain route of some length and no known mode.
func (g *Gravity) at(km, unitValue float64) (log, variance float64) {
	route := Route{Km: km}
	worth := unitValue - g.worth
	if math.IsNaN(worth) {
		worth = 0
	}
	if !g.Identified {
		return g.Overall, g.overallVariance
	}
	return g.Log(route, unitValue, 0), g.variance(rowOf(route, worth, 0))
}

// terms lists the fit as rows of the table of margins.
func (g *Gravity) terms() []Term {
	var terms []Term
	for j, name := range regressorNames {
		terms = append(terms, Term{Model: "gravity", Name: name, Estimate: g.Coefficients[j], SE: g.SE[j], N: g.Lanes})
	}
	terms = append(terms, Term{Model: "gravity", Name: overallTerm, Estimate: g.Overall, SE: math.Sqrt(g.overallVariance), N: g.Lanes})
	for _, t := range []struct {
		name  string
		value float64
	}{{"r_squared", g.R2}, {"lane_spread", g.Spread}, {"p_value_of_slopes", g.PValue}, {identifiedTerm, indicator(g.Identified)}} {
		terms = append(terms, Term{Model: "gravity", Name: t.name, Estimate: t.value, SE: math.NaN(), N: g.Lanes})
	}
	return terms
}

// The terms that say which of two fits holds.
const (
	overallTerm    = "overall_median"
	identifiedTerm = "identified"
)

// Curve gives ln(1+margin) by distance in km for goods of mean worth between
// economies with ports and no common border, of no known mode of transport, from
// the table of terms: a constant
// where the slopes are not identified. identified says which it is; ok is false
// where the terms are not there.
func Curve(terms []Term) (at func(km float64) float64, identified, ok bool) {
	found := map[string]float64{}
	for i := range terms {
		if t := &terms[i]; t.Model == "gravity" {
			found[t.Name] = t.Estimate
		}
	}
	overall, ok := found[overallTerm]
	if !ok {
		return nil, false, false
	}
	if found[identifiedTerm] != 1 {
		return func(float64) float64 { return overall }, false, true
	}
	return func(km float64) float64 {
		d := math.Log(km) - fiveThousand
		return found[regressorNames[0]] + found[regressorNames[1]]*d + found[regressorNames[2]]*d*d
	}, true, true
}
