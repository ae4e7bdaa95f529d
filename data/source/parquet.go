package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetTable gives the rows of a Parquet file as CSV. Columns must be flat:
// text, whole numbers, floating-point numbers, booleans, dates, timestamps, and
// decimals kept as whole numbers. Nulls and NaN are missing.
func parquetTable(file io.ReaderAt, size int64) (text io.Reader, err error) {
	defer func() { // the library panics on some damaged files
		if r := recover(); r != nil {
			text, err = nil, fmt.Errorf("damaged Parquet (%v); fetch the file again", r)
		}
	}()
	if err := checkFooter(file, size); err != nil {
		return nil, err
	}
	table, err := parquet.OpenFile(file, size)
	if err != nil {
		return nil, fmt.Errorf("damaged Parquet (%w); fetch the file again", err)
	}
	p := &parquetReader{groups: table.RowGroups()}
	for _, field := range table.Schema().Fields() {
		write, err := cellWriter(field)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", clip(field.Name(), 80), err)
		}
		p.names, p.write = append(p.names, field.Name()), append(p.write, write)
	}
	if len(p.names) == 0 {
		return nil, errors.New("the Parquet file has no columns")
	}
	return &tableText{next: p.next}, nil
}

// checkFooter looks whether the file ends as a Parquet file does, in the length
// of its description and PAR1. The library believes that length, and would ask
// for up to 4 GB of memory for a damaged file of a few bytes.
func checkFooter(file io.ReaderAt, size int64) error {
	var end [8]byte
	if size < 12 {
		return errors.New("damaged Parquet (too short); fetch the file again")
	}
	if _, err := file.ReadAt(end[:], size-8); err != nil {
		return rootCause(err)
	}
	if length := int64(binary.LittleEndian.Uint32(end[:])); string(end[4:]) != "PAR1" || length > size-12 {
		return errors.New("damaged Parquet (the end is missing); fetch the file again")
	}
	return nil
}

type parquetReader struct {
	groups []parquet.RowGroup
	names  []string
	write  []func(to []byte, v parquet.Value) []byte
	rows   parquet.Rows
	batch  [256]parquet.Row
	cell   []byte
	began  bool
}

// next appends the header first, then some rows at a time.
func (p *parquetReader) next(to []byte) (lines []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			lines, err = nil, fmt.Errorf("damaged Parquet (%v); fetch the file again", r)
		}
	}()
	if !p.began {
		p.began = true
		for i, name := range p.names {
			to = appendCell(to, []byte(name), i == 0)
		}
		return append(to, '\n'), nil
	}
	if p.rows == nil {
		if len(p.groups) == 0 {
			return to, io.EOF
		}
		p.rows = p.groups[0].Rows()
		p.groups = p.groups[1:]
	}
	n, err := p.rows.ReadRows(p.batch[:])
	for _, row := range p.batch[:n] {
		to = p.line(to, row)
	}
	if err == io.EOF || err == nil && n == 0 {
		err = p.rows.Close()
		p.rows = nil
	}
	return to, err
}

func (p *parquetReader) line(to []byte, row parquet.Row) []byte {
	at := 0
	for i := range p.names {
		p.cell = p.cell[:0]
		if at < len(row) && row[at].Column() == i {
			if !row[at].IsNull() {
				p.cell = p.write[i](p.cell, row[at])
			}
			at++
		}
		to = appendCell(to, p.cell, i == 0)
	}
	return append(to, '\n')
}

// cellWriter says how the values of one column are written.
func cellWriter(field parquet.Field) (func(to []byte, v parquet.Value) []byte, error) {
	if !field.Leaf() || field.Repeated() {
		return nil, errors.New("is nested; flatten the table")
	}
	kind := field.Type().Kind()
	if logical := field.Type().LogicalType(); logical != nil {
		switch of := logical.Value.(type) {
		case *format.DecimalType:
			if kind != parquet.Int32 && kind != parquet.Int64 || of.Scale < 0 || of.Scale > 18 {
				return nil, errors.New("is a decimal of more than 18 digits; write it as a double")
			}
			return decimalWriter(int(of.Scale)), nil
		case *format.DateType:
			return dateWriter(24 * time.Hour), nil
		case *format.TimestampType:
			return dateWriter(unitOf(of)), nil
		}
	}
	switch {
	case kind == parquet.Boolean:
		return func(to []byte, v parquet.Value) []byte { return strconv.AppendBool(to, v.Boolean()) }, nil
	case kind == parquet.Int32:
		return func(to []byte, v parquet.Value) []byte { return strconv.AppendInt(to, int64(v.Int32()), 10) }, nil
	case kind == parquet.Int64:
		return func(to []byte, v parquet.Value) []byte { return strconv.AppendInt(to, v.Int64(), 10) }, nil
	case kind == parquet.Float:
		return func(to []byte, v parquet.Value) []byte { return appendFloat(to, float64(v.Float()), 32) }, nil
	case kind == parquet.Double:
		return func(to []byte, v parquet.Value) []byte { return appendFloat(to, v.Double(), 64) }, nil
	case kind == parquet.ByteArray || kind == parquet.FixedLenByteArray:
		return func(to []byte, v parquet.Value) []byte { return append(to, v.ByteArray()...) }, nil
	default:
		return nil, fmt.Errorf("is of type %s; write it as text or a double", kind)
	}
}

func unitOf(t *format.TimestampType) time.Duration {
	switch t.Unit.Value.(type) {
	case *format.MicroSeconds:
		return time.Microsecond
	case *format.NanoSeconds:
		return time.Nanosecond
	}
	return time.Millisecond
}

func appendFloat(to []byte, f float64, bits int) []byte {
	if f != f { // NaN is how data frames write nothing
		return to
	}
	return strconv.AppendFloat(to, f, 'f', -1, bits)
}

func decimalWriter(scale int) func(to []byte, v parquet.Value) []byte {
	return func(to []byte, v parquet.Value) []byte {
		n := v.Int64()
		if v.Kind() == parquet.Int32 {
			n = int64(v.Int32())
		}
		digits := strconv.AppendInt(nil, max(n, -n), 10)
		for len(digits) <= scale {
			digits = append([]byte{'0'}, digits...)
		}
		if n < 0 {
			to = append(to, '-')
		}
		to = append(to, digits[:len(digits)-scale]...)
		if scale > 0 {
			to = append(append(to, '.'), digits[len(digits)-scale:]...)
		}
		return to
	}
}

// dateWriter writes days or moments since 1970 as YYYY-MM-DD.
func dateWriter(unit time.Duration) func(to []byte, v parquet.Value) []byte {
	return func(to []byte, v parquet.Value) []byte {
		n := v.Int64()
		if v.Kind() == parquet.Int32 {
			n = int64(v.Int32())
		}
		perDay := int64(24 * time.Hour / unit)
		days := n / perDay
		if n%perDay < 0 {
			days--
		}
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(days)).AppendFormat(to, time.DateOnly)
	}
}
