// Package page makes the pages of a PDF in the house style.
//
//  1. Canvas draws a gonum/plot figure as vector graphics into a rectangle of a
//     page (canvas.go).
//  2. Document sets headings, paragraphs, tables, figures and notes down the
//     page and breaks pages where they end (document.go, text.go, table.go,
//     figure.go).
//  3. Write adds what needs the whole document, the contents with their links
//     and the page numbers, and writes the file (finish.go).
//
// The bytes depend on what was set and on nothing else: dates are those given.
package page
