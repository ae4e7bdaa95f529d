package source

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
)

// parser turns rows of one layout into records. It is used by one goroutine.
type parser struct {
	layout   *Layout
	at       [roleCount]int // column of each role, as in the layout
	digits   int
	flagged  bool // some column says which weights were estimated
	valued   bool // some column says at which border values were stated
	counted  bool // supplementary quantities are wanted, and columns have them
	row      *row
	parties  cache[party]
	periods  cache[data.Period]
	flows    cache[flowWord]
	editions cache[data.Edition]
	units    cache[Unit]
	refused  refusal
	hints    map[string]bool // what there is to say of codes that were read all the same
}

// party is what the code of a reporter or partner stands for.
type party struct {
	economy data.Economy
	plain   bool // an economy, as nearly all are, and neither the World nor unallocated
	unknown bool // no list knows it
	group   bool
}

func newParser(layout *Layout, o Options) *parser {
	at := layout.at
	return &parser{layout: layout, at: at, digits: o.Digits, row: newRow(len(layout.Columns)), hints: map[string]bool{},
		flagged: at[roleEstimated] >= 0 || at[roleFlag] >= 0,
		valued:  at[roleValuation] >= 0 || at[roleFOB] >= 0 && at[roleCIF] >= 0,
		counted: (o.Quantities || o.Factors != nil) && at[roleQuantity] >= 0 && at[roleUnit] >= 0,
	}
}

// refusal is why a row was not kept, and which field decided. It is the
// parser's until the next row; what goes into a sample is worked out only for
// the few rows that become one.
type refusal struct {
	reason Reason
	role   role // -1 where the row as a whole decided
	text   []byte
	hint   string
}

func (p *parser) refuse(reason Reason, r role, hint string) *refusal {
	p.refused = refusal{reason: reason, role: r, text: p.field(r), hint: hint}
	return &p.refused
}

// sample describes a refused row.
func (no *refusal) sample(line int64, layout *Layout) Reject {
	r := Reject{Line: line, Reason: no.reason, Value: clip(string(no.text), 80), Hint: no.hint}
	if no.role >= 0 {
		r.Column = layout.column(no.role)
	}
	if no.reason == UnknownEconomy || no.reason == GroupPartner {
		r.Hint = reference.Hint(strings.ToValidUTF8(string(no.text), "?"))
	}
	return r
}

func (p *parser) field(r role) []byte {
	if at := p.at[r]; at >= 0 {
		return p.row.field(at)
	}
	return p.layout.fixed[r]
}

// parse reads the row that was split last into a record, or refuses it.
func (p *parser) parse(record *Record) *refusal {
	if !p.row.fits(len(p.layout.Columns)) {
		p.refused = refusal{reason: NotARow, role: -1, text: fmt.Appendf(nil, "%d fields", p.row.fields),
			hint: fmt.Sprintf("the header has %d columns; quote fields that hold the delimiter", len(p.layout.Columns))}
		return &p.refused
	}
	*record = Record{}
	if p.at[roleType] >= 0 {
		if no := p.kind(); no != nil {
			return no
		}
	}
	if no := p.period(record); no != nil {
		return no
	}
	if no := p.flow(record); no != nil {
		return no
	}
	if no := p.corridor(record); no != nil {
		return no
	}
	if no := p.commodity(record); no != nil {
		return no
	}
	if no := p.amounts(record); no != nil {
		return no
	}
	if p.layout.divided || data.Economy(record.Exporter) == data.Unallocated || data.Economy(record.Importer) == data.Unallocated {
		p.part(record)
	}
	return nil
}

// kind refuses what is not trade in goods.
func (p *parser) kind() *refusal {
	if text := p.field(roleType); len(text) == 1 && (text[0] == 'S' || text[0] == 's') {
		return p.refuse(NotGoods, roleType, "services have no mirror by commodity; leave them out")
	}
	return nil
}

func (p *parser) period(record *Record) *refusal {
	if p.at[rolePeriod] >= 0 {
		text := p.field(rolePeriod)
		k := key(text)
		period, known := p.periods.get(k)
		if !known {
			period, _ = parsePeriod(text)
			p.periods.put(k, period)
		}
		if period != 0 {
			record.Period = period
			return nil
		}
	}
	if p.at[roleYear] < 0 {
		return p.refuse(BadPeriod, rolePeriod, "write a year (2024) or a month (2024-07)")
	}
	return p.yearAndMonth(record)
}

// yearAndMonth composes a period from two columns; Comtrade's month 52 and an
// empty month stand for the whole year.
func (p *parser) yearAndMonth(record *Record) *refusal {
	year, err := strconv.Atoi(string(p.field(roleYear)))
	if err != nil {
		return p.refuse(BadPeriod, roleYear, "write a year such as 2024")
	}
	text := p.field(roleMonth)
	if missing(text) || string(text) == "52" {
		if record.Period, err = data.Year(year); err != nil {
			return p.refuse(BadPeriod, roleYear, err.Error())
		}
		return nil
	}
	month, err := strconv.Atoi(string(text))
	if err == nil {
		record.Period, err = data.Month(year, month)
	}
	if err != nil {
		return p.refuse(BadPeriod, roleMonth, "write a month from 1 to 12 beside a year such as 2024")
	}
	return nil
}

func (p *parser) flow(record *Record) *refusal {
	text := p.field(roleFlow)
	k := key(text)
	word, known := p.flows.get(k)
	if !known {
		word = parseFlow(text)
		p.flows.put(k, word)
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
	reporter, partner := p.party(roleReporter), p.party(rolePartner)
	if !reporter.plain || !partner.plain || reporter.economy == partner.economy {
		if no := p.notTwo(reporter, partner); no != nil {
			return no
		}
	}
	if record.Direction.Outward() {
		record.Exporter, record.Importer = data.Exporter(reporter.economy), data.Importer(partner.economy)
	} else {
		record.Exporter, record.Importer = data.Exporter(partner.economy), data.Importer(reporter.economy)
	}
	return nil
}

// notTwo refuses what is no corridor of a reporter with a partner.
func (p *parser) notTwo(reporter, partner party) *refusal {
	switch {
	case reporter.unknown:
		return p.refuse(UnknownEconomy, roleReporter, "")
	case reporter.group || reporter.economy == data.World:
		return p.refuse(GroupReporter, roleReporter, "a group is no reporter; its members are")
	case reporter.economy == data.Unallocated:
		return p.refuse(UnstatedReporter, roleReporter, "a declaration needs a reporter")
	}
	switch {
	case partner.unknown:
		return p.refuse(UnknownEconomy, rolePartner, "")
	case partner.group:
		return p.refuse(GroupPartner, rolePartner, "")
	case partner.economy == reporter.economy:
		return p.refuse(SelfTrade, rolePartner, "")
	}
	return nil
}

func (p *parser) party(r role) party {
	text := p.field(r)
	k := key(text)
	found, known := p.parties.get(k)
	if !known {
		match, ok := reference.ByBytes(text)
		found = party{
			economy: match.Economy, unknown: !ok, group: match.Kind == reference.KindGroup,
			plain: match.Kind == reference.KindEconomy || match.Kind == reference.KindHistoric,
		}
		p.parties.put(k, found)
		if match.Hint != "" && !found.group && match.To == 0 && p.layout.Name != legacyName { // which had other numbers
			p.hints[match.Hint] = true
		}
	}
	return found
}

// commodity reads the code, restores a leading zero that a spreadsheet took, and
// brings national lines to the digits that are compared.
func (p *parser) commodity(record *Record) *refusal {
	code, edition := p.field(roleCommodity), data.EditionUnknown
	if p.at[roleEdition] >= 0 || p.layout.fixed[roleEdition] != nil {
		edition = p.edition()
	}
	commodity, err := data.ParseCommodity(string(code), edition)
	if err != nil {
		code = bytes.TrimSpace(code)
		if commodity, err = data.ParseCommodity(string(code), edition); err != nil {
			return p.refuse(BadCommodity, roleCommodity, "write a code of 2 to 10 digits, as text")
		}
	}
	if lostZero(code) {
		code = append([]byte{'0'}, code...)
		commodity, _ = data.ParseCommodity(string(code), commodity.Edition())
	}
	record.Commodity = commodity
	if p.digits > 0 && len(code) > p.digits && allDigits(code) {
		record.cut(p.digits)
	}
	return nil
}

// lostZero says whether a spreadsheet took the leading zero of a code: those of
// the Harmonised System have an even number of digits. Some national lines have
// nine, so those are left alone.
func lostZero(code []byte) bool { return len(code)%2 == 1 && len(code) < 9 && allDigits(code) }

func (p *parser) edition() data.Edition {
	text := p.field(roleEdition)
	k := key(text)
	edition, known := p.editions.get(k)
	if !known {
		edition = data.ParseEdition(string(text))
		p.editions.put(k, edition)
	}
	return edition
}

// part works out of what total the row is a part.
func (p *parser) part(record *Record) {
	part := &record.Part
	for i, r := range [...]role{rolePartner2, roleMode, roleProcedure, roleSupply} {
		if p.at[r] >= 0 && !total(p.field(r)) {
			part.Columns |= Columns(1) << i
		}
	}
	if record.Partner() == data.Unallocated {
		part.Partner = partnerCode(p.field(rolePartner))
	}
	if part.Columns&^ByFinerCode == 0 {
		return
	}
	if part.Columns&ByMode != 0 {
		part.Mode = parseMode(p.field(roleMode))
	}
	hash := fnv.New32a()
	for i, r := range [...]role{rolePartner2, roleMode, roleProcedure, roleSupply} {
		divides := part.Columns&(1<<i) != 0 && (r != roleMode || part.Mode == 0)
		if divides {
			hash.Write(p.field(r))
		}
		hash.Write([]byte{byte(i)})
	}
	part.Rest ^= folded(hash.Sum32())
}

// texts takes what a record keeps as marks only.
func (p *parser) texts(to *Texts, r *Record) {
	*to = Texts{}
	if r.Partner() == data.Unallocated {
		to.Partner = string(p.field(rolePartner))
	}
	for i, at := range [...]*string{&to.Via, &to.Mode, &to.Procedure, &to.Supply} {
		if r.Part.Columns&(1<<i) != 0 {
			*at = string(p.field([...]role{rolePartner2, roleMode, roleProcedure, roleSupply}[i]))
		}
	}
}

// folded makes 16 bits of a hash.
func folded(sum uint32) uint16 { return uint16(sum) ^ uint16(sum>>16) }

// cut brings a national line to the digits that are compared: it becomes a part
// of the code above it.
func (r *Record) cut(digits int) {
	mark := uint64(r.Commodity.In(data.EditionUnknown)) * 0x9e3779b97f4a7c15
	r.Part.Rest ^= uint16(mark >> 48)
	r.Part.Columns |= ByFinerCode
	r.Part.Digits = uint8(r.Commodity.Len())
	r.Commodity = r.Commodity.Truncate(digits)
}

// partnerCode numbers the code of an unallocated partner: 1 to 1000 for the
// numbers of UN Comtrade, above for a hash of any other text.
func partnerCode(text []byte) uint16 {
	if n, err := strconv.Atoi(string(text)); err == nil && n >= 0 && n < 1000 {
		return uint16(n) + 1
	}
	hash := fnv.New32a()
	hash.Write(bytes.ToLower(text))
	return 1001 + uint16(hash.Sum32()%(MaxPartner-1000))
}

// MaxPartner is the largest Part.Partner.
const MaxPartner = 1<<14 - 1

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}
