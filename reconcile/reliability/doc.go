// Package reliability learns how far to believe each reporter: the additive
// variance model of Stone, Champernowne and Meade (1942, Review of Economic
// Studies 9, 111) and ten Cate (2014), with heavy tails.
//
//	ln M - ln(arrivals expected from X) - ln(1+margin) = b_j - b_i + u_j - u_i + e_j - e_i
//
// b is a reporter's bias, u what stays with a lane from period to period, e what
// does not. In the order data moves:
//
//  1. observe.go: one summary a lane of its gaps: their centre, and their spread
//     about it.
//  2. additive.go: variances of exporters and importers whose sum explains the
//     spreads, by expectation and maximisation from several starts.
//  3. bias.go: biases that explain the centres.
//  4. model.go: the same for each commodity group, shrunk; scores with
//     intervals; look-up.
//
// What the data cannot tell is fixed by restrictions that are stated here: the
// variances of exporters and of importers have equal means, and the biases of all
// reporters in both roles sum to zero, for if everybody overstated alike no gap
// would show it.
package reliability
