// Package margin estimates what carriage adds to the value of imports. In the
// order data moves:
//
//  1. observe.go: one observation a lane, the median over its periods of the
//     ratio of unit values, or of values where weights are not given.
//  2. route.go: distance, borders and access to the sea, from a compact table.
//  3. gravity.go and gravityfit.go: ln(1+margin) by geography, the worth of goods
//     and the mode of transport where it is known, robust, with standard errors
//     by route and a verdict whether it is identified; where it is not, the
//     overall median stands.
//  4. shrink.go: what commodities, and then distance bands within them, add to
//     the fit, shrunk by how well each is known.
//  5. model.go: the margin of any pair, and the table of terms.
package margin
