package table

import (
	"context"
	"fmt"
	"strings"

	"counterflow/reconcile"
)

// Records gives the cells of one table as its CSV has them, without the header.
// A table of more rows than the limit is refused.
func Records(r *reconcile.Result, name string, limit int) (Table, [][]string, error) {
	s, err := find(name)
	if err != nil {
		return Table{}, nil, err
	}
	if rows := s.rows(r); rows > limit {
		return Table{}, nil, tooLong(name, rows, limit)
	}
	return s.table(), s.records(r), nil
}

// ReadRecords is Records for one table of a finished run folder, of which no
// other table is read.
func ReadRecords(ctx context.Context, dir, name string, limit int) (Table, [][]string, error) {
	s, err := find(name)
	if err != nil {
		return Table{}, nil, err
	}
	m, err := ReadManifest(dir)
	if err != nil {
		return Table{}, nil, err
	}
	for _, out := range m.Outputs {
		if out.Path == csvPath(name) && out.Rows > limit {
			return Table{}, nil, tooLong(name, out.Rows, limit)
		}
	}
	r := &reconcile.Result{}
	if _, err := loadTable(ctx, dir, csvPath(name), s, r, Options{}.threads()); err != nil {
		return Table{}, nil, err
	}
	return Records(r, name, limit)
}

func tooLong(name string, rows, limit int) error {
	return fmt.Errorf("table %s has %d rows, more than %d; read %s instead", name, rows, limit, parquetPath(name))
}

func find(name string) (sheet, error) {
	var names []string
	for _, s := range sheets {
		if s.table().Name == name {
			return s, nil
		}
		names = append(names, s.table().Name)
	}
	return nil, fmt.Errorf("there is no table %q; there are %s", name, strings.Join(names, ", "))
}
