// Package web makes the report as one HTML file that opens from a disk, without
// a network: style, script and figures are in it.
//
//  1. Document takes the same headings, paragraphs, tables and figures as
//     page.Document, in the same order (document.go, body.go, table.go).
//  2. Write puts the list of contents before them, resolves the links, and adds
//     report.css and report.js.
//
// Every text is escaped. A content policy in the head keeps a browser from
// loading anything else. The bytes depend on what was set and on nothing else.
package web
