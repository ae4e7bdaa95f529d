// Package density looks for marks that a rule leaves on the distribution of a
// quantity, such as amounts near a limit that brings duties with it.
//
//  1. Bunching: are there more values just below a threshold than the slope of
//     the density and the habit of round numbers account for?
//  2. Discontinuity: does the density jump at the threshold? The local
//     polynomial test of Cattaneo, Jansson and Ma, as confirmation.
//  3. Benford: do the first digits follow the law of Benford, judged by exact
//     or simulated p-values where the sample is small?
//
// p-values are natural logs. NaN and infinite values are left out and counted;
// a caller's slice is never changed.
package density
