package stocks

import (
	"math"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/stats/spell"
)

// concerns says whether an event is about a commodity and an importer. An event
// without codes is tied to no goods.
func concerns(e *data.Event, importer data.Economy, goods data.Commodity) bool {
	if !ofGoods(e, goods) {
		return false
	}
	target := strings.ToUpper(e.Target)
	if target == "" || target == "WORLD" {
		return e.Actor != importer.String()
	}
	for _, code := range strings.Split(target, "|") {
		if strings.TrimSpace(code) == importer.String() {
			return true
		}
	}
	return false
}

func ofGoods(e *data.Event, goods data.Commodity) bool {
	mineral, isMineral := reference.MineralName(goods)
	for _, code := range e.Commodities {
		code = code.In(data.EditionUnknown)
		if goods.Truncate(code.Len()).In(data.EditionUnknown) == code {
			return true
		}
		if good, ok := reference.GoodOf(code); isMineral && ok && good.Mineral == mineral {
			return true
		}
	}
	return false
}

// aboutEvent is how many periods the end of a spell may lie from the effect of
// an event.
const aboutEvent = 2

// frontLoading says whether a spell ended about when an event took effect and
// supply then fell below its level, by the lower half of a 90% interval, over as
// long a time as the spell took: stocks were laid in before it and drawn on
// after. The event is the nearest.
func (d *detector) frontLoading(importer data.Economy, goods data.Commodity, start, end int, gap []float64) (bool, *data.Event) {
	var nearest *data.Event
	least := aboutEvent + 1
	for i := range d.events {
		e := &d.events[i]
		at, ok := d.calendar.at(d.periodOf(e.Effective))
		if !ok || !concerns(e, importer, goods) {
			continue
		}
		if away := max(at-end-1, end+1-at); away < least {
			nearest, least = e, away
		}
	}
	if nearest == nil {
		return false, nil
	}
	after := known(gap[min(end+1, len(gap)):min(end+1+max(end-start+1, 3), len(gap))])
	others := known(gap[:start])
	if len(after) < 3 || len(others) < leastBefore {
		return false, nil
	}
	middle := meanOf(others)
	se := spreadAbout(others, middle) * math.Sqrt(1/float64(len(after))+1/float64(len(others)))
	if meanOf(after)-middle < -ninety*se {
		return true, nearest
	}
	return false, nil
}

// loads are the lengths of front-loading that are tried, in months.
var loads = [...]int{3, 6}

// loaded looks at the dates of events, where no search over months is needed: a
// rise over 3 or 6 months before the effect and a fall below the level over as
// many after it. Both must be there, so the larger of the two p-values counts,
// times the lengths and events tried. It replaces a weaker spell.
func (d *detector) loaded(f *finding) {
	best, tried := spell.Spell{}, 0
	for i := range d.events {
		e := &d.events[i]
		at, ok := d.calendar.at(d.periodOf(e.Effective))
		if !ok || !d.calendar.monthly() || !concerns(e, f.economy, f.commodity) {
			continue
		}
		for _, h := range loads {
			tried++
			rise, fall := beside(f.gap, at-h, at-1, at, at+h-1, 1), beside(f.gap, at, at+h-1, at-h, at-1, -1)
			if !rise.Found() || !fall.Found() || 2*rise.Seen < h || 2*fall.Seen < h {
				continue
			}
			rise.LogP = math.Max(rise.LogP, fall.LogP)
			if !best.Found() || rise.LogP < best.LogP {
				best = rise
			}
		}
	}
	if logP := math.Min(0, best.LogP+math.Log(float64(max(tried, 1)))); best.Found() && (!f.Found() || logP < f.logP) {
		f.Spell, f.z, f.logP = best, best.Z, logP
	}
}

// beside measures a stretch of a series times sign, another stretch left out.
func beside(gap []float64, start, end, from, to int, sign float64) spell.Spell {
	g := make([]float64, len(gap))
	for t := range g {
		g[t] = sign * gap[t]
		if t >= from && t <= to {
			g[t] = math.NaN()
		}
	}
	if start < 0 {
		return spell.Spell{}
	}
	return spell.Measure(g, start, end, scanSettings(0.5))
}

// periodOf brings a month to the calendar's kind of period.
func (d *detector) periodOf(month data.Period) data.Period {
	if d.calendar.monthly() || month == 0 {
		return month
	}
	year, err := data.Year(month.Year())
	if err != nil {
		return 0
	}
	return year
}
