package vault

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"

	"counterflow/data"
	"counterflow/data/source"
)

// entry is one record with the line where it stood.
type entry struct {
	source.Record
	line int64
}

const (
	noUSD     = 1 << 63 // data.MissingUSD and data.MissingKg as unsigned numbers
	unmissing = math.MaxUint64
	cents     = 100
	grams     = 1000
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// codeColumns are the columns in which numbers repeat, in the order in which they
// are written, each with how it is taken from a record and given back.
var codeColumns = []struct {
	get func(*source.Record) uint64
	set func(*source.Record, uint64)
}{
	{func(r *source.Record) uint64 { return uint64(r.Commodity) }, func(r *source.Record, x uint64) { r.Commodity = data.Commodity(x) }},
	{func(r *source.Record) uint64 { return uint64(r.Period) }, func(r *source.Record, x uint64) { r.Period = data.Period(x) }},
	{func(r *source.Record) uint64 { return uint64(r.Direction) }, func(r *source.Record, x uint64) { r.Direction = data.Direction(x) & 3 }},
	{func(r *source.Record) uint64 { return uint64(r.Exporter) }, func(r *source.Record, x uint64) { r.Exporter = data.Exporter(x) }},
	{func(r *source.Record) uint64 { return uint64(r.Importer) }, func(r *source.Record, x uint64) { r.Importer = data.Importer(x) }},
	{flagsOf, setFlags},
	{func(r *source.Record) uint64 { return uint64(r.Part.Partner) }, func(r *source.Record, x uint64) { r.Part.Partner = uint16(x) }},
	{func(r *source.Record) uint64 { return uint64(r.Part.Rest) }, func(r *source.Record, x uint64) { r.Part.Rest = uint16(x) }},
	{func(r *source.Record) uint64 { return uint64(r.Unit) }, func(r *source.Record, x uint64) { r.Unit = source.Unit(x) }},
}

// flagsOf holds, from the lowest bit: estimated 1, valuation 2, columns 5, mode 5.
func flagsOf(r *source.Record) uint64 {
	flags := uint64(r.Valuation)<<1 | uint64(r.Part.Columns)<<3 | uint64(r.Part.Mode)<<8
	if r.Estimated {
		flags |= 1
	}
	return flags
}

func setFlags(r *source.Record, flags uint64) {
	r.Estimated, r.Valuation = flags&1 != 0, data.Valuation(min(flags>>1&3, uint64(data.ValuationCIF)))
	r.Part.Columns, r.Part.Mode = source.Columns(flags>>3&31), source.Mode(flags>>8&31)
}

// amountColumns are numbers of any size.
var amountColumns = []struct {
	missing, step uint64
	get           func(*source.Record) uint64
	set           func(*source.Record, uint64)
}{
	{noUSD, cents, func(r *source.Record) uint64 { return uint64(r.Value) }, func(r *source.Record, x uint64) { r.Value = data.USD(x) }},
	{noUSD, grams, func(r *source.Record) uint64 { return uint64(r.NetWeight) }, func(r *source.Record, x uint64) { r.NetWeight = data.Kg(x) }},
	{0, grams, func(r *source.Record) uint64 { return uint64(r.Quantity) }, func(r *source.Record, x uint64) { r.Quantity = int64(x) }},
}

// group writes rows as one group: a checksum, and then column after column.
// Lines rise; what is written depends on the rows alone.
func (p *packer) group(rows []entry, numbers []uint64) []byte {
	numbers = numbers[:len(rows)]
	p.out = append(p.out[:0], 0, 0, 0, 0)
	before := int64(0)
	for i := range rows {
		numbers[i] = uint64(rows[i].line - before)
		before = rows[i].line
	}
	p.numbers(numbers, unmissing, 1)
	for c := range codeColumns {
		for i := range rows {
			numbers[i] = codeColumns[c].get(&rows[i].Record)
		}
		p.few(numbers)
	}
	for c := range amountColumns {
		column := &amountColumns[c]
		same := true
		for i := range rows {
			numbers[i] = column.get(&rows[i].Record)
			same = same && numbers[i] == numbers[0]
		}
		if same { // such as quantities that nobody stated
			p.few(numbers)
		} else {
			p.numbers(numbers, column.missing, column.step)
		}
	}
	binary.LittleEndian.PutUint32(p.out, crc32.Checksum(p.out[4:], castagnoli))
	return p.out
}

// group appends the rows of a group, and their lines where lines is not nil.
func (u *unpacker) group(text []byte, rows int, records []source.Record, lines []int64) ([]source.Record, []int64, error) {
	if rows < 1 || rows > groupRows || len(text) < 4 || binary.LittleEndian.Uint32(text) != crc32.Checksum(text[4:], castagnoli) {
		return nil, nil, fmt.Errorf("a group of rows is damaged")
	}
	return u.columns(text[4:], rows, records, lines)
}

// columns reads a group behind its checksum.
func (u *unpacker) columns(text []byte, rows int, records []source.Record, lines []int64) ([]source.Record, []int64, error) {
	u.in = text
	numbers, err := u.column(rows, unmissing, 1)
	if err != nil {
		return nil, nil, err
	}
	if lines != nil {
		line := int64(0)
		for _, step := range numbers {
			line += int64(step)
			lines = append(lines, line)
		}
	}
	first := len(records)
	for range rows {
		records = append(records, source.Record{})
	}
	fresh := records[first:]
	for c := range codeColumns {
		if numbers, err = u.column(rows, 0, 1); err != nil {
			return nil, nil, err
		}
		for i, x := range numbers {
			codeColumns[c].set(&fresh[i], x)
		}
	}
	for c := range amountColumns {
		column := &amountColumns[c]
		if numbers, err = u.column(rows, column.missing, column.step); err != nil {
			return nil, nil, err
		}
		for i, x := range numbers {
			column.set(&fresh[i], x)
		}
	}
	return records, lines, nil
}
