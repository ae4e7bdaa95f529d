package source

import "counterflow/data"

// Record is one row that could be read: a declaration, and what it is a part
// of.
type Record struct {
	data.Flow
	Part Part
}

// Part says in which columns a row is divided further than the total over
// them.
type Part struct {
	Columns   Columns
	ModeGroup uint8 // 1 to 9: air, water, land, ...; 0 where the mode is the total
	ModeFine  bool  // a subdivision of its mode group, such as sea within water
	// Hash tells the parts of one total apart; where the partner is the
	// unallocated bucket, it tells the codes apart that the bucket gathers.
	// Undivided files have no columns for parts, so a repeated key there may be a
	// total beside its breakdown.
	Hash      uint32
	Undivided bool
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

// Batch is a run of records of one file, in the order of its rows.
type Batch struct {
	File    int // index into the tallies
	Records []Record
}
