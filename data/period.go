package data

import (
	"fmt"
	"strconv"
	"strings"
)

// Period is a calendar year or a calendar month. Periods of one kind sort by
// time; a year sorts before its own months. The zero value is no period.
type Period uint16

// PeriodBits is the width of a packed period.
const PeriodBits = 13

const (
	firstYear = 1900
	lastYear  = firstYear + 1<<(PeriodBits-4) - 1
)

// Year gives the period of a whole calendar year, from 1901 to 2411.
func Year(year int) (Period, error) {
	if year <= firstYear || year > lastYear {
		return 0, fmt.Errorf("year %d is outside %d to %d", year, firstYear+1, lastYear)
	}
	return Period((year - firstYear) << 4), nil
}

// Month gives the period of one calendar month, 1 to 12.
func Month(year, month int) (Period, error) {
	p, err := Year(year)
	if err != nil {
		return 0, err
	}
	if month < 1 || month > 12 {
		return 0, fmt.Errorf("month %d is outside 1 to 12", month)
	}
	return p | Period(month), nil
}

// ParsePeriod reads 2024, 2024-07 and 202407.
func ParsePeriod(text string) (Period, error) {
	digits := text
	if len(text) == 7 && text[4] == '-' {
		digits = text[:4] + text[5:]
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	switch {
	case err == nil && len(digits) == 4:
		return Year(int(n))
	case err == nil && len(digits) == 6:
		return Month(int(n/100), int(n%100))
	}
	return 0, fmt.Errorf("period %q is neither a year (2024) nor a month (2024-07)", strings.Clone(text))
}

// Year is the calendar year.
func (p Period) Year() int { return int(p>>4) + firstYear }

// Month is 1 to 12, or 0 where the period is a whole year.
func (p Period) Month() int { return int(p & 15) }

// Monthly says whether the period is a month.
func (p Period) Monthly() bool { return p.Month() != 0 }

// Index counts periods of the same kind: months since January 1900, or years
// since 1900. Differences of indices are numbers of months or years.
func (p Period) Index() int {
	if p.Monthly() {
		return int(p>>4)*12 + p.Month() - 1
	}
	return int(p >> 4)
}

// Add moves by n periods of the same kind.
func (p Period) Add(n int) Period {
	if !p.Monthly() {
		return p + Period(n<<4)
	}
	index := p.Index() + n
	return Period(index/12<<4 | (index%12 + 1))
}

// Start and End give the first and last month of the period.
func (p Period) Start() Period {
	if p.Monthly() {
		return p
	}
	return p | 1
}

// End gives the last month of the period.
func (p Period) End() Period {
	if p.Monthly() {
		return p
	}
	return p | 12
}

// String gives 2024 or 2024-07, and "" for no period.
func (p Period) String() string {
	if p == 0 {
		return ""
	}
	if !p.Monthly() {
		return strconv.Itoa(p.Year())
	}
	return fmt.Sprintf("%04d-%02d", p.Year(), p.Month())
}

// MarshalText writes 2024 or 2024-07.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes; an empty text is no period.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = 0
		return nil
	}
	parsed, err := ParsePeriod(string(text))
	*p = parsed
	return err
}
