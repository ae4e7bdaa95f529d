// Package consignments looks for parcels that were divided to stay under a
// licence threshold. In the order data moves:
//
//  1. group.go: parcels sorted into lanes (commodity, exporter, importer) and,
//     within them, pairs of shipper and consignee.
//  2. spell.go: for each pair, the months in which more of its parcels lie just
//     under the threshold than in its other months and on its lane.
//  3. bunching.go: for each pair, lane and commodity, whether parcels crowd just
//     under the threshold over all months, slope and round numbers allowed for.
//  4. repeats.go: several parcels of one pair on one day, more often than its rate
//     of parcels lets expect, and sums of such parcels that land just above the
//     threshold.
//  5. detect.go: the p-values of a pair are joined by the Cauchy rule, pairs make
//     lanes, and the share of false discoveries is controlled over lanes.
//  6. case.go: what stands becomes a case with its months, tonnage and parcels.
//
// Shippers and consignees are numbers that are compared and never interpreted;
// no case names one.
package consignments
