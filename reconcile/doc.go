// Package reconcile does the whole job: files of declared flows go in, every
// table of a run comes out. In the order data moves, each stage taking finished
// tables and handing on finished tables:
//
//  1. mirror reads the files, settles what each side says of a corridor, and
//     pairs exports with partner-country imports.
//  2. timing and margin bring the two sides to one calendar and one border.
//  3. reliability says how far to believe each reporter, from how its
//     declarations scatter about those of all its partners.
//  4. balance makes one figure of the two, with an interval and its rule.
//  5. panel lays lanes out as series.
//  6. cases holds each lane against its own history, or where there is none
//     against other lanes, shares every gap out among explanations (claims), and
//     ranks what is left.
//  7. stocks and consignments do the same for supply above use and for parcels
//     under a licence threshold, where files of them are given.
//
// No stage reaches back, reads a clock, or writes a file. Beside the stages,
// Months runs at the end of every month of a span, and replay puts its cases
// together; difference compares two finished runs, and evaluate holds a run against
// a simulated world whose truth is known.
package reconcile
