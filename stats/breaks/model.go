package breaks

import (
	"errors"
	"fmt"
	"math"
)

// Model names the regular part of a series: an intercept, a polynomial trend
// and seasonal harmonics, common to all series scanned with one [Design].
type Model struct {
	// Length is the number of observations T of a complete series.
	Length int
	// Period is the number of observations per seasonal cycle, 12 for months.
	Period int
	// Harmonics is how many sine and cosine pairs describe the season, at most
	// Period/2; 0 for none. The sine of the last one is left out when it is the
	// Nyquist frequency, where it is zero at every observation.
	Harmonics int
	// Trend is the degree of the polynomial trend, 0 (a constant level) to 3.
	Trend int
	// Margin is the fewest observations before the shift and from it on; 0
	// stands for a tenth of the length, at least 6.
	Margin int
}

// Monthly is the model for monthly series: linear trend and two harmonics.
func Monthly(length int) Model {
	return Model{Length: length, Period: 12, Harmonics: 2, Trend: 1}
}

// columns is the number of regressors besides the step.
func (m Model) columns() int {
	n := 1 + m.Trend + 2*m.Harmonics
	if m.Harmonics > 0 && 2*m.Harmonics == m.Period {
		n--
	}
	return n
}

func (m Model) margin() int {
	if m.Margin > 0 {
		return m.Margin
	}
	return max(6, m.Length/10)
}

// checkSeason checks all but the length.
func (m Model) checkSeason() error {
	var errs []error
	if m.Trend < 0 || m.Trend > 3 {
		errs = append(errs, fmt.Errorf("trend degree %d: give 0 to 3", m.Trend))
	}
	if m.Harmonics < 0 || (m.Harmonics > 0 && 2*m.Harmonics > m.Period) {
		errs = append(errs, fmt.Errorf("%d harmonics of period %d: give at most half the period", m.Harmonics, m.Period))
	}
	return errors.Join(errs...)
}

func (m Model) check() error {
	err := m.checkSeason()
	if m.Length < m.fewest() {
		err = errors.Join(err, fmt.Errorf("%d observations are too few for %d regressors and margins of %d: give a longer series or a smaller model",
			m.Length, m.columns(), m.margin()))
	}
	return err
}

// fewest is the smallest number of observations that leaves residual degrees
// of freedom and at least one candidate position.
func (m Model) fewest() int {
	return max(m.columns()+4, 2*m.margin()+1)
}

// regressors are the columns of the model at the given times. Time is centred
// and scaled so that its powers stay of the order of one.
func (m Model) regressors(times []int) [][]float64 {
	x := make([][]float64, 0, m.columns())
	half := float64(m.Length-1) / 2
	for a := range m.Trend + 1 {
		x = append(x, column(times, func(t float64) float64 { return math.Pow((t-half)/half, float64(a)) }))
	}
	return append(x, m.seasonal(times)...)
}

// seasonal are the cosine and sine columns by harmonic.
func (m Model) seasonal(times []int) [][]float64 {
	var x [][]float64
	for h := 1; h <= m.Harmonics; h++ {
		w := 2 * math.Pi * float64(h) / float64(m.Period)
		x = append(x, column(times, func(t float64) float64 { return math.Cos(w * t) }))
		if 2*h != m.Period {
			x = append(x, column(times, func(t float64) float64 { return math.Sin(w * t) }))
		}
	}
	return x
}

func column(times []int, f func(t float64) float64) []float64 {
	col := make([]float64, len(times))
	for i, t := range times {
		col[i] = f(float64(t))
	}
	return col
}
