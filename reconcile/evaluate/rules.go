package evaluate

import (
	"fmt"
	"strings"

	"counterflow/data"
)

// Rules say when a case counts as the planted one, and which planted cases
// could be seen at all.
type Rules struct {
	Q             float64 `json:"q"`              // largest q_value of a case that counts as flagged
	Overlap       float64 `json:"overlap"`        // least part of the planted window that the case covers
	WindowFactor  float64 `json:"window_factor"`  // longest window of a case: this many planted windows ...
	WindowMonths  int     `json:"window_months"`  // ... and this many months
	SizeLow       float64 `json:"size_low"`       // least and largest size over the planted size
	SizeHigh      float64 `json:"size_high"`      //
	VisibleMonths int     `json:"visible_months"` // months seen from which a planted case is visible
	VisibleZ      float64 `json:"visible_z"`      // oracle z from which it is, where z is defined
}

// DefaultRules are those that every published figure uses.
func DefaultRules() Rules {
	return Rules{Q: 0.05, Overlap: 1.0 / 3, WindowFactor: 3, WindowMonths: 6, SizeLow: 0.7, SizeHigh: 1.4, VisibleMonths: 3, VisibleZ: 5}
}

// Text writes the rules in words, for a command's help and a report's notes.
func (r Rules) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("A case counts as flagged when its q_value is at most %g and it is assessable. Unit slips are scored apart.", r.Q)
	line("It matches a planted case when")
	line("  - commodity, exporter and importer agree; for a diversion the importer and the third economy, which the")
	line("    case may name as via or as exporter; for a code switch the two codes may change places; a stock build is")
	line("    matched by a stock build alone, and split consignments by split consignments alone;")
	line("  - it covers at least %.2f of the planted window;", r.Overlap)
	line("  - its own window is no longer than %g times the planted one and %d months.", r.WindowFactor, r.WindowMonths)
	line("Found: at least one case matches. Named: one has the right kind, with the right second code or third economy.")
	line("Sized: the best one has %g to %g of the planted kilograms in the months that were seen (USD for a value gap).", r.SizeLow, r.SizeHigh)
	line("Traced: a diversion's case names the true origin as exporter.")
	line("Visible: seen in %d months or more, with an oracle z of %g or more where it is defined.", r.VisibleMonths, r.VisibleZ)
	line("Cases on another lane that a planted case touches (a leg that a diversion leaves half declared, the lane it leaves,")
	line("the second code, the hub) in its window belong to it: they neither find it nor are they false.")
	line("False share of a kind: false / flagged. Of all: false / (false + distinct planted cases found).")
	return b.String()
}

// window is a span of months, both included.
type window struct{ start, end data.Period }

func (w window) months() int { return w.end.Index() - w.start.Index() + 1 }

func (w window) overlap(other window) int {
	start, end := max(w.start, other.start), min(w.end, other.end)
	return max(end.Index()-start.Index()+1, 0)
}

// meets says whether a case's window can be that of a planted one.
func (r Rules) meets(found, planted window) bool {
	return float64(found.overlap(planted)) >= r.Overlap*float64(planted.months())-1e-9 &&
		float64(found.months()) <= r.WindowFactor*float64(planted.months())+float64(r.WindowMonths)
}

// Visible says whether the planted case could be seen.
func (r Rules) Visible(p *Planted) bool {
	return p.MonthsSeen >= r.VisibleMonths && (!p.ZKnown || p.Z >= r.VisibleZ)
}
