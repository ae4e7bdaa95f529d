package cases

import (
	"math"

	"counterflow/data"
	"counterflow/data/reference"
)

// passage lists the economies through which goods of others pass. Places of
// commodity trading, where papers pass and goods do not, are not among them.
var passage = func() []data.Economy {
	var hubs []data.Economy
	for _, h := range reference.Hubs() {
		if h.Role != "commodity trading" {
			hubs = append(hubs, h.Economy)
		}
	}
	return hubs
}()

// byHub tests the explanation "entrepot" for a gap on one lane. Exporters name the
// hub that goods pass, importers the origin; when more goods take that way, the
// exporter declares more to the hub, and less to where the goods arrive. It holds
// where what the exporter declares to one hub moves in the same months against what
// it declares on the lane, by between two fifths of the gap and two and a half times
// as much, and beyond its scatter.
func (e *evidence) byHub(i int, w span, sign int) bool {
	l := &e.panel.Lanes[i]
	gap := e.gapUSD(i, w, sign)
	_, own := riseOf(l.ArrivedUSD, w)
	if !(gap > 0) || float64(sign)*own > -turnZ {
		return false
	}
	for _, hub := range passage {
		j, ok := e.lane[laneKey{l.Goods, l.Exporter, data.Importer(hub)}]
		if !ok {
			continue
		}
		rise, z := riseOf(e.panel.Lanes[j].ArrivedUSD, w)
		if float64(sign)*z > hubZ && alike(float64(sign)*rise, gap) {
			return true
		}
	}
	return false
}

// hubZ is the least move of what is declared to a hub, in standard deviations of
// months as if they were independent: half a dozen hubs are asked, and months resemble
// their neighbours.
const hubZ = 3

// gapUSD is the value of a lane's gap in a window.
func (e *evidence) gapUSD(i int, w span, sign int) float64 {
	l := &e.panel.Lanes[i]
	usd, _, _ := excessKg(l.ArrivedUSD, l.MUSD, span{lane: i, start: w.start, end: w.end}, sign, 0)
	return usd
}

// above is what a series holds in a window beyond its usual months.
type above struct {
	more            float64 // over the known months of the window
	sd              float64 // of more, as the months outside scatter; 0 for fewer than two of them
	inside, outside int     // known months
}

// aboveUsual holds the known months of a window against the trimmed mean of the
// known months outside.
func aboveUsual(x []float64, w span) above {
	var outside []float64
	var a above
	for t, v := range x {
		switch {
		case math.IsNaN(v):
		case t >= w.start && t <= w.end:
			a.more += v
			a.inside++
		default:
			outside = append(outside, v)
		}
	}
	a.outside = len(outside)
	usual, n, rest := trimmedMean(outside), float64(a.inside), float64(a.outside)
	a.more -= n * usual
	squares := 0.0
	for _, v := range outside {
		squares += (v - usual) * (v - usual)
	}
	if a.outside > 1 {
		a.sd = math.Sqrt(squares/(rest-1)) * math.Sqrt(n*(1+n/rest))
	}
	return a
}

// riseOf is how much more a series holds in a window than in as many months
// outside, and that over its standard deviation; 0 where too little is known.
func riseOf(x []float64, w span) (rise, z float64) {
	a := aboveUsual(x, w)
	switch {
	case a.inside == 0 || a.outside < 6:
		return 0, 0
	case a.sd == 0:
		return a.more, math.Inf(1)
	}
	return a.more, a.more / a.sd
}
