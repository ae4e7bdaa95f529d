package data

import (
	"fmt"
	"time"
)

// Day is a calendar day, counted from 1 January 1970. The zero value is that
// day, so a day that is not known needs a mark of its own.
type Day int32

const dayLayout = "2006-01-02"

// ParseDay reads 2024-07-15 and 20240715.
func ParseDay(text string) (Day, error) {
	for _, layout := range [...]string{dayLayout, "20060102"} {
		if t, err := time.Parse(layout, text); err == nil {
			return Day(t.Unix() / 86400), nil
		}
	}
	return 0, fmt.Errorf("day %q is not a date such as 2024-07-15", text)
}

func (d Day) date() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Month is the calendar month that the day lies in; none outside 1901 to 2411.
func (d Day) Month() Period {
	t := d.date()
	p, err := Month(t.Year(), int(t.Month()))
	if err != nil {
		return 0
	}
	return p
}

// String gives 2024-07-15.
func (d Day) String() string { return d.date().Format(dayLayout) }

// MarshalText writes 2024-07-15.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Party is a shipper or consignee as a number: an index into a list of opaque
// identifiers. It says nothing about who that is.
type Party uint32

// Consignment is one parcel of the consignment records.
type Consignment struct {
	Day                Day
	Exporter           Exporter
	Importer           Importer
	Commodity          Commodity
	Shipper, Consignee Party
	NetWeight          Kg
	Value              USD // missing where none was stated
	Line               int32
}

// Threshold is the mass from which a consignment of a commodity needs a
// licence.
type Threshold struct {
	Commodity Commodity
	Mass      Kg
}
