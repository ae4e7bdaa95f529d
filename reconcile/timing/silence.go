package timing

import (
	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Silence knows which reporter published anything for which direction and
// period. A reporter that is not listed never spoke.
type Silence struct {
	// First is the first period in which anybody spoke, none where nobody did.
	First data.Period
	spoke map[reporter]*periods
}

type reporter struct {
	economy   data.Economy
	direction data.Direction
}

// periods is a set of periods.
type periods [1 << data.PeriodBits / 64]uint64

func (s *periods) add(p data.Period) { s[p/64] |= 1 << (p % 64) }

// has is false for the nil set.
func (s *periods) has(p data.Period) bool {
	return s != nil && s[p/64]&(1<<(p%64)) != 0
}

// NewSilence reads the table of coverage.
func NewSilence(coverage []mirror.Coverage) *Silence {
	s := &Silence{spoke: map[reporter]*periods{}}
	for i := range coverage {
		c := &coverage[i]
		key := reporter{c.Economy, c.Direction}
		if s.spoke[key] == nil {
			s.spoke[key] = &periods{}
		}
		if c.Presence == mirror.Reported {
			s.spoke[key].add(c.Period)
			if s.First == 0 || c.Period < s.First {
				s.First = c.Period
			}
		}
	}
	return s
}

// exporter and importer give the periods in which a side spoke, nil for never.
func (s *Silence) exporter(e data.Exporter) *periods {
	return s.spoke[reporter{data.Economy(e), data.Export}]
}

func (s *Silence) importer(i data.Importer) *periods {
	return s.spoke[reporter{data.Economy(i), data.Import}]
}
