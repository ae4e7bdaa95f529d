package mirror

import (
	"fmt"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/data/source"
)

// row is one declaration, packed.
type row struct {
	key  uint64 // number of the commodity, exporter, importer, period, direction
	usd  data.USD
	kg   data.Kg
	part rowPart
	bits rowBits
}

const rowBytes = 32

// A key sorts by exporter, importer, period and direction, so that the two
// declarations of a corridor, and the periods of a lane, are neighbours. An
// economy stands in it by its place.
const (
	directionBits = 2
	placeBits     = 9
	periodShift   = directionBits
	importerShift = periodShift + data.PeriodBits
	exporterShift = importerShift + placeBits
	numberShift   = exporterShift + placeBits
	numberBits    = 64 - numberShift
)

// places numbers the economies that reference knows in the order of their
// codes, from 1 on: 9 bits take the place of 15, which saves a third of the
// passes of sorting.
var places = func() (p struct {
	of      [1 << data.EconomyBits]uint16
	economy [1 << placeBits]data.Economy
}) {
	for _, e := range reference.Economies() {
		p.of[e.Economy] = 1
	}
	n := uint16(0)
	for e := range p.of {
		if e != 0 && p.of[e] != 0 {
			n++
			p.of[e], p.economy[n] = n, data.Economy(e)
		}
	}
	p.of[0] = 0
	return p
}()

func keyNumber(key uint64) uint32 { return uint32(key >> numberShift) }

// keyOf packs all but the commodity; ok is false for an economy without a place.
func keyOf(f *data.Flow) (key uint64, ok bool) {
	exporter, importer := places.of[f.Exporter], places.of[f.Importer]
	return uint64(exporter)<<exporterShift | uint64(importer)<<importerShift |
		uint64(f.Period)<<periodShift | uint64(f.Direction), exporter != 0 && importer != 0
}

func keyExporter(key uint64) data.Exporter {
	return data.Exporter(places.economy[key>>exporterShift&(1<<placeBits-1)])
}

func keyImporter(key uint64) data.Importer {
	return data.Importer(places.economy[key>>importerShift&(1<<placeBits-1)])
}

func keyPeriod(key uint64) data.Period {
	return data.Period(key >> periodShift & (1<<data.PeriodBits - 1))
}

func keyDirection(key uint64) data.Direction {
	return data.Direction(key & (1<<directionBits - 1))
}

// keyReporter is the side that made the declaration, keyPartner the other one.
func keyReporter(key uint64) data.Economy {
	if keyDirection(key).Outward() {
		return data.Economy(keyExporter(key))
	}
	return data.Economy(keyImporter(key))
}

func keyPartner(key uint64) data.Economy {
	if keyDirection(key).Outward() {
		return data.Economy(keyImporter(key))
	}
	return data.Economy(keyExporter(key))
}

// rowBits holds, from the lowest bit: file 16, edition 4, divided columns 5,
// mode of transport 5, estimated weight 1, value stated FOB 1.
type rowBits uint32

const (
	editionShift         = 16
	columnsShift         = 20
	modeShift            = 25
	estimatedBit rowBits = 1 << 30
	fobBit       rowBits = 1 << 31
)

// rowPart tells parts of one total apart: from the lowest bit, a hash of the
// columns that divide 14, digits of a finer code 4, partner code within the
// unallocated bucket 14.
type rowPart uint32

const (
	restBits     = 14
	digitsShift  = restBits
	partnerShift = digitsShift + 4
)

// MaxFiles is the number of input files that one run can take.
const MaxFiles = 1 << 16

// pack writes a record where it will lie.
func pack(to *row, r *source.Record, number uint32, file int) error {
	key, ok := keyOf(&r.Flow)
	if !ok {
		return fmt.Errorf("%s->%s is no corridor between economies that reference lists", r.Exporter, r.Importer)
	}
	bits := rowBits(file) | rowBits(r.Commodity.Edition())<<editionShift |
		rowBits(r.Part.Columns)<<columnsShift | rowBits(r.Part.Mode)<<modeShift
	if r.Estimated {
		bits |= estimatedBit
	}
	if r.Valuation == data.ValuationFOB {
		bits |= fobBit
	}
	to.key = uint64(number)<<numberShift | key
	to.usd, to.kg, to.bits = r.Value, r.NetWeight, bits
	to.part = rowPart(r.Part.Rest)&(1<<restBits-1) | rowPart(r.Part.Digits)<<digitsShift | rowPart(r.Part.Partner)<<partnerShift
	return nil
}

// finer marks the row of a code as part of the code above it that is compared.
func (r *row) finer(code data.Commodity, digits int) {
	r.bits |= rowBits(source.ByFinerCode) << columnsShift
	r.part ^= rowPart(code * 0x9e3779b97f4a7c15 >> (64 - restBits))
	if r.part.digits() == 0 {
		r.part |= rowPart(digits) << digitsShift
	}
}

func (b rowBits) file() int               { return int(b & 0xffff) }
func (b rowBits) edition() data.Edition   { return data.Edition(b >> editionShift & 15) }
func (b rowBits) columns() source.Columns { return source.Columns(b >> columnsShift & 31) }
func (b rowBits) mode() source.Mode       { return source.Mode(b >> modeShift & 31) }

func (p rowPart) digits() int  { return int(p >> digitsShift & 15) }
func (p rowPart) partner() int { return int(p >> partnerShift) }
