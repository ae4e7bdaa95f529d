// Package simplex fits weights that are shares: least squares in which every row
// of the unknown matrix is non-negative and sums to one, with some entries held
// at zero. Such fits tell how the amounts under old codes divide over new ones
// (Lukaszuk and Torun, Harmonizing the Harmonized System, 2022).
package simplex
