package table

import (
	"bytes"
	"fmt"

	"counterflow/reconcile"
)

// Table is what a reader needs to know of one table of a run.
type Table struct {
	Name    string
	Title   string
	Key     []string // columns that together are unique
	Order   []string // columns that rows are sorted by; none where the run's own order stands
	From    []string // tables and inputs that it is made of
	Columns []Column
}

// Tables lists the tables of a run folder.
func Tables() []Table {
	list := make([]Table, len(sheets))
	for i, s := range sheets {
		list[i] = s.table()
	}
	return list
}

// sheets declares every table once. CSV, Parquet, datapackage.json, and reading
// back all follow from the declarations.
var sheets = []sheet{
	coverageTable, totalsTable, rejectsTable, pairsTable, marginsTable, lagsTable, reliabilityTable,
	reconciledTable, bridgesTable, casesTable, claimsTable, allocationsTable, expectedTable, sensitivityTable, stocksTable, refusalsTable,
	eventsTable, studiesTable, studyMonthsTable, changesTable, revisionsTable, factorsTable, rulesTable,
}

// sheet is a declared table, whatever its rows are.
type sheet interface {
	table() Table
	rows(r *reconcile.Result) int
	check(r *reconcile.Result) error
	writeCSV(w *output, r *reconcile.Result) error
	writeParquet(w *output, r *reconcile.Result) error
	readCSV(in *input, r *reconcile.Result) error
	records(r *reconcile.Result) [][]string
}

// declared is a table of rows R: its facts, its columns, and where its rows
// stand in the result of a run.
type declared[R any] struct {
	facts   Table
	columns []column[R]
	length  func(*reconcile.Result) int
	row     func(r *reconcile.Result, i int, row *R)
	keep    func(r *reconcile.Result, rows []R)
}

func (d *declared[R]) table() Table {
	t := d.facts
	t.Columns = make([]Column, len(d.columns))
	for i := range d.columns {
		t.Columns[i] = d.columns[i].Column
	}
	return t
}

func (d *declared[R]) rows(r *reconcile.Result) int { return d.length(r) }

// column finds a column by name. A name that the declaration does not have is a
// defect of the declaration.
func (d *declared[R]) column(name string) *column[R] {
	for i := range d.columns {
		if d.columns[i].Name == name {
			return &d.columns[i]
		}
	}
	panic(fmt.Sprintf("table %s has no column %s", d.facts.Name, name))
}

// records gives all cells as text, for small tables.
func (d *declared[R]) records(r *reconcile.Result) [][]string {
	list := make([][]string, d.length(r))
	var row R
	var cell []byte
	for i := range list {
		d.row(r, i, &row)
		list[i] = make([]string, len(d.columns))
		for k := range d.columns {
			cell = d.columns[k].append(cell[:0], &row)
			list[i][k] = string(cell)
		}
	}
	return list
}

// checker finds rows that break the order or repeat the key. Where the order
// has all columns of the key, strictly rising rows are proof of both, and
// nothing is kept; otherwise keys are collected.
type checker[R any] struct {
	name       string
	order, key []*column[R]
	sorted     bool // strictly rising order proves the key
	seen       map[string]struct{}
}

func (d *declared[R]) checker() *checker[R] {
	c := &checker[R]{name: d.facts.Name}
	for _, name := range d.facts.Order {
		c.order = append(c.order, d.column(name))
	}
	for _, name := range d.facts.Key {
		c.key = append(c.key, d.column(name))
	}
	c.sorted = len(c.key) == len(c.order)
	for _, k := range d.facts.Key {
		found := false
		for _, o := range d.facts.Order {
			found = found || o == k
		}
		c.sorted = c.sorted && found
	}
	if !c.sorted {
		c.seen = make(map[string]struct{})
	}
	return c
}

// ordered compares row i with the one before it.
func (c *checker[R]) ordered(before, row *R, i int) error {
	for _, column := range c.order {
		switch n := compareCells(column, before, row); {
		case n < 0:
			return nil
		case n > 0:
			return fmt.Errorf("table %s: row %d (%s) comes after row %d (%s), against the order of %s",
				c.name, i+1, c.text(row), i, c.text(before), column.Name)
		}
	}
	if c.sorted {
		return fmt.Errorf("table %s: rows %d and %d have one key: %s", c.name, i, i+1, c.text(row))
	}
	return nil
}

// unique takes the rows one after the other. A key with an empty cell
// identifies nothing and may repeat.
func (c *checker[R]) unique(row *R, i int) error {
	if c.sorted {
		return nil
	}
	var key []byte
	for _, column := range c.key {
		length := len(key)
		if key = column.append(key, row); len(key) == length {
			return nil
		}
		key = append(key, 0)
	}
	if _, repeated := c.seen[string(key)]; repeated {
		return fmt.Errorf("table %s: row %d repeats the key %s", c.name, i+1, c.text(row))
	}
	c.seen[string(key)] = struct{}{}
	return nil
}

func compareCells[R any](c *column[R], a, b *R) int {
	if c.compare != nil {
		return c.compare(a, b)
	}
	return bytes.Compare(c.append(nil, a), c.append(nil, b))
}

// text names a row by its key.
func (c *checker[R]) text(row *R) string {
	var text []byte
	for i, column := range c.key {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = column.append(text, row)
	}
	return string(text)
}
