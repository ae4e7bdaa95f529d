// Package reports is the front door to what people read: charts, the PDF, the
// HTML, notebooks and, in reports/table, the tables. It shows finished tables and
// computes nothing but sums, means, counts and rounding.
//
//  1. sections.go lists the parts of the report in their order, each with the
//     charts that stand in it and how it is set; a part is a file of its own.
//  2. Figures takes a finished run and gives the charts of all sections.
//  3. Draw writes each of them as PNG and SVG with its numbers as CSV, and all of
//     them as vector graphics into report.pdf and report.html. The sections set
//     both alike, down to a dossier for each case (dossiers.go); WriteCase sets
//     one of these alone.
//  4. Draw also puts the notebooks beside them.
//
// Below it, reports/wording holds the words, reports/chart the house style of
// the figures, reports/page the pages of a PDF, reports/web those of the HTML,
// reports/typeface the letters, reports/notebooks the notebooks.
//
// The same run gives the same bytes, whatever the number of threads: nothing
// here reads the clock.
package reports
