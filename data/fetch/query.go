// Package fetch downloads declared flows through the public interface of UN
// Comtrade, version 1. In the order data moves:
//
//  1. Query.Calls divides what is wanted into calls of at most twelve periods of
//     one reporter.
//  2. Client.Fetch makes them one after the other, slower than the limits, with
//     retries, and splits a call whose answer reaches the largest number of rows.
//  3. Each answer that is whole becomes a file of its own; calls whose file is
//     there are not made again, so a download that was stopped goes on.
//
// The key is sent in a header: it is in no address, no error and no file.
package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"counterflow/data"
)

// Query is what is wanted. Codes are those of UN Comtrade.
type Query struct {
	Classification string // HS as reported, or H0 to H6
	Reporters      []string
	Periods        []data.Period // all years or all months
	Commodities    []string
	Flows          []string // X, M, RX, RM; none for all
}

// Check reports every mistake at once.
func (q Query) Check() error {
	var wrong []error
	if len(q.Reporters) == 0 {
		wrong = append(wrong, errors.New("reporter: none given; name at least one by its number, such as 842"))
	}
	if len(q.Periods) == 0 {
		wrong = append(wrong, errors.New("periods: none given; name the first and the last with --from and --to"))
	}
	if len(q.Commodities) == 0 {
		wrong = append(wrong, errors.New("commodity: none given; name at least one, such as 284690"))
	}
	for _, p := range q.Periods {
		if p.Monthly() != q.Periods[0].Monthly() {
			wrong = append(wrong, errors.New("periods: years and months cannot be fetched together"))
			break
		}
	}
	for _, list := range [][]string{q.Reporters, q.Commodities, q.Flows, {q.Classification}} {
		for _, code := range list {
			if code == "" || strings.Trim(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
				wrong = append(wrong, fmt.Errorf("code %q is not of digits and capital letters", code))
			}
		}
	}
	return errors.Join(wrong...)
}

// The limits of one call.
const (
	periodsPerCall     = 12
	commoditiesPerCall = 50 // keeps addresses short
)

// Calls divides the query, in the order of reporters, periods and commodities.
func (q Query) Calls() []Call {
	var calls []Call
	for _, reporter := range q.Reporters {
		for periods := range slices.Chunk(q.Periods, periodsPerCall) {
			for commodities := range slices.Chunk(q.Commodities, commoditiesPerCall) {
				calls = append(calls, Call{q.Classification, reporter, periods, commodities, q.Flows})
			}
		}
	}
	return calls
}

// Call is one request.
type Call struct {
	Classification string
	Reporter       string
	Periods        []data.Period
	Commodities    []string
	Flows          []string
}

func (c Call) frequency() string {
	if c.Periods[0].Monthly() {
		return "M"
	}
	return "A"
}

// path is the address behind the server's name. Totals over second partner, mode
// of transport and customs procedure are asked for: without them every breakdown
// comes as well.
func (c Call) path(keyed bool) string {
	values := url.Values{
		"reporterCode": {c.Reporter}, "period": {strings.Join(c.periods(), ",")}, "cmdCode": {strings.Join(c.Commodities, ",")},
		"partner2Code": {"0"}, "motCode": {"0"}, "customsCode": {"C00"},
	}
	if len(c.Flows) > 0 {
		values.Set("flowCode", strings.Join(c.Flows, ","))
	}
	door := "/public/v1/preview/C/"
	if keyed {
		door = "/data/v1/get/C/"
	}
	return door + c.frequency() + "/" + c.Classification + "?" + values.Encode()
}

func (c Call) periods() []string {
	texts := make([]string, len(c.Periods))
	for i, p := range c.Periods {
		texts[i] = strings.ReplaceAll(p.String(), "-", "")
	}
	return texts
}

// Name is that of the file of the answer: readable, and one for each call.
func (c Call) Name() string {
	sum := sha256.Sum256([]byte(c.path(true)))
	texts := c.periods()
	return fmt.Sprintf("comtrade-%s-%s-%s-%s-%s-%s.json", c.frequency(), c.Classification, c.Reporter, texts[0], texts[len(texts)-1], hex.EncodeToString(sum[:4]))
}

// halves divides a call by its periods, or where it has one by its commodities;
// ok is false where neither can be divided.
func (c Call) halves() (first, second Call, ok bool) {
	first, second = c, c
	switch p, k := len(c.Periods), len(c.Commodities); {
	case p > 1:
		first.Periods, second.Periods = c.Periods[:p/2], c.Periods[p/2:]
	case k > 1:
		first.Commodities, second.Commodities = c.Commodities[:k/2], c.Commodities[k/2:]
	default:
		return first, second, false
	}
	return first, second, true
}
