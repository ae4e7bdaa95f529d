// Package replay tells when each case would first have been listed, had the run been
// made at the end of every month. In the order data move:
//
//  1. reconcile.Months runs once for each month on what is about periods up to it.
//  2. join.go puts the cases of the months together: they are the same where kind,
//     goods and economies agree and their windows overlap.
//  3. planted.go does the same for the planted cases of a simulated world, by the
//     rules of evaluate.
//  4. summary.go counts how soon cases were listed and how many were dropped again;
//     csv.go writes the cases.
//
// Flows are those that are in the files now, unless the caller names the files of
// each month: what was restated or came late is not known from them.
package replay
