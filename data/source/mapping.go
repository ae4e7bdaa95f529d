package source

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Mapping says in which columns of a file the roles stand, for files whose columns
// have names of their own.
type Mapping []mapped

// mapped is one role: in a column, or the same for every row.
type mapped struct {
	role     role
	column   string // as the header writes it, "" for a constant
	fixed    string
	zeros    int    // powers of ten by which an amount is multiplied
	currency string // of a value, "" for US dollars
}

type mappableRole struct {
	name   string
	role   role
	fixed  bool // can be the same for a whole file
	amount bool // can come in thousands
}

// mappable lists the roles that can be mapped, by the names of the canonical
// layout.
var mappable = []mappableRole{
	{name: "period", role: rolePeriod}, {name: "year", role: roleYear}, {name: "month", role: roleMonth},
	{name: "reporter", role: roleReporter, fixed: true}, {name: "partner", role: rolePartner, fixed: true},
	{name: "via", role: rolePartner2}, {name: "flow", role: roleFlow, fixed: true},
	{name: "commodity", role: roleCommodity, fixed: true}, {name: "classification", role: roleEdition, fixed: true},
	{name: "mode", role: roleMode}, {name: "customs_code", role: roleProcedure},
	{name: "value_usd", role: roleValue, amount: true}, {name: "valuation", role: roleValuation},
	{name: "net_kg", role: roleWeight, amount: true}, {name: "qty", role: roleQuantity}, {name: "qty_unit", role: roleUnit},
	{name: "weight_estimated", role: roleEstimated},
}

// multipliers are the factors that an amount may carry.
var multipliers = map[string]int{"1000": 3, "1000000": 6}

// ParseMapping reads one role a text: reporter=Meldeland, reporter==CHN for a whole
// file of one reporter, value_usd=Wert*1000 for a column in thousands,
// value_usd=Wert*EUR for one in euros, and value_usd=Wert*1000*EUR for both. It
// reports every mistake at once.
func ParseMapping(texts []string) (Mapping, error) {
	var m Mapping
	var wrong []error
	for _, text := range texts {
		one, err := parseMapped(text)
		switch {
		case err != nil:
			wrong = append(wrong, err)
		case slices.ContainsFunc(m, func(x mapped) bool { return x.role == one.role }):
			wrong = append(wrong, fmt.Errorf("columns: %q names a role twice", text))
		default:
			m = append(m, one)
		}
	}
	return m, errors.Join(wrong...)
}

func parseMapped(text string) (mapped, error) {
	name, column, found := strings.Cut(text, "=")
	name, column = strings.TrimSpace(name), strings.TrimSpace(column)
	at := slices.IndexFunc(mappable, func(r mappableRole) bool { return r.name == name })
	if !found || at < 0 || column == "" {
		var names []string
		for _, r := range mappable {
			names = append(names, r.name)
		}
		return mapped{}, fmt.Errorf("columns: %q is no mapping; write ROLE=COLUMN, with a role of %s", text, strings.Join(names, ", "))
	}
	of := mappable[at]
	m := mapped{role: of.role, column: column}
	if value, constant := strings.CutPrefix(column, "="); constant {
		if !of.fixed || value == "" {
			return m, fmt.Errorf("columns: %q: only reporter, partner, flow, commodity and classification can be the same for a whole file", text)
		}
		m.column, m.fixed = "", value
		return m, nil
	}
	for of.amount {
		before, factor, more := cutLast(m.column, "*")
		factor = strings.TrimSpace(factor)
		zeros, ok := multipliers[factor]
		switch {
		case !more:
			return m, nil
		case ok && m.zeros == 0:
			m.zeros = zeros
		case of.role == roleValue && m.currency == "" && isCurrency(factor):
			m.currency = factor
		default:
			return m, fmt.Errorf("columns: %q: an amount can be multiplied by 1000 or 1000000, and a value be in a currency such as EUR", text)
		}
		m.column = strings.TrimSpace(before)
	}
	return m, nil
}

// isCurrency says whether a text has the three capital letters of ISO 4217.
func isCurrency(text string) bool {
	return len(text) == 3 && strings.ToUpper(text) == text && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

// layout gives the layout of a header that has every column of the mapping, nil
// for any other. Roles that it does not name are found by the usual names.
func (m Mapping) layout(header []byte, rates *Rates) (*Layout, error) {
	if len(m) == 0 {
		return nil, nil
	}
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		layout := assign(header, delimiter)
		if !m.apply(layout) {
			continue
		}
		if missing := layout.missing(); len(missing) > 0 {
			return nil, fmt.Errorf("the mapping names no column for %s; add it to columns in the settings", strings.Join(missing, ", nor for "))
		}
		if layout.currency != "" && !rates.has(layout.currency) {
			return nil, fmt.Errorf("values are in %s; name a file of exchange rates that has it with --rates", layout.currency)
		}
		layout.Name, layout.rates = "mapped", rates
		return layout, nil
	}
	return nil, nil
}

// apply puts the mapped columns in their roles; a column has one role only.
func (m Mapping) apply(l *Layout) bool {
	for _, one := range m {
		at := -1
		if one.column != "" {
			if at = slices.IndexFunc(l.Columns, func(c string) bool { return fold(c) == fold(one.column) && c != "" }); at < 0 {
				return false
			}
			for r := range l.at {
				if l.at[r] == at && !slices.ContainsFunc(m, func(x mapped) bool { return x.role == role(r) }) {
					l.at[r] = -1
				}
			}
		}
		l.at[one.role] = at
		l.fixed[one.role], l.zeros[one.role] = nil, one.zeros
		if one.role == roleValue {
			l.currency = one.currency
		}
		if one.fixed != "" {
			l.fixed[one.role] = []byte(one.fixed)
		}
	}
	l.divided = false
	for _, r := range []role{rolePartner2, roleMode, roleProcedure, roleSupply} {
		l.divided = l.divided || l.at[r] >= 0
	}
	return true
}
