// Package balance makes one figure of the two declarations of a corridor, by
// month of departure, with a 90% interval, the rule that chose and the share of
// the exporter's report in it. The rules of other publishers stand beside ours
// under their names, so that an analyst can compare. Where balances of production
// and use are given (accounts.go, supplies.go, weighing.go), they tell which side
// of a lane is off where the two part for years.
package balance
