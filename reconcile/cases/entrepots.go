package cases

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
	"counterflow/stats/burst"
)

// Entrepots looks, where lanes are too few to judge one another, for goods that take
// a way through a third economy: the middle declares exports to an importer, and the
// importer books them under their origins. In the order data move:
//
//  1. What the middle declares to the importer beyond what the importer books from it
//     is held against its own history, for the stretch of months in which it stands
//     highest.
//  2. What the importer books, in the same months, from economies that declare none
//     of it is held against its history. The p-value is the larger of the two: both
//     must stand out.
//  3. The two must be of one size, the middle must buy as much as it passes on, and
//     more of what the importer books so must come by the middle than before. A
//     middle that has always stood between is how a lane is recorded, and no case.
//
// False discoveries are controlled as in Detect. Cases that this explains, and that
// were found before, are dropped.
func (out *Screened) Entrepots(p *panel.Panel, pairs []mirror.Pair, s ScreenSettings) error {
	e := indexed(p, pairs)
	var found []finding
	var ways []passing
	for i := range p.Lanes {
		if w, logP, ok := e.passes(i); ok {
			ways = append(ways, w)
			found = append(found, finding{kind: Reroute, span: w.span, second: -1, direct: w.direct, logP: logP})
		}
	}
	if err := adjust(found, false); err != nil {
		return err
	}
	out.Tested += len(found)
	var passages []sized // apart until all are known: two middles of one origin pass on different goods
	for k, f := range found {
		if !(f.logP < 0) || f.logQ > math.Log(s.ListQ) {
			continue // with a p of 1 it failed a condition, and has no origin
		}
		c := e.passingCase(ways[k], f)
		if !(c.ExcessUSD.Float() >= s.MinimumUSD) {
			continue
		}
		if f.logQ <= math.Log(s.FalseShare) {
			out.found = slices.DeleteFunc(out.found, func(earlier sized) bool { return e.explains(ways[k], &earlier.Case) })
		}
		passages = append(passages, c)
	}
	out.found = append(out.found, passages...)
	out.Rank(s.FalseShare)
	return nil
}

// indexed is a panel with its lanes by importer and by name, and no more of the
// evidence that many lanes give.
func indexed(p *panel.Panel, pairs []mirror.Pair) *evidence {
	e := &evidence{panel: p, pairs: pairs, byImporter: map[market][]int{}, lane: map[laneKey]int{}}
	for i := range p.Lanes {
		l := &p.Lanes[i]
		e.byImporter[market{l.Goods, l.Importer}] = append(e.byImporter[market{l.Goods, l.Importer}], i)
		e.lane[laneKey{l.Goods, l.Exporter, l.Importer}] = i
	}
	return e
}

// passing is a way through a third economy.
type passing struct {
	span          // of the lane from the middle to the importer
	origins []int // lanes on which the importer books what their exporters declare none of, largest rise first
	direct  int   // of them, that of the first from which the middle buys, too; -1 for none
	silent  bool  // most of what is booked so comes from economies that published nothing
}

const (
	// passingHistory is how many months must be known, passingTraded in how many of
	// them the middle must have declared something: fewer have no usual level.
	passingHistory = 24
	passingTraded  = 6
	// passingShortest is the shortest stretch: goods that change their way do so for
	// half a year or longer, and a shorter one is a consignment.
	passingShortest = 6
	// mostBooked is the most that the importer may book from the middle, as a share of
	// what the middle declares: beyond, the two agree more than they part.
	mostBooked = 0.5
	// mostDeclared is the most that an origin may declare of what is booked from it,
	// and count as declaring none.
	mostDeclared = 0.5
	// leastCovered is the least part of what passes the middle that the importer must
	// book above its usual from origins, and that the middle must have bought.
	leastCovered = 0.5
	// leastGrowth is how much larger than before the middle's part of what is booked
	// from such origins must be.
	leastGrowth = 1.5
	// leastPart is the least part of what is booked so beyond the usual that the middle
	// must pass: a smaller one would not show in what is booked.
	leastPart = 0.1
)

// passes tests one lane as the second leg; ok is false where it cannot be tested.
func (e *evidence) passes(i int) (w passing, logP float64, ok bool) {
	l := &e.panel.Lanes[i]
	unbooked := unbookedOf(l.ArrivedUSD, l.MUSD)
	settings := burst.Settings{Shortest: passingShortest, Longest: longestCase, Seen: 0.6, Least: passingHistory, HalfKeep: 0.5}
	if traded(l.XUSD) < passingTraded {
		return w, 0, false
	}
	second := burst.ByItself(logs(unbooked), settings, burst.OwnDraws(1))
	if math.IsNaN(second.LogP) {
		return w, 0, false
	}
	w = passing{span: span{lane: i, start: second.Start, end: second.End}, direct: -1}
	if second.Z == 0 {
		return w, 0, true
	}
	booked := e.bookedUnder(&w)
	first := burst.ByItselfAt(logs(booked), w.start, w.end, passingHistory, burst.OwnDraws(2))
	if math.IsNaN(first.LogP) || w.direct < 0 || !e.ofOneSize(&w, unbooked, booked) {
		return w, 0, true
	}
	return w, max(second.LogP, first.LogP), true
}

// bookedUnder adds up what the importer books from economies that declare none of it,
// in dollars a month, and fills in which they are.
func (e *evidence) bookedUnder(w *passing) []float64 {
	l := &e.panel.Lanes[w.lane]
	sum := make([]float64, e.panel.Months)
	rises := map[int]float64{}
	var quiet, all float64
	for _, o := range e.byImporter[market{l.Goods, l.Importer}] {
		origin := &e.panel.Lanes[o]
		entered, before := sums(origin.MUSD, w.span)
		if o == w.lane || declares(origin, w.span) || !(entered+before > 0) {
			continue
		}
		undeclared := make([]float64, len(sum))
		for t, m := range origin.MUSD {
			undeclared[t] = m
			if x := origin.ArrivedUSD[t]; x > 0 {
				undeclared[t] = max(m-x, 0)
			}
			sum[t] += undeclared[t]
		}
		w.origins = append(w.origins, o)
		rises[o] = aboveUsual(undeclared, w.span).more
		all += entered
		if silent(origin.XUSD, w.span) {
			quiet += entered
		}
	}
	slices.SortStableFunc(w.origins, func(a, b int) int {
		switch {
		case rises[a] > rises[b]:
			return -1
		case rises[a] < rises[b]:
			return 1
		}
		return 0
	})
	w.silent = 2*quiet > all
	for _, o := range w.origins {
		if rises[o] > 0 && e.buys(o, w) > 0 {
			w.direct = o
			break
		}
	}
	return sum
}

// declares says whether an exporter declares most of what is booked from it: in the
// window where it is booked there, else over all months.
func declares(l *panel.Lane, w span) bool {
	declared, declaredBefore := sums(l.ArrivedUSD, w)
	entered, enteredBefore := sums(l.MUSD, w)
	if entered == 0 {
		declared, entered = declaredBefore, enteredBefore
	}
	return declared > mostDeclared*entered
}

// buys is what the middle receives from the origin of a lane in the window, in
// dollars, as either side declares it.
func (e *evidence) buys(origin int, w *passing) float64 {
	l := &e.panel.Lanes[w.lane]
	leg, ok := e.lane[laneKey{l.Goods, e.panel.Lanes[origin].Exporter, data.Importer(l.Exporter)}]
	if !ok {
		return 0
	}
	inside, _ := sums(panel.Larger(e.panel.Lanes[leg].ArrivedUSD, e.panel.Lanes[leg].MUSD), w.span)
	return inside
}

// ofOneSize says whether what passes the middle is matched: by what the importer books
// above its usual, by what the middle buys, and by a part of all that is booked so that
// has grown.
func (e *evidence) ofOneSize(w *passing, unbooked, booked []float64) bool {
	l := &e.panel.Lanes[w.lane]
	rise := aboveUsual(unbooked, w.span).more
	entered, _ := sums(l.MUSD, w.span)
	declared, _ := sums(l.ArrivedUSD, w.span)
	more := aboveUsual(booked, w.span).more
	if !(rise > 0) || entered > mostBooked*declared || more < leastCovered*rise || rise < leastPart*more {
		return false
	}
	supply := 0.0
	for _, j := range e.byImporter[market{l.Goods, data.Importer(l.Exporter)}] {
		inside, _ := sums(panel.Larger(e.panel.Lanes[j].ArrivedUSD, e.panel.Lanes[j].MUSD), w.span)
		supply += inside
	}
	passedIn, passedOut := sums(unbooked, w.span)
	bookedIn, bookedOut := sums(where(booked, unbooked), w.span)
	return supply >= leastCovered*rise && passedIn*bookedOut >= leastGrowth*passedOut*bookedIn
}

// explains says whether a case found before is the same records seen from one lane:
// the middle's or an origin's, in months that overlap.
func (e *evidence) explains(w passing, c *Case) bool {
	if c.Kind == UnitSlip || c.End < e.panel.Period(w.start) || c.Start > e.panel.Period(w.end) {
		return false
	}
	for _, lane := range append([]int{w.lane}, w.origins...) {
		l := &e.panel.Lanes[lane]
		if c.Goods == l.Goods && c.Exporter == l.Exporter && c.Importer == l.Importer {
			return true
		}
	}
	return false
}

// unbookedOf is what one side declares beyond the other, 0 where it declares less, NaN
// where either cannot be known.
func unbookedOf(x, m []float64) []float64 {
	out := make([]float64, len(x))
	for t := range x {
		out[t] = x[t] - m[t]
		if out[t] < 0 {
			out[t] = 0
		}
	}
	return out
}

// where is a series in the months in which another is known.
func where(x, known []float64) []float64 {
	out := slices.Clone(x)
	for t, v := range known {
		if math.IsNaN(v) {
			out[t] = v
		}
	}
	return out
}

// logs is ln(x+c), c a part of the usual month; all unknown where there is none.
func logs(x []float64) []float64 {
	c := floorShare * usualMonth(x, x)
	out := make([]float64, len(x))
	for t, v := range x {
		out[t] = math.NaN()
		if c > 0 {
			out[t] = math.Log(v + c)
		}
	}
	return out
}

func traded(x []float64) (months int) {
	for _, v := range x {
		if v > 0 {
			months++
		}
	}
	return months
}

// silent says whether a reporter published nothing in most months of a window.
func silent(x []float64, w span) bool {
	unknown := 0
	for t := w.start; t <= w.end; t++ {
		if math.IsNaN(x[t]) {
			unknown++
		}
	}
	return 2*unknown > w.months()
}
