package stocks

import (
	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/panel"
)

// Seen is a stock build at the month in which a monthly run would first have
// listed it at the false share asked for.
type Seen struct {
	Goods    data.Commodity
	Importer data.Importer
	Start    data.Period // as first listed
	First    data.Period // last month of the data of that run
}

// Replay runs Detect once for every month from the given one on, each time on
// what had happened by then, and tells when each build was first found. The data
// are as they stand now: revisions and late publication are not replayed.
func Replay(in Input, s Settings, from data.Period) ([]Seen, error) {
	if in.Panel == nil || in.Panel.Months == 0 {
		return nil, nil
	}
	s = s.filled()
	s.casesOnly = true
	var all []Seen
	known := map[key][]Seen{}
	last := in.Panel.Period(in.Panel.Months - 1)
	for month := from; month <= last; month = month.Add(1) {
		found, err := Detect(upTo(in, month), s)
		if err != nil {
			return nil, err
		}
		for i := range found.Cases {
			c := &found.Cases[i]
			k := key{data.Economy(c.Importer), c.Goods}
			if !c.Assessable || c.Q > s.FalseShare || overlaps(known[k], c) {
				continue
			}
			seen := Seen{Goods: c.Goods, Importer: c.Importer, Start: c.Start, First: month}
			known[k] = append(known[k], seen)
			all = append(all, seen)
		}
	}
	return all, nil
}

// overlaps says whether a build that starts within a year of this one is known.
func overlaps(known []Seen, c *cases.Case) bool {
	for _, s := range known {
		if away := s.Start.Index() - c.Start.Index(); away <= 12 && away >= -12 {
			return true
		}
	}
	return false
}

// upTo cuts the input after a month.
func upTo(in Input, month data.Period) Input {
	months := month.Index() - in.Panel.Start.Index() + 1
	cut := *in.Panel
	cut.Months = months
	cut.Lanes = make([]panel.Lane, len(in.Panel.Lanes))
	for i, l := range in.Panel.Lanes {
		for _, series := range []*[]float64{&l.XKg, &l.MKg, &l.XUSD, &l.MUSD, &l.Arrived, &l.ArrivedUSD} {
			if *series != nil {
				*series = (*series)[:months]
			}
		}
		cut.Lanes[i] = l
	}
	out := Input{Panel: &cut, Events: in.Events}
	for _, c := range in.Coverage {
		if c.Period.End() <= month {
			out.Coverage = append(out.Coverage, c)
		}
	}
	for _, b := range in.Balances {
		if b.Period.End() <= month {
			out.Balances = append(out.Balances, b)
		}
	}
	return out
}
