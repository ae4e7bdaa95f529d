package simulate

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"

	"counterflow/data"
)

// Cause names an honest reason why the two sides of a lane differ. Its
// strength multiplies how often or how far it acts: 0 is off, 1 is as in the
// standard world.
type Cause string

// The honest causes.
const (
	Margin           Cause = "margin"            // cost of carriage in import values, by distance, mode and unit value
	Transit          Cause = "transit"           // departures arrive in later months
	Entrepot         Cause = "entrepot"          // the exporter names a hub, the importer the origin
	Unallocated      Cause = "unallocated"       // a lasting part of some reports has no partner
	Confidential     Cause = "confidential"      // some goods of some reporters are booked under 999999
	EstimatedWeights Cause = "estimated_weights" // weights computed from values at a standard price
	MissingWeights   Cause = "missing_weights"   // no weight given
	UnitSlips        Cause = "unit_slips"        // a weight in the wrong unit
	Silence          Cause = "silence"           // late, patchy and annual-only reporters
	Revisions        Cause = "revisions"         // the first publication differs from the revised one
	Editions         Cause = "editions"          // codes that change with the HS edition, adopted at different dates
	ImputedMirrors   Cause = "imputed_mirrors"   // gaps filled from the partner's report at a ratio of 1, 1.06 or 1/1.06
	Noise            Cause = "noise"             // heavy-tailed, autocorrelated reporting error
	Bias             Cause = "bias"              // a reporter's lasting level
	Habits           Cause = "habits"            // single lines that say half or double for years
	Lumps            Cause = "lumps"             // months without trade on small lanes
)

// Causes lists every honest cause in a fixed order.
var Causes = []Cause{Margin, Transit, Entrepot, Unallocated, Confidential, EstimatedWeights, MissingWeights, UnitSlips,
	Silence, Revisions, Editions, ImputedMirrors, Noise, Bias, Habits, Lumps}

// Settings decide a world. The same settings and version give the same bytes.
type Settings struct {
	Preset    string      `json:"preset"`
	Seed      uint64      `json:"seed"`
	First     data.Period `json:"first"`     // first month declared
	Months    int         `json:"months"`    // months simulated
	Through   int         `json:"through"`   // months published by now, 0 for all: the same world seen earlier
	Economies int         `json:"economies"` // 12 to the length of the table
	Minerals  int         `json:"minerals"`  // goods of the mineral families
	Calm      int         `json:"calm"`      // other goods, whose reports agree better
	Lanes     int         `json:"lanes"`     // ordinary lanes: good, exporter, importer

	NoiseScale      float64 `json:"noise_scale"`     // 1 is standard
	Autocorrelation float64 `json:"autocorrelation"` // every line draws its own, from 0 to this
	// Causes are the strengths of the honest causes; one that is absent is off.
	Causes map[Cause]float64 `json:"causes"`
	// Planted and LookAlikes are numbers of each kind; absent is none.
	Planted    map[Kind]int `json:"planted"`
	LookAlikes map[Kind]int `json:"look_alikes"`

	Gzip    bool `json:"gzip"`    // flows are written compressed
	Revised bool `json:"revised"` // write the first publication as well as the revised one
}

// PresetNames lists the presets, smallest first.
var PresetNames = []string{"small", "standard", "large"}

// Preset gives the settings of a named world: small (two-sided monthly trade
// that runs in seconds), standard (about 1.5 million rows, 60 months, 10,000
// lanes) or large (about 20 million rows).
func Preset(name string) (Settings, error) {
	switch name {
	case "small":
		return small(), nil
	case "standard":
		return standard(), nil
	case "large":
		s := standard().Scale(20_000_000)
		s.Preset = "large"
		return s, nil
	}
	return Settings{}, fmt.Errorf("preset %q is unknown; take one of %s", name, strings.Join(PresetNames, ", "))
}

func standard() Settings {
	first, _ := data.Month(2020, 1)
	s := Settings{
		Preset: "standard", Seed: 1, First: first, Months: 60,
		Economies: 64, Minerals: len(goodsTable) - calmGoods, Calm: calmGoods, Lanes: 10_000,
		NoiseScale: 1, Autocorrelation: 0.5,
		Causes:  map[Cause]float64{},
		Planted: map[Kind]int{MissingExport: 16, MissingImport: 12, CodeSwitch: 14, OriginSwitch: 18, Reroute: 16, ValueGap: 12, StockBuild: 12, SplitConsignment: 8},
		LookAlikes: map[Kind]int{MethodChange: 6, HubStep: 15, LateArrivals: 12, PriceDoubling: 4, TraderStart: 16, TraderEnd: 8,
			TraderExtra: 8, NewProducer: 4, SupplierChange: 10, SisterMove: 8, YearEndLump: 16, PartnerUnknown: 6, DemandBoom: 8, RoundLots: 6},
		Gzip: true,
	}
	for _, c := range Causes {
		s.Causes[c] = 1
	}
	return s
}

// small has fewer silent reporters, so that more of its few cases are seen.
func small() Settings {
	s := standard()
	s.Preset, s.First, s.Months = "small", s.First.Add(12), 36
	s.Economies, s.Minerals, s.Calm, s.Lanes = 36, 8, 2, 700
	s.Causes[Silence] = 0.5
	s.Planted = map[Kind]int{MissingExport: 4, MissingImport: 3, CodeSwitch: 4, OriginSwitch: 4, Reroute: 4, ValueGap: 3, StockBuild: 3, SplitConsignment: 3}
	s.LookAlikes = map[Kind]int{MethodChange: 1, HubStep: 2, LateArrivals: 2, PriceDoubling: 1, TraderStart: 2, TraderEnd: 1,
		TraderExtra: 1, NewProducer: 1, SupplierChange: 1, SisterMove: 1, YearEndLump: 2, PartnerUnknown: 1, DemandBoom: 1, RoundLots: 2}
	return s
}

// Scale gives the same kind of world with about that many rows in its flows:
// more or fewer lanes among more or fewer economies, and planted cases in
// proportion. Rows grow less than in proportion to lanes, because totals are
// shared; the exponents are fits to worlds of 60,000 to 17 million rows.
func (s Settings) Scale(rows int) Settings {
	s = s.clone()
	ratio := float64(rows) / (rowsPerLaneMonth * float64(s.Lanes*s.Months))
	factor := math.Pow(ratio, 1/0.82)
	if ratio > 1 {
		factor = math.Pow(ratio, 1/0.90)
	}
	s.Lanes = max(int(math.Round(float64(s.Lanes)*factor)), 50)
	s.Economies = min(max(int(float64(s.Economies)*math.Sqrt(factor)), 24), len(economyTable))
	for _, counts := range []map[Kind]int{s.Planted, s.LookAlikes} {
		for kind, n := range counts {
			counts[kind] = int(math.Ceil(float64(n) * math.Min(factor, 10)))
		}
	}
	return s
}

// rowsPerLaneMonth is the number of rows that one lane adds a month, totals and
// breakdowns included, as measured on the standard world.
const rowsPerLaneMonth = 2.53

// With gives the settings with one cause at another strength.
func (s Settings) With(cause Cause, strength float64) Settings {
	s = s.clone()
	s.Causes[cause] = strength
	return s
}

// Only gives the settings with the named causes on, all others, all look-alikes
// and all planted cases off.
func (s Settings) Only(causes ...Cause) Settings {
	kept := map[Cause]float64{}
	for _, c := range causes {
		kept[c] = s.Causes[c]
	}
	s.Causes, s.Planted, s.LookAlikes = kept, map[Kind]int{}, map[Kind]int{}
	return s
}

// Honest gives the settings without planted cases.
func (s Settings) Honest() Settings {
	s.Planted = map[Kind]int{}
	return s
}

func (s Settings) clone() Settings {
	s.Causes, s.Planted, s.LookAlikes = maps.Clone(s.Causes), maps.Clone(s.Planted), maps.Clone(s.LookAlikes)
	return s
}

// Check reports every mistake in the settings at once.
func (s Settings) Check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if !s.First.Monthly() {
		say("first: %s is not a month", s.First)
	}
	if s.Months < 12 || s.Months > 240 {
		say("months: %d is outside 12 to 240", s.Months)
	}
	if s.Through < 0 || s.Through > s.Months {
		say("through: %d is outside 0 to %d, the number of months", s.Through, s.Months)
	}
	if s.Economies < 12 || s.Economies > len(economyTable) {
		say("economies: %d is outside 12 to %d", s.Economies, len(economyTable))
	}
	if s.Minerals < 1 || s.Minerals > len(goodsTable)-calmGoods {
		say("minerals: %d is outside 1 to %d", s.Minerals, len(goodsTable)-calmGoods)
	}
	if s.Calm < 0 || s.Calm > calmGoods {
		say("calm: %d is outside 0 to %d", s.Calm, calmGoods)
	}
	if s.Lanes < 50 {
		say("lanes: %d is too few; give at least 50", s.Lanes)
	}
	if !(s.NoiseScale >= 0 && s.NoiseScale <= 10) {
		say("noise_scale: %g is outside 0 to 10", s.NoiseScale)
	}
	if !(s.Autocorrelation >= 0 && s.Autocorrelation < 1) {
		say("autocorrelation: %g is outside 0 to 1", s.Autocorrelation)
	}
	for _, c := range Causes {
		if v := s.Causes[c]; !(v >= 0 && v <= 10) {
			say("causes: %s at %g is outside 0 to 10", c, v)
		}
	}
	return errors.Join(wrong...)
}
