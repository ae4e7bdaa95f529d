package reconcile

import (
	"cmp"
	"context"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/balance"
	"counterflow/reconcile/mirror"
)

// bridgesMost is the number of lanes whose way from declared to reconciled is
// kept: those of the first cases.
const bridgesMost = 50

// bridges keeps, for the lanes of the first cases, what every step from each
// side's declarations to the reconciled figure adds. Rules of others have no such
// steps.
func (r *runner) bridges(context.Context) (int64, error) {
	if r.settings.Rule != balance.Ours {
		return 0, nil
	}
	bridges := balance.NewBridges(r.result.Pairs, r.models)
	done := map[mirror.Pair]bool{}
	for i := range r.result.Cases {
		c := &r.result.Cases[i]
		key := mirror.Pair{Commodity: c.Goods.In(data.EditionUnknown), Exporter: c.Exporter, Importer: c.Importer}
		lane := r.laneOf(&key)
		if done[key] || len(lane) == 0 || lane[0].Notes.Has(mirror.PartnerUnstated) {
			continue
		}
		if done[key] = true; len(done) > bridgesMost {
			break
		}
		for _, measure := range []mirror.Measure{mirror.Weight, mirror.Value} {
			b := bridges.Of(lane, measure)
			r.result.Bridges = append(r.result.Bridges, b.Steps(&lane[0])...)
		}
	}
	slices.SortStableFunc(r.result.Bridges, func(a, b balance.LaneStep) int {
		return cmp.Or(cmp.Compare(a.Commodity, b.Commodity), cmp.Compare(a.Exporter, b.Exporter), cmp.Compare(a.Importer, b.Importer),
			cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Place, b.Place))
	})
	return int64(len(r.result.Bridges)), nil
}

// laneOf is the pairs of one lane, which lie together.
func (r *runner) laneOf(key *mirror.Pair) []mirror.Pair {
	pairs := r.result.Pairs
	compare := func(p mirror.Pair) int {
		return cmp.Or(cmp.Compare(p.Commodity.In(data.EditionUnknown), key.Commodity), cmp.Compare(p.Exporter, key.Exporter), cmp.Compare(p.Importer, key.Importer))
	}
	from, _ := slices.BinarySearchFunc(pairs, 0, func(p mirror.Pair, _ int) int { return compare(p) })
	to := from
	for to < len(pairs) && compare(pairs[to]) == 0 {
		to++
	}
	return pairs[from:to]
}
