// Package evaluate holds a run against a world whose truth is known.
//
//  1. The tables of a finished run are read: cases, pairs, reconciled flows.
//  2. The truth is read from its own folder; no detector ever sees it.
//  3. Cases are matched with what was planted, by the rules of Rules.
//  4. Shares found, named, sized and traced are counted by kind, planted share,
//     length and oracle z; what matches nothing is false, and is held against
//     the honest look-alikes.
//  5. Reconciled flows are measured beside six plain rules, and the cases beside
//     two plain thresholds on the same pairs.
//  6. Scores of many worlds are pooled, with standard errors.
//
// The package shares no code with the detectors.
package evaluate
