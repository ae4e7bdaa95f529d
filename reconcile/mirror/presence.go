package mirror

import "counterflow/data"

// presence remembers which reporters published anything at all, by direction
// and period. Re-exports count as exports, re-imports as imports.
type presence struct {
	spoke [1 << data.EconomyBits]*[2 << data.PeriodBits]bool
}

func presenceIndex(direction data.Direction, period data.Period) int {
	index := int(period) << 1
	if !direction.Outward() {
		index++
	}
	return index
}

func (p *presence) mark(reporter data.Economy, direction data.Direction, period data.Period) {
	cells := p.spoke[reporter]
	if cells == nil {
		cells = new([2 << data.PeriodBits]bool)
		p.spoke[reporter] = cells
	}
	cells[presenceIndex(direction, period)] = true
}

func (p *presence) has(reporter data.Economy, direction data.Direction, period data.Period) bool {
	cells := p.spoke[reporter]
	return cells != nil && cells[presenceIndex(direction, period)]
}

// join adds what another worker saw.
func (p *presence) join(other *presence) {
	for e, cells := range other.spoke {
		if cells == nil {
			continue
		}
		if p.spoke[e] == nil {
			p.spoke[e] = cells
			continue
		}
		for i, spoke := range cells {
			if spoke {
				p.spoke[e][i] = true
			}
		}
	}
}

// periods lists every period in which anybody spoke, in order.
func (p *presence) periods() []data.Period {
	var seen [1 << data.PeriodBits]bool
	for _, cells := range p.spoke {
		if cells == nil {
			continue
		}
		for i, spoke := range cells {
			if spoke {
				seen[i>>1] = true
			}
		}
	}
	var periods []data.Period
	for i, spoke := range seen {
		if spoke {
			periods = append(periods, data.Period(i))
		}
	}
	return periods
}
