// Package sensitivity says how the rank of each case hangs on what is assumed of the
// content of goods, of the time on the way, and of freight and insurance. Nothing is
// detected again. In the order data moves:
//
//  1. series.go takes the lane that a case was sized on, from its declarations.
//  2. measure.go works out how far the lane departs in the months of the case, and by
//     how much, under one assumption.
//  3. Of holds that against the same under the default, and scales the size and the
//     evidence of the case by it; then all cases are ranked anew.
package sensitivity

import (
	"cmp"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
)

// Assumption is what is changed.
type Assumption string

// The assumptions.
const (
	Content Assumption = "content" // kg of mineral in 1 kg of the goods; cases are ranked by contained weight
	Lag     Assumption = "lag"     // months on the way
	Margin  Assumption = "margin"  // freight and insurance in the months of the case, as a share of the exporter's value
)

// Assumptions lists them in the order of the table.
var Assumptions = []Assumption{Content, Lag, Margin}

// Level is how an assumption is set.
type Level string

// The levels. Contents are those of the table of goods. The lag is none, that of the
// lane, and a month more. The margin is none, that of the model, and a fifth, which
// is about the largest that is in use (World Bank WITS: 10 to 20%).
const (
	Low     Level = "low"
	Default Level = "default"
	High    Level = "high"
)

// Levels lists them in the order of the table.
var Levels = []Level{Low, Default, High}

const (
	laterMonths = 1   // what the high lag adds
	highMargin  = 0.2 // the high margin
)

// Row is one case under one assumption at one level.
type Row struct {
	CaseID     string
	Assumption Assumption
	Level      Level
	Setting    float64 // kg/kg, months, or a share; NaN where the assumption does not touch the case
	Kg         data.Kg // excess; of mineral contained under Content, where the table of goods has the code
	USD        data.USD
	Q          float64
	Rank       int // among all cases at this level
}

// Input is what Of takes.
type Input struct {
	Cases      []cases.Case // by rank
	Pairs      []mirror.Pair
	Panel      *panel.Panel // nil without a monthly history
	AsDeclared bool         // the cases were found in months as declared: their default lag is none
	Margins    *margin.Model
	FalseShare float64 // q at which a case counts as found
}

// Of gives nine rows a case: by rank, assumption and level.
//
// Size: kg and dollars times s'/s, with s the excess on the case's lane as measure.go
// has it, under the default and under the level; never below 0. Evidence: p^(f^2), with
// f = D'/D, the departure of the lane under the level over that under the default, as a
// normal tail f times as far out has it, and q in proportion; 1 where the departure
// turns round. Where the lane does not show the case under the default at all, it
// stays as it is. Slips of units, and cases of no lane, are touched by content alone.
//
// Rank: cases found come first, then by the size that is sure, in dollars, under
// Content in kg of contained mineral; ties by the rank of the case.
func Of(in Input) []Row {
	lanes := newLanes(in)
	rows := make([]Row, 0, len(in.Cases)*len(Assumptions)*len(Levels))
	for i := range in.Cases {
		c := &in.Cases[i]
		content := contents(c)
		lagged, margins := lanes.shifted(c), lanes.freighted(c)
		for l, level := range Levels {
			rows = append(rows, contained(c, level, content[l]))
		}
		rows = append(append(rows, lagged[:]...), margins[:]...)
	}
	rankAll(rows, in)
	return rows
}

// contents are the content of a case's goods by level; NaN where the table of goods
// has none.
func contents(c *cases.Case) [3]float64 {
	good, ok := reference.GoodOf(c.Goods)
	if !ok || !(good.Content > 0) {
		return [3]float64{math.NaN(), math.NaN(), math.NaN()}
	}
	return [3]float64{good.ContentLow, good.Content, good.ContentHigh}
}

func contained(c *cases.Case, level Level, content float64) Row {
	r := unchanged(c, Content, level)
	r.Setting = content
	if !math.IsNaN(content) && c.ExcessKg.Known() {
		r.Kg = data.Kilograms(c.ExcessKg.Float() * content)
	}
	return r
}

// unchanged is a case under an assumption that does not touch it.
func unchanged(c *cases.Case, a Assumption, level Level) Row {
	return Row{CaseID: c.ID, Assumption: a, Level: level, Setting: math.NaN(), Kg: c.ExcessKg, USD: c.ExcessUSD, Q: c.Q}
}

// scaled is a case whose size in kg and in dollars is so many times the default's, and
// whose lane departs so many times as far.
func scaled(r Row, c *cases.Case, kg, usd, departs float64) Row {
	if c.ExcessKg.Known() {
		r.Kg = data.Kilograms(c.ExcessKg.Float() * kg)
	}
	if c.ExcessUSD.Known() {
		r.USD = data.Dollars(c.ExcessUSD.Float() * usd)
	}
	switch {
	case departs <= 0:
		r.Q = 1
	case departs != 1 && c.LogP < 0 && c.Q > 0:
		r.Q = math.Min(1, math.Exp(math.Log(c.Q)+(departs*departs-1)*c.LogP))
	}
	return r
}

// rankAll fills in the ranks, level by level.
func rankAll(rows []Row, in Input) {
	each := len(Assumptions) * len(Levels)
	order := make([]int, len(in.Cases))
	for offset := range each {
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			x, y := &rows[a*each+offset], &rows[b*each+offset]
			return cmp.Or(cmp.Compare(tier(&in.Cases[a], x.Q, in.FalseShare), tier(&in.Cases[b], y.Q, in.FalseShare)),
				cmp.Compare(sure(&in.Cases[b], y), sure(&in.Cases[a], x)))
		})
		for place, i := range order {
			rows[i*each+offset].Rank = place + 1
		}
	}
}

// tier puts cases found before those listed, and slips of units last.
func tier(c *cases.Case, q, falseShare float64) int {
	switch {
	case c.Kind == cases.UnitSlip:
		return 2
	case q > falseShare:
		return 1
	}
	return 0
}

// sure is what rows of one assumption are ranked by.
func sure(c *cases.Case, r *Row) float64 {
	if r.Assumption == Content {
		if !c.ExcessKg.Known() || c.ExcessKg == 0 {
			return 0
		}
		return float64(c.SureKg()) * r.Kg.Float() / math.Abs(c.ExcessKg.Float())
	}
	if !c.ExcessUSD.Known() || c.ExcessUSD == 0 {
		return 0
	}
	return c.SureUSD() * r.USD.Float() / c.ExcessUSD.Float()
}
