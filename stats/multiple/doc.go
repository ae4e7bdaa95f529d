// Package multiple says which of many hypotheses survive when all of them are
// looked at together.
//
//  1. Combine the tests of one hypothesis into one log p-value: Simes, Cauchy
//     (tests that share data), Fisher (independent sources only), or the mean
//     of e-values.
//  2. Adjust over hypotheses: BenjaminiHochberg, BenjaminiYekutieli, Storey
//     with an estimate of the share of true nulls (Pi0Spline, Pi0AtLambda,
//     Pi0STS), EBH under arbitrary dependence, Hierarchical over groups.
//  3. LocalFDR gives the chance that one hypothesis, at its own p-value, is
//     null, with a uniform or an empirical null.
//
// Everything takes and returns natural logs of p- or q-values, so that 1e-400
// is a number like any other. Conventions, the same everywhere:
//
//   - NaN marks a hypothesis that was not tested. It stays NaN in every answer
//     and is left out of the count m.
//   - Order is by (log p, index). Equal p-values have equal q-values; only the
//     order of listing falls back on the index. Answers do not depend on the
//     order of the input beyond that.
//   - A log p above zero is an error: the usual cause is a p-value passed
//     without taking its log. Rounding up to 1e-9 above zero is cut to zero.
//   - A q-value is the smallest level at which a hypothesis is rejected.
package multiple
