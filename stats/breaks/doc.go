// Package breaks finds lasting changes of level, temporary ones and outliers in
// series, and says how surprising they are. It knows nothing of trade.
//
// From fast to thorough:
//
//  1. A [Design] works out, once per length and model, all of the scan for one
//     level shift that does not depend on the series; a [Scanner] then takes
//     series by the ten thousand a second: [Scanner.OLS] for white noise,
//     [Scanner.Robust] for autocorrelated series with outliers and heavy tails,
//     with p-values calibrated by the embedded null table. [Scanner.Group] lends
//     every series the autocorrelation of its group: where false discoveries must
//     stay rare at every degree of autocorrelation, use it and look for
//     discoveries within classes of the groups' phi.
//  2. [Scanner.Classify] tells an outlier, a temporary change, a level shift and
//     a ramp apart. [Counts] scans series with too many zeros for logs;
//     [TransformFor] says which those are.
//  3. [LTS] fits trend, season (its amplitude changing, if wanted), outliers and
//     one level shift by least trimmed squares, [LTSSeveral] as many shifts as
//     pay.
//  4. [Trends] splits a long series into stretches of level or trend, [PELT],
//     [BinarySegmentation] and [AMOC] into stretches of constant mean. [TCPDTable]
//     scores them on the Turing Change Point Dataset. [STL] takes a series apart
//     into trend, season and remainder.
//
// Conventions of the whole package:
//
//   - Positions are indices from 0. The position of a shift or segment is its
//     first observation.
//   - Missing observations are NaN. They are never taken as zero and keep their
//     place in time; [STL] refuses them.
//   - No function writes into a slice of its caller. Random choices come from a
//     seed in the settings: equal inputs give equal results.
//   - Doubt is part of each answer: standard errors, rows used, convergence and
//     [Warnings] as values.
package breaks
