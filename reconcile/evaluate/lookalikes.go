package evaluate

import (
	"slices"

	"counterflow/data"
)

// attribute holds the false cases against the honest look-alikes and unit
// slips: a case was taken from one when every economy and commodity that the
// look-alike names is in the case, and at least a third of the case's window
// lies in it. A case is attributed to the look-alike that names most.
func (s *Score) attribute(cases []Case, flagged []int, verdicts []verdict, truth *Truth) {
	order := byDetail(truth.LookAlikes)
	taken := make([]int, len(truth.LookAlikes))
	slipCases, slipsTaken := 0, map[int]bool{}
	for _, at := range flagged {
		if !verdicts[at].false() {
			continue
		}
		c, from := &cases[at], ""
		slip := slices.IndexFunc(truth.Slips, func(sl Slip) bool { return sl.hits(c) })
		like := slices.IndexFunc(order, func(i int) bool { return looksLike(c, &truth.LookAlikes[i], s.Rules) })
		switch {
		case slip >= 0:
			slipCases++
			slipsTaken[slip] = true
			from = unitSlip
		case like >= 0:
			taken[order[like]]++
			from = truth.LookAlikes[order[like]].ID
		default:
			s.Unattributed++
		}
		s.FalseCases = append(s.FalseCases, FalseCase{CaseID: c.ID, Kind: c.Kind, Commodity: c.Commodity, Exporter: c.Exporter,
			Importer: c.Importer, Via: c.Via, Start: c.Start, End: c.End, Q: c.Q, TakenFrom: from})
	}
	s.LookAlikes = sumTaken(truth.LookAlikes, taken)
	s.LookAlikes = append(s.LookAlikes, Taken{Kind: unitSlip, Present: len(truth.Slips), Taken: len(slipsTaken), Cases: slipCases})
}

// byDetail orders look-alikes by how many fields they name, most first.
func byDetail(all []Planted) []int {
	detail := func(p *Planted) int {
		n := 0
		for _, named := range []bool{p.Commodity != 0, p.Exporter != 0, p.Importer != 0} {
			if named {
				n++
			}
		}
		return n
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return detail(&all[b]) - detail(&all[a]) })
	return order
}

// looksLike says whether a case may come from a look-alike.
func looksLike(c *Case, p *Planted, rules Rules) bool {
	if p.Commodity != 0 && c.Commodity != p.Commodity && (c.Related == 0 || c.Related != p.Commodity) && (p.Related == 0 || c.Commodity != p.Related) {
		return false
	}
	sold := p.Exporter == 0 || isOneOf(p.Exporter, c.Exporter, c.Via) || p.Via != 0 && isOneOf(p.Via, c.Exporter, c.Via)
	bought := p.Importer == 0 || isOneOf(p.Importer, c.Importer, c.Via)
	return sold && bought && float64(c.window().overlap(p.window())) >= rules.Overlap*float64(c.window().months())
}

func isOneOf(e data.Economy, among ...data.Economy) bool {
	return slices.Contains(among, e)
}

func sumTaken(all []Planted, taken []int) []Taken {
	var sorts []Taken
	for i := range all {
		at := slices.IndexFunc(sorts, func(t Taken) bool { return t.Kind == all[i].Kind })
		if at < 0 {
			sorts = append(sorts, Taken{Kind: all[i].Kind})
			at = len(sorts) - 1
		}
		sorts[at].Present++
		sorts[at].Cases += taken[i]
		if taken[i] > 0 {
			sorts[at].Taken++
		}
	}
	return sorts
}

// hits says whether a case lies on the lane and in the months of a slip.
func (s *Slip) hits(c *Case) bool {
	return c.Commodity == s.Commodity && c.Exporter == s.Exporter && c.Importer == s.Importer &&
		c.window().overlap(window{s.Start, s.End}) > 0
}

// scoreSlips compares the listed unit slips with the true ones, whatever their
// q.
func scoreSlips(cases []Case, truth *Truth) SlipScore {
	score := SlipScore{Present: len(truth.Slips)}
	found := make([]bool, len(truth.Slips))
	for i := range cases {
		c := &cases[i]
		if c.Kind != unitSlip {
			continue
		}
		score.Listed++
		hit := false
		for j := range truth.Slips {
			if truth.Slips[j].hits(c) {
				hit, found[j] = true, true
			}
		}
		if !hit {
			score.Invented++
		}
	}
	for _, f := range found {
		if f {
			score.Found++
		}
	}
	return score
}
