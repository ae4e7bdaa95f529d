package reports

import (
	"strings"

	"counterflow/data"
	"counterflow/reports/chart"
)

// eventsOn are the measures that concern a lane: its goods, and one of its ends
// or everybody.
func eventsOn(events []data.Event, key laneKey) []chart.Event {
	var on []chart.Event
	for _, e := range events {
		if !concernsGoods(e, key.goods) || !concernsEnds(e, key) {
			continue
		}
		at := e.Effective
		if at == 0 {
			at = e.Announced
		}
		on = append(on, chart.Event{At: at, Text: eventText(e)})
	}
	return on
}

// eventText names a measure by who took it and what it is.
func eventText(e data.Event) string {
	text := e.Instrument
	if text == "" {
		text = e.ID
	}
	if e.Actor != "" {
		text = e.Actor + ": " + text
	}
	return text
}

func concernsGoods(e data.Event, goods data.Commodity) bool {
	if len(e.Commodities) == 0 || goods.In(data.EditionUnknown) == data.AllGoods {
		return true
	}
	for _, c := range e.Commodities {
		short := min(c.Len(), goods.Len())
		if c.Truncate(short).Code() == goods.Truncate(short).Code() {
			return true
		}
	}
	return false
}

func concernsEnds(e data.Event, key laneKey) bool {
	exporter, importer := key.exporter.String(), key.importer.String()
	if e.Actor != "" && e.Actor != exporter && e.Actor != importer {
		return false
	}
	if e.Target == "" || strings.EqualFold(e.Target, "world") {
		return true
	}
	for target := range strings.SplitSeq(e.Target, "|") {
		if t := strings.TrimSpace(target); t == exporter || t == importer {
			return true
		}
	}
	return false
}
