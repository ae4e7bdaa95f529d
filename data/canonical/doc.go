// Package canonical writes declared flows in the canonical layout, whoever
// published them, so that other programs read them and a run reads them back.
//
//  1. Convert reads a file as a run would, row by row in the order of its lines.
//  2. Each record becomes a row: economies as three letters, values in US dollars,
//     weights in kilograms, codes with every digit; a partner that is no single
//     economy, and what divides totals from their parts, as the file writes them.
//  3. The row is written as CSV, as Parquet or as SDMX-CSV.
//
// A run over what was written gives the same pairs, to the byte. Refused rows are
// counted and not written.
package canonical
