package evaluate

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"counterflow/data"
)

// row is one line of a table, read by column name.
type row struct {
	columns map[string]int
	cells   []string
	wrong   error // the first cell that could not be read
}

// readFile opens a file, reads it, and names it in errors.
func readFile(path string, read func(io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := read(file); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return nil
}

// eachRow reads a CSV table with the given columns and hands on every line.
func eachRow(from io.Reader, columns []string, use func(*row)) error {
	reader := csv.NewReader(from)
	reader.ReuseRecord = true
	header, err := reader.Read()
	if err != nil {
		return fmt.Errorf("no header: %w", err)
	}
	r := row{columns: map[string]int{}}
	for i, name := range header {
		r.columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range columns {
		if _, ok := r.columns[name]; !ok {
			return fmt.Errorf("column %s is missing", name)
		}
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		r.cells = cells
		use(&r)
		if r.wrong != nil {
			line, _ := reader.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, r.wrong)
		}
	}
}

// text is the cell of a column, "" where the table lacks it.
func (r *row) text(column string) string {
	if i, ok := r.columns[column]; ok && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

func (r *row) fail(column string, err error) {
	if err != nil && r.wrong == nil {
		r.wrong = fmt.Errorf("column %s: %w", column, err)
	}
}

func (r *row) commodity(column string) data.Commodity {
	text := r.text(column)
	if text == "" {
		return 0
	}
	c, err := data.ParseCommodity(text, data.EditionUnknown)
	r.fail(column, err)
	return c
}

func (r *row) economy(column string) data.Economy {
	var e data.Economy
	r.fail(column, e.UnmarshalText([]byte(r.text(column))))
	return e
}

func (r *row) period(column string) data.Period {
	p, err := data.ParsePeriod(r.text(column))
	r.fail(column, err)
	return p
}

// number is NaN-free: known is false where the cell is empty.
func (r *row) number(column string) (v float64, known bool) {
	text := r.text(column)
	if text == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	r.fail(column, err)
	return v, err == nil
}
