// Package concordance converts amounts between editions of the Harmonised
// System. In the order data moves:
//
//  1. Read takes a table of links between the six-digit codes of two editions,
//     with weights or without.
//  2. Table.Between chains neighbouring editions and gives a Converter: for each
//     code the codes it goes to, and the share of each.
//  3. Converter.Convert divides value and weight alike. Nothing is lost or
//     doubled: the parts add up to the cent and to the gram.
//  4. Converter.Families joins the codes that links tie together. Within a family
//     the division rests on weights; the family as a whole is exact.
//
// Weights hold in one direction. Against it, and where a table gives none, the
// shares are equal unless SetWeights brings in learnt ones (reconcile/conversion).
package concordance
