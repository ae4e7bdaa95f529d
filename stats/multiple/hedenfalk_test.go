package multiple

import (
	"math"
	"testing"
)

func count(t *testing.T, a Adjusted, err error, q float64) int {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return a.Count(q)
}

// R: p.adjust(p, "BH"), p.adjust(p, "BY"); package qvalue: qvalue(p)$pi0,
// sum(qvalue(p)$qvalues <= .05), qvalue(p, lambda = .5)$pi0.
func TestHedenfalk(t *testing.T) {
	logp := hedenfalk(t)
	bh, err := BenjaminiHochberg(logp)
	if got := [2]int{count(t, bh, err, 0.05), count(t, bh, err, 0.10)}; got != [2]int{94, 218} {
		t.Errorf("BH %v, want 94 and 218", got)
	}
	by, err := BenjaminiYekutieli(logp)
	if got := count(t, by, err, 0.05); got != 0 {
		t.Errorf("BY %d, want 0", got)
	}
	pi0, err := Pi0Spline(logp)
	// smooth.spline matches its degrees of freedom to about 1e-3 only, worth
	// 1.3e-5 here (it ends at 3.0003); ours are exactly three.
	if err != nil || math.Abs(pi0.Estimate-0.66992602647) > 1e-5 {
		t.Errorf("spline pi0 %.10f (%v), want .66992602647", pi0.Estimate, err)
	}
	q, err := Storey(logp, pi0)
	if got := [2]int{count(t, q, err, 0.05), count(t, q, err, 0.10)}; got != [2]int{162, 319} {
		t.Errorf("q-values %v, want 162 and 319", got)
	}
	if pi0, _ := Pi0AtLambda(logp, 0.5); math.Abs(pi0.Estimate-0.67634069401) > 1e-11 {
		t.Errorf("pi0(.5) %.11f", pi0.Estimate)
	}
	if pi0, _ := Pi0STS(logp, 0.5); math.Abs(pi0.Estimate-0.67697160883) > 1e-11 {
		t.Errorf("STS pi0(.5) %.11f", pi0.Estimate)
	}
}

// R: fdrtool(p, statistic = "pvalue"): 291 with lfdr <= .2, at
// its own eta0 = .6754569. Ours is the same estimator with the spline's pi0
// .66992, which falls on the same kink of the density.
func TestHedenfalkLocalFDR(t *testing.T) {
	logp := hedenfalk(t)
	l, err := EstimateLocalFDR(logp, LocalFDROptions{})
	if err != nil || l.Count(0.2) != 291 {
		t.Errorf("%d with local fdr <= .2 (%v), want 291", l.Count(0.2), err)
	}
}

// Efron (2004, JASA 99) finds an empirical null with standard
// deviation 1.58 for the same tumours (3,226 genes, t-tests); these p-values
// are from another test on 3,170 of them, so two standard errors are allowed.
func TestHedenfalkEmpiricalNull(t *testing.T) {
	l, err := EstimateLocalFDR(hedenfalk(t), LocalFDROptions{Null: EmpiricalNull})
	if err != nil || math.Abs(l.Sigma0-1.58) > 2*l.SE || l.SE > 0.1 {
		t.Errorf("sigma0 %.3f (SE %.3f, %v), want 1.58", l.Sigma0, l.SE, err)
	}
}
