// Package robust estimates location, scale, skewness and linear fits that a
// minority of wild values cannot carry away. It knows nothing of trade.
//
// Read it in this order:
//
//  1. select.go: the k-th smallest value in linear time, on which the rest
//     stands, and median.go: [Median] and [MAD].
//  2. qn.go, sn.go: scales that need no centre. medcouple.go: skewness, and
//     with it the adjusted boxplot that allows for it.
//  3. location.go: M-estimators of one location. weighted.go: medians where
//     values have weights.
//  4. sample.go and the files named after it: how a regression is checked,
//     ordered and standardised before any fit.
//  5. lts.go and the files named after it: least trimmed squares regression,
//     with a [Workspace] for callers who fit one design again and again.
//     mm.go: S and MM regression. theilsen.go: the median slope.
//
// Conventions of the whole package:
//
//   - No function writes into a slice of its caller, but for those whose name
//     ends in InPlace, which reorder or overwrite their argument and in return
//     allocate nothing.
//   - A NaN among the data gives NaN from functions that return a number, and
//     an error from those that return a struct. Nothing is dropped silently.
//   - Random subsets come from a seed in the settings: equal inputs give equal
//     results, and the order of the rows does not change a fit.
package robust
