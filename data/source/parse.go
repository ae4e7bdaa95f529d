package source

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strconv"

	"counterflow/data"
	"counterflow/data/reference"
)

// The largest amounts that one row can state: ten trillion dollars and ten
// gigatonnes are each more than a year of world trade in any one good.
const (
	largestValue  = data.USD(10e12 * 100)
	largestWeight = data.Kg(10e12 * 1000)
)

// party is what the code of a reporter or partner stands for.
type party struct {
	economy data.Economy
	reason  Reason // why the row is refused, "" if it is not
}

// parser turns rows of one layout into records. It is used by one goroutine.
type parser struct {
	layout      *Layout
	digits      int
	row         *row
	parties     cache[party]
	commodities cache[data.Commodity]
	periods     cache[data.Period]
	flows       cache[flowWord]
	editions    cache[data.Edition]
}

type flowWord struct {
	direction data.Direction
	part, ok  bool
}

func newParser(layout *Layout, digits int) *parser {
	return &parser{layout: layout, digits: digits, row: newRow(len(layout.Columns))}
}

// refusal is why a row was not kept, and which field decided.
type refusal struct {
	reason Reason
	role   role
	value  string
	hint   string
}

func (p *parser) refuse(reason Reason, r role, hint string) *refusal {
	return &refusal{reason: reason, role: r, value: clip(string(p.row.field(p.layout.at[r])), 80), hint: hint}
}

// parse reads the row that was split last.
func (p *parser) parse(record *Record) *refusal {
	if p.row.fields != len(p.layout.Columns) {
		return &refusal{reason: NotARow, role: -1, value: clip(strconv.Itoa(p.row.fields)+" fields", 80),
			hint: fmt.Sprintf("the header has %d columns; quote fields that hold the delimiter", len(p.layout.Columns))}
	}
	*record = Record{}
	no := p.kind()
	if no == nil {
		no = p.period(record)
	}
	if no == nil {
		no = p.flow(record)
	}
	if no == nil {
		no = p.corridor(record)
	}
	if no == nil {
		no = p.commodity(record)
	}
	if no == nil {
		no = p.amounts(record)
	}
	if no == nil {
		p.part(record)
	}
	return no
}

// kind refuses what is not trade in goods.
func (p *parser) kind() *refusal {
	if at := p.layout.at[roleType]; at >= 0 {
		if text := p.row.field(at); len(text) == 1 && (text[0] == 'S' || text[0] == 's') {
			return p.refuse(NotGoods, roleType, "services have no mirror by commodity; leave them out")
		}
	}
	return nil
}

func (p *parser) period(record *Record) *refusal {
	at := p.layout.at[rolePeriod]
	text := p.row.field(at)
	if at >= 0 {
		slot, known := p.periods.find(text)
		if known && *slot != 0 {
			record.Period = *slot
			return nil
		}
		if parsed, ok := parsePeriod(text); ok {
			if slot != nil {
				*slot = parsed
			}
			record.Period = parsed
			return nil
		}
		if slot != nil {
			*slot = 0
		}
	}
	if p.layout.at[roleYear] < 0 {
		return p.refuse(BadPeriod, rolePeriod, "write a year (2024) or a month (2024-07)")
	}
	return p.yearAndMonth(record)
}

// yearAndMonth composes a period from two columns; Comtrade's month 52 and an
// empty month stand for the whole year.
func (p *parser) yearAndMonth(record *Record) *refusal {
	year, err := strconv.Atoi(string(p.row.field(p.layout.at[roleYear])))
	if err != nil {
		return p.refuse(BadPeriod, roleYear, "write a year such as 2024")
	}
	text := p.row.field(p.layout.at[roleMonth])
	if p.layout.at[roleMonth] < 0 || missing(text) || string(text) == "52" {
		record.Period, err = data.Year(year)
		if err != nil {
			return p.refuse(BadPeriod, roleYear, err.Error())
		}
		return nil
	}
	month, err := strconv.Atoi(string(text))
	if err == nil {
		record.Period, err = data.Month(year, month)
	}
	if err != nil {
		return p.refuse(BadPeriod, roleMonth, "write a month from 1 to 12")
	}
	return nil
}

func (p *parser) flow(record *Record) *refusal {
	text := p.row.field(p.layout.at[roleFlow])
	slot, known := p.flows.find(text)
	var word flowWord
	if known {
		word = *slot
	} else {
		word.direction, word.part, word.ok = parseFlow(text)
		if slot != nil {
			*slot = word
		}
	}
	switch {
	case !word.ok:
		return p.refuse(UnknownFlow, roleFlow, "write X or M (RX, RM for re-exports and re-imports)")
	case word.part:
		return p.refuse(PartFlow, roleFlow, "it is contained in X or M, which are read")
	}
	record.Direction = word.direction
	return nil
}

// corridor settles reporter and partner, and from them exporter and importer.
func (p *parser) corridor(record *Record) *refusal {
	reporter := p.party(roleReporter)
	switch {
	case reporter.economy == data.World || reporter.reason == GroupPartner:
		return p.refuse(GroupReporter, roleReporter, "a group is no reporter; its members are")
	case reporter.reason != "":
		return p.refuse(reporter.reason, roleReporter, reference.Hint(string(p.row.field(p.layout.at[roleReporter]))))
	case reporter.economy == data.Unallocated:
		return p.refuse(UnstatedReporter, roleReporter, "a declaration needs a reporter")
	}
	partner := p.party(rolePartner)
	switch {
	case partner.reason == GroupPartner:
		return p.refuse(GroupPartner, rolePartner, "")
	case partner.reason != "":
		return p.refuse(partner.reason, rolePartner, reference.Hint(string(p.row.field(p.layout.at[rolePartner]))))
	case partner.economy == reporter.economy:
		return p.refuse(SelfTrade, rolePartner, "")
	}
	if record.Direction.Outward() {
		record.Exporter, record.Importer = data.Exporter(reporter.economy), data.Importer(partner.economy)
	} else {
		record.Exporter, record.Importer = data.Exporter(partner.economy), data.Importer(reporter.economy)
	}
	return nil
}

func (p *parser) party(r role) party {
	text := p.row.field(p.layout.at[r])
	slot, known := p.parties.find(text)
	if known {
		return *slot
	}
	found := lookUp(text)
	if slot != nil {
		*slot = found
	}
	return found
}

func lookUp(text []byte) party {
	match, ok := reference.ByBytes(bytes.TrimSpace(text))
	switch {
	case !ok:
		return party{reason: UnknownEconomy}
	case match.Kind == reference.KindGroup:
		return party{reason: GroupPartner}
	}
	return party{economy: match.Economy}
}

// commodity reads the code, restores a leading zero that a spreadsheet took
// (codes of the Harmonised System have an even number of digits), and brings
// national lines to the digits that are compared.
func (p *parser) commodity(record *Record) *refusal {
	text := p.row.field(p.layout.at[roleCommodity])
	slot, known := p.commodities.find(text)
	if known && *slot != 0 {
		record.Commodity = *slot
	} else {
		code := bytes.TrimSpace(text)
		if len(code)%2 == 1 && len(code) < data.CommodityDigits && allDigits(code) {
			code = append([]byte{'0'}, code...)
		}
		parsed, err := data.ParseCommodity(string(code), data.EditionUnknown)
		if err != nil {
			return p.refuse(BadCommodity, roleCommodity, "write a code of 2 to 10 digits, as text")
		}
		record.Commodity = parsed
		if slot != nil {
			*slot = parsed
		}
	}
	if p.digits > 0 && record.Commodity.Len() > p.digits && allDigits(text) {
		record.Commodity = record.Commodity.Truncate(p.digits)
		record.Part.Columns |= ByFinerCode
	}
	record.Commodity = record.Commodity.In(p.edition())
	return nil
}

func (p *parser) edition() data.Edition {
	if p.layout.at[roleEdition] < 0 {
		return data.EditionUnknown
	}
	text := p.row.field(p.layout.at[roleEdition])
	slot, known := p.editions.find(text)
	if known {
		return *slot
	}
	edition := data.ParseEdition(string(text))
	if slot != nil {
		*slot = edition
	}
	return edition
}

// part works out of what total the row is a part.
func (p *parser) part(record *Record) {
	record.Part.Undivided = !p.layout.divided
	for i, r := range [...]role{rolePartner2, roleMode, roleProcedure, roleSupply} {
		if p.layout.at[r] >= 0 && !total(p.row.field(p.layout.at[r])) {
			record.Part.Columns |= Columns(1) << i
		}
	}
	if record.Partner() == data.Unallocated {
		record.Part.Hash = hashOf(p.row.field(p.layout.at[rolePartner]))
		return
	}
	if record.Part.Columns == 0 {
		return
	}
	hash := fnv.New32a()
	for _, r := range [...]role{rolePartner2, roleMode, roleProcedure, roleSupply, roleCommodity} {
		hash.Write(p.row.field(p.layout.at[r]))
		hash.Write([]byte{0})
	}
	record.Part.Hash = hash.Sum32()
	if mode := p.row.field(p.layout.at[roleMode]); record.Part.Columns&ByMode != 0 && len(mode) == 4 && allDigits(mode) {
		record.Part.ModeGroup = mode[0] - '0'
		record.Part.ModeFine = string(mode[1:]) != "000"
	}
}

func hashOf(text []byte) uint32 {
	hash := fnv.New32a()
	hash.Write(text)
	return hash.Sum32()
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}
