// Package reports is the front door to what people read: charts, the PDF and,
// in reports/table, the tables. It shows finished tables and computes nothing
// but sums, counts and rounding.
//
//  1. Figures takes a finished run and decides which charts exist, in the order
//     of the report (figures.go and the files named after the charts).
//  2. Draw writes each of them as a PNG file, and all of them as vector graphics
//     into report.pdf, which the sections make page by page (report.go and the
//     files named after the sections).
//
// Below it, reports/wording holds the words, reports/chart the house style of
// the figures, reports/page the pages of a PDF, reports/typeface the letters.
//
// The same run gives the same bytes, whatever the number of threads: nothing
// here reads the clock.
package reports
