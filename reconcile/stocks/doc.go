// Package stocks keeps the accounts of commodities by economy, and finds supply
// that lies above use for longer than scatter and other explanations allow. In
// the order data moves:
//
//  1. flows.go, weights.go: the lanes of the panel in kilograms, weights that
//     were not stated estimated from values at the commodity's price.
//  2. books.go: balances sorted into accounts. Circular figures are refused, years
//     spread over their months.
//  3. lanes.go, ledger.go: each account with its suppliers and buyers, as the
//     importers and as the exporters tell it; a silent side is filled from the
//     other at the lane's lasting ratio.
//  4. gaps.go, levels.go: ln(supply / (use + exports)) about the account's own habit,
//     supply being production and imports; what all accounts of an economy show at once
//     and what lasting levels of lanes make of a changing mix taken out, both witnesses
//     weighed together.
//  5. finding.go, scatter.go, sides.go, mix.go, moved.go: the best spell of each
//     account, its errors, which learn from other accounts, and the other explanations
//     that are tried on it.
//  6. detect.go, odds.go, case.go: the share of false discoveries is controlled
//     over all accounts, those weighing most in which a build would show; what stands
//     becomes a case with size, cover and claims.
//  7. path.go, account.go: the table of accounts, cumulated with an interval and
//     re-based at known stocks.
//  8. trade.go: where use is not known, imports against their own season, trend
//     and level; such a case is not assessable, since a boom of demand looks the
//     same.
//  9. event.go: before and after a dated event, against unaffected partners and
//     goods. replay.go: the same month by month, as it would have been seen.
//
// Imports are booked on arrival, so goods at sea are nobody's stock.
package stocks
