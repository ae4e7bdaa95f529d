package mirror

import (
	"counterflow/data"
	"counterflow/data/source"
)

// row is one declaration, packed.
type row struct {
	key  uint64 // number of the commodity, exporter, importer, period, direction
	usd  data.USD
	kg   data.Kg
	part uint32 // tells the parts of one total apart
	bits rowBits
}

const rowBytes = 32

// A key sorts by exporter, importer, period and direction, so that the two
// declarations of a corridor, and the periods of a lane, are neighbours.
const (
	directionBits = 2
	periodShift   = directionBits
	importerShift = periodShift + data.PeriodBits
	exporterShift = importerShift + data.EconomyBits
	numberShift   = exporterShift + data.EconomyBits
	numberBits    = 64 - numberShift
)

func keyNumber(key uint64) uint32 { return uint32(key >> numberShift) }

func keyOf(f *data.Flow) uint64 {
	return uint64(f.Exporter)<<exporterShift | uint64(f.Importer)<<importerShift |
		uint64(f.Period)<<periodShift | uint64(f.Direction)
}

func keyExporter(key uint64) data.Exporter {
	return data.Exporter(key >> exporterShift & (1<<data.EconomyBits - 1))
}

func keyImporter(key uint64) data.Importer {
	return data.Importer(key >> importerShift & (1<<data.EconomyBits - 1))
}

func keyPeriod(key uint64) data.Period {
	return data.Period(key >> periodShift & (1<<data.PeriodBits - 1))
}

func keyDirection(key uint64) data.Direction {
	return data.Direction(key & (1<<directionBits - 1))
}

// rowBits holds, from the lowest bit: file 16, edition 4, divided columns 5,
// mode group 4, mode subdivision 1, estimated weight 1, value stated FOB 1.
type rowBits uint32

const (
	editionShift         = 16
	columnsShift         = 20
	groupShift           = 25
	fineBit      rowBits = 1 << 29
	estimatedBit rowBits = 1 << 30
	fobBit       rowBits = 1 << 31
)

// MaxFiles is the number of input files that one run can take.
const MaxFiles = 1 << 16

// pack writes a record where it will lie.
func pack(to *row, r *source.Record, number uint32, file int) {
	bits := rowBits(file) | rowBits(r.Commodity.Edition())<<editionShift |
		rowBits(r.Part.Columns)<<columnsShift | rowBits(r.Part.ModeGroup)<<groupShift
	if r.Part.ModeFine {
		bits |= fineBit
	}
	if r.Estimated {
		bits |= estimatedBit
	}
	if r.Valuation == data.ValuationFOB {
		bits |= fobBit
	}
	to.key = uint64(number)<<numberShift | keyOf(&r.Flow)
	to.usd, to.kg, to.part, to.bits = r.Value, r.NetWeight, r.Part.Hash, bits
}

func (b rowBits) file() int               { return int(b & 0xffff) }
func (b rowBits) edition() data.Edition   { return data.Edition(b >> editionShift & 15) }
func (b rowBits) columns() source.Columns { return source.Columns(b >> columnsShift & 31) }
func (b rowBits) modeGroup() uint8        { return uint8(b >> groupShift & 15) }
