// Package wording turns amounts, periods, cases and doubts into the words that
// charts and pages print, so that one thing is called the same everywhere.
//
// A case is a statistical discrepancy that the tested explanations do not
// account for. The words describe records, name no firm or person, give both
// reporters equal voice, and state likelihood and confidence apart.
package wording
