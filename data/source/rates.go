package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"counterflow/data"
)

// Rates are exchange rates as the European Central Bank publishes them: units of
// a currency for one euro, by month.
type Rates struct {
	perEuro map[rateKey]float64
}

type rateKey struct {
	currency string
	period   data.Period
}

// USD gives US dollars for one unit of a currency. A month without a rate has
// none; a year has the plain mean of its twelve months, and none unless all
// twelve are there.
func (r *Rates) USD(currency string, period data.Period) (float64, bool) {
	if r == nil {
		return 0, false
	}
	if currency == "USD" {
		return 1, true
	}
	if period.Monthly() {
		return r.month(currency, period)
	}
	sum := 0.0
	for p := period.Start(); p <= period.End(); p++ {
		rate, ok := r.month(currency, p)
		if !ok {
			return 0, false
		}
		sum += rate
	}
	return sum / 12, true
}

// Len is the number of currencies and months that have a rate.
func (r *Rates) Len() int {
	if r == nil {
		return 0
	}
	return len(r.perEuro)
}

// has says whether the file knows a currency at all.
func (r *Rates) has(currency string) bool {
	if r == nil {
		return false
	}
	for key := range r.perEuro {
		if key.currency == currency || currency == "EUR" {
			return true
		}
	}
	return false
}

func (r *Rates) month(currency string, period data.Period) (float64, bool) {
	dollars, ok := r.perEuro[rateKey{"USD", period}]
	if !ok || currency == "EUR" {
		return dollars, ok
	}
	units, ok := r.perEuro[rateKey{currency, period}]
	return dollars / units, ok
}

// ReadRates reads a file of exchange rates in one of the two forms of the
// European Central Bank: a column a currency (Date,USD,JPY ...; days or months),
// or a row an observation (CURRENCY, TIME_PERIOD, OBS_VALUE; the currency may
// stand in KEY, as in EXR.M.USD.EUR.SP00.A). Days are averaged over their month,
// each day with the same weight. N/A and empty cells are missing.
func ReadRates(path string) (*Rates, error) {
	in, err := open(path)
	if err != nil {
		return nil, &DataError{err}
	}
	defer in.file.Close()
	rates, err := parseRates(in.text)
	if err != nil {
		return nil, dataErrorf("%s: %w", in.name, err)
	}
	return rates, nil
}

type rateSum struct {
	sum float64
	n   int
}

func parseRates(text io.Reader) (*Rates, error) {
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, longestRow)
	if !lines.Scan() {
		return nil, errors.Join(errors.New("the file of rates is empty"), lines.Err())
	}
	delimiter := byte(',')
	if bytes.IndexByte(lines.Bytes(), ';') >= 0 {
		delimiter = ';'
	}
	header := splitHeader(bytes.TrimPrefix(lines.Bytes(), []byte("\xef\xbb\xbf")), delimiter)
	read, err := rateReader(header)
	if err != nil {
		return nil, err
	}
	sums := map[rateKey]rateSum{}
	fields := newRow(len(header))
	for line := 2; lines.Scan(); line++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		fields.split(lines.Bytes(), 0, delimiter)
		if err := read(fields, sums); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	rates := &Rates{perEuro: make(map[rateKey]float64, len(sums))}
	for key, s := range sums {
		rates.perEuro[key] = s.sum / float64(s.n)
	}
	if len(rates.perEuro) == 0 {
		return nil, errors.New("the file holds no rate; expected Date,USD,... or CURRENCY,TIME_PERIOD,OBS_VALUE")
	}
	return rates, nil
}

func rateReader(header []string) (func(*row, map[rateKey]rateSum) error, error) {
	at := columnFinder{}
	for i, name := range header {
		at[fold(name)] = i
	}
	date := at.first("timeperiod", "date")
	if date < 0 {
		return nil, errors.New("no column for the date; expected Date,USD,... or CURRENCY,TIME_PERIOD,OBS_VALUE")
	}
	value, currency, key := at.first("obsvalue"), at.first("currency"), at.first("key")
	if value >= 0 && currency < 0 && key < 0 {
		return nil, errors.New("no column for the currency; expected CURRENCY or KEY beside OBS_VALUE")
	}
	if value < 0 {
		return func(r *row, sums map[rateKey]rateSum) error {
			for i, name := range header {
				if i == date || len(name) != 3 {
					continue
				}
				if err := addRate(sums, strings.ToUpper(name), r.field(date), r.field(i)); err != nil {
					return fmt.Errorf("column %q: %w", name, err)
				}
			}
			return nil
		}, nil
	}
	return func(r *row, sums map[rateKey]rateSum) error {
		name := string(r.field(currency))
		if currency < 0 {
			if parts := strings.Split(string(r.field(key)), "."); len(parts) > 3 && parts[3] == "EUR" {
				name = parts[2]
			}
		}
		if len(name) != 3 {
			return fmt.Errorf("currency %q is not three letters", clip(name, 20))
		}
		return addRate(sums, strings.ToUpper(name), r.field(date), r.field(value))
	}, nil
}

func addRate(sums map[rateKey]rateSum, currency string, date, value []byte) error {
	value = bytes.TrimSpace(value)
	if missing(value) {
		return nil
	}
	rate, err := strconv.ParseFloat(string(value), 64)
	if err != nil || !(rate > 0 && rate < 1e9) {
		return fmt.Errorf("rate %q is not a positive number", clip(string(value), 20))
	}
	period, ok := parsePeriod(slices.Clone(date))
	if !ok || !period.Monthly() {
		return fmt.Errorf("date %q is neither a day nor a month", clip(string(date), 20))
	}
	s := sums[rateKey{currency, period}]
	sums[rateKey{currency, period}] = rateSum{s.sum + rate, s.n + 1}
	return nil
}
