package breaks

import (
	"math"

	"counterflow/stats/tail"
)

// The chance that the largest of K correlated standard normal statistics
// exceeds u in absolute value, bounded from above by Hunter's inequality
// (1976, J. Appl. Probab. 13, 597-603) and written with Owen's T, the discrete
// form of Rice's formula for up-crossings:
//
//	P(max |Z_k| > u) <= 2 [ Q(u) + sum_k 2 T(u, sqrt((1-rho_k)/(1+rho_k))) ]
//
// with Q the normal tail, rho_k the correlation of Z_k with Z_(k-1), and
// 2 T(u, a_k) = P(Z_k > u, Z_(k-1) <= u). It is sharp for large u.

// riceShape is ln bound + u^2/2, which varies slowly with u.
func riceShape(u float64, cor []float64) float64 {
	sum := math.Exp(tail.NormalLogSF(u) + u*u/2)
	for _, rho := range cor[1:] {
		sum += 2 * scaledOwenT(u, math.Sqrt((1-rho)/(1+rho)))
	}
	return math.Log(2 * sum)
}

// scaledOwenT is exp(h^2/2) T(h, a) for 0 <= a <= 1 and h >= 0:
// 1/(2 pi) int_0^a exp(-h^2 x^2/2)/(1+x^2) dx (Owen 1956, Ann. Math. Stat. 27).
func scaledOwenT(h, a float64) float64 {
	if h*a > 9 { // beyond, the integrand is below e^-40 of its start
		a = 9 / h
	}
	half, sum := a/2, 0.0
	f := func(x float64) float64 { return math.Exp(-h*h*x*x/2) / (1 + x*x) }
	for _, g := range gauss20 {
		sum += g.weight * (f(half*(1+g.node)) + f(half*(1-g.node)))
	}
	return half * sum / (2 * math.Pi)
}

// gauss20 is the positive half of the 20-point Gauss-Legendre rule on [-1, 1]
// (Abramowitz and Stegun, table 25.4).
var gauss20 = [10]struct{ node, weight float64 }{
	{0.0765265211334973, 0.1527533871307258}, {0.2277858511416451, 0.1491729864726037},
	{0.3737060887154195, 0.1420961093183820}, {0.5108670019508271, 0.1316886384491766},
	{0.6360536807265150, 0.1181945319615184}, {0.7463319064601508, 0.1019301198172404},
	{0.8391169718222188, 0.0832767415767048}, {0.9122344282513259, 0.0626720483341091},
	{0.9639719272779138, 0.0406014298003869}, {0.9931285991850949, 0.0176140071391521},
}

// A riceTable interpolates riceShape, once per design and phi, since a scan
// of one series takes less time than the sum above.
type riceTable struct {
	cor   []float64
	shape []float64 // at u = 0, riceStep, 2 riceStep ...
}

const (
	riceStep = 0.125 // the error of linear interpolation is below 1e-3 in ln p
	riceEnd  = 10
)

func newRiceTable(cor []float64) riceTable {
	t := riceTable{cor: cor, shape: make([]float64, int(riceEnd/riceStep)+1)}
	for i := range t.shape {
		t.shape[i] = riceShape(float64(i)*riceStep, cor)
	}
	return t
}

// bound is ln of the bound, above 0 where that exceeds 1.
func (t *riceTable) bound(u float64) float64 {
	if u >= riceEnd {
		u = math.Min(u, 1e7) // beyond, squares lose what the shape adds
		return riceShape(u, t.cor) - u*u/2
	}
	f := u / riceStep
	i := int(f)
	f -= float64(i)
	return t.shape[i]*(1-f) + t.shape[i+1]*f - u*u/2
}

// logP is ln p by the bound, at most 0.
func (t *riceTable) logP(u float64) float64 { return math.Min(0, t.bound(u)) }
