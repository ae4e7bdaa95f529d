package timing

import (
	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Silence knows which reporter published anything for which direction and
// period. A reporter that is not listed never spoke.
type Silence struct {
	spoke map[reporter]map[data.Period]bool
}

type reporter struct {
	economy   data.Economy
	direction data.Direction
}

// NewSilence reads the table of coverage.
func NewSilence(coverage []mirror.Coverage) *Silence {
	s := &Silence{spoke: map[reporter]map[data.Period]bool{}}
	for i := range coverage {
		c := &coverage[i]
		key := reporter{c.Economy, c.Direction}
		if s.spoke[key] == nil {
			s.spoke[key] = map[data.Period]bool{}
		}
		if c.Presence == mirror.Reported {
			s.spoke[key][c.Period] = true
		}
	}
	return s
}

// exporter and importer give the periods in which a side spoke, nil for never.
func (s *Silence) exporter(e data.Exporter) map[data.Period]bool {
	return s.spoke[reporter{data.Economy(e), data.Export}]
}

func (s *Silence) importer(i data.Importer) map[data.Period]bool {
	return s.spoke[reporter{data.Economy(i), data.Import}]
}
