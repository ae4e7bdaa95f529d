package tail

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// The reference logs below were made with arithmetic of 45 digits or more
// (mpmath: erfc, betainc, gammainc, and direct sums of the masses). A log is
// judged by its relative error; where the event is nearly sure the log is minus
// the complement, so the log of that is judged instead. The tolerance leaves
// room for shapes of 1e8, where x itself is only known to eps times the shape.
const closeEnough = 4e-14

func check(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if got == want {
		return
	}
	if want < 0 && want > -1e-3 {
		got, want = math.Log(-got), math.Log(-want)
	}
	if math.IsNaN(got) || math.Abs(got-want) > tol*math.Abs(want) {
		t.Errorf("%s = %.17g, want %.17g", name, got, want)
	}
}

func TestNormal(t *testing.T) {
	for _, c := range [][2]float64{
		{-9, -1.12858840595384065e-19},
		{-3, -0.0013508099647481938},
		{-0.5, -0.368946415288656393},
		{0, -0.693147180559945309},
		{0.001, -0.693945383466965179},
		{1.959963984540054, -3.68887945411393587},
		{5, -15.0649983939887257},
		{9.99, -53.1303537456060153},
		{10, -53.2312851505124706},
		{12.5, -81.5759678707438832},
		{37, -689.030585576890594},
		{38, -726.55721601882013},
		{40, -804.608442013753788},
		{100, -5005.52420869420509},
		{1e6, -500000000014.734449},
	} {
		check(t, "NormalLogSF", NormalLogSF(c[0]), c[1], closeEnough)
		// Above one half p itself carries z only to eps/density.
		tol := 1e-13
		if c[0] < 0 {
			tol = 1e-12
		}
		if math.Abs(ZFromLogP(c[1])-c[0]) > tol*math.Max(1, math.Abs(c[0])) {
			t.Errorf("ZFromLogP(%g) = %.17g, want %g", c[1], ZFromLogP(c[1]), c[0])
		}
	}
}

func TestStudent(t *testing.T) {
	for _, c := range [][3]float64{
		{0.3, 5, -0.94642906009447933},
		{2, 1, -1.91336036450401026},
		{20, 112, -88.2696737930595898}, // 4.623467e-39, R pt(20, 112, lower = FALSE)
		{-1.5, 7, -0.0928274322188030836},
		{50, 3, -11.639784763243978},
		{8, 1e6, -35.0123814267725327},
		{300, 30.5, -124.486038872982745},
		{1e10, 2, -46.744849040440859},
		{40, 1e4, -746.634282478206864},
		{0.001, 1e8, -0.693945383464968874},
	} {
		check(t, "StudentLogSF", StudentLogSF(c[0], c[1]), c[2], closeEnough)
	}
	check(t, "Cauchy", StudentSF(1, 1), 0.25, 1e-15)
	check(t, "infinite df", StudentLogSF(2, math.Inf(1)), NormalLogSF(2), 0)
	check(t, "median", StudentLogSF(0, 3), -math.Ln2, 0)
}

func TestF(t *testing.T) {
	for _, c := range [][4]float64{
		{60, 3, 110, -51.418853837178514}, // 4.667405e-23
		{0.01, 3, 110, -0.00137953323501768241},
		{1, 1, 1, -0.693147180559945309},
		{4.5, 2.5, 17.25, -3.8727539334288913},
		{500, 40, 900, -1338.98170495594893},
		{1.02, 1e5, 1e5, -7.0459243870278346},
		{3, 5, 1e6, -4.56954028953029244},
	} {
		check(t, "FLogSF", FLogSF(c[0], c[1], c[2]), c[3], closeEnough)
	}
	check(t, "F(3,110) at 60", FSF(60, 3, 110), 4.667405e-23, 1e-6) // seven printed digits
}

func TestChiSquared(t *testing.T) {
	for _, c := range [][3]float64{
		{0.5, 1, -0.735011129837084403},
		{3.84, 1, -2.99486222718002728},
		{1000, 10, -478.311605458248097},
		{2000, 1000, -157.456787474616978},
		{900, 1000, -0.0107750813385705329},
		{5, 0.1, -6.60275259978505311},
		{5e4, 3, -24994.8158822110396},
		{1.02e6, 1e6, -102.259486335078305},
	} {
		check(t, "ChiSquaredLogSF", ChiSquaredLogSF(c[0], c[1]), c[2], closeEnough)
	}
	// Two degrees of freedom are an exponential with mean 2.
	check(t, "exponential", ChiSquaredLogSF(1234, 2), -617, 1e-14)
}

func TestBinomial(t *testing.T) {
	for _, c := range [][4]float64{
		{1200, 2000, 0.5, -43.5984188854282851}, // 1.162645e-19
		{0, 10, 0.3, -0.0286541621987647407},
		{9, 10, 0.3, -12.0397280432593603},
		{999, 1000, 0.001, -6907.75527898213703},
		{50, 1000, 0.5, -9.31846353326978147e-217},
		{520000, 1000000, 0.5, -804.861958571094747},
		{10, 100000, 1e-06, -42.9229210227870897},
	} {
		check(t, "BinomialLogSF", BinomialLogSF(c[0], c[1], c[2]), c[3], closeEnough)
	}
	check(t, "by hand", BinomialSF(1, 3, 0.5), 0.5, 1e-15) // (3+1)/8
}

func TestPoisson(t *testing.T) {
	for _, c := range [][3]float64{
		{0, 1e-5, -11.5129304649660617},
		{3, 2.5, -1.41706756896174138},
		{200, 20, -286.288903456225819},
		{1000, 1000, -0.710108955923597929},
		{1100000, 1000000, -4846.76965861416284},
		{5, 100, -3.26145636672046968e-36},
		{30, 0.001, -292.233605951302862},
	} {
		check(t, "PoissonLogSF", PoissonLogSF(c[0], c[1]), c[2], closeEnough)
	}
}

func TestEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string][2]float64{
		"normal +Inf":      {NormalLogSF(inf), -inf},
		"normal -Inf":      {NormalLogSF(-inf), 0},
		"two-sided 0":      {NormalLogTwoSided(0), 0},
		"student +Inf":     {StudentLogSF(inf, 3), -inf},
		"student -Inf":     {StudentLogSF(-inf, 3), 0},
		"F at 0":           {FLogSF(0, 2, 3), 0},
		"F at Inf":         {FLogSF(inf, 2, 3), -inf},
		"chi below 0":      {ChiSquaredLogSF(-1, 2), 0},
		"binomial below":   {BinomialLogSF(-1, 5, 0.5), 0},
		"binomial at n":    {BinomialLogSF(5, 5, 0.5), -inf},
		"binomial p 0":     {BinomialLogSF(0, 5, 0), -inf},
		"binomial p 1":     {BinomialLogSF(4, 5, 1), 0},
		"poisson below":    {PoissonLogSF(-1, 3), 0},
		"poisson mean 0":   {PoissonLogSF(0, 0), -inf},
		"z of 0":           {ZFromLogP(0), -inf},
		"z of -Inf":        {ZFromLogP(-inf), inf},
		"sum of nothing":   {LogSumExp(nil), -inf},
		"all impossible":   {LogSumExp([]float64{-inf, -inf}), -inf},
		"add impossible":   {LogAdd(-inf, -3), -3},
		"sub equal":        {LogSub(-2, -2), -inf},
		"complement of 0":  {Log1mExp(0), -inf},
		"complement of -I": {Log1mExp(-inf), 0},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: got %g, want %g", name, c[0], c[1])
		}
	}
	for name, got := range map[string]float64{
		"nan z": NormalLogSF(nan), "df 0": StudentLogSF(1, 0), "df nan": ChiSquaredLogSF(1, nan),
		"p above 1": BinomialLogSF(1, 3, 1.5), "negative mean": PoissonLogSF(1, -1),
		"d1 negative": FLogSF(1, -1, 3), "positive logp": ZFromLogP(0.1), "nan logp": ZFromLogP(nan),
		"nan in sum": LogSumExp([]float64{1, nan}), "mean of nothing": LogMeanExp(nil),
		"log of negative": LogSub(-3, -2),
	} {
		if !math.IsNaN(got) {
			t.Errorf("%s: got %g, want NaN", name, got)
		}
	}
}

func TestLogArithmetic(t *testing.T) {
	check(t, "LogAdd", LogAdd(-1000, -1000), -1000+math.Ln2, 1e-15)
	check(t, "LogSub", LogSub(math.Log(5), math.Log(2)), math.Log(3), 1e-15)
	check(t, "LogSumExp", LogSumExp([]float64{-2000, -2000, -2000 + math.Ln2}), -2000+math.Log(4), 1e-15)
	check(t, "LogMeanExp", LogMeanExp([]float64{math.Log(1), math.Log(2), math.Log(6)}), math.Log(3), 1e-15)
	check(t, "Log1mExp near 0", Log1mExp(-1e-20), math.Log(1e-20), 1e-15)
	check(t, "Log1mExp far", Log1mExp(-50), -math.Exp(-50), 1e-15)
}

// Both deviates and log p-values survive the journey there and back over the
// whole range that float64 knows.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		logp := -math.Exp(rapid.Float64Range(-30, 300).Draw(t, "ln(-logp)"))
		back := LogPFromZ(ZFromLogP(logp))
		if math.Abs(back-logp) > 1e-13*math.Abs(logp) {
			t.Fatalf("logp %.17g came back as %.17g", logp, back)
		}
	})
}

// Where gonum's own survival functions are accurate the two must agree.
func TestAgreesWithGonumInTheBulk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		df := rapid.Float64Range(0.5, 200).Draw(t, "df")
		d2 := rapid.Float64Range(0.5, 200).Draw(t, "d2")
		x := rapid.Float64Range(0.1, 3).Draw(t, "x")
		n := float64(rapid.IntRange(1, 60).Draw(t, "n"))
		k := math.Floor(n * rapid.Float64Range(0, 1).Draw(t, "share"))
		for name, pair := range map[string][2]float64{
			"t":        {StudentSF(x, df), distuv.StudentsT{Sigma: 1, Nu: df}.Survival(x)},
			"F":        {FSF(x, df, d2), distuv.F{D1: df, D2: d2}.Survival(x)},
			"chi2":     {ChiSquaredSF(x*df, df), distuv.ChiSquared{K: df}.Survival(x * df)},
			"binomial": {BinomialSF(k, n, x/3), distuv.Binomial{N: n, P: x / 3}.Survival(k)},
			"poisson":  {PoissonSF(k, n), distuv.Poisson{Lambda: n}.Survival(k)},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-11 { // gonum's 1-CDF and lgamma differences
				t.Fatalf("%s: %.15g, gonum %.15g", name, pair[0], pair[1])
			}
		}
	})
}

func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(0, 60).Draw(t, "x")
		dx := rapid.Float64Range(0.01, 5).Draw(t, "dx")
		df := rapid.Float64Range(0.5, 1000).Draw(t, "df")
		for name, f := range map[string]func(float64) float64{
			"normal": NormalLogSF,
			"t":      func(v float64) float64 { return StudentLogSF(v, df) },
			"F":      func(v float64) float64 { return FLogSF(v, 3, df) },
			"chi2":   func(v float64) float64 { return ChiSquaredLogSF(v, df) },
		} {
			if lo, hi := f(x), f(x+dx); hi > lo {
				t.Fatalf("%s rises from %g to %g between %g and %g", name, lo, hi, x, x+dx)
			}
		}
	})
}
