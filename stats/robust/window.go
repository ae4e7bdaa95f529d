package robust

import "math"

// Window holds values in ascending order while single ones come and go, as for
// the medians around one period after the other: to move by one value takes a
// fraction of the time of a new median. It holds no NaN; the zero value is empty.
type Window struct{ sorted []float64 }

// Reset makes the window empty.
func (w *Window) Reset() { w.sorted = w.sorted[:0] }

// Add puts a value in.
func (w *Window) Add(v float64) {
	w.sorted = append(w.sorted, v)
	w.settle(len(w.sorted)-1, v)
}

// Remove takes a value out that was put in.
func (w *Window) Remove(v float64) {
	at, last := w.place(v), len(w.sorted)-1
	copy(w.sorted[at:], w.sorted[at+1:])
	w.sorted = w.sorted[:last]
}

// Replace takes a value out that was put in, and puts another in.
func (w *Window) Replace(old, v float64) { w.settle(w.place(old), v) }

// place finds a value that was put in.
func (w *Window) place(v float64) int {
	at := 0
	for w.sorted[at] != v {
		at++
	}
	return at
}

// settle brings a value in at a place that is free, and from there to where it
// belongs.
func (w *Window) settle(at int, v float64) {
	s := w.sorted
	for ; at > 0 && s[at-1] > v; at-- {
		s[at] = s[at-1]
	}
	for ; at+1 < len(s) && s[at+1] < v; at++ {
		s[at] = s[at+1]
	}
	s[at] = v
}

// Median is that of the values at hand; see [Median].
func (w *Window) Median() float64 {
	n := len(w.sorted)
	if n == 0 {
		return math.NaN()
	}
	upper := w.sorted[n/2]
	if n%2 == 1 {
		return upper
	}
	return mean(w.sorted[n/2-1], upper)
}
