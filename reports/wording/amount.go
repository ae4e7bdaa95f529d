package wording

import (
	"math"
	"strconv"
	"strings"
)

// Missing stands where nothing was stated. It is never a zero.
const Missing = "–"

// Scale is a unit with the prefix that keeps printed numbers short.
type Scale struct {
	Per    float64 // base units (kilograms or dollars) in one of this unit
	Symbol string  // "kt"
	Name   string  // "thousand tonnes"
	Money  bool
}

var (
	massScales = []Scale{
		{1, "kg", "kilograms", false}, {1e3, "t", "tonnes", false}, {1e6, "kt", "thousand tonnes", false},
		{1e9, "Mt", "million tonnes", false}, {1e12, "Gt", "billion tonnes", false},
	}
	moneyScales = []Scale{
		{1, "", "US dollars", true}, {1e3, "k", "thousand US dollars", true}, {1e6, "M", "million US dollars", true},
		{1e9, "bn", "billion US dollars", true}, {1e12, "tn", "trillion US dollars", true},
	}
)

// MassScale is the unit in which a mass in kilograms has one to three digits
// before the point; masses under a kilogram stay in kilograms.
func MassScale(kg float64) Scale { return scaleFor(kg, massScales) }

// MoneyScale does for US dollars what MassScale does for kilograms.
func MoneyScale(usd float64) Scale { return scaleFor(usd, moneyScales) }

// scaleFor looks at the amount as it will be rounded: 999.9 t is 1 kt.
func scaleFor(amount float64, scales []Scale) Scale {
	chosen := scales[0]
	for _, s := range scales[1:] {
		if round(math.Abs(amount)) >= s.Per {
			chosen = s
		}
	}
	return chosen
}

// Mass writes kilograms with three significant digits: 1.23 kt.
func Mass(kg float64) string {
	if !finite(kg) {
		return Missing
	}
	s := MassScale(kg)
	return s.Attach(Number(kg / s.Per))
}

// Money writes US dollars with three significant digits: $1.23M.
func Money(usd float64) string {
	if !finite(usd) {
		return Missing
	}
	s := MoneyScale(usd)
	return s.Attach(Number(usd / s.Per))
}

// Attach puts the unit to a number that is already in it: "12 kt", "−$12M".
func (s Scale) Attach(number string) string {
	if !s.Money {
		return number + " " + s.Symbol
	}
	if rest, negative := strings.CutPrefix(number, minus); negative {
		return minus + "$" + rest + s.Symbol
	}
	return "$" + number + s.Symbol
}

// MassInterval writes the ends of an interval in the unit of the larger one:
// "0.9 to 1.5 kt". An end that is missing makes the whole interval missing.
func MassInterval(low, high float64) string {
	if !finite(low) || !finite(high) {
		return Missing
	}
	s := MassScale(math.Max(math.Abs(low), math.Abs(high)))
	return Number(low/s.Per) + " to " + Number(high/s.Per) + " " + s.Symbol
}

const (
	minus       = "−"
	significant = 3
)

// Number writes three significant digits without trailing zeros or exponent,
// and a true minus sign.
func Number(v float64) string {
	if !finite(v) {
		return Missing
	}
	v = round(v)
	decimals := 0
	if v != 0 {
		decimals = max(0, significant-1-int(math.Floor(math.Log10(math.Abs(v)))))
	}
	text := strconv.FormatFloat(math.Abs(v), 'f', min(decimals, 6), 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	whole, fraction, point := strings.Cut(text, ".")
	text = grouped(whole)
	if point {
		text += "." + fraction
	}
	if v < 0 && text != "0" {
		text = minus + text
	}
	return text
}

// round keeps the significant digits.
func round(v float64) float64 {
	if v == 0 || !finite(v) {
		return v
	}
	text := strconv.FormatFloat(v, 'e', significant-1, 64)
	rounded, _ := strconv.ParseFloat(text, 64) // our own text is always a number
	return rounded
}

// Count writes a whole number with its thousands apart: 1,234,567.
func Count(n int64) string {
	text := strconv.FormatInt(n, 10)
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		return minus + grouped(rest)
	}
	return grouped(text)
}

func grouped(digits string) string {
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	return out.String()
}

// Percent writes a share from 0 to 1: 12%, and "under 1%" for what would round
// to nothing.
func Percent(share float64) string {
	switch {
	case !finite(share):
		return Missing
	case share > 0 && share < 0.01:
		return "under 1%"
	case share < 1 && share > 0.99:
		return "over 99%"
	}
	return strconv.FormatFloat(100*share, 'f', 0, 64) + "%"
}

// Plural gives "1 case", "2 cases": the count with its noun.
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
