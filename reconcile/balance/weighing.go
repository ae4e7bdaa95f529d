package balance

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
)

const (
	accountRounds    = 100
	accountDamping   = 0.5
	accountTolerance = 1e-3 // of what passes all accounts
	accountFreedom   = 4    // of Student's t for what an account lacks
	// throughput is the standard error of an account as a share of all that passes
	// it: stocks that grow, and trade that no lane shows.
	throughput = 0.03
	// otherScope is what lanes may miss an account by, over what passes it.
	otherScope = 0.7
)

// commodity weighs the causes of all lanes of a commodity by the accounts of
// their economies. Each lane is held against what the account lets expect when
// all its other lanes carry their mean, with their variances: Gaussian sums with
// the lane at hand taken out, renewed by turns until they settle (expectation
// propagation, Minka 2001, with full steps halved), for so many rounds at most.
func (a *Accounts) commodity(lanes []supply, book map[data.Economy]netExport, rounds int) {
	slices.SortFunc(lanes, func(a, b supply) int {
		return cmp.Or(cmp.Compare(a.exporter, b.exporter), cmp.Compare(a.importer, b.importer))
	})
	book = matching(book, sumUp(lanes))
	found := make([]evidence, len(lanes))
	converged := false
	for round := 0; round < rounds && !converged; round++ {
		sums := sumUp(lanes)
		moved, all := 0.0, 0.0
		for i := range lanes {
			l := &lanes[i]
			before := l.mean
			variance := l.variance
			found[i] = l.against(book, sums)
			l.settle(&found[i])
			l.mean += (1 - accountDamping) * (before - l.mean)
			l.variance += (1 - accountDamping) * (variance - l.variance)
			moved += math.Abs(l.mean - before)
			all += l.mean
		}
		converged = moved <= accountTolerance*all
	}
	if !converged && len(lanes) > 0 {
		a.Converged = false
		a.Warnings = append(a.Warnings, fmt.Sprintf("balance: lanes of %s still moved after %d rounds of weighing them by balances", lanes[0].commodity.Code(), rounds))
	}
	for i := range lanes {
		if found[i] != (evidence{}) && len(lanes[i].before) > 1 {
			a.lanes[lanes[i].laneOfGoods] = &found[i]
		}
	}
}

// matching leaves out the accounts that cannot be of these lanes.
func matching(book map[data.Economy]netExport, sums map[data.Economy]accountSum) map[data.Economy]netExport {
	kept := map[data.Economy]netExport{}
	for e, account := range book {
		if s := sums[e]; math.Abs(account.kg-s.net) <= otherScope*s.passing {
			kept[e] = account
		}
	}
	return kept
}

// accountSum is what all lanes of an economy carry together.
type accountSum struct{ net, variance, passing float64 }

func sumUp(lanes []supply) map[data.Economy]accountSum {
	sums := map[data.Economy]accountSum{}
	for i := range lanes {
		l := &lanes[i]
		for _, end := range [...]struct {
			economy data.Economy
			sign    float64
		}{{data.Economy(l.exporter), 1}, {data.Economy(l.importer), -1}} {
			s := sums[end.economy]
			s.net += end.sign * l.mean
			s.variance += l.variance
			s.passing += l.mean
			sums[end.economy] = s
		}
	}
	return sums
}

// against holds a lane against the accounts of its two ends.
func (l *supply) against(book map[data.Economy]netExport, sums map[data.Economy]accountSum) (e evidence) {
	for end, economy := range [...]data.Economy{data.Economy(l.exporter), data.Economy(l.importer)} {
		account, ok := book[economy]
		if !ok {
			continue
		}
		sign := 1 - 2*float64(end)
		s := sums[economy]
		want := sign * (account.kg - (s.net - sign*l.mean))
		variance := account.variance + throughput*throughput*s.passing*s.passing + max(s.variance-l.variance, 0)
		for i, amount := range l.amounts {
			e[i] += logT(want-amount, variance+l.variances[i], accountFreedom)
		}
	}
	return e
}
