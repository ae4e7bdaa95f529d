package balance

import (
	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// copies tells which side of an imputed mirror copied the other. A reporter that
// fills its gaps does so for all partners at once, so in such a period most of
// its figures are copies, while a reporter that is copied from has few.
type copies struct {
	number  [1 << data.EconomyBits]int32 // 1 + place of an economy
	place   [1 << data.PeriodBits]int32  // 1 + place of a period
	periods int
	counts  [2][]count // by role, economy and period
	overall [2][]count // by role and economy
}

// count is how many declarations both sides made, and how many of them are
// copies.
type count struct{ both, copied int32 }

func (c count) share() float64 {
	return float64(c.copied) / float64(max(c.both, 1))
}

// countCopies counts imputed mirrors; nil where there is none.
func countCopies(pairs []mirror.Pair) *copies {
	any := false
	for i := range pairs {
		if pairs[i].Notes.Has(mirror.ImputedMirror) {
			any = true
			break
		}
	}
	if !any {
		return nil
	}
	c := &copies{}
	economies := 0
	for i := range pairs {
		p := &pairs[i]
		for _, e := range [...]data.Economy{data.Economy(p.Exporter), data.Economy(p.Importer)} {
			if c.number[e] == 0 {
				economies++
				c.number[e] = int32(economies)
			}
		}
		if c.place[p.Period] == 0 {
			c.periods++
			c.place[p.Period] = int32(c.periods)
		}
	}
	for role := range c.counts {
		c.counts[role] = make([]count, economies*c.periods)
		c.overall[role] = make([]count, economies)
	}
	for i := range pairs {
		if pairs[i].State == mirror.Both {
			c.add(&pairs[i])
		}
	}
	return c
}

func (c *copies) add(p *mirror.Pair) {
	copied := int32(0)
	if p.Notes.Has(mirror.ImputedMirror) {
		copied = 1
	}
	for role, e := range [...]data.Economy{data.Economy(p.Exporter), data.Economy(p.Importer)} {
		at := int(c.number[e] - 1)
		for _, n := range [...]*count{&c.overall[role][at], &c.counts[role][at*c.periods+int(c.place[p.Period]-1)]} {
			n.both++
			n.copied += copied
		}
	}
}

// byExporter says whether the exporter is the one that copied in an imputed
// mirror. Where both are equally given to it, the importer is taken to have: it
// is the more usual.
func (c *copies) byExporter(p *mirror.Pair) bool {
	given := func(role int, e data.Economy) float64 {
		at := int(c.number[e] - 1)
		return c.overall[role][at].share() + c.counts[role][at*c.periods+int(c.place[p.Period]-1)].share()
	}
	return given(0, data.Economy(p.Exporter)) > given(1, data.Economy(p.Importer))
}
