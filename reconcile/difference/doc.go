// Package difference says what changed between two finished runs. In the order
// data moves:
//
//  1. Match lays the cases of both runs beside each other: new, persisting,
//     resolved, re-rated. Cases are the same by what they say (kind, goods,
//     economies, overlapping window), never by their identifier.
//  2. Compare walks the pairs of both runs at once: what a reporter had stated
//     and states otherwise now is a revision; what a reporter states for a
//     period in which it had been silent is a late report.
//  3. Every change in the cases gets the causes that the data allow: new
//     periods, late reports, revisions, settings, another version of the
//     program, or nothing on its own lanes.
//
// Several causes may stand beside one change. They cannot be told apart from
// two runs alone; a third run, with only one of them changed, would.
package difference
