package robust

import "math"

// Psi names a family of M-estimators by its score function.
type Psi int

const (
	// Huber's psi(u) = u up to k, then +-k: wild values keep a bounded pull
	// (Huber 1964).
	Huber Psi = iota
	// Tukey's bisquare psi(u) = u (1-(u/c)^2)^2 up to c, then 0: wild values
	// lose all pull (Beaton and Tukey 1974).
	Tukey
)

// Tuning constants at which the estimators are 95% efficient at the normal,
// and that at which a bisquare S-estimator has breakdown 1/2 and its scale
// estimates the standard deviation of normal data.
const (
	HuberTuning     = 1.345
	TukeyTuning     = 4.685061
	BreakdownTuning = 1.547645
)

// weight is psi(u)/u.
func (p Psi) weight(u, tuning float64) float64 {
	if p == Huber {
		return min(1, tuning/math.Abs(u)) // min(1, +Inf) at u = 0
	}
	return bisquareWeight(u / tuning)
}

// slope is psi'(u).
func (p Psi) slope(u, tuning float64) float64 {
	if p == Huber {
		if math.Abs(u) <= tuning {
			return 1
		}
		return 0
	}
	return bisquareSlope(u / tuning)
}

func bisquareWeight(v float64) float64 {
	v2 := 1 - v*v
	if v2 <= 0 {
		return 0
	}
	return v2 * v2
}

func bisquareSlope(v float64) float64 {
	v2 := v * v
	if v2 >= 1 {
		return 0
	}
	return (1 - v2) * (1 - 5*v2)
}

// bisquareRho is the bisquare loss brought to 1 at its limit:
// 1 - (1-v^2)^3 for |v| <= 1, else 1.
func bisquareRho(v float64) float64 {
	v2 := 1 - v*v
	if v2 <= 0 {
		return 1
	}
	return 1 - v2*v2*v2
}
