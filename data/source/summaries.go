package source

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
)

// Reasons that only the Mineral Commodity Summaries have.
const (
	NoFigure     Reason = "no_figure"      // W, NA, XX, "Large": withheld, not available, not applicable
	NotMass      Reason = "not_mass"       // prices, percentages, numbers of people
	OtherSeries  Reason = "other_series"   // a series that makes up no balance
	NotAnEconomy Reason = "not_an_economy" // "Other countries", "World total"
)

// ReadMineralSummaries reads the USGS Mineral Commodity Summaries as one long
// table (chapters, sections, commodities, countries, statistics, years), in UTF-8
// or Windows-1252, and gives the balances of the minerals in
// reference.SummarySeries: figures of one mineral, item and year are summed over
// its series. Values are text:
//
//	42,400   the figure, in the unit beside it
//	—        nothing: zero
//	s        less than half a unit: at most that
//	>95 <50  bounds
//	W NA XX  withheld, not available, not applicable: no figure; the sum is then
//	         at least what the other series say, and none where none says anything
//	E        net exporter (of shares, which are no mass)
//
// Apparent consumption carries the publisher's definition as its basis.
func ReadMineralSummaries(path string) (*Balances, error) {
	t, err := openSmall(path, "usgs-mcs", summaryColumns[:]...)
	if err != nil {
		return nil, err
	}
	r := &summaryReader{smallTable: t, wanted: seriesByName(), sums: map[summaryKey]*summarySum{}, marks: map[string]int{}}
	for i, name := range summaryColumns {
		r.at[i] = t.column(name)
	}
	out := &Balances{}
	out.Tally, out.Rejects, err = t.each(r.row)
	out.Rows, out.Warnings = r.balances(), r.warnings()
	return out, err
}

var summaryColumns = [...]string{"MCS chapter", "Country", "Statistics_detail", "Unit", "Year", "Value", "Notes"}

const (
	inChapter = iota
	inCountry
	inDetail
	inUnit
	inYear
	inValue
	inNotes
)

// isMineralSummaries looks at the header; a file that cannot be opened is left
// to the reader that will say so.
func isMineralSummaries(path string) bool {
	in, err := open(path)
	if err != nil {
		return false
	}
	defer in.file.Close()
	header, err := headerLine(bufio.NewReader(io.LimitReader(in.text, 1<<16)))
	return err == nil && strings.HasPrefix(fold(string(header)), "mcschapter")
}

type summaryReader struct {
	*smallTable
	at     [len(summaryColumns)]int
	wanted map[[2]string]reference.Series
	sums   map[summaryKey]*summarySum
	marks  map[string]int
}

type summaryKey struct {
	economy data.Economy
	mineral data.Commodity
	year    data.Period
	item    data.Item
}

// summarySum adds up the series of one item.
type summarySum struct {
	kg        data.Kg
	stated    bool // at least one series has a figure
	bound     data.Bound
	mixed     bool // bounds in both directions: no bound holds
	unstated  bool // a series has none
	estimated bool
	basis     string
}

func (r *summaryReader) row() *refused {
	series, ok := r.wanted[[2]string{fold(r.text(inChapter)), fold(r.text(inDetail))}]
	if !ok {
		return &refused{OtherSeries, r.at[inDetail], ""}
	}
	scale, ok := massUnit(r.text(inUnit))
	if !ok {
		return &refused{NotMass, r.at[inUnit], ""}
	}
	match, ok := reference.ByText(r.text(inCountry))
	if !ok || match.Kind == reference.KindGroup || match.Kind == reference.KindWorld || match.Kind == reference.KindUnallocated {
		return &refused{NotAnEconomy, r.at[inCountry], ""}
	}
	year, no := r.periodIn(r.at[inYear])
	if no != nil {
		return no
	}
	mineral, _ := reference.MineralCommodity(series.Mineral) // every mineral of the table has one
	key := summaryKey{match.Economy, mineral, year, series.Item}
	if r.sums[key] == nil {
		r.sums[key] = &summarySum{}
	}
	kg, bound, ok := summaryValue(r.text(inValue), scale)
	if !ok {
		r.marks[clip(r.text(inValue), 20)]++
		r.sums[key].unstated = true
		return &refused{NoFigure, r.at[inValue], ""}
	}
	r.sums[key].add(kg, bound, r.text(inNotes))
	return nil
}

// text is a field as UTF-8.
func (r *summaryReader) text(column int) string { return fromWindows1252(r.field(r.at[column])) }

func (s *summarySum) add(kg data.Kg, bound data.Bound, notes string) {
	s.kg, s.stated = s.kg+kg, true
	switch {
	case bound == data.Exactly || bound == s.bound:
	case s.bound == data.Exactly:
		s.bound = bound
	default:
		s.mixed = true
	}
	s.estimated = s.estimated || strings.HasPrefix(notes, "Estimated")
	if s.basis == "" {
		s.basis = notes
	}
}

// balances turns the sums into balances in a fixed order. Where a series was
// withheld the rest is a lower bound.
func (r *summaryReader) balances() []data.Balance {
	var all []data.Balance
	for key, s := range r.sums {
		if !s.stated || s.mixed {
			continue
		}
		b := data.Balance{Economy: key.economy, Commodity: key.mineral, Period: key.year, Item: key.item,
			Kg: s.kg, Bound: s.bound, Estimated: s.estimated, Basis: s.basis}
		if s.unstated {
			if s.bound == data.AtMost {
				continue
			}
			b.Bound = data.AtLeast
		}
		all = append(all, b)
	}
	slices.SortFunc(all, func(a, b data.Balance) int {
		return cmp.Or(cmp.Compare(a.Economy, b.Economy), cmp.Compare(a.Commodity, b.Commodity), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Period, b.Period))
	})
	return all
}

func (r *summaryReader) warnings() []string {
	if len(r.marks) == 0 {
		return nil
	}
	var parts []string
	for mark, n := range r.marks {
		parts = append(parts, fmt.Sprintf("%s (%d)", mark, n))
	}
	slices.Sort(parts)
	return []string{fmt.Sprintf("%s: some series of a balance have no figure: %s; their sums are lower bounds", r.in.name, strings.Join(parts, ", "))}
}

func seriesByName() map[[2]string]reference.Series {
	index := map[[2]string]reference.Series{}
	for _, s := range reference.SummarySeries() {
		index[[2]string{fold(s.Chapter), fold(s.Detail)}] = s
	}
	return index
}

// massUnit gives kilograms in one unit.
func massUnit(unit string) (kilos float64, ok bool) {
	switch strings.ToLower(strings.TrimSpace(unit)) {
	case "kilograms":
		return 1, true
	case "metric tons", "tons":
		return 1e3, true
	case "thousand metric tons":
		return 1e6, true
	case "million metric tons":
		return 1e9, true
	}
	return 0, false
}

// summaryValue reads a value in a unit of so many kilograms; ok is false where
// the text states no single mass.
func summaryValue(text string, unit float64) (kg data.Kg, bound data.Bound, ok bool) {
	text = strings.Trim(text, " \u00a0")
	switch text {
	case "\u2014", "\u2013", "--":
		return 0, data.Exactly, true
	case "s":
		return data.Kilograms(unit / 2), data.AtMost, true
	}
	switch {
	case strings.HasPrefix(text, ">"):
		bound, text = data.AtLeast, text[1:]
	case strings.HasPrefix(text, "<"):
		bound, text = data.AtMost, text[1:]
	}
	milli, ok := data.ParseFixed([]byte(strings.ReplaceAll(text, ",", "")), 3)
	mass := float64(milli) / 1000 * unit
	if !ok || milli < 0 || mass > largestWeight.Float() || math.IsNaN(mass) {
		return 0, 0, false
	}
	return data.Kilograms(mass), bound, true
}
