package source

import (
	"bytes"

	"counterflow/data"
)

// Unit is the unit of a supplementary quantity, as its publisher writes it, in
// lower case and cut at eight bytes; units of one publisher are compared with
// one another, and a unit of UN Comtrade stands under its abbreviation.
type Unit uint64

// NoUnit is no unit, or one of mass, in which case the quantity is a weight.
const NoUnit Unit = 0

// comtradeUnits are short names of UN Comtrade's codes of units (reference list of
// quantity units, 2023). Codes 8 and 21 are kilograms and tonnes; codes beyond 24
// are kilograms of a part of the goods, and stand under their number.
var comtradeUnits = map[string]string{
	"2": "m2", "3": "1000kwh", "4": "m", "5": "u", "6": "2u", "7": "l", "9": "1000u", "10": "packs",
	"11": "12u", "12": "m3", "13": "carat", "14": "km", "15": "g", "16": "hive", "17": "1000m3", "18": "tj", "19": "bbl",
	"20": "1000l", "22": "kwh", "23": "l alc", "24": "head", "m²": "m2", "m³": "m3",
}

// ParseUnit reads the unit of a supplementary quantity.
func ParseUnit(text []byte) Unit {
	text = bytes.ToLower(bytes.TrimSpace(text))
	switch string(text) {
	case "", "-1", "1", "n/a", "no quantity", "8", "kg", "21", "t", "-", "x":
		return NoUnit
	}
	if name, ok := comtradeUnits[string(text)]; ok {
		text = []byte(name)
	}
	var u Unit
	for i, b := range text[:min(8, len(text))] {
		u |= Unit(b) << (8 * i)
	}
	return u
}

func (u Unit) String() string {
	var text []byte
	for ; u != 0; u >>= 8 {
		text = append(text, byte(u))
	}
	return string(text)
}

// quantity takes a supplementary quantity and its unit, where both are stated.
func (p *parser) quantity(record *Record) {
	text := p.field(roleUnit)
	k := key(text)
	unit, known := p.units.get(k)
	if !known {
		unit = ParseUnit(text)
		p.units.put(k, unit)
	}
	if unit == NoUnit {
		return
	}
	n, ok := data.ParseFixed(p.field(roleQuantity), 3)
	if ok && n > 0 && n <= int64(largestWeight) {
		record.Quantity, record.Unit = n, unit
	}
}
