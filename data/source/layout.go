package source

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// role is what a column says, whatever its publisher calls it.
type role int

const (
	rolePeriod role = iota
	roleYear
	roleMonth
	roleReporter
	rolePartner
	roleFlow
	roleCommodity
	roleEdition
	roleValue
	roleCIF
	roleFOB
	roleValuation
	roleWeight
	roleQuantity
	roleUnit
	roleEstimated
	roleQuantityEstimated
	roleFlag
	rolePartner2
	roleMode
	roleProcedure
	roleSupply
	roleType
	roleCount
)

// synonyms lists the names of each role, best first: where a file has several,
// codes win over ISO letters and those over names, and a total over its parts.
// Names are compared without regard to case, blanks and punctuation.
var synonyms = [roleCount][]string{
	rolePeriod:            {"period", "timeperiod", "yearmonth", "yyyymm", "date", "refperiodid"},
	roleYear:              {"year", "refyear", "yr", "t"},
	roleMonth:             {"month", "refmonth"},
	roleReporter:          {"reportercode", "reporteriso3", "reporteriso", "reporter", "declarant", "reporterdesc", "reportername", "refarea"},
	rolePartner:           {"partnercode", "partneriso3", "partneriso", "partner", "partnerdesc", "partnername", "counterpartarea"},
	roleFlow:              {"flowcode", "tradeflowcode", "flow", "tradeflow", "tradecode", "flowdesc", "direction"},
	roleCommodity:         {"cmdcode", "commoditycode", "commodity", "cmd", "hs6", "hscode", "hs", "productcode", "product"},
	roleEdition:           {"classificationcode", "classification", "nomenclature"},
	roleValue:             {"primaryvalue", "valueusd", "tradevalueus", "tradevalueusd", "tradevalue", "usd", "value"},
	roleCIF:               {"cifvalue"},
	roleFOB:               {"fobvalue"},
	roleValuation:         {"valuation"},
	roleWeight:            {"netwgt", "netweightkg", "netkg", "netwgtkg", "netweight", "weightkg", "quantitykg", "kg"},
	roleQuantity:          {"qty", "quantity"},
	roleUnit:              {"qtyunitcode", "qtyunit", "unit"},
	roleEstimated:         {"isnetwgtestimated", "weightestimated"},
	roleQuantityEstimated: {"isqtyestimated"},
	roleFlag:              {"legacyestimationflag", "flag"},
	rolePartner2:          {"partner2code", "via"},
	roleMode:              {"motcode", "mode"},
	roleProcedure:         {"customscode"},
	roleSupply:            {"moscode"},
	roleType:              {"typecode"},
}

// roleNames say in an error what is missing.
var roleNames = map[role]string{
	roleReporter: "the reporter", rolePartner: "the partner", roleFlow: "the flow (export or import)",
	roleCommodity: "the commodity", roleValue: "the value in US dollars or the net weight in kg", rolePeriod: "the period or year",
}

// ErrUnknownColumns says that a header lacks a column that every layout needs.
var ErrUnknownColumns = errors.New("no column")

// Layout is what was recognised in one header.
type Layout struct {
	Name      string // comtrade-v1, comtrade-legacy, canonical, plain
	Delimiter byte
	Columns   []string          // as written in the header
	at        [roleCount]int    // column of each role, -1 where there is none
	fixed     [roleCount][]byte // what a role without a column is in every row, nil for nothing
	zeros     [roleCount]int    // powers of ten by which an amount is multiplied
	currency  string            // of values, "" for US dollars
	rates     *Rates            // for that currency
	divided   bool              // columns tell totals from their parts
	foreign   *foreign          // how its rows are said in canonical words, nil where they are
}

// column gives the name of a role's column as the file writes it.
func (l *Layout) column(r role) string {
	if l.at[r] < 0 {
		return ""
	}
	return l.Columns[l.at[r]]
}

// recognise reads a header line. Unknown columns are ignored; what is missing
// is named in one error.
func recognise(header []byte) (*Layout, error) {
	layout := &Layout{}
	best := -1
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		candidate := assign(header, delimiter)
		if n := candidate.assigned(); n > best {
			best, layout = n, candidate
		}
	}
	if missing := layout.missing(); len(missing) > 0 {
		return nil, fmt.Errorf("%w for %s; columns found: %s; rename the columns after the canonical header (counterflow schema flows), or map them (counterflow doctor drafts a mapping)",
			ErrUnknownColumns, strings.Join(missing, ", nor for "), columnsFound(layout.Columns))
	}
	layout.name()
	return layout, nil
}

// assign gives every role the first of its synonyms that the header has.
func assign(header []byte, delimiter byte) *Layout {
	layout := &Layout{Delimiter: delimiter, Columns: splitHeader(header, delimiter)}
	position := map[string]int{}
	for i := len(layout.Columns) - 1; i >= 0; i-- {
		position[fold(layout.Columns[i])] = i
	}
	for r := range layout.at {
		layout.at[r] = -1
		for _, name := range synonyms[r] {
			if i, ok := position[name]; ok {
				layout.at[r] = i
				break
			}
		}
	}
	for _, r := range []role{rolePartner2, roleMode, roleProcedure, roleSupply} {
		layout.divided = layout.divided || layout.at[r] >= 0
	}
	return layout
}

func (l *Layout) assigned() int {
	n := 0
	for _, at := range l.at {
		if at >= 0 {
			n++
		}
	}
	return n
}

func (l *Layout) missing() []string {
	var missing []string
	if l.at[rolePeriod] < 0 && l.at[roleYear] < 0 {
		missing = append(missing, roleNames[rolePeriod])
	}
	for _, r := range []role{roleReporter, rolePartner, roleFlow, roleCommodity} {
		if l.at[r] < 0 && l.fixed[r] == nil {
			missing = append(missing, roleNames[r])
		}
	}
	if l.at[roleValue] < 0 && l.at[roleWeight] < 0 {
		missing = append(missing, roleNames[roleValue])
	}
	return missing
}

const legacyName = "comtrade-legacy"

// name tells the publishers' own layouts from files that merely resemble them.
func (l *Layout) name() {
	has := map[string]bool{}
	for _, c := range l.Columns {
		has[fold(c)] = true
	}
	switch {
	case has["refperiodid"] && has["primaryvalue"] && has["cmdcode"]:
		l.Name = "comtrade-v1"
	case has["classification"] && has["tradeflowcode"] && has["tradevalueus"]:
		l.Name = legacyName
	case has["valueusd"] && has["netkg"] && has["valuation"]:
		l.Name = "canonical"
	default:
		l.Name = "plain"
	}
}

func splitHeader(header []byte, delimiter byte) []string {
	r := newRow(bytes.Count(header, []byte{delimiter}))
	r.split(header, 0, delimiter)
	names := make([]string, r.fields)
	for i := range names {
		names[i] = strings.TrimSpace(string(r.field(i)))
	}
	return names
}

// fold keeps letters and digits only, in lower case.
func fold(name string) string {
	var folded []byte
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			folded = append(folded, c+'a'-'A')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			folded = append(folded, c)
		}
	}
	return string(folded)
}

// columnsFound names columns in an error, which is one line whatever the names hold.
func columnsFound(columns []string) string {
	return clip(strings.NewReplacer("\r", " ", "\n", " ").Replace(strings.Join(columns, ",")), 200)
}

// clip cuts a text that goes into an error or a sample, and makes it valid
// UTF-8 whatever the file held.
func clip(text string, limit int) string {
	if len(text) > limit {
		text = text[:limit] + "..."
	}
	return strings.ToValidUTF8(text, "?")
}
