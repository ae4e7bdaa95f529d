// Package breaks finds lasting changes of level, temporary ones and outliers in
// series, and says how surprising they are. It knows nothing of trade.
//
// From fast to thorough:
//
//  1. [Design] works out, once per length and model, all that the scan of one
//     level shift needs; a [Scanner] then takes series by the ten thousand a
//     second: [Scanner.OLS] for white noise, [Scanner.Robust] for autocorrelated
//     series with outliers, whose p-values are calibrated by the embedded null
//     table. [GroupPrior] lends a series the autocorrelation of its group.
//  2. [LTS] fits trend, season (its amplitude changing, if wanted), outliers and
//     one level shift by least trimmed squares.
//
// Conventions of the whole package:
//
//   - Positions are indices from 0. The position of a shift or segment is its
//     first observation.
//   - Missing observations are NaN. They are never taken as zero and keep their
//     place in time.
//   - No function writes into a slice of its caller. Random choices come from a
//     seed in the settings: equal inputs give equal results.
//   - Doubt is part of each answer: standard errors, rows used, convergence and
//     [Warnings] as values.
package breaks
