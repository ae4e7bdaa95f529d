// Package timing brings the two sides of a lane to one calendar. What leaves in
// a month arrives in that month and in the next ones, so the exporter's series
// is carried forward by a kernel before it is compared. In the order data moves:
//
//  1. silence.go: which reporter published nothing in which period.
//  2. series.go: a lane month by month, where silence, zero and an amount
//     without a weight are three different things.
//  3. kernel.go: the shares of a month's departures that arrive 0 to 3 months
//     later, for each length of passage.
//  4. likelihood.go and fit.go: how well each passage fits a lane, and by
//     expectation and maximisation how passages spread within a group of lanes;
//     a lane's own kernel lies between the two.
//  5. compare.go: expected and declared arrivals side by side, January and
//     February together where the Lunar New Year moves between them.
//
// Years are compared as they are: passage of weeks moves little over their ends.
package timing
