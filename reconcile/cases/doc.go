// Package cases finds, among pairs, the discrepancies that the tested
// explanations do not account for. In the order data moves:
//
//  1. Depart says for every pair how far ln(M/X) lies from what its lane, or
//     failing a history its commodity and size, lets expect, and how likely so
//     wide a departure is by chance.
//  2. Screen controls false discoveries over all pairs, joins the significant
//     periods of a lane into cases, names their kind, sizes them, and ranks them.
package cases
