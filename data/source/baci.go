package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"counterflow/data"
	"counterflow/data/reference"
)

// baci is CEPII's table of flows that are reconciled already: one figure for
// each corridor, made of both reports. It is neither of the two, so a run cannot
// take it; ReadBACI reads it as a reference to hold a run against.
var baci = dialect{
	name: "baci",
	owns: func(has map[string]bool) bool {
		return len(has) == 6 && has["t"] && has["i"] && has["j"] && has["k"] && has["v"] && has["q"]
	},
	open: func(columnFinder, Options) (translator, error) {
		return nil, errors.New("BACI holds reconciled flows, neither what exporters nor what importers declare; it serves as a reference beside a run and not as its input")
	},
}

// Reconciled is one corridor of a table that someone else has reconciled.
type Reconciled struct {
	Year      data.Period
	Exporter  data.Exporter
	Importer  data.Importer
	Commodity data.Commodity
	USD       data.FOB
	Kg        data.Kg // missing where BACI gives none
}

// ReadBACI reads a file of BACI (t year, i exporter, j importer, k product, v
// value in thousand US dollars FOB, q weight in tonnes; NA is missing). Every row
// must be readable: the table is a product, not raw data. Rows of one number of
// UN Comtrade's historic economies are read as the economy that they became part
// of where the table of economies says so.
func ReadBACI(path string, edition data.Edition) ([]Reconciled, error) {
	in, err := open(path)
	if err != nil {
		return nil, &DataError{err}
	}
	defer in.file.Close()
	rows, err := parseBACI(in.text, edition)
	if err != nil {
		return nil, dataErrorf("%s: %w", in.name, err)
	}
	return rows, nil
}

func parseBACI(text io.Reader, edition data.Edition) ([]Reconciled, error) {
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, longestRow)
	lines.Scan()
	columns := splitHeader(bytes.TrimPrefix(lines.Bytes(), []byte("\xef\xbb\xbf")), ',')
	var at [6]int
	for n, name := range []string{"t", "i", "j", "k", "v", "q"} {
		at[n] = -1
		for i, column := range columns {
			if fold(column) == name {
				at[n] = i
			}
		}
		if at[n] < 0 {
			return nil, fmt.Errorf("line 1: no column %q; expected t,i,j,k,v,q", name)
		}
	}
	var list []Reconciled
	fields := newRow(len(columns))
	for line := 2; lines.Scan(); line++ {
		fields.split(lines.Bytes(), 0, ',')
		var texts [6][]byte
		for n := range at {
			texts[n] = bytes.TrimSpace(fields.field(at[n]))
		}
		r, err := baciRow(texts, edition)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		list = append(list, r)
	}
	return list, lines.Err()
}

func baciRow(texts [6][]byte, edition data.Edition) (Reconciled, error) {
	r := Reconciled{Kg: data.MissingKg, USD: data.FOB(data.MissingUSD)}
	year, err := strconv.Atoi(string(texts[0]))
	if err == nil {
		r.Year, err = data.Year(year)
	}
	if err != nil {
		return r, fmt.Errorf("column t: year %q; write a year such as 2022", texts[0])
	}
	for n := 1; n <= 2; n++ {
		match, ok := reference.ByBytes(texts[n])
		if !ok || match.Economy == 0 {
			return r, fmt.Errorf("column %c: %s", "ij"[n-1], reference.Hint(string(texts[n])))
		}
		if n == 1 {
			r.Exporter = data.Exporter(match.Economy)
		} else {
			r.Importer = data.Importer(match.Economy)
		}
	}
	code := texts[3]
	if len(code) == 5 {
		code = append([]byte{'0'}, code...)
	}
	if r.Commodity, err = data.ParseCommodity(string(code), edition); err != nil {
		return r, fmt.Errorf("column k: %w", err)
	}
	value, ok := data.ParseFixed(texts[4], 5) // thousand dollars to the cent
	if !missing(texts[4]) {
		if !ok || value < 0 {
			return r, fmt.Errorf("column v: value %q is no amount", clip(string(texts[4]), 40))
		}
		r.USD = data.FOB(value)
	}
	weight, ok := data.ParseFixed(texts[5], 6) // tonnes to the gram
	if !missing(texts[5]) {
		if !ok || weight < 0 {
			return r, fmt.Errorf("column q: weight %q is no amount", clip(string(texts[5]), 40))
		}
		r.Kg = data.Kg(weight)
	}
	return r, nil
}
