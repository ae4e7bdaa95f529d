package concordance

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"counterflow/data"
)

// Read reads a file of links, plain or gzip, in one of two forms, columns by
// name in any order:
//
//   - from_edition, from, to_edition, to, and weight or none; editions as H0 to
//     H7. (from_revision, from_code, to_revision, to_code are read too.)
//   - code.after, code.before, adjustment, where an adjustment of "1996 to 1992"
//     says that code.after is of 1996 and code.before of 1992: the consolidated
//     correlation tables of UN Comtrade as research groups hand them on. They give
//     no weights.
//
// A leading zero that a spreadsheet took is restored. Headings of fewer digits,
// links of a code to itself within one edition, repeated rows and links of other
// classifications (SITC) are left out and counted in Warnings; anything else that cannot be read is an error with its
// line.
func Read(path string) (*Table, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("concordance: %w", err)
	}
	defer file.Close()
	text := bufio.NewReader(file)
	var from io.Reader = text
	if magic, _ := text.Peek(2); string(magic) == "\x1f\x8b" {
		if from, err = gzip.NewReader(text); err != nil {
			return nil, fmt.Errorf("%s: damaged gzip (%w); fetch the file again", filepath.Base(path), err)
		}
	}
	t, err := Parse(from)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return t, nil
}

// Parse is Read for a text.
func Parse(text io.Reader) (*Table, error) {
	rows := csv.NewReader(text)
	header, err := rows.Read()
	if err == io.EOF {
		return nil, errors.New("line 1: the file is empty; expected a header and links")
	}
	if err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	read, err := linkReader(header)
	if err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	var links []Link
	seen := map[Link]bool{} // with weight 0: NaN equals nothing
	headings, loops, repeated, others := 0, 0, 0, 0
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w; mend the row", err)
		}
		l, err := read(row)
		if errors.Is(err, errOther) {
			others++
			continue
		}
		if err != nil {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		key := Link{From: l.From, To: l.To}
		switch {
		case l.From.Len() < 6 && l.To.Len() < 6:
			headings++
		case l.From == l.To:
			loops++
		case seen[key]:
			repeated++
		default:
			seen[key] = true
			links = append(links, l)
		}
	}
	if len(links) == 0 {
		return nil, errors.New("the file holds no link between codes of six digits")
	}
	t, err := New(links)
	if err != nil {
		return nil, err
	}
	t.Links, t.LeftOut = len(links), headings+loops+repeated+others
	for _, left := range []struct {
		n    int
		what string
	}{{headings, "headings of fewer than six digits"}, {loops, "links of a code to itself"}, {repeated, "repeated links"}, {others, "links of other classifications"}} {
		if left.n > 0 {
			t.Warnings = append(t.Warnings, fmt.Sprintf("%d %s were left out", left.n, left.what))
		}
	}
	return t, nil
}

func linkReader(header []string) (func([]string) (Link, error), error) {
	at := map[string]int{}
	for i, name := range header {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	first := func(names ...string) int {
		for _, name := range names {
			if i, ok := at[name]; ok {
				return i
			}
		}
		return -1
	}
	after, before, adjustment := first("code.after"), first("code.before"), first("adjustment")
	if after >= 0 && before >= 0 && adjustment >= 0 {
		return func(row []string) (Link, error) { return readAdjustment(row[after], row[before], row[adjustment]) }, nil
	}
	fromEdition, from := first("from_edition", "from_revision"), first("from", "from_code")
	toEdition, to, weight := first("to_edition", "to_revision"), first("to", "to_code"), first("weight")
	if min(fromEdition, from, toEdition, to) < 0 {
		return nil, errors.New("expected the columns from_edition, from, to_edition, to and perhaps weight, or code.after, code.before, adjustment")
	}
	return func(row []string) (Link, error) {
		text := ""
		if weight >= 0 {
			text = row[weight]
		}
		return readLink(row[fromEdition], row[from], row[toEdition], row[to], text)
	}, nil
}

// errOther marks a link between classifications other than the Harmonised System;
// consolidated tables go on with those of the SITC.
var errOther = errors.New("not of the Harmonised System")

func readAdjustment(after, before, adjustment string) (Link, error) {
	years := strings.Split(adjustment, " to ")
	if len(years) != 2 {
		return Link{}, fmt.Errorf("adjustment %q is not of the form 1996 to 1992", adjustment)
	}
	if !isEdition("HS"+years[0]) || !isEdition("HS"+years[1]) {
		return Link{}, errOther
	}
	return readLink("HS"+years[0], after, "HS"+years[1], before, "")
}

func readLink(fromEdition, from, toEdition, to, weight string) (Link, error) {
	l := Link{Weight: math.NaN()}
	var err error
	if l.From, err = readCode(from, fromEdition); err != nil {
		return l, err
	}
	if l.To, err = readCode(to, toEdition); err != nil {
		return l, err
	}
	if weight = strings.TrimSpace(weight); weight != "" {
		if l.Weight, err = strconv.ParseFloat(weight, 64); err != nil || math.IsNaN(l.Weight) {
			return l, fmt.Errorf("weight %q is no number; write a share, 0 to 1", weight)
		}
	}
	return l, nil
}

func isEdition(text string) bool {
	e := data.ParseEdition(text)
	return e >= data.HS1992 && e <= data.HS2028
}

func readCode(code, edition string) (data.Commodity, error) {
	e := data.ParseEdition(edition)
	if !isEdition(edition) {
		return 0, fmt.Errorf("%q is no edition of the Harmonised System; write H0 to H7", edition)
	}
	code = strings.TrimSpace(code)
	if len(code)%2 == 1 {
		code = "0" + code
	}
	if len(code) > 6 || strings.Trim(code, "0123456789") != "" {
		return 0, fmt.Errorf("code %q is not of six digits", code)
	}
	return data.ParseCommodity(code, e)
}
