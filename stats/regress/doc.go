// Package regress fits weighted least squares with many fixed effects and
// standard errors by cluster. It knows nothing of trade.
//
// Read it in this order:
//
//  1. problem.go takes rows, checks them and drops those that a fixed effect
//     fits alone (singletons).
//  2. absorb.go takes the fixed effects out of the response and the columns, by
//     projections speeded up with conjugate gradients.
//  3. solve.go finds columns that others determine, drops them by name, and
//     solves for the rest.
//  4. freedom.go counts what the fixed effects cost in degrees of freedom.
//  5. covariance.go gives standard errors: classical, robust, by one cluster or
//     by two.
//  6. fit.go is [Fit], which does all of it, and the [Result].
package regress
