package source

import "counterflow/data"

// Record is one row that could be read: a declaration, and what it is a part
// of.
type Record struct {
	data.Flow
	Part     Part
	Quantity int64 // supplementary quantity in thousandths of the unit; 0 where none is stated or wanted
	Unit     Unit  // of the quantity; NoUnit where there is none
}

// Part says in which columns a row is divided further than the total over
// them, and which part it is.
type Part struct {
	Columns Columns
	Mode    Mode
	Digits  uint8  // of a national code that was cut to the digits compared; 0 where it was not
	Partner uint16 // tells the codes apart that the unallocated bucket gathers; 0 for an economy
	Rest    uint16 // a hash of the other columns that divide
}

// Columns is a set of columns in which a row is a part.
type Columns uint8

// The columns that divide totals.
const (
	ByPartner2  Columns = 1 << iota // second partner, or the economy of consignment
	ByMode                          // mode of transport
	ByProcedure                     // customs procedure
	BySupply                        // mode of supply
	ByFinerCode                     // a national line below the digits that are compared
)

// Texts is how the file writes what a record keeps as marks only: empty where a
// column holds the total, and the partner where it is no single economy.
type Texts struct {
	Partner, Via, Mode, Procedure, Supply string
}

// Batch is a run of records of one file, in the order of its rows. The batches of
// one block come from one worker, one after the other; blocks come in any order.
type Batch struct {
	File    int  // index into the tallies
	Block   int  // of the file, from 0 on
	Last    bool // of its block
	Records []Record
	Texts   []Texts // of the records, nil unless wanted, and for stored inputs
	Lines   []int64 // of the records, the first line of the file being 1; nil unless wanted
}
