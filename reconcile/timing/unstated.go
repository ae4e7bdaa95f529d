package timing

import (
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/mirror"
)

// Unstated knows which part of what a reporter declares of a commodity carries
// no partner, so that it can be given back to the lanes it was taken from.
type Unstated struct {
	all map[data.Commodity]UnstatedGoods
}

// UnstatedGoods is the same of one commodity, by what one reporter declares in
// one direction. It is nil for most.
type UnstatedGoods map[reporter]withoutPartner

// withoutPartner is what is known of a line with trade whose partner is not stated.
type withoutPartner struct {
	share  float64                 // lasting part, 0 to mostUnstated
	spells []data.Period           // in which so much was booked without partner that a lane not declared says nothing
	rest   map[data.Period]float64 // part of the bucket that is not given back to lanes
}

const (
	// mostUnstated is the largest share that is given back: beyond it the bucket
	// is no rounding of the lanes any more, and some partner is hidden in it.
	mostUnstated = 0.5
	// spellShare is the share of a month in which lanes that are not declared are
	// taken to be in the bucket.
	spellShare = 0.3
)

// NewUnstated works out the shares from pairs that lie in order. The lasting
// share of a line is the median over the months in which it declared anything:
// a spell without partners does not count towards it.
func NewUnstated(pairs []mirror.Pair) *Unstated {
	u := &Unstated{all: map[data.Commodity]UnstatedGoods{}}
	var book bookkeeper
	for from := 0; from < len(pairs); {
		to := from + 1
		for to < len(pairs) && pairs[to].Commodity == pairs[from].Commodity {
			to++
		}
		book.commodity(pairs[from:to], u.all)
		from = to
	}
	return u
}

// bookkeeper adds up one commodity after the other.
type bookkeeper struct {
	sums map[reporter]map[data.Period]*partnerSums
}

// partnerSums are values of one month, US cents.
type partnerSums struct{ stated, unstated float64 }

// commodity adds the lines of one commodity that have unstated partners.
func (b *bookkeeper) commodity(pairs []mirror.Pair, all map[data.Commodity]UnstatedGoods) {
	b.sums = map[reporter]map[data.Period]*partnerSums{}
	for i := range pairs {
		p := &pairs[i]
		if data.Economy(p.Importer) == data.Unallocated && p.XUSD > 0 {
			b.sums[reporter{data.Economy(p.Exporter), data.Export}] = map[data.Period]*partnerSums{}
		}
		if data.Economy(p.Exporter) == data.Unallocated && p.MUSD > 0 {
			b.sums[reporter{data.Economy(p.Importer), data.Import}] = map[data.Period]*partnerSums{}
		}
	}
	if len(b.sums) == 0 {
		return
	}
	for i := range pairs {
		p := &pairs[i]
		if p.XUSD > 0 {
			b.add(reporter{data.Economy(p.Exporter), data.Export}, p.Period, float64(p.XUSD), data.Economy(p.Importer) == data.Unallocated)
		}
		if p.MUSD > 0 {
			b.add(reporter{data.Economy(p.Importer), data.Import}, p.Period, float64(p.MUSD), data.Economy(p.Exporter) == data.Unallocated)
		}
	}
	goods := UnstatedGoods{}
	for r, months := range b.sums {
		if found := settle(months); found.share > 0 || len(found.spells) > 0 {
			goods[r] = found
		}
	}
	all[pairs[0].Commodity] = goods
}

func (b *bookkeeper) add(r reporter, p data.Period, value float64, unallocated bool) {
	months, ok := b.sums[r]
	if !ok {
		return
	}
	s := months[p]
	if s == nil {
		s = &partnerSums{}
		months[p] = s
	}
	if unallocated {
		s.unstated += value
	} else {
		s.stated += value
	}
}

// settle sums a line up.
func settle(months map[data.Period]*partnerSums) withoutPartner {
	var shares []float64
	var found withoutPartner
	for period, s := range months {
		share := s.unstated / (s.stated + s.unstated)
		shares = append(shares, share)
		if share > spellShare {
			found.spells = append(found.spells, period)
		}
	}
	slices.Sort(shares)
	found.share = min(shares[(len(shares)-1)/2], mostUnstated)
	slices.Sort(found.spells)
	found.rest = map[data.Period]float64{}
	for period, s := range months {
		if s.unstated > 0 {
			placed := s.stated * found.share / (1 - found.share)
			found.rest[period] = max(1-placed/s.unstated, 0)
		}
	}
	for _, period := range found.spells {
		found.rest[period] = 0 // what is missing on lanes is taken from the partners' reports
	}
	return found
}

// Of gives what is known of one commodity.
func (u *Unstated) Of(c data.Commodity) UnstatedGoods { return u.all[c] }

// Rest is the part of an amount without a partner that is not given back to
// lanes: 1 where nothing is. Pairs of two partners that are stated have none.
func (g UnstatedGoods) Rest(p *mirror.Pair) float64 {
	key := reporter{data.Economy(p.Exporter), data.Export}
	if data.Economy(p.Exporter) == data.Unallocated {
		key = reporter{data.Economy(p.Importer), data.Import}
	}
	if w, ok := g[key]; ok {
		if rest, ok := w.rest[p.Period]; ok {
			return rest
		}
	}
	return 1
}

// Place gives both sides of a lane back what they booked without a partner.
func (g UnstatedGoods) Place(s *Series, p *mirror.Pair) {
	if len(g) == 0 || p.Notes.Has(mirror.PartnerUnstated) {
		return
	}
	if x, ok := g[reporter{data.Economy(p.Exporter), data.Export}]; ok {
		x.place(s.X, s.First)
	}
	if m, ok := g[reporter{data.Economy(p.Importer), data.Import}]; ok {
		m.place(s.M, s.First)
	}
}

// place gives the lasting share back to a series of amounts, and makes months
// unknown in which the reporter booked without partner and did not declare the
// lane.
func (s *withoutPartner) place(amounts []float64, first data.Period) {
	if s.share > 0 {
		for t := range amounts {
			amounts[t] /= 1 - s.share
		}
	}
	for _, p := range s.spells {
		if t := p.Index() - first.Index(); p.Monthly() == first.Monthly() && t >= 0 && t < len(amounts) && amounts[t] == 0 {
			amounts[t] = math.NaN()
		}
	}
}
