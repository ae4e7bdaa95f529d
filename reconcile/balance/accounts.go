package balance

import (
	"counterflow/data"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
)

// Accounts is what balances of production and use say of lanes: by how much they
// make each way likelier in which the two sides of a lane may have come to part.
// What an economy makes and does not use it must send out, so that where one
// side of a large lane says half or double for years, the sums over all lanes of
// its economies tell which.
type Accounts struct {
	Converged bool // in every commodity
	Warnings  []string
	Lanes     int // lanes of which balances say something
	lanes     map[laneOfGoods]*evidence
}

// evidence is the logarithm of how likely each cause makes the balances, up to a
// constant.
type evidence [reliability.CausesInAll]float64

type laneOfGoods struct {
	commodity data.Commodity
	laneEnds
}

func (a *Accounts) of(p *mirror.Pair) *evidence {
	return a.lanes[laneOfGoods{p.Commodity, laneEnds{p.Exporter, p.Importer}}]
}

// Weigh holds the lanes of every commodity against balances of production and
// use, in kilograms of the commodity itself; pairs lie in order, and annual ones
// are left as they are. An economy counts in a commodity where it states use for
// at least 12 months, and production for at least half as many or never: one that
// states use alone is taken to make none. Figures derived from trade leave an
// economy out, and so does an account that its lanes miss by most of what passes
// it, which must be of something else.
func Weigh(pairs []mirror.Pair, models Models, balances []data.Balance) *Accounts {
	models.Accounts = nil
	a := &Accounts{Converged: true, lanes: map[laneOfGoods]*evidence{}}
	books := netExports(balances)
	w := newWorker(models, countCopies(pairs))
	for from := 0; from < len(pairs); {
		to := from
		for to < len(pairs) && pairs[to].Commodity == pairs[from].Commodity {
			to++
		}
		if book := books[pairs[from].Commodity.In(data.EditionUnknown)]; book != nil {
			a.commodity(w.supplies(pairs[from:to]), book, accountRounds)
		}
		from = to
	}
	a.Lanes = len(a.lanes)
	return a
}

// netExport is what an economy must send out over what comes in, kilograms a
// month, with the variance of that.
type netExport struct{ kg, variance float64 }

const (
	// surveyError is the standard error of a stated figure of one period, and
	// surveyBias that of all figures of a series together, natural log.
	surveyError, surveyBias = 0.06, 0.02
	leastBalanced           = 12 // months of use that an account needs
)

// stated is what one economy states of one commodity: months, sums and sums of
// squares of production and of use.
type stated struct {
	months, sums, squares [2]float64
	circular              bool
}

// netExports sorts balances into accounts, by commodity and economy.
func netExports(balances []data.Balance) map[data.Commodity]map[data.Economy]netExport {
	all := map[data.Commodity]map[data.Economy]*stated{}
	for i := range balances {
		b := &balances[i]
		if b.Item != data.Production && b.Item != data.Consumption || !b.Kg.Known() {
			continue
		}
		goods := b.Commodity.In(data.EditionUnknown)
		if all[goods] == nil {
			all[goods] = map[data.Economy]*stated{}
		}
		if all[goods][b.Economy] == nil {
			all[goods][b.Economy] = &stated{}
		}
		all[goods][b.Economy].add(b)
	}
	books := map[data.Commodity]map[data.Economy]netExport{}
	for goods, economies := range all {
		books[goods] = map[data.Economy]netExport{}
		for e, s := range economies {
			if s.usable() {
				books[goods][e] = s.net()
			}
		}
	}
	return books
}

func (s *stated) add(b *data.Balance) {
	side, months := 0, 12.0
	if b.Item == data.Consumption {
		side = 1
	}
	if b.Period.Monthly() {
		months = 1
	}
	kg := b.Kg.Float()
	s.circular = s.circular || b.Circular()
	s.months[side] += months
	s.sums[side] += kg
	s.squares[side] += kg * kg
}

func (s *stated) usable() bool {
	return !s.circular && s.months[1] >= leastBalanced && (s.months[0] == 0 || s.months[0] >= s.months[1]/2)
}

func (s *stated) net() (n netExport) {
	for side, sign := range [...]float64{1, -1} {
		if months := s.months[side]; months > 0 {
			rate := s.sums[side] / months
			n.kg += sign * rate
			n.variance += surveyBias*surveyBias*rate*rate + surveyError*surveyError*s.squares[side]/(months*months)
		}
	}
	return n
}
