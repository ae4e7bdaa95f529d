// Package units learns what one unit of a commodity weighs, so that declarations
// that state a number of items, cubic metres or the like, and no weight, can be
// compared in weight.
//
//  1. Learn reads the files twice: first for the declarations that state a
//     quantity in such a unit, then for what their partners declare in kilograms
//     of the same corridor and period.
//  2. Kilograms of the one over units of the other is one observation. The factor
//     of a commodity and unit is their median, where there are at least ten pairs
//     and the standard deviation of their logarithms is below 2.5 (Gaulier and
//     Zignago, BACI, CEPII working paper 2010-23, section on quantities).
//  3. Given factors go before learnt ones. Units of energy weigh nothing and are
//     never learnt.
//
// Weights that are filled in are estimates and marked as such. They say nothing of
// their own about a gap in weight: they are the partner's weights, on average.
package units
