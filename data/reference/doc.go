// Package reference holds the facts that every run needs and no file of flows
// carries: economies with their codes and names, critical minerals with their
// content, and where economies lie. Each table is a small CSV embedded in the
// program, with a text file beside it that says where its facts come from.
//
// Tables are read once when the program starts and never change, so every
// function may be called from any number of goroutines.
package reference
