package table

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"

	"counterflow/data"
	"counterflow/reconcile"
)

const (
	groupRows = 1 << 18 // rows of a row group, which one thread fills
	batchRows = 1 << 8  // rows whose cells go to the library at once; they fit the nearest cache
)

// writeParquet writes the rows in the order of the result. Texts are
// dictionary-encoded, whole numbers are 64-bit integers, and amounts and
// numbers doubles: an amount is the double nearest to its decimal text, so that
// it equals what a reader makes of the CSV. The library takes row groups that
// are filled side by side and put into the file in order.
func (d *declared[R]) writeParquet(out *output, r *reconcile.Result) error {
	schema := parquet.SchemaOf(reflect.New(d.structure()).Interface())
	writer := parquet.NewGenericWriter[any](out, schema,
		parquet.Compression(&snappy.Codec{}), parquet.CreatedBy("counterflow", strconv.Itoa(FolderVersion), ""))
	err := inOrder(out.ctx, out.threads, spans(d.length(r), groupRows),
		func(s span) (*rowGroup, error) {
			group := &rowGroup{writer.BeginRowGroup(), s.end - s.first}
			return group, d.fill(group.ColumnWriters(), r, s)
		},
		func(group *rowGroup) error {
			_, err := group.Commit()
			out.written(group.rows)
			return err
		})
	if err != nil {
		return err
	}
	return writer.Close()
}

type rowGroup struct {
	*parquet.ConcurrentRowGroupWriter
	rows int
}

// structure is a struct type with one field for each column, because the
// library keeps the order of fields of a struct only.
func (d *declared[R]) structure() reflect.Type {
	fields := make([]reflect.StructField, len(d.columns))
	for k := range d.columns {
		c := &d.columns[k]
		tag := c.Name
		if c.Missing != "" {
			tag += ",optional"
		}
		kind := reflect.TypeFor[float64]()
		switch c.Type {
		case Text, Month:
			kind, tag = reflect.TypeFor[string](), tag+",dict"
		case Whole:
			kind = reflect.TypeFor[int64]()
		case Flag:
			kind = reflect.TypeFor[bool]()
		}
		fields[k] = reflect.StructField{
			Name: fmt.Sprintf("Column%d", k), Type: kind, Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", tag)),
		}
	}
	return reflect.StructOf(fields)
}

// fill writes the cells of some rows, column after column in batches of rows.
func (d *declared[R]) fill(columns []*parquet.ColumnWriter, r *reconcile.Result, s span) error {
	rows := make([]R, batchRows)
	b := batch{values: make([]parquet.Value, batchRows)}
	for first := s.first; first < s.end; first += batchRows {
		n := min(batchRows, s.end-first)
		for i := range n {
			d.row(r, first+i, &rows[i])
		}
		for k := range d.columns {
			d.columns[k].collect(&b, rows[:n], k)
			if _, err := columns[k].WriteRowValues(b.values[:n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// batch is the cells of one column in some rows, with room for their texts.
type batch struct {
	values []parquet.Value
	texts  []byte
	ends   [batchRows]int
}

// collect gathers the cells of column k. A missing cell is null; in a column that
// is never empty, an empty text is a text.
func (c *column[R]) collect(b *batch, rows []R, k int) {
	level := 0
	if c.Missing != "" {
		level = 1
	}
	null := parquet.NullValue().Level(0, 0, k)
	set := func(i int, v parquet.Value, known bool) {
		if b.values[i] = null; known || level == 0 {
			b.values[i] = v.Level(0, level, k)
		}
	}
	switch {
	case c.text != nil:
		c.collectTexts(b, rows)
		for i := range rows {
			text := b.text(i)
			set(i, parquet.ByteArrayValue(text), len(text) > 0)
		}
	case c.whole != nil && c.Type == Whole:
		for i := range rows {
			n, known := c.whole(&rows[i])
			set(i, parquet.Int64Value(n), known)
		}
	case c.whole != nil:
		for i := range rows {
			n, known := c.whole(&rows[i])
			set(i, parquet.DoubleValue(double(n, c.decimals)), known)
		}
	case c.number != nil:
		for i := range rows {
			f := c.number(&rows[i])
			set(i, parquet.DoubleValue(f), !math.IsNaN(f))
		}
	default:
		for i := range rows {
			set(i, parquet.BooleanValue(c.flag(&rows[i])), true)
		}
	}
}

func (c *column[R]) collectTexts(b *batch, rows []R) {
	b.texts = b.texts[:0]
	for i := range rows {
		b.texts = c.text(b.texts, &rows[i])
		b.ends[i] = len(b.texts)
	}
}

func (b *batch) text(i int) []byte {
	start := 0
	if i > 0 {
		start = b.ends[i-1]
	}
	return b.texts[start:b.ends[i]]
}

// double gives the double nearest to units of 10^-decimals. Whole numbers below
// 2^53 and the power of ten are exact, so one rounded division is enough;
// beyond, the decimal text is read.
func double(units int64, decimals int) float64 {
	if units > -1<<53 && units < 1<<53 {
		return float64(units) / [...]float64{1, 10, 100, 1000}[decimals]
	}
	f, _ := strconv.ParseFloat(string(data.AppendFixed(nil, units, decimals)), 64)
	return f
}
