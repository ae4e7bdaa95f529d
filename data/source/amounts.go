package source

import (
	"bytes"

	"counterflow/data"
)

// amounts reads value and weight. A weight of zero beside a positive value is
// how publishers write "no weight": it is missing, not zero.
func (p *parser) amounts(record *Record) *refusal {
	value, no := p.amount(roleValue, 2, int64(largestValue))
	if no != nil {
		return no
	}
	weight, no := p.amount(roleWeight, 3, int64(largestWeight))
	if no != nil {
		return no
	}
	record.Value, record.NetWeight = data.USD(value), data.Kg(weight)
	if !record.NetWeight.Known() || record.NetWeight == 0 {
		if no := p.quantityAsWeight(record); no != nil {
			return no
		}
	}
	if record.NetWeight == 0 && record.Value > 0 {
		record.NetWeight = data.MissingKg
	}
	if record.Value <= 0 && record.NetWeight <= 0 {
		return p.refuse(NoAmount, roleValue, "")
	}
	if p.layout.at[roleEstimated] >= 0 {
		record.Estimated = record.NetWeight.Known() && truth(p.row.field(p.layout.at[roleEstimated]))
	}
	p.valuation(record)
	return nil
}

// amount reads one number; a missing one is the smallest integer, as in data.
func (p *parser) amount(r role, decimals int, largest int64) (int64, *refusal) {
	text := p.row.field(p.layout.at[r])
	if missing(text) {
		return int64(data.MissingUSD), nil
	}
	n, ok := data.ParseFixed(text, decimals)
	switch {
	case !ok:
		return 0, p.refuse(BadAmount, r, "write a plain number with a decimal point and no thousands separators")
	case n < 0:
		return 0, p.refuse(NegativeAmount, r, "amounts are not negative; enter corrections as corrected totals")
	case n > largest:
		return 0, p.refuse(AbsurdAmount, r, "more than world trade in one row; check the unit")
	}
	return n, nil
}

// quantityAsWeight takes the supplementary quantity where its unit is the
// kilogram or the tonne (codes 8 and 21 of UN Comtrade).
func (p *parser) quantityAsWeight(record *Record) *refusal {
	if p.layout.at[roleQuantity] < 0 || p.layout.at[roleUnit] < 0 {
		return nil
	}
	var scale data.Kg
	switch string(bytes.ToLower(p.row.field(p.layout.at[roleUnit]))) {
	case "8", "kg":
		scale = 1
	case "21", "t":
		scale = 1000
	default:
		return nil
	}
	quantity, no := p.amount(roleQuantity, 3, int64(largestWeight))
	if no != nil {
		return no
	}
	if quantity > 0 && data.Kg(quantity) <= largestWeight/scale {
		record.NetWeight = data.Kg(quantity) * scale
	}
	return nil
}

// valuation takes what the file states, or what can be told from separate CIF
// and FOB columns: an import whose value equals its FOB value and has no CIF
// value was stated FOB.
func (p *parser) valuation(record *Record) {
	if text := p.row.field(p.layout.at[roleValuation]); len(text) == 3 {
		switch string(bytes.ToUpper(text)) {
		case "FOB":
			record.Valuation = data.ValuationFOB
		case "CIF":
			record.Valuation = data.ValuationCIF
		}
		return
	}
	if record.Direction.Outward() || p.layout.at[roleFOB] < 0 || p.layout.at[roleCIF] < 0 {
		return
	}
	fob, okFOB := data.ParseFixed(p.row.field(p.layout.at[roleFOB]), 2)
	cif, okCIF := data.ParseFixed(p.row.field(p.layout.at[roleCIF]), 2)
	switch {
	case okCIF && cif > 0:
		record.Valuation = data.ValuationCIF
	case okFOB && fob > 0 && data.USD(fob) == record.Value:
		record.Valuation = data.ValuationFOB
	}
}
