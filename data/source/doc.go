// Package source reads files of declared flows, whoever published them, into
// one stream of records. In the order data moves:
//
//  1. open looks at the first bytes of a file, undoes gzip or zip, gives JSON and
//     Parquet as the CSV they stand for, and hashes what it reads.
//  2. blocks cuts the text into pieces that end at the end of a row, with quoted
//     newlines kept whole, and numbers the lines.
//  3. layoutOf finds out from the header which column plays which role, and
//     whether the rows are a dialect (Eurostat's Comext, US Census, SDMX-CSV) that
//     has to be said in canonical words first.
//  4. parser turns a row into a Record, or refuses it for one Reason.
//  5. A harmoniser brings codes to one edition, where a concordance is given.
//  6. Read runs 1 to 5 over all files on all processors and hands batches of
//     records to its caller, who may be called from several goroutines.
//
// No row is dropped without being counted: rows = kept + refused. Refusals that
// need to see more than one row (a part whose total is there, a heading whose
// subheadings are there) are made by reconcile/mirror and counted in the same
// tallies.
package source
