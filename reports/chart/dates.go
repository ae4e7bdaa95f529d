package chart

import (
	"strconv"

	"gonum.org/v1/plot"

	"counterflow/reports/wording"
)

// dateTicks mark an axis of period indices with months or years.
type dateTicks struct {
	monthly bool
	want    int // most labels
}

// indexYear is the year from which Period.Index counts.
const indexYear = 1900

// monthSteps are the distances between labels that people count months in.
var monthSteps = []int{1, 3, 6, 12, 24, 60, 120, 240}

// yearSteps do the same for annual data.
var yearSteps = []int{1, 2, 5, 10, 20, 50}

// Ticks makes the marks between two indices, as Period.Index counts them.
func (t dateTicks) Ticks(low, high float64) []plot.Tick {
	from, to := ceil(low), floor(high)
	if !t.monthly {
		step := stepFor(to-from+1, t.want, yearSteps)
		return marks(from, to, step, 1, func(i int) string { return strconv.Itoa(indexYear + i) })
	}
	step := stepFor(to-from+1, t.want, monthSteps)
	first := from + mod(-from, step)
	minor := 1
	switch {
	case step == 12:
		minor = 3
	case step > 12:
		minor = 12
	}
	return marks(from, to, step, minor, func(i int) string {
		year, month := strconv.Itoa(indexYear+i/12), i%12+1
		switch {
		case step >= 12:
			return year
		case i == first || month == 1:
			return wording.MonthAbbreviation(month) + "\n" + year
		}
		return wording.MonthAbbreviation(month)
	})
}

func stepFor(periods, want int, steps []int) int {
	for _, step := range steps {
		if (periods+step-1)/step <= want {
			return step
		}
	}
	return steps[len(steps)-1]
}

// marks labels every multiple of step and sets a small mark at every multiple
// of minor.
func marks(from, to, step, minor int, label func(int) string) []plot.Tick {
	var ticks []plot.Tick
	for i := from; i <= to; i++ {
		switch {
		case mod(i, step) == 0:
			ticks = append(ticks, plot.Tick{Value: float64(i), Label: label(i)})
		case mod(i, minor) == 0:
			ticks = append(ticks, plot.Tick{Value: float64(i)})
		}
	}
	return ticks
}

func ceil(v float64) int {
	n := int(v)
	if float64(n) < v {
		n++
	}
	return n
}

func floor(v float64) int {
	n := int(v)
	if float64(n) > v {
		n--
	}
	return n
}
