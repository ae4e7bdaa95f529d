package balance

import (
	"math"
	"slices"
	"strings"
	"testing"

	"counterflow/data"
)

// balancesOf is what the economies of a crowd without passage make and use: what
// they send out, and what comes in, and a home trade besides.
func (c *crowd) balancesOf(economies, months int, basis string) (balances []data.Balance) {
	const home = 1e4
	for e := range economies {
		for t := range months {
			made, used := home, home
			for other := range economies {
				made += c.truth[[3]int{e, other, t}]
				used += c.truth[[3]int{other, e, t}]
			}
			for item, kg := range map[data.Item]float64{data.Production: made, data.Consumption: used} {
				balances = append(balances, data.Balance{Economy: economy(e), Commodity: goods, Period: month(t), Item: item, Kg: data.Kilograms(kg), Basis: basis})
			}
		}
	}
	return balances
}

// levelOf is ln of a lane's sum over the truth.
func (c *crowd) levelOf(rows []Reconciled, x, m int) float64 {
	sum, truth := 0.0, 0.0
	for i := range rows {
		if at := placeOf(&rows[i]); at[0] == x && at[1] == m {
			sum += rows[i].Kg.Float()
			truth += c.truth[at]
		}
	}
	return math.Log(sum / truth)
}

// A gap of a factor of 2.2 has two explanations, an exporter that says too little
// and an importer that says too much. The two declarations alone give one figure
// for both; with balances it is right in either world.
func TestBalancesTellWhichSideIsOff(t *testing.T) {
	const economies, months = 6, 60
	alone := map[string]float64{}
	for side, spoil := range map[string]func(left, arrived []float64){
		"exporter": func(left, _ []float64) {
			for t := range left {
				left[t] /= 2.2
			}
		},
		"importer": func(_, arrived []float64) {
			for t := range arrived {
				arrived[t] *= 2.2
			}
		},
	} {
		c := newCrowd(economies, months, 0, 0.1, 5, func(x, m int, left, arrived []float64) {
			if x == 2 && m == 5 {
				spoil(left, arrived)
			}
		})
		models := learn(c.pairs, c.coverage)
		alone[side] = c.levelOf(reconcile(t, c.pairs, models, Ours), 2, 5)
		models.Accounts = Weigh(c.pairs, models, c.balancesOf(economies, months, "survey"))
		if !models.Accounts.Converged || models.Accounts.Lanes != economies*(economies-1) || len(models.Accounts.Warnings) > 0 {
			t.Errorf("converged %v, %d lanes, warnings %v", models.Accounts.Converged, models.Accounts.Lanes, models.Accounts.Warnings)
		}
		if with := c.levelOf(reconcile(t, c.pairs, models, Ours), 2, 5); math.Abs(with) > 0.15 {
			t.Errorf("%s: with balances the lane is off by %.2f", side, with)
		}
		for name, balances := range map[string][]data.Balance{
			"circular":   c.balancesOf(economies, months, "estimated from partner imports"),
			"none":       nil,
			"a few only": c.balancesOf(economies, leastBalanced-1, "survey"),
			"no use": slices.DeleteFunc(c.balancesOf(economies, months, "survey"), func(b data.Balance) bool {
				return b.Item == data.Consumption
			}),
		} {
			if a := Weigh(c.pairs, models, balances); a.Lanes != 0 || !a.Converged {
				t.Errorf("%s: balances speak of %d lanes, converged %v", name, a.Lanes, a.Converged)
			}
		}
	}
	if apart := alone["importer"] - alone["exporter"]; math.Abs(apart-math.Log(2.2)) > 0.1 {
		t.Errorf("without balances the figures of the two worlds differ by %.2f from the truth, want %.2f", apart, math.Log(2.2))
	}
}

// What a lane may have carried is weighed by hand: two ways, 10 and 20 a month,
// equally likely, and an account that asks for 20 with a standard error of 1. The
// lane is all that passes it, so that 3% of 15 and more adds to the error.
func TestAccountByHand(t *testing.T) {
	lane := supply{laneOfGoods: laneOfGoods{goods, laneEnds{data.Exporter(economy(0)), data.Importer(economy(1))}}}
	lane.add(10, 0, 0.5)
	lane.add(20, 0, 0.5)
	lane.settle(nil)
	near(t, "mean", lane.mean, 15, 1e-12)
	near(t, "variance", lane.variance, 25, 1e-12)
	book := map[data.Economy]netExport{economy(0): {20, 1}}
	e := lane.against(book, sumUp([]supply{lane}))
	variance := 1 + math.Pow(0.03*15, 2)
	near(t, "evidence", e[1]-e[0], 2.5*math.Log1p(100/(4*variance)), 1e-12)
	a := &Accounts{Converged: true, lanes: map[laneOfGoods]*evidence{}}
	lanes := []supply{lane}
	a.commodity(lanes, book, accountRounds)
	if !a.Converged || len(a.lanes) != 1 {
		t.Fatalf("converged %v, %d lanes", a.Converged, len(a.lanes))
	}
	// 0.5 e^13.3 against 0.5: nearly certain.
	near(t, "mean after", lanes[0].mean, 20, 0.1)
	stopped := &Accounts{Converged: true, lanes: map[laneOfGoods]*evidence{}}
	stopped.commodity([]supply{lane}, book, 1)
	if stopped.Converged || len(stopped.Warnings) != 1 || !strings.Contains(stopped.Warnings[0], "still moved after 1 rounds") {
		t.Errorf("stopped after one round: converged %v, warnings %v", stopped.Converged, stopped.Warnings)
	}
}
