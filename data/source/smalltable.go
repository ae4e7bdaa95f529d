package source

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
)

// smallTable reads a file beside the flows row by row: columns are matched by
// name without regard to case or order, and what cannot be read is counted with
// its line and reason.
type smallTable struct {
	in      *input
	rows    *csv.Reader
	columns []string       // as written in the header
	at      map[string]int // column of each folded name
	record  []string
	line    int
	tally   Tally
	rejects map[Reason][]Reject
}

// openSmall opens a table and insists on the named columns.
func openSmall(path, format string, required ...string) (*smallTable, error) {
	in, err := open(path)
	if err != nil {
		return nil, err
	}
	t, err := newSmall(in, format, required)
	if err != nil {
		in.file.Close()
		return nil, err
	}
	return t, nil
}

func newSmall(in *input, format string, required []string) (*smallTable, error) {
	text := bufio.NewReaderSize(in.text, 1<<16)
	header, err := headerLine(text)
	if err != nil {
		return nil, dataErrorf("%s: line 1: %w", in.name, err)
	}
	t := &smallTable{in: in, at: map[string]int{}, rejects: map[Reason][]Reject{},
		tally: Tally{File: in.name, Format: format, Refused: map[Reason]int64{}}}
	delimiter := delimiterOf(header)
	quoted := csv.NewReader(bytes.NewReader(header))
	quoted.Comma, quoted.LazyQuotes = rune(delimiter), true
	if t.columns, err = quoted.Read(); err != nil {
		return nil, dataErrorf("%s: line 1: no header; expected %s", in.name, strings.Join(required, ","))
	}
	for i := len(t.columns) - 1; i >= 0; i-- {
		t.at[fold(t.columns[i])] = i
	}
	for _, name := range required {
		if _, ok := t.at[fold(name)]; !ok {
			return nil, dataErrorf("%s: line 1: no column %s; columns found: %s; expected %s", in.name, name,
				columnsFound(t.columns), strings.Join(required, ","))
		}
	}
	t.rows = csv.NewReader(text)
	t.rows.Comma, t.rows.LazyQuotes, t.rows.FieldsPerRecord, t.rows.ReuseRecord = rune(delimiter), true, -1, true
	return t, nil
}

// delimiterOf is the separator that occurs most often in the header.
func delimiterOf(header []byte) byte {
	best, most := byte(','), 0
	for _, c := range []byte{',', ';', '\t', '|'} {
		if n := bytes.Count(header, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

// next reads a row; ok is false at the end of the file.
func (t *smallTable) next() (ok bool, err error) {
	record, err := t.rows.Read()
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, dataErrorf("%s: %w; mend the row or fetch the file again", t.in.name, err)
	}
	line, _ := t.rows.FieldPos(0)
	t.record, t.line = record, line+1 // the header was read apart
	t.tally.Rows++
	return true, nil
}

// each reads all rows, counts those that row refuses, and closes the file.
func (t *smallTable) each(row func() *refused) (Tally, []Reject, error) {
	for {
		ok, err := t.next()
		if err != nil {
			t.in.file.Close()
			return t.tally, nil, err
		}
		if !ok {
			return t.finish()
		}
		if no := row(); no != nil {
			t.refuse(no)
		}
	}
}

// all is each for tables of which no row may be left out unseen: a refused row is an
// error.
func (t *smallTable) all(row func() *refused) error {
	_, rejects, err := t.each(row)
	if err != nil {
		return err
	}
	if len(rejects) > 0 {
		return dataErrorf("%s: %s%s", rejects[0].Where(), rejects[0].Reason, rejects[0].cure())
	}
	return nil
}

// column is the position of a column, -1 where the file has none.
func (t *smallTable) column(name string) int {
	if i, ok := t.at[fold(name)]; ok {
		return i
	}
	return -1
}

// field is the text in a column of the row at hand, "" where there is none.
func (t *smallTable) field(column int) string {
	if column < 0 || column >= len(t.record) {
		return ""
	}
	return strings.TrimSpace(t.record[column])
}

// refuse counts the row at hand under a reason and keeps it as a sample.
func (t *smallTable) refuse(no *refused) {
	t.tally.Refused[no.reason]++
	if len(t.rejects[no.reason]) >= samplesKept {
		return
	}
	name := ""
	if no.column >= 0 {
		name = t.columns[no.column]
	}
	if no.reason == UnknownEconomy {
		no.hint = reference.Hint(t.field(no.column))
	}
	t.rejects[no.reason] = append(t.rejects[no.reason], Reject{Line: int64(t.line), Reason: no.reason, Column: name,
		Value: clip(t.field(no.column), 80), Hint: no.hint})
}

// refused is why a row of a small table was not kept.
type refused struct {
	reason Reason
	column int // -1 where the row as a whole decided
	hint   string
}

// finish closes the file and hands over what was counted.
func (t *smallTable) finish() (Tally, []Reject, error) {
	if err := t.in.close(); err != nil {
		return t.tally, nil, &DataError{err}
	}
	t.tally.SHA256, t.tally.Bytes = t.in.sum, t.in.bytes
	t.tally.Kept = t.tally.Rows
	for _, n := range t.tally.Refused {
		t.tally.Kept -= n
	}
	rejects := first(t.rejects, t.in.name)
	return t.tally, rejects, usable(&t.tally, rejects)
}

// economyIn reads one economy; groups, the World and residuals are refused.
func (t *smallTable) economyIn(column int) (data.Economy, *refused) {
	text := t.field(column)
	match, ok := reference.ByText(text)
	switch {
	case !ok:
		return 0, &refused{reason: UnknownEconomy, column: column} // its hint is looked for where it is kept
	case match.Kind == reference.KindGroup || match.Kind == reference.KindWorld:
		return 0, &refused{GroupReporter, column, "a group counts as no economy here; give its members"}
	case match.Kind == reference.KindUnallocated:
		return 0, &refused{UnstatedReporter, column, "give an economy"}
	}
	return match.Economy, nil
}

// commodityIn reads a code, restoring the zero that a spreadsheet took, or the
// name of a mineral.
func (t *smallTable) commodityIn(column int) (data.Commodity, *refused) {
	code := t.field(column)
	if mineral, ok := reference.MineralCommodity(code); ok {
		return mineral, nil
	}
	if lostZero([]byte(code)) {
		code = "0" + code
	}
	commodity, err := data.ParseCommodity(code, data.EditionUnknown)
	if err != nil {
		return 0, &refused{BadCommodity, column, "write a code of 2 to 10 digits, as text, or one of " + strings.Join(reference.Minerals(), ", ")}
	}
	return commodity, nil
}

// massIn reads kilograms.
func (t *smallTable) massIn(column int, signed bool) (data.Kg, *refused) {
	text := t.field(column)
	n, ok := data.ParseFixed([]byte(text), 3)
	switch {
	case missing([]byte(text)):
		return 0, &refused{NoAmount, column, "leave out rows without a figure"}
	case !ok:
		return 0, &refused{BadAmount, column, "write kilograms with a decimal point and no thousands separators"}
	case n < 0 && !signed:
		return 0, &refused{NegativeAmount, column, "a mass is not negative"}
	case data.Kg(max(n, -n)) > largestWeight:
		return 0, &refused{AbsurdAmount, column, "more than world trade in one row; check the unit"}
	}
	return data.Kg(n), nil
}

// firstOf gives the first refusal among several readings.
func firstOf(all ...*refused) *refused {
	if i := slices.IndexFunc(all, func(r *refused) bool { return r != nil }); i >= 0 {
		return all[i]
	}
	return nil
}
