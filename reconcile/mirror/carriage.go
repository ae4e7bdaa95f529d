package mirror

import "counterflow/data/source"

// carriedBy is the mode of transport that most of the value of some rows is
// divided to, or most of the weight where no value is divided; 0 where none is.
// Between equals it is the first of the list.
func carriedBy(rows []row) source.Mode {
	var values, weights [source.OtherTransport + 1]int64
	for i := range rows {
		mode := rows[i].bits.mode().Whole()
		if mode == 0 {
			continue
		}
		values[mode] += max(int64(rows[i].usd), 0)
		weights[mode] += max(int64(rows[i].kg), 0)
	}
	if mode := most(&values); mode != 0 {
		return mode
	}
	return most(&weights)
}

func most(sums *[source.OtherTransport + 1]int64) (mode source.Mode) {
	for m, sum := range sums {
		if sum > sums[mode] {
			mode = source.Mode(m)
		}
	}
	return mode
}

// carry gives every pair of a lane the mode that most of its pairs have.
func carry(pairs []Pair) {
	for _, lane := range Lanes(pairs) {
		var counts [source.OtherTransport + 1]int64
		for i := range lane {
			if lane[i].Mode != 0 {
				counts[lane[i].Mode]++
			}
		}
		mode := most(&counts)
		for i := range lane {
			lane[i].Mode = mode
		}
	}
}
