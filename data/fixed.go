package data

import "strconv"

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
	text = trimBlanks(text)
	negative := false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		negative = text[0] == '-'
		text = text[1:]
	}
	var n uint64
	digits, fraction := 0, -1
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			if fraction == decimals {
				return roundRest(n, text, i, decimals, negative)
			}
			if n > 1e17 {
				return parseFloatFixed(text, decimals, negative)
			}
			n = n*10 + uint64(c-'0')
			digits++
			if fraction >= 0 {
				fraction++
			}
		case c == '.' && fraction < 0:
			fraction = 0
		case (c == 'e' || c == 'E') && digits > 0:
			return parseFloatFixed(text, decimals, negative)
		default:
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	for fraction = max(fraction, 0); fraction < decimals; fraction++ {
		n *= 10
		if n > 1e18 {
			return 0, false
		}
	}
	return signed(n, negative), true
}

// roundRest takes the digits from position first on, which are finer than what
// is kept.
func roundRest(n uint64, text []byte, first, decimals int, negative bool) (int64, bool) {
	for _, c := range text[first:] {
		if c == 'e' || c == 'E' {
			return parseFloatFixed(text, decimals, negative)
		}
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	if text[first] >= '5' {
		n++
	}
	return signed(n, negative), true
}

// parseFloatFixed is the slow way, for exponents and very long numbers.
func parseFloatFixed(text []byte, decimals int, negative bool) (int64, bool) {
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, false
	}
	for range decimals {
		f *= 10
	}
	if f+0.5 >= 1e18 {
		return 0, false
	}
	return signed(uint64(f+0.5), negative), true
}

func signed(n uint64, negative bool) int64 {
	if negative {
		return -int64(n)
	}
	return int64(n)
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
