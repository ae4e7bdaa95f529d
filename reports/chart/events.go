package chart

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	eventRow  = 9.5 * vg.Length(1)
	eventRows = 3 // rows of labels above a drawing, at most
)

var eventLetters = letters{size: tinySize, colour: eventInk}

// eventLabel is an event at its place.
type eventLabel struct {
	share float64 // of the width, from the left
	row   int     // 0 is the lowest; -1 is a line without a label
	text  string
	left  bool // the text lies to the left of its line
}

// placeEvents puts the labels of the events into rows so that no label covers
// another and no line runs through one; an event that finds no room keeps its
// line. Events outside the time shown are left out.
//
// Labels stand to the right of their lines, so the latest event is placed
// first, lowest; an earlier one whose label would reach into it goes above.
func placeEvents(events []Event, s span, width vg.Length) []eventLabel {
	var labels []eventLabel
	for _, e := range events {
		if share := s.share(e.At, false); e.At != 0 && share >= 0 && share <= 1 {
			labels = append(labels, eventLabel{share: share, row: -1, text: eventLetters.fit(e.Text, width/3)})
		}
	}
	slices.SortStableFunc(labels, func(a, b eventLabel) int { return cmp.Compare(b.share, a.share) })
	for i := range labels {
		settle(&labels[i], labels[:i], i+1 < len(labels), width)
	}
	return labels
}

// settle finds a row for a label, to the right of its line if there is one,
// else to the left.
func settle(l *eventLabel, placed []eventLabel, earlier bool, width vg.Length) {
	for _, left := range []bool{false, true} {
		l.left = left
		if _, from, to := l.extent(width); from < 0 || to > width {
			continue
		}
		for _, row := range rowOrder(left && earlier) {
			if l.row = row; l.free(placed, width) {
				return
			}
		}
	}
	l.row = -1
}

// extent is where a label and its line lie.
func (l eventLabel) extent(width vg.Length) (x, from, to vg.Length) {
	x = vg.Length(l.share) * width
	w := eventLetters.width(l.text) + 2*labelSpace
	if l.left {
		return x, x - w, x
	}
	return x, x, x + w
}

// free says whether a label covers no other and no line runs through either.
func (l eventLabel) free(placed []eventLabel, width vg.Length) bool {
	x, from, to := l.extent(width)
	for _, other := range placed {
		ox, ofrom, oto := other.extent(width)
		crossed := other.row >= 0 && other.row <= l.row && x > ofrom && x < oto
		crosses := other.row > l.row && ox > from && ox < to
		covered := other.row == l.row && from < oto && to > ofrom
		if crossed || crosses || covered {
			return false
		}
	}
	return true
}

// rowOrder is the order in which rows are tried. A label that had to turn to
// the left reaches over earlier events and leaves the low rows to them.
func rowOrder(turned bool) []int {
	rows := make([]int, eventRows)
	for i := range rows {
		rows[i] = i
	}
	if turned {
		slices.Reverse(rows)
	}
	return rows
}

// rowsOf counts the rows that labels take.
func rowsOf(labels []eventLabel) int {
	rows := 0
	for _, l := range labels {
		rows = max(rows, l.row+1)
	}
	return rows
}

// drawEvents draws a broken line for each event, up to its label.
func drawEvents(c draw.Canvas, labels []eventLabel) {
	for _, l := range labels {
		x := c.X(l.share)
		top := c.Max.Y
		if l.row >= 0 {
			top += 14 + vg.Length(l.row)*eventRow
		}
		dashed(c, eventInk, 0.8, x, c.Min.Y, x, top+5)
		if l.row < 0 {
			continue
		}
		at := eventLetters
		at.side = toRight
		if l.left {
			at.side = toLeft
			x -= 2 * labelSpace
		}
		at.draw(c, x+labelSpace/2, top, l.text)
	}
}
