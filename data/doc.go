// Package data holds the words that every other package uses: who traded
// (Economy, Exporter, Importer), what (Commodity), when (Period), which side
// declared it (Flow), and how much (USD and Kg, both exact integers).
//
// The words are small comparable values without a registry behind them, so
// they can be packed into sort keys, compared, and used in maps from any number
// of goroutines.
package data
