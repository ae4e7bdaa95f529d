// Package elementary has natural logarithms and exponentials at a third of the
// time that package math takes, for loops that take hundreds of millions of
// them. They are exact to 1e-12 where math is exact to 1e-16: enough wherever
// what goes in was measured.
package elementary

import "math"

const (
	cells     = 128 // of the mantissa, and of a power of two
	fraction  = 52  // bits of a float64 after the point
	exponents = 1023
)

// logCell is the middle of one cell of the mantissa: its reciprocal and its
// logarithm.
type logCell struct{ inverse, log float64 }

var logCells = func() (all [cells]logCell) {
	for i := range all {
		middle := 1 + (float64(i)+0.5)/cells
		all[i] = logCell{1 / middle, math.Log(middle)}
	}
	return all
}()

// powers holds 2^(i/cells).
var powers = func() (all [cells]float64) {
	for i := range all {
		all[i] = math.Exp2(float64(i) / cells)
	}
	return all
}()

// Log is ln(x) to within 1e-12, or to within 1e-15 of its size where that is
// more. Zero, negative numbers, infinities, NaN and numbers below 2.2e-308 give
// what [math.Log] gives. With c the middle of the cell of the mantissa and r =
// mantissa/c - 1 at most 1/256, ln(1+r) is taken by the first four terms of its
// series (Tang 1990, ACM TOMS 16, 378); the fifth is below 2e-13.
func Log(x float64) float64 {
	if !ordinary(x) {
		return math.Log(x)
	}
	return log(x)
}

// LogInPlace replaces every number of a list by what [Log] gives of it, at two
// thirds of the time.
func LogInPlace(list []float64) {
	for i, x := range list {
		if !ordinary(x) {
			list[i] = math.Log(x)
			continue
		}
		list[i] = log(x)
	}
}

// ordinary is false for what has a sign, is subnormal, infinite or NaN.
func ordinary(x float64) bool {
	exponent := math.Float64bits(x) >> fraction
	return exponent-1 < 2*exponents
}

// log is small enough to be written out where it is called.
func log(x float64) float64 {
	bits := math.Float64bits(x)
	cell := &logCells[bits>>(fraction-7)&(cells-1)]
	r := float64(math.Float64frombits(bits&(1<<fraction-1)|exponents<<fraction)*cell.inverse) - 1
	series := r * (1 - r*(1.0/2-r*(1.0/3-r*(1.0/4))))
	return float64(float64(int(bits>>fraction)-exponents)*math.Ln2) + cell.log + float64(series)
}

// shifter moves the point of a sum with a small number behind its last bit: what
// is left of the fraction is the nearest whole number.
const shifter = 1.5 * (1 << fraction)

// Exp is e^x to within 1e-12 of its size. NaN, and numbers of which e^x is no
// ordinary float64, give what [math.Exp] gives. With k the nearest number of
// 128ths of ln 2, e^x = 2^(k/128) e^r with |r| below 0.0028, of which the first
// five terms are taken (Tang 1989, ACM TOMS 15, 144).
func Exp(x float64) float64 {
	if !(x > leastPower && x < mostPower) {
		return math.Exp(x)
	}
	return exp(x)
}

// Between these e^x is an ordinary float64.
const leastPower, mostPower = -708, 709

// ExpInPlace replaces every number of a list by what [Exp] gives of it, at two
// thirds of the time.
func ExpInPlace(list []float64) {
	for i, x := range list {
		if !(x > leastPower && x < mostPower) {
			list[i] = math.Exp(x)
			continue
		}
		list[i] = exp(x)
	}
}

// exp is small enough to be written out where it is called.
func exp(x float64) float64 {
	shifted := float64(x*(cells/math.Ln2)) + shifter
	k := math.Float64bits(shifted) // its last bits are those of the whole number, and the next ones those of 2^k
	r := x - float64((shifted-shifter)*(math.Ln2/cells))
	series := 1 + r*(1+r*(1.0/2+r*(1.0/6+r*(1.0/24))))
	power := math.Float64frombits((k>>7 + exponents) << fraction)
	return float64(series*powers[k&(cells-1)]) * power
}
