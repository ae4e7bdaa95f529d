// Package reliability learns how far to believe each reporter: the additive
// variance model of Stone, Champernowne and Meade (1942, Review of Economic
// Studies 9, 111) and ten Cate (2014), with heavy tails.
//
//	ln M - ln(arrivals expected from X) - ln(1+margin) = b_j - b_i + u_j - u_i + e_j - e_i
//
// b is a reporter's bias, u what stays with a lane from period to period, e what
// does not. In the order data moves:
//
//  1. observe.go, lanegaps.go: one summary a lane of its gaps: their centre, and
//     their squares about it by how sure the timing of a period is.
//  2. spreadterm.go, spreads.go: variances of exporters and importers whose sum
//     explains the squares, by scoring from several starts; measures.go: weights
//     beside values; departures.go: what single groups of commodities add.
//  3. level.go, levelfit.go: how the parts that last are distributed, by
//     expectation and maximisation; bias.go, biaserrors.go: biases that explain
//     the centres; sizes.go: which of two sides a lane's size speaks for.
//  4. lookup.go, posterior.go: what is known of a lane before and after its gaps;
//     scores.go: the table, with intervals.
//
// What the data cannot tell is fixed by restrictions that are stated here: the
// variances of exporters and of importers have equal means, and the biases of all
// reporters in both roles sum to zero, for if everybody overstated alike no gap
// would show it.
package reliability
