package source

// Reason says why a row was refused. Every refused row has exactly one.
type Reason string

// The reasons.
const (
	NotARow          Reason = "malformed_row"     // wrong number of fields, open quote, line too long
	BadPeriod        Reason = "bad_period"        // neither a year nor a month
	BadCommodity     Reason = "bad_commodity"     // not a code
	UnknownEconomy   Reason = "unknown_economy"   // a reporter or partner that no list knows
	GroupPartner     Reason = "group_partner"     // a group such as the EU; its members are there
	GroupReporter    Reason = "group_reporter"    // the same on the reporter's side
	UnknownFlow      Reason = "unknown_flow"      // neither export nor import
	PartFlow         Reason = "part_flow"         // a part of exports or imports that is in the total
	NotGoods         Reason = "not_goods"         // services, or a classification that is none of goods
	BadAmount        Reason = "bad_amount"        // value or weight is no number
	NegativeAmount   Reason = "negative_amount"   // below zero
	AbsurdAmount     Reason = "absurd_amount"     // more than world trade in a row
	NoAmount         Reason = "no_amount"         // neither value nor weight
	SelfTrade        Reason = "self_trade"        // reporter and partner are one economy
	UnstatedReporter Reason = "unstated_reporter" // no reporter
	AggregateLevel   Reason = "aggregate_level"   // a heading or chapter whose parts are there
	Breakdown        Reason = "breakdown"         // a part whose total is there
	RepeatedRow      Reason = "repeated_row"      // the same record once more
	RepeatedKey      Reason = "repeated_key"      // another record for the same key; the largest was taken
	OutOfScope       Reason = "out_of_scope"      // left out by the settings
	MixedFrequency   Reason = "mixed_frequency"   // a year where the months are there
)

// Reject is one refused row, kept as a sample of its reason.
type Reject struct {
	File   string // base name of the input
	Line   int64  // 1 is the first line of the file; 0 where the row can no longer be located
	Reason Reason
	Column string // the column that decided, "" where the row as a whole did
	Value  string // what stood there, cut at 80 bytes
	Hint   string // how to mend it, "" where nothing needs mending
}

// Tally counts the rows of one input.
type Tally struct {
	File    string // base name
	Format  string // which layout was recognised
	SHA256  string // of the file as it lies on disk
	Bytes   int64  // on disk
	Rows    int64  // data rows read
	Kept    int64  // rows that reached the pairs or the totals
	Refused map[Reason]int64
	Divided bool // has columns that tell totals from their parts
}
