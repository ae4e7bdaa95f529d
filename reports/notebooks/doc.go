// Package notebooks holds the notebooks that a run folder gets: each loads the
// run's tables, draws one lane again, works out the size of one case by hand from
// the table of pairs, and stops with an error where it does not equal the table
// of cases.
//
//  1. The templates are programs in which a line "# %%" begins a cell of code and
//     "# %% [markdown]" one of text, so that they can be read and run as they are.
//  2. Files turns those in Python, R and Julia into notebooks (Jupyter's format
//     4.5) and leaves the one in Go a program, for which kernels are rare.
//
// The notebooks hold no numbers of a run: they read them, so the same files go
// into every run folder.
package notebooks
