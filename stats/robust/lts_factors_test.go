package robust

import (
	"math"
	"testing"
)

// Factors at 50% and 87.5% must be those fitted, 1 where all is kept, and the
// location's are those documented for the robust time series of Rousseeuw,
// Perrotta, Riani and Hubert (2019).
func TestLTSFactors(t *testing.T) {
	near(t, "location, half", LTSSmallSample(48, 0, true, 0.5), 1/math.Sqrt(1-math.Exp(.262024211897096)/math.Pow(48, .604756680630497)), 1e-14)
	near(t, "location, most, reweighted", LTSSmallSampleReweighted(48, 0, true, 0.875),
		1/math.Sqrt(1-math.Exp(-.66046776772861)/math.Pow(48, .88939595831888)), 1e-14)
	for _, slopes := range []int{0, 1, 2, 6} {
		for _, intercept := range []bool{true, false} {
			for _, factor := range []func(int, int, bool, float64) float64{LTSSmallSample, LTSSmallSampleReweighted} {
				near(t, "all kept", factor(100, slopes, intercept, 1), 1, 1e-14)
				near(t, "many rows", factor(1e9, slopes, intercept, 0.5), 1, 1e-3)
				if f := factor(60, slopes, intercept, 0.5); !(f > 1 && f < 3) {
					t.Errorf("factor of 60 rows and %d slopes is %v", slopes, f)
				}
			}
		}
	}
	near(t, "all kept", LTSConsistency(1), 1, 0)
	// E[z^2; |z| < q] = 0.5 - 2 q phi(q) with q = 0.6744898, phi(q) = 0.3177766:
	// 0.0713259, so the inner half has mean square 0.1426518.
	near(t, "half kept", LTSConsistency(0.5), 1/math.Sqrt(0.1426518), 1e-6) // digits of the sum above
}

// At 3 and 5 rows per squared slope the factors for several slopes must give
// back the means they were fitted to (Pison et al. 2002, table 3).
func TestLTSFactorsOfSeveralSlopes(t *testing.T) {
	for _, c := range []struct {
		factor        func(int, int, bool, float64) float64
		intercept     bool
		kept          float64
		three3, five5 [2]float64
	}{
		{LTSSmallSample, true, 0.5, [2]float64{0.746945886714663, 0.56264937192689}, [2]float64{0.535478048924724, 0.543323462033445}},
		{LTSSmallSample, true, 0.875, [2]float64{0.458580153984614, 1.12236071104403}, [2]float64{0.267178168108996, 1.1022478781154}},
		{LTSSmallSample, false, 0.5, [2]float64{0.487338281979106, 0.405511279418594}, [2]float64{0.340762058011, 0.37972360544988}},
		{LTSSmallSample, false, 0.875, [2]float64{0.251778730491252, 0.883966931611758}, [2]float64{0.146660023184295, 0.86292940340761}},
		{LTSSmallSampleReweighted, true, 0.5, [2]float64{0.773365715932083, 2.02013996406346}, [2]float64{0.337571678986723, 2.02037467454833}},
		{LTSSmallSampleReweighted, true, 0.875, [2]float64{0.474174840843602, 1.39681715704956}, [2]float64{0.276640353112907, 1.42543242287677}},
		{LTSSmallSampleReweighted, false, 0.5, [2]float64{0.417574780492848, 1.83958876341367}, [2]float64{0.175753709374146, 1.8313809497999}},
		{LTSSmallSampleReweighted, false, 0.875, [2]float64{0.267522855927958, 1.17559984533974}, [2]float64{0.161200683014406, 1.21675019853961}},
	} {
		const slopes = 4
		mean := func(p [2]float64) float64 { return 1 - p[0]/math.Pow(slopes, p[1]) }
		near(t, "3 p^2 rows", c.factor(3*slopes*slopes, slopes, c.intercept, c.kept), 1/mean(c.three3), 1e-12)
		near(t, "5 p^2 rows", c.factor(5*slopes*slopes, slopes, c.intercept, c.kept), 1/mean(c.five5), 1e-12)
	}
	// One slope, by hand: exp(0.630869)/100^0.650789 = 1.879243 x 0.0499370.
	near(t, "one slope", LTSSmallSample(100, 1, true, 0.5), 1/(1-1.879243*0.0499370), 1e-5)
	near(t, "one slope, most", LTSSmallSample(100, 1, true, 0.875), 1/(1-math.Exp(.565065391014791)*math.Pow(100, -1.03044199012509)), 1e-12)
	near(t, "one slope, no intercept", LTSSmallSample(100, 1, false, 0.5), 1/(1-math.Exp(-.0181777452315321)*math.Pow(100, -.697629772271099)), 1e-12)
	near(t, "one slope, reweighted", LTSSmallSampleReweighted(100, 1, true, 0.5), 1/(1-math.Exp(1.58609654199605)*math.Pow(100, -1.46340162526468)), 1e-12)
}
