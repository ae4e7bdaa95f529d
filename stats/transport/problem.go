package transport

import (
	"fmt"
	"math"
)

// Unlimited is the capacity of an arc that bears whatever its ends allow.
const Unlimited = math.MaxInt64

// Arc lets a supply serve a demand.
type Arc struct {
	From     int   // index of a supply
	To       int   // index of a demand
	Cost     int64 // of one unit, not negative
	Capacity int64 // most units, not negative
}

// Problem is a transport problem in whole units. Supplies and demands need not add
// up to the same, and not all of either need find a partner. Several arcs may join
// the same two ends.
type Problem struct {
	Supply []int64 // not negative
	Demand []int64 // not negative
	Arcs   []Arc
}

// check refuses what has no meaning, and amounts that 64 bits cannot hold: a unit
// travels along one arc, so no cost exceeds all supply times the dearest arc, and
// no path is longer than every node times it.
func (p *Problem) check() error {
	total, dearest := int64(0), int64(0)
	for _, side := range [...]struct {
		name    string
		amounts []int64
	}{{"demand", p.Demand}, {"supply", p.Supply}} {
		total = 0
		for i, v := range side.amounts {
			if v < 0 {
				return fmt.Errorf("%s %d is %d; amounts must not be negative", side.name, i, v)
			}
			if total > math.MaxInt64-v {
				return fmt.Errorf("the %s adds up to more than 64 bits hold; state it in a larger unit", side.name)
			}
			total += v
		}
	}
	for i, a := range p.Arcs {
		if a.From < 0 || a.From >= len(p.Supply) || a.To < 0 || a.To >= len(p.Demand) {
			return fmt.Errorf("arc %d leads from %d to %d; there are %d supplies and %d demands", i, a.From, a.To, len(p.Supply), len(p.Demand))
		}
		if a.Cost < 0 || a.Capacity < 0 {
			return fmt.Errorf("arc %d has cost %d and capacity %d; neither may be negative", i, a.Cost, a.Capacity)
		}
		dearest = max(dearest, a.Cost)
	}
	if nodes := int64(len(p.Supply) + len(p.Demand)); dearest > 0 && max(total, nodes) > math.MaxInt64/4/dearest {
		return fmt.Errorf("amounts times costs exceed 64 bits; state them in larger units")
	}
	return nil
}
