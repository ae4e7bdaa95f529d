package data

import (
	"bytes"
	"math"
	"strconv"
)

// AppendFixed appends units as a decimal number with the given number of
// decimals, dropping trailing zeros: 12340 with 3 decimals is 12.34. It works on
// integers alone, so the text is exact.
func AppendFixed(to []byte, units int64, decimals int) []byte {
	scale := int64(1)
	for range decimals {
		scale *= 10
	}
	if units < 0 {
		to = append(to, '-')
	}
	whole, rest := units/scale, units%scale
	if whole < 0 {
		whole = -whole
	}
	if rest < 0 {
		rest = -rest
	}
	to = strconv.AppendInt(to, whole, 10)
	if rest == 0 {
		return to
	}
	to = append(to, '.')
	for rest > 0 {
		scale /= 10
		to = append(to, byte('0'+rest/scale))
		rest %= scale
	}
	return to
}

// ParseFixed reads a decimal number into whole units of 10^-decimals, rounding
// half away from zero: "12.3456" with 3 decimals is 12346. It accepts a sign, an
// exponent, and surrounding blanks; ok is false for anything else, for
// non-finite words, and for numbers beyond 10^18 units.
func ParseFixed(text []byte, decimals int) (units int64, ok bool) {
	n, ok := parseShort(text, decimals)
	if ok {
		return int64(n), true
	}
	text = trimBlanks(text)
	negative := false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		negative = text[0] == '-'
		text = text[1:]
	}
	if n, ok = parseShort(text, decimals); !ok {
		n, ok = parseLong(text, decimals)
	}
	if negative {
		return -int64(n), ok
	}
	return int64(n), ok
}

// Up to 15 digits and a thousandth no number is beyond 10^18 units.
const shortDigits = 15

var powers = [...]uint64{1, 10, 100, 1000}

// parseShort reads what nearly all amounts look like: a few digits, perhaps a
// point, and no more digits after it than are kept. It is not ok for anything
// else, whether or not that is a number.
func parseShort(text []byte, decimals int) (n uint64, ok bool) {
	if len(text) == 0 || len(text) > shortDigits || text[0] == '.' || decimals >= len(powers) {
		return 0, false
	}
	i := 0
	for ; i < len(text); i++ {
		digit := text[i] - '0'
		if digit > 9 {
			break
		}
		n = n*10 + uint64(digit)
	}
	if i == len(text) {
		return n * powers[decimals], true
	}
	left := decimals - (len(text) - i - 1)
	if text[i] != '.' || left < 0 {
		return 0, false
	}
	for i++; i < len(text); i++ {
		digit := text[i] - '0'
		if digit > 9 {
			return 0, false
		}
		n = n*10 + uint64(digit)
	}
	return n * powers[left], true
}

const mostUnits = 1_000_000_000_000_000_000

// parseLong reads any unsigned number: digits are taken one by one, those
// behind the last that is kept round it, and exponents go through a float.
func parseLong(text []byte, decimals int) (n uint64, ok bool) {
	digits, point := 0, -1 // digits after the point, -1 before it
	round := uint64(0)
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
			if point >= 0 {
				point++
			}
			switch {
			case point == decimals+1 && c >= '5':
				round = 1
			case point <= decimals && n <= mostUnits:
				n = n*10 + uint64(c-'0')
			}
		case c == '.' && point < 0:
			point = 0
		case (c == 'e' || c == 'E') && digits > 0:
			return parseExponent(text, decimals)
		default:
			return 0, false
		}
	}
	for point = max(point, 0); point < decimals && n <= mostUnits; point++ {
		n *= 10
	}
	n += round
	return n, digits > 0 && n <= mostUnits
}

// parseExponent takes numbers such as 1.5e6, to the precision of a float.
func parseExponent(text []byte, decimals int) (n uint64, ok bool) {
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || bytes.IndexByte(text, '_') >= 0 { // which strconv lets pass in exponents
		return 0, false
	}
	for range decimals {
		f *= 10
	}
	f = math.Round(f)
	return uint64(f), f <= mostUnits
}

func trimBlanks(text []byte) []byte {
	for len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
		text = text[1:]
	}
	for len(text) > 0 && (text[len(text)-1] == ' ' || text[len(text)-1] == '\t') {
		text = text[:len(text)-1]
	}
	return text
}
