// Package source reads files of declared flows, whoever published them, into
// one stream of records. In the order data moves:
//
//  1. open looks at the first bytes of a file, undoes gzip or zip, and hashes
//     what it reads.
//  2. blocks cuts the text into pieces that end at the end of a row, with quoted
//     newlines kept whole, and numbers the lines.
//  3. recognise finds out from the header which column plays which role.
//  4. parser turns a row into a Record, or refuses it for one Reason.
//  5. Read runs 1 to 4 over all files on all processors and hands batches of
//     records to its caller, who may be called from several goroutines.
//
// No row is dropped without being counted: rows = kept + refused. Refusals that
// need to see more than one row (a part whose total is there, a heading whose
// subheadings are there) are made by reconcile/mirror and counted in the same
// tallies.
package source
