package simulate

// Kind is what a row of the truth is: a planted case, or an honest look-alike
// that a detector should leave alone.
type Kind string

// The planted kinds. Their names are those of the table of cases.
const (
	MissingExport    Kind = "missing_export"
	MissingImport    Kind = "missing_import"
	CodeSwitch       Kind = "code_switch"
	OriginSwitch     Kind = "origin_switch"
	Reroute          Kind = "reroute"
	ValueGap         Kind = "value_gap"
	StockBuild       Kind = "stock_build"
	SplitConsignment Kind = "split_consignment"
)

// The honest look-alikes.
const (
	MethodChange   Kind = "method_change"   // an economy's reports shift on all lanes of one flow
	HubStep        Kind = "hub_step"        // more or less of a lane goes by its hub from one month on
	LateArrivals   Kind = "late_arrivals"   // a spell in which ships take a month longer
	PriceDoubling  Kind = "price_doubling"  // the world price of a good doubles within a quarter
	TraderStart    Kind = "trader_start"    // an economy that makes none of a good starts to sell it on
	TraderEnd      Kind = "trader_end"      // such a lane ends
	TraderExtra    Kind = "trader_extra"    // such a lane brings a large additional amount, direct trade unchanged
	NewProducer    Kind = "new_producer"    // a new producer takes a share of the market
	SupplierChange Kind = "supplier_change" // an importer turns to another old producer
	SisterMove     Kind = "sister_move"     // both sides move to a sister code in the same month
	YearEndLump    Kind = "year_end_lump"   // a lumpy lane ships its year in December
	PartnerUnknown Kind = "partner_unknown" // a reporter books some months without partner
	DemandBoom     Kind = "demand_boom"     // imports and use rise together
	RoundLots      Kind = "round_lots"      // honest parcels of round size under a licence threshold
)

// PlantedKinds and LookAlikeKinds list the kinds in a fixed order.
var (
	PlantedKinds   = []Kind{MissingExport, MissingImport, CodeSwitch, OriginSwitch, Reroute, ValueGap, StockBuild, SplitConsignment}
	LookAlikeKinds = []Kind{MethodChange, HubStep, LateArrivals, PriceDoubling, TraderStart, TraderEnd, TraderExtra, NewProducer,
		SupplierChange, SisterMove, YearEndLump, PartnerUnknown, DemandBoom, RoundLots}
)

// Planted says whether the kind is a planted case.
func (k Kind) Planted() bool {
	for _, p := range PlantedKinds {
		if k == p {
			return true
		}
	}
	return false
}
