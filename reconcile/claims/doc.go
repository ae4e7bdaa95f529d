// Package claims shares out each gap among the explanations that were tried. In
// the order data moves:
//
//  1. A Ledger holds cells, each one lane and month in which one side records more
//     than the other, and links: explanations under which what one cell has too much
//     of is what another lacks.
//  2. Settle solves all links together as one transport problem for each family of
//     commodities and stretch of months that links tie together, so that no gram of
//     a cell explains two things, and says how each ended.
//  3. Share divides the gap of one case: what is read off its own declarations, what
//     the ledger gave it, and the unexplained rest add up to the gap to the gram.
package claims
