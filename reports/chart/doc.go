// Package chart draws the figures of a report with gonum/plot, in one house
// style. It takes finished numbers and knows nothing of how they came about.
//
//  1. A figure's own struct (Lane, Pairs, Ranking, HeatMap, Distribution,
//     Availability) holds what is to be shown, names included.
//  2. Its Chart method lays it out and hands on a Chart: a size, words about it
//     and a function that draws.
//  3. A Chart draws itself on any vg.Canvas: a PNG file by WritePNG, an SVG
//     file or element by WriteSVG and WriteInline, a page of a PDF by package
//     page. WriteCSV writes the numbers that are drawn.
//
// One meaning has one colour in all figures (style.go), and each is told apart
// by shape or place as well, so that the figures read in grey. A figure without
// data is a Chart that says why it is absent.
package chart
