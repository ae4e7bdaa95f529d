package evaluate

import "counterflow/data"

// verdict is how a case stands to what was planted.
type verdict struct {
	matches []int // indices of planted cases that it finds
	belongs bool  // lies on another lane of a planted case
}

// false says whether the case has nothing to do with anything planted.
func (v *verdict) false() bool { return len(v.matches) == 0 && !v.belongs }

// judge holds every case against the truth.
func judge(cases []Case, truth *Truth, rules Rules) []verdict {
	index := indexPlanted(truth.Planted)
	verdicts := make([]verdict, len(cases))
	for i := range cases {
		c, v := &cases[i], &verdicts[i]
		for _, code := range []data.Commodity{c.Commodity, c.Related} {
			if code == 0 {
				continue
			}
			for _, at := range index[code] {
				p := &truth.Planted[at]
				switch {
				case finds(c, p) && rules.meets(c.window(), p.window()):
					v.add(at)
				case touches(c, p) && float64(c.window().overlap(p.window())) >= rules.Overlap*float64(c.window().months()):
					v.belongs = true
				}
			}
		}
	}
	return verdicts
}

func (v *verdict) add(planted int) {
	for _, have := range v.matches {
		if have == planted {
			return
		}
	}
	v.matches = append(v.matches, planted)
}

func indexPlanted(planted []Planted) map[data.Commodity][]int {
	index := map[data.Commodity][]int{}
	for i := range planted {
		index[planted[i].Commodity] = append(index[planted[i].Commodity], i)
		if r := planted[i].Related; r != 0 {
			index[r] = append(index[r], i)
		}
	}
	return index
}

// finds says whether commodity and economies of a case are those of a planted
// one.
func finds(c *Case, p *Planted) bool {
	if (c.Kind == stockBuild) != (p.Kind == stockBuild) || (c.Kind == splitConsignment) != (p.Kind == splitConsignment) {
		return false
	}
	switch {
	case p.Kind == stockBuild:
		return c.Commodity == p.Commodity && c.Importer == p.Importer
	case p.diversion():
		return c.Commodity == p.Commodity && c.Importer == p.Importer && (c.Via == p.Via || c.Exporter == p.Via)
	case p.Kind == codeSwitch && c.Kind == codeSwitch && c.Commodity == p.Related && c.Related == p.Commodity:
	case c.Commodity != p.Commodity:
		return false
	}
	return c.Exporter == p.Exporter && c.Importer == p.Importer
}

// named says whether a case that finds a planted one also calls it by its kind,
// with its second code or third economy.
func named(c *Case, p *Planted) bool {
	if c.Kind != p.Kind {
		return false
	}
	switch {
	case p.Kind == codeSwitch:
		return c.Commodity == p.Commodity && c.Related == p.Related || c.Commodity == p.Related && c.Related == p.Commodity
	case p.diversion():
		return c.Via == p.Via
	}
	return true
}

// touches says whether a case lies on another lane of a planted case: the leg
// into the third economy, the lane that a diversion leaves, the second code, or
// the two legs by a hub.
func touches(c *Case, p *Planted) bool {
	if c.Kind == stockBuild || c.Kind == splitConsignment || finds(c, p) {
		return false
	}
	lane := c.Exporter == p.Exporter && c.Importer == p.Importer
	legIn := p.Via != 0 && c.Exporter == p.Exporter && c.Importer == p.Via
	legOut := p.Via != 0 && c.Exporter == p.Via && c.Importer == p.Importer
	switch {
	case p.diversion():
		return c.Commodity == p.Commodity && (lane || legIn)
	case p.Kind == codeSwitch && c.Commodity == p.Related:
		return lane && c.Kind != codeSwitch
	}
	return c.Commodity == p.Commodity && (legIn || legOut)
}
