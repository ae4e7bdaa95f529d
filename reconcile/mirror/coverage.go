package mirror

import "counterflow/data"

// Presence says whether a reporter published anything at all for one direction
// and period.
type Presence uint8

// The presences.
const (
	Silent   Presence = iota // nothing, though other reporters have that period
	Reported                 // at least one record
)

func (p Presence) String() string { return [...]string{"silent", "reported"}[p] }

// Coverage is what one reporter published for one direction and period: the
// table that decides between "declared nothing" and "was silent". Economies that
// never report are not listed; their lanes say so in their state.
type Coverage struct {
	Economy   data.Economy
	Direction data.Direction // Export or Import
	Period    data.Period
	Rows      int64    // records kept, World totals included
	Value     data.USD // sum over partners, World totals left out
	// EstimatedWeight is the share of that value whose weight is an estimate,
	// Unallocated the share whose partner is no single economy; both 0 to 1.
	EstimatedWeight, Unallocated float64
	Presence                     Presence
	Edition                      data.Edition // of the Harmonised System; EditionMixed where several
}

// coverage adds up what was kept, one cell for each reporter, direction and
// period.
type coverage struct {
	periods []data.Period
	index   [1 << data.PeriodBits]int16
	cells   [1 << data.EconomyBits][]coverageCell
}

type coverageCell struct {
	rows                          int64
	value, estimated, unallocated data.USD
	edition                       data.Edition
}

func newCoverage(periods []data.Period) *coverage {
	c := &coverage{periods: periods}
	for i, p := range periods {
		c.index[p] = int16(i)
	}
	return c
}

// add counts one declaration. Re-exports are parts of exports: their rows count,
// their value does not count twice.
func (c *coverage) add(key uint64, d *declaration) {
	direction, reporter, partner := keyDirection(key), keyReporter(key), keyPartner(key)
	cells := c.cells[reporter]
	if cells == nil {
		cells = make([]coverageCell, 2*len(c.periods))
		c.cells[reporter] = cells
	}
	at := 2 * int(c.index[keyPeriod(key)])
	if !direction.Outward() {
		at++
	}
	cell := &cells[at]
	cell.rows += d.rows
	cell.edition = pool(cell.edition, d.edition)
	if partner == data.World || direction > data.Import || !d.usd.Known() {
		return
	}
	cell.value += d.usd
	if d.estimated {
		cell.estimated += d.usd
	}
	if partner == data.Unallocated {
		cell.unallocated += d.usd
	}
}

// join adds what another worker counted.
func (c *coverage) join(other *coverage) {
	for e, cells := range other.cells {
		if cells == nil {
			continue
		}
		if c.cells[e] == nil {
			c.cells[e] = cells
			continue
		}
		for i := range cells {
			c.cells[e][i].rows += cells[i].rows
			c.cells[e][i].value += cells[i].value
			c.cells[e][i].estimated += cells[i].estimated
			c.cells[e][i].unallocated += cells[i].unallocated
			c.cells[e][i].edition = pool(c.cells[e][i].edition, cells[i].edition)
		}
	}
}

// table lists every reporter in every period, silent ones included, by economy,
// direction and period.
func (c *coverage) table(presence *presence) []Coverage {
	var rows []Coverage
	for e, spoke := range presence.spoke {
		if spoke == nil {
			continue
		}
		for _, direction := range [...]data.Direction{data.Export, data.Import} {
			for i, period := range c.periods {
				row := Coverage{Economy: data.Economy(e), Direction: direction, Period: period}
				if presence.has(row.Economy, direction, period) {
					row.Presence = Reported
				}
				if cells := c.cells[e]; cells != nil {
					cells[2*i+int(direction)].fill(&row)
				}
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func (cell *coverageCell) fill(row *Coverage) {
	row.Rows, row.Value, row.Edition = cell.rows, cell.value, cell.edition
	if cell.value > 0 {
		row.EstimatedWeight = float64(cell.estimated) / float64(cell.value)
		row.Unallocated = float64(cell.unallocated) / float64(cell.value)
	}
}
