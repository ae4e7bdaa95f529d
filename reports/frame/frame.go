// Package frame offers the small tables of a run as gota data frames, for Go
// notebooks.
//
//  1. Of takes a table from a result in memory, Read from a run folder.
//  2. Both hand the cells to one function, which builds the columns by their
//     declared types and then checks every element against its cell.
//
// Gota's own CSV reader is not used: it guesses types, so that codes lose their
// leading zeros, and turns what it cannot read into NaN without a word. Here
// codes and periods are text, a missing cell is an NA element, and a cell that
// is not what its column declares is an error.
package frame

import (
	"context"
	"fmt"
	"strconv"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"counterflow/reconcile"
	"counterflow/reports/table"
)

// MaxRows is the longest table that is given as a data frame. Gota keeps every
// cell as an object of its own and joins in quadratic time; longer tables are
// for the Parquet files.
const MaxRows = 100_000

// Cases is the table of cases.
func Cases(r *reconcile.Result) (dataframe.DataFrame, error) { return Of(r, "cases") }

// Of gives a table of a result, such as margins or reliability.
func Of(r *reconcile.Result, name string) (dataframe.DataFrame, error) {
	t, cells, err := table.Records(r, name, MaxRows)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	return build(t, cells)
}

// Read gives a table of a finished run folder.
func Read(ctx context.Context, dir, name string) (dataframe.DataFrame, error) {
	t, cells, err := table.ReadRecords(ctx, dir, name, MaxRows)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	return build(t, cells)
}

// build makes the columns by their declared types and checks what gota made of
// them: names, number of rows, and every element.
func build(t table.Table, cells [][]string) (dataframe.DataFrame, error) {
	columns := make([]series.Series, len(t.Columns))
	for k, c := range t.Columns {
		values := make([]any, len(cells))
		for i, row := range cells {
			if len(row) != len(t.Columns) {
				return dataframe.DataFrame{}, fmt.Errorf("table %s, row %d has %d cells, not %d", t.Name, i+1, len(row), len(t.Columns))
			}
			value, err := parse(c.Type, row[k])
			if err != nil {
				return dataframe.DataFrame{}, fmt.Errorf("table %s, row %d, column %s: %q %w", t.Name, i+1, c.Name, row[k], err)
			}
			values[i] = value
		}
		columns[k] = series.New(values, kindOf(c.Type), c.Name)
		for i, row := range cells {
			if missing := row[k] == ""; columns[k].Elem(i).IsNA() != missing {
				return dataframe.DataFrame{}, fmt.Errorf("table %s, row %d, column %s: gota cannot hold %q", t.Name, i+1, c.Name, row[k])
			}
		}
	}
	frame := dataframe.New(columns...)
	if frame.Err != nil {
		return dataframe.DataFrame{}, fmt.Errorf("table %s: %w", t.Name, frame.Err)
	}
	if frame.Nrow() != len(cells) || frame.Ncol() != len(t.Columns) {
		return dataframe.DataFrame{}, fmt.Errorf("table %s: gota made %d rows and %d columns of %d and %d",
			t.Name, frame.Nrow(), frame.Ncol(), len(cells), len(t.Columns))
	}
	return frame, nil
}

func kindOf(t table.Type) series.Type {
	switch t {
	case table.Whole:
		return series.Int
	case table.Number:
		return series.Float
	case table.Flag:
		return series.Bool
	}
	return series.String
}

// parse reads a cell; nil stands for a missing one.
func parse(t table.Type, cell string) (any, error) {
	if cell == "" {
		return nil, nil
	}
	var value any = cell
	var err error
	switch t {
	case table.Whole:
		value, err = strconv.Atoi(cell)
	case table.Number:
		value, err = strconv.ParseFloat(cell, 64)
	case table.Flag:
		value, err = strconv.ParseBool(cell)
	}
	if err != nil {
		return nil, fmt.Errorf("is no %s", t)
	}
	return value, nil
}
