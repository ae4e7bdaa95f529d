package reference

import (
	_ "embed"
	"strings"

	"counterflow/data"
)

//go:embed events.csv
var eventsCSV string

var events = parseEvents(eventsCSV)

// Events lists dated measures on critical minerals by date of effect. Those
// that name no codes are tied to no goods. Their instrument, scope and evidence
// are words for a reader, never causes.
func Events() []data.Event {
	list := make([]data.Event, len(events))
	for i, e := range events {
		e.Commodities = append([]data.Commodity(nil), e.Commodities...)
		list[i] = e
	}
	return list
}

// File is a table that analysts may want to copy and edit.
type File struct{ Name, Text string }

// Editable gives the tables of events, producers, contents and bench lines as
// text; the first is in the layout of an input file of events.
func Editable() []File {
	return []File{{"events.csv", eventsCSV}, {"producers.csv", producersCSV}, {"content.csv", contentCSV}, {"cover.csv", coverCSV}}
}

func parseEvents(text string) []data.Event {
	var list []data.Event
	for _, row := range rowsOf("events.csv", text, "event_id", "date_announced", "date_effective", "date_end", "actor",
		"target", "commodities", "instrument", "source", "scope", "evidence") {
		e := data.Event{ID: row[0], Announced: monthOf(row[1]), Effective: monthOf(row[2]), End: monthOf(row[3]),
			Actor: row[4], Target: row[5], Instrument: row[7], Source: row[8]}
		for _, code := range strings.Split(row[6], "|") {
			if code != "" {
				e.Commodities = append(e.Commodities, data.MustCommodity(code, data.EditionUnknown))
			}
		}
		list = append(list, e)
	}
	return list
}

// monthOf reads 2024-07 or 2024-07-15; a day stands for its month, and an empty
// text for no date.
func monthOf(text string) data.Period {
	if text == "" {
		return 0
	}
	p, err := data.ParsePeriod(text[:min(len(text), 7)])
	if err != nil {
		panic(err)
	}
	return p.Start()
}
