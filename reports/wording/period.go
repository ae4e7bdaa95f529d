package wording

import (
	"strconv"
	"strings"

	"counterflow/data"
)

var monthNames = [...]string{
	"", "January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December",
}

// Month writes one period: "March 2023", or "2023" for a year.
func Month(p data.Period) string {
	if p == 0 {
		return Missing
	}
	if !p.Monthly() {
		return strconv.Itoa(p.Year())
	}
	return monthNames[p.Month()] + " " + strconv.Itoa(p.Year())
}

// ShortMonth writes "Mar 2023".
func ShortMonth(p data.Period) string {
	if p == 0 || !p.Monthly() {
		return Month(p)
	}
	return MonthAbbreviation(p.Month()) + " " + strconv.Itoa(p.Year())
}

// MonthAbbreviation gives the first three letters of a month, 1 to 12.
func MonthAbbreviation(month int) string { return monthNames[month][:3] }

// Span writes a window of time: "March to August 2023", "November 2022 to
// February 2023"; a window of whole years is "2023" or "2021 to 2023". An end
// that is missing is left open.
func Span(start, end data.Period) string {
	switch {
	case start == 0 && end == 0:
		return Missing
	case end == 0:
		return "from " + Month(start)
	case start == 0:
		return "until " + Month(end)
	}
	if start.Start().Month() == 1 && end.End().Month() == 12 {
		if start.Year() == end.Year() {
			return strconv.Itoa(start.Year())
		}
		return strconv.Itoa(start.Year()) + " to " + strconv.Itoa(end.Year())
	}
	switch {
	case start == end:
		return Month(start)
	case start.Year() == end.Year():
		return monthNames[start.Start().Month()] + " to " + Month(end.End())
	}
	return Month(start.Start()) + " to " + Month(end.End())
}

// unbroken keeps a date on one line.
func unbroken(date string) string { return strings.ReplaceAll(date, " ", "\u00a0") }

// ShortSpan is Span for a narrow column: "Mar–Aug 2023", "Nov 2022 – Feb 2023".
func ShortSpan(start, end data.Period) string {
	if start == 0 || end == 0 {
		return Span(start, end)
	}
	if start.Start().Month() == 1 && end.End().Month() == 12 {
		if start.Year() == end.Year() {
			return strconv.Itoa(start.Year())
		}
		return strconv.Itoa(start.Year()) + "–" + strconv.Itoa(end.Year())
	}
	switch {
	case start == end:
		return ShortMonth(start)
	case start.Year() == end.Year():
		return MonthAbbreviation(start.Start().Month()) + "–" + ShortMonth(end.End())
	}
	return unbroken(ShortMonth(start.Start())) + " – " + unbroken(ShortMonth(end.End()))
}
