package source

import (
	"bytes"

	"counterflow/data"
)

// The largest amounts that one row can state: ten trillion dollars and ten
// gigatonnes are each more than a year of world trade in any one good.
const (
	largestValue  = data.USD(10e12 * 100)
	largestWeight = data.Kg(10e12 * 1000)
)

// amounts reads value and weight. A weight of zero beside a positive value is
// how publishers write "no weight": it is missing, not zero.
func (p *parser) amounts(record *Record) *refusal {
	value, no := p.amount(roleValue, 2, int64(largestValue))
	if no != nil {
		return no
	}
	if p.layout.currency != "" && value > 0 {
		rate, ok := p.layout.rates.USD(p.layout.currency, record.Period)
		if !ok {
			return p.refuse(NoRate, rolePeriod, "the file of rates has no rate for this period; add it")
		}
		value = int64(data.Dollars(float64(value) / 100 * rate))
	}
	weight, no := p.amount(roleWeight, 3, int64(largestWeight))
	if no != nil {
		return no
	}
	record.Value, record.NetWeight = data.USD(value), data.Kg(weight)
	if weight > 0 {
		record.Estimated = p.flagged && p.estimated(roleEstimated, 4)
	} else if no := p.quantityAsWeight(record); no != nil {
		return no
	}
	if record.NetWeight == 0 && value > 0 {
		record.NetWeight = data.MissingKg
	}
	if value <= 0 && record.NetWeight <= 0 {
		r := roleValue
		if p.at[r] < 0 {
			r = roleWeight
		}
		return p.refuse(NoAmount, r, "")
	}
	if p.valued {
		p.valuation(record)
	}
	if p.counted {
		p.quantity(record)
	}
	return nil
}

// amount reads one number; a missing one is the smallest integer, as in data.
func (p *parser) amount(r role, decimals int, largest int64) (int64, *refusal) {
	text := p.field(r)
	n, ok := data.ParseFixed(text, decimals+p.layout.zeros[r])
	switch {
	case !ok && missing(text):
		return int64(data.MissingUSD), nil
	case !ok:
		return 0, p.refuse(BadAmount, r, "write a plain number with a decimal point and no thousands separators")
	case n < 0:
		return 0, p.refuse(NegativeAmount, r, "amounts are not negative; enter corrections as corrected totals")
	case n > largest:
		return 0, p.refuse(AbsurdAmount, r, "more than world trade in one row; check the unit")
	}
	return n, nil
}

// estimated says whether a mass is an estimate, by the flag of its own that
// newer files have, or by one bit of UN Comtrade's older flag: 2 for an
// estimated quantity, 4 for an estimated net weight, 6 for both.
func (p *parser) estimated(own role, bit byte) bool {
	if p.at[own] >= 0 {
		return truth(p.field(own))
	}
	flag := p.field(roleFlag)
	return len(flag) == 1 && flag[0] >= '0' && flag[0] <= '9' && (flag[0]-'0')&bit != 0
}

// quantityAsWeight takes the supplementary quantity where its unit is the
// kilogram or the tonne (codes 8 and 21 of UN Comtrade).
func (p *parser) quantityAsWeight(record *Record) *refusal {
	if p.at[roleQuantity] < 0 || p.at[roleUnit] < 0 {
		return nil
	}
	var scale data.Kg
	switch string(bytes.ToLower(p.field(roleUnit))) {
	case "8", "kg":
		scale = 1
	case "21", "t":
		scale = 1000
	default:
		return nil
	}
	quantity, no := p.amount(roleQuantity, 3, int64(largestWeight/scale))
	if no != nil {
		return no
	}
	if quantity > 0 {
		record.NetWeight = data.Kg(quantity) * scale
		record.Estimated = p.estimated(roleQuantityEstimated, 2)
	}
	return nil
}

// valuation takes what the file states, or what can be told from separate CIF
// and FOB columns: an import whose value equals its FOB value and has no CIF
// value was stated FOB.
func (p *parser) valuation(record *Record) {
	if text := p.field(roleValuation); len(text) == 3 {
		switch string(bytes.ToUpper(text)) {
		case "FOB":
			record.Valuation = data.ValuationFOB
		case "CIF":
			record.Valuation = data.ValuationCIF
		}
		return
	}
	if record.Direction.Outward() || p.at[roleFOB] < 0 || p.at[roleCIF] < 0 {
		return
	}
	fob, okFOB := data.ParseFixed(p.field(roleFOB), 2)
	cif, okCIF := data.ParseFixed(p.field(roleCIF), 2)
	switch {
	case okCIF && cif > 0:
		record.Valuation = data.ValuationCIF
	case okFOB && fob > 0 && data.USD(fob) == record.Value:
		record.Valuation = data.ValuationFOB
	}
}
