package source

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"counterflow/data"
)

// eventColumns is the layout of events.csv.
var eventColumns = []string{"event_id", "date_announced", "date_effective", "date_end", "actor", "target", "commodities", "instrument", "source"}

// Events reads a file of dated measures: event_id, date_announced,
// date_effective, date_end, actor, target, commodities (joined by |),
// instrument, source. Dates are years, months or days; a day stands for its
// month and a year for its January. An event without a date of effect is refused
// with its line.
func Events(path string) ([]data.Event, error) {
	in, err := open(path)
	if err != nil {
		return nil, err
	}
	defer in.file.Close()
	rows := csv.NewReader(in.text)
	rows.FieldsPerRecord = -1
	rows.LazyQuotes = true
	header, err := rows.Read()
	if err != nil {
		return nil, dataErrorf("%s: line 1: no header; expected %s", in.name, strings.Join(eventColumns, ","))
	}
	at := map[string]int{}
	for i, name := range header {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	for _, name := range []string{"event_id", "date_effective"} {
		if _, ok := at[name]; !ok {
			return nil, dataErrorf("%s: line 1: no column %s; expected %s", in.name, name, strings.Join(eventColumns, ","))
		}
	}
	var events []data.Event
	for {
		record, err := rows.Read()
		if err == io.EOF {
			return events, nil
		}
		line, _ := rows.FieldPos(0)
		if err != nil {
			return nil, dataErrorf("%s: line %d: %w; mend the row", in.name, line, err)
		}
		event, err := parseEvent(record, at)
		if err != nil {
			return nil, dataErrorf("%s: line %d: %w", in.name, line, err)
		}
		events = append(events, event)
	}
}

func parseEvent(record []string, at map[string]int) (data.Event, error) {
	field := func(name string) string {
		if i, ok := at[name]; ok && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	e := data.Event{ID: field("event_id"), Actor: field("actor"), Target: field("target"),
		Instrument: field("instrument"), Source: field("source")}
	for _, date := range []struct {
		column   string
		to       *data.Period
		required bool
	}{{"date_announced", &e.Announced, false}, {"date_effective", &e.Effective, true}, {"date_end", &e.End, false}} {
		text := field(date.column)
		if text == "" && !date.required {
			continue
		}
		period, ok := parsePeriod([]byte(text))
		if !ok {
			return e, fmt.Errorf("column %s, value %q: no date; write 2024, 2024-07 or 2024-07-15", date.column, clip(text, 80))
		}
		*date.to = period.Start()
	}
	for _, code := range strings.Split(field("commodities"), "|") {
		if code = strings.TrimSpace(code); code == "" {
			continue
		}
		commodity, err := data.ParseCommodity(code, data.EditionUnknown)
		if err != nil {
			return e, fmt.Errorf("column commodities: %w; join codes with |", err)
		}
		e.Commodities = append(e.Commodities, commodity)
	}
	return e, nil
}
