// Package tail gives upper-tail probabilities that stay exact where 1-CDF has
// long lost every digit (below about 1e-16) and where the probability itself
// leaves the range of float64 (below about 1e-308).
//
// Every distribution has two forms:
//
//  1. XLogSF returns ln P(X > x), the natural log of the survival function;
//  2. XSF returns exp of it, and is 0 only when the probability is below the
//     smallest float64.
//
// ZFromLogP and LogPFromZ go between a log p-value and a standard normal
// deviate. LogAdd, LogSub, LogSumExp, LogMeanExp and Log1mExp do arithmetic on
// logged numbers.
//
// Conventions: a probability of zero is -Inf, of one is 0; a NaN argument or a
// parameter outside its range (a negative degree of freedom, a probability
// above one) gives NaN, as in package math. Nothing here panics or allocates.
//
// Accuracy: the relative error of the log is a few 1e-14 or better for shape
// parameters up to about 1e8; the tests compare with 50-digit arithmetic.
package tail
