package canonical

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"

	"counterflow/data"
	"counterflow/data/source"
)

// Formats lists the formats that can be written.
var Formats = []string{"csv", "parquet", "sdmx"}

// Convert writes the flows of one file in one of the formats and says what became
// of its rows.
func Convert(ctx context.Context, path string, to io.Writer, format string, rates *source.Rates) (*source.Reading, error) {
	head, err := source.Describe(path, source.Options{Rates: rates})
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(to, 1<<16)
	w, err := newWriter(out, format, chosen(head.Divided))
	if err != nil {
		return nil, err
	}
	f := flow{format: head.Format}
	// One thread keeps the rows in order.
	reading, err := source.Read(ctx, []string{path}, source.Options{Threads: 1, Rates: rates, Quantities: true, Texts: true}, func(_ int, b source.Batch) error {
		for i := range b.Records {
			f.Record, f.Texts = b.Records[i], b.Texts[i]
			if err := w.write(&f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := w.close(); err != nil {
		return nil, err
	}
	return reading, out.Flush()
}

// writer writes one format.
type writer interface {
	write(*flow) error
	close() error
}

func newWriter(to io.Writer, format string, columns []column) (writer, error) {
	switch format {
	case "csv":
		return newCSV(to, columns)
	case "sdmx":
		return newSDMX(to, columns)
	case "parquet":
		return newParquet(to, columns), nil
	}
	return nil, fmt.Errorf("format %q is none; choose one of %s", format, strings.Join(Formats, ", "))
}

// csvWriter writes cells parted by commas.
type csvWriter struct {
	*csv.Writer
	cells []func(*flow) string
	row   []string
}

func newCSV(to io.Writer, columns []column) (*csvWriter, error) {
	w := &csvWriter{Writer: csv.NewWriter(to)}
	var header []string
	for _, c := range columns {
		header, w.cells = append(header, c.name), append(w.cells, c.cell)
	}
	return w, w.Write(header)
}

// dataflow names what the rows are, as SDMX asks: agency, name, version.
const dataflow = "COUNTERFLOW:FLOWS(1.0)"

// newSDMX is SDMX-CSV version 1: the dataflow first, then one column for each
// component. The edition stands before the code.
func newSDMX(to io.Writer, columns []column) (*csvWriter, error) {
	w := &csvWriter{Writer: csv.NewWriter(to)}
	header := []string{"DATAFLOW", "FREQ", "UNIT_MEASURE"}
	w.cells = []func(*flow) string{
		func(*flow) string { return dataflow }, frequency, func(*flow) string { return "USD" },
	}
	for _, c := range columns {
		switch c.sdmx {
		case "":
			continue
		case "COMMODITY":
			c.cell = sdmxCommodity
		}
		header, w.cells = append(header, c.sdmx), append(w.cells, c.cell)
	}
	return w, w.Write(header)
}

func frequency(f *flow) string {
	if f.Period.Monthly() {
		return "M"
	}
	return "A"
}

func sdmxCommodity(f *flow) string {
	edition, code := f.Commodity.Edition().String(), f.Commodity.Code()
	switch {
	case edition != "":
		return edition + "_" + code
	case f.Commodity == data.AllGoods:
		return "_T"
	}
	return code
}

func (w *csvWriter) write(f *flow) error {
	w.row = w.row[:0]
	for _, cell := range w.cells {
		w.row = append(w.row, cell(f))
	}
	return w.Write(w.row)
}

func (w *csvWriter) close() error {
	w.Flush()
	return w.Error()
}

// parquetWriter writes texts with a dictionary and amounts as doubles, which hold
// every amount that a row can state to the cent, and to the gram below nine
// million million kilograms.
type parquetWriter struct {
	*parquet.GenericWriter[any]
	columns []column
	rows    []parquet.Row
}

const parquetBatch = 1 << 10

func newParquet(to io.Writer, columns []column) *parquetWriter {
	fields := make([]reflect.StructField, len(columns))
	for i, c := range columns {
		kind, tag := reflect.TypeFor[string](), c.name+",optional,dict"
		if c.number {
			kind, tag = reflect.TypeFor[float64](), c.name+",optional"
		}
		fields[i] = reflect.StructField{Name: fmt.Sprintf("Column%d", i), Type: kind, Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", tag))}
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	return &parquetWriter{parquet.NewGenericWriter[any](to, schema, parquet.Compression(&snappy.Codec{}), parquet.CreatedBy("counterflow", "1", "")), columns, nil}
}

func (w *parquetWriter) write(f *flow) error {
	row := make(parquet.Row, len(w.columns))
	for i, c := range w.columns {
		text := c.cell(f)
		value := parquet.NullValue().Level(0, 0, i)
		switch {
		case text == "":
		case c.number:
			number, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return err
			}
			value = parquet.DoubleValue(number).Level(0, 1, i)
		default:
			value = parquet.ByteArrayValue([]byte(text)).Level(0, 1, i)
		}
		row[i] = value
	}
	if w.rows = append(w.rows, row); len(w.rows) < parquetBatch {
		return nil
	}
	return w.flush()
}

func (w *parquetWriter) flush() error {
	_, err := w.WriteRows(w.rows)
	w.rows = slices.Delete(w.rows, 0, len(w.rows))
	return err
}

func (w *parquetWriter) close() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.Close()
}
