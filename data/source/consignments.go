package source

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"

	"counterflow/data"
)

// Reasons that only files of consignments have.
const (
	BadDay    Reason = "bad_day"    // no calendar day
	NoParty   Reason = "no_party"   // no shipper or no consignee
	TwoLimits Reason = "two_limits" // a second threshold for one commodity
)

// ConsignmentOptions decide how consignments are read.
type ConsignmentOptions struct {
	// Pseudonym replaces the identifiers of shippers and consignees by the first
	// 16 hexadecimal digits of their HMAC-SHA-256 under Key, so that nothing that
	// is written afterwards carries them. Without a key, whoever knows the list of
	// possible identifiers can undo it; a warning says so.
	Pseudonym bool
	Key       []byte
}

// Consignments is what a file of consignments says. Parties holds the
// identifier of each data.Party, in the order of first appearance.
type Consignments struct {
	Rows     []data.Consignment
	Parties  []string
	Tally    Tally
	Rejects  []Reject
	Warnings []string
}

// ReadConsignments reads date, exporter, importer, commodity, shipper,
// consignee, net_kg and value_usd: one parcel a row. Shipper and consignee are
// opaque identifiers that are compared and never interpreted; a row without
// either is refused, and so is one without a mass.
func ReadConsignments(path string, o ConsignmentOptions) (*Consignments, error) {
	t, err := openSmall(path, "consignments", "date", "exporter", "importer", "commodity", "shipper", "consignee", "net_kg")
	if err != nil {
		return nil, err
	}
	r := &consignmentReader{smallTable: t, options: o, out: &Consignments{}, days: map[string]data.Day{},
		parties: map[string]data.Party{}, economies: map[string]data.Economy{}, commodities: map[string]data.Commodity{}}
	for i, name := range [...]string{"date", "exporter", "importer", "commodity", "shipper", "consignee", "net_kg", "value_usd"} {
		r.at[i] = t.column(name)
	}
	r.out.Tally, r.out.Rejects, err = t.each(r.row)
	if o.Pseudonym && len(o.Key) == 0 {
		r.out.Warnings = append(r.out.Warnings, "identifiers were hashed without a key: whoever has a list of identifiers can undo it; give a key")
	}
	return r.out, err
}

// consignmentReader remembers what texts mean: days, codes and identifiers
// repeat by the thousand.
type consignmentReader struct {
	*smallTable
	options     ConsignmentOptions
	out         *Consignments
	at          [8]int
	days        map[string]data.Day
	parties     map[string]data.Party
	economies   map[string]data.Economy
	commodities map[string]data.Commodity
}

func (r *consignmentReader) row() *refused {
	var c data.Consignment
	var no [7]*refused
	var exporter, importer data.Economy
	c.Day, no[0] = remembered(r.days, r.field(r.at[0]), func() (data.Day, *refused) { return r.dayIn(r.at[0]) })
	exporter, no[1] = remembered(r.economies, r.field(r.at[1]), func() (data.Economy, *refused) { return r.economyIn(r.at[1]) })
	importer, no[2] = remembered(r.economies, r.field(r.at[2]), func() (data.Economy, *refused) { return r.economyIn(r.at[2]) })
	c.Commodity, no[3] = remembered(r.commodities, r.field(r.at[3]), func() (data.Commodity, *refused) { return r.commodityIn(r.at[3]) })
	c.NetWeight, no[4] = r.massIn(r.at[6], false)
	c.Value, no[5] = r.valueIn(r.at[7])
	if exporter == importer && no[1] == nil && no[2] == nil {
		no[6] = &refused{SelfTrade, r.at[2], ""}
	}
	if no := firstOf(no[:]...); no != nil {
		return no
	}
	if c.NetWeight == 0 {
		return &refused{NoAmount, r.at[6], "a parcel without a mass cannot be held against a threshold"}
	}
	c.Exporter, c.Importer, c.Line = data.Exporter(exporter), data.Importer(importer), int32(min(r.line, math.MaxInt32))
	var noShipper, noConsignee *refused
	c.Shipper, noShipper = r.partyIn(r.at[4])
	c.Consignee, noConsignee = r.partyIn(r.at[5])
	if no := firstOf(noShipper, noConsignee); no != nil {
		return no
	}
	r.out.Rows = append(r.out.Rows, c)
	return nil
}

// remembered looks a text up before it is parsed; refusals are parsed again.
func remembered[T any](known map[string]T, text string, parse func() (T, *refused)) (T, *refused) {
	if v, ok := known[text]; ok {
		return v, nil
	}
	v, no := parse()
	if no == nil {
		known[strings.Clone(text)] = v // the text is a piece of its row, which it would keep alive
	}
	return v, no
}

func (r *consignmentReader) dayIn(column int) (data.Day, *refused) {
	day, err := data.ParseDay(r.field(column))
	if err != nil || day.Month() == 0 {
		return 0, &refused{BadDay, column, "write a day such as 2024-07-15"}
	}
	return day, nil
}

func (r *consignmentReader) valueIn(column int) (data.USD, *refused) {
	text := r.field(column)
	if missing([]byte(text)) {
		return data.MissingUSD, nil
	}
	n, ok := data.ParseFixed([]byte(text), 2)
	switch {
	case !ok:
		return 0, &refused{BadAmount, column, "write US dollars with a decimal point and no thousands separators"}
	case n < 0:
		return 0, &refused{NegativeAmount, column, "a value is not negative"}
	case data.USD(n) > largestValue:
		return 0, &refused{AbsurdAmount, column, "more than world trade in one row; check the unit"}
	}
	return data.USD(n), nil
}

func (r *consignmentReader) partyIn(column int) (data.Party, *refused) {
	text := r.field(column)
	if text == "" {
		return 0, &refused{NoParty, column, "give an opaque identifier; equal ones mean one party"}
	}
	if p, ok := r.parties[text]; ok {
		return p, nil
	}
	p := data.Party(len(r.out.Parties))
	text = strings.Clone(text)
	r.parties[text] = p
	r.out.Parties = append(r.out.Parties, r.options.name(text))
	return p, nil
}

// name is how an identifier is written from here on.
func (o ConsignmentOptions) name(identifier string) string {
	if !o.Pseudonym {
		return clip(identifier, 80)
	}
	sum := hmac.New(sha256.New, o.Key)
	sum.Write([]byte(identifier)) // a hash takes everything
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// ReadThresholds reads commodity and threshold_kg: the mass from which a
// consignment of the commodity needs a licence. A commodity that is named twice
// is an error, since nothing says which threshold holds.
func ReadThresholds(path string) ([]data.Threshold, error) {
	t, err := openSmall(path, "thresholds", "commodity", "threshold_kg")
	if err != nil {
		return nil, err
	}
	defer t.in.file.Close()
	var all []data.Threshold
	seen := map[data.Commodity]bool{}
	for {
		ok, err := t.next()
		if err != nil || !ok {
			return all, err
		}
		commodity, noCommodity := t.commodityIn(t.column("commodity"))
		mass, noMass := t.massIn(t.column("threshold_kg"), false)
		no := firstOf(noCommodity, noMass)
		switch {
		case no == nil && mass == 0:
			no = &refused{BadAmount, t.column("threshold_kg"), "a threshold is above zero"}
		case no == nil && seen[commodity]:
			no = &refused{TwoLimits, t.column("commodity"), "give one threshold for each commodity"}
		}
		if no != nil {
			return nil, t.fault(no)
		}
		seen[commodity] = true
		all = append(all, data.Threshold{Commodity: commodity, Mass: mass})
	}
}

// fault is a refusal as an error, for tables that are too small to lose a row.
func (t *smallTable) fault(no *refused) error {
	return dataErrorf("%s: line %d, column %q, value %q: %s; %s", t.in.name, t.line, t.columns[no.column], clip(t.field(no.column), 80), no.reason, no.hint)
}
