// Package mirror puts the two declarations of every corridor side by side. In
// the order data moves:
//
//  1. collect takes batches of records and packs each into a row of 32 bytes, in
//     a list for each chapter of the classification. Lists that outgrow their
//     share of memory are sorted and written to a temporary file.
//  2. Chapter by chapter, scope picks the digits that most of its reporters give,
//     the rows are dealt out to their codes, and the rows of each code are sorted by
//     corridor, period and direction (radix, in memory; a merge of sorted runs where
//     they do not fit).
//  3. settle turns the rows of one key into one declaration: the total where
//     there is one, else the sum of its parts. What it leaves out is counted.
//  4. merge walks the sorted declarations once and lays export beside import.
//  5. Whether a side that declared nothing was silent is decided by what it
//     published at all for that direction and period.
//
// A pair never crosses commodities, so a commodity is the unit of parallel work.
// Sums are of integers, so neither the order of rows nor the number of threads
// can change a byte of the result.
package mirror
