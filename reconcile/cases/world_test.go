package cases_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"

	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/evaluate"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
)

func TestWorld(t *testing.T) {
	dir := os.Getenv("TRIAL")
	if dir == "" {
		t.Skip()
	}
	first, _ := strconv.Atoi(os.Getenv("FIRST"))
	n, _ := strconv.Atoi(os.Getenv("WORLDS"))
	var scores []*evaluate.Score
	for s := first; s < first+n; s++ {
		d := fmt.Sprintf("%s%d", dir, s)
		tb, err := mirror.Read(context.Background(), []string{d + "/flows.csv.gz"}, mirror.Options{Digits: 6, Imputed: 1e-4})
		if err != nil {
			t.Fatal(err)
		}
		lanes, slips := panel.Prepare(panel.Input{Pairs: tb.Pairs, Coverage: tb.Coverage, Editions: tb.Editions})
		balances, err := source.ReadBalances(d + "/balances.csv")
		if err != nil {
			t.Fatal(err)
		}
		out, err := cases.Detect(cases.Input{Pairs: tb.Pairs, Panel: lanes, Slips: slips, Balances: balances.Rows}, cases.ScreenSettings{ListQ: .2, FalseShare: .05, MinimumUSD: 1000})
		if err != nil {
			t.Fatal(err)
		}
		r := &reconcile.Result{Settings: reconcile.Defaults(), Cases: out.Cases}
		truth, err := evaluate.ReadTruth(d + "/truth/truth.csv")
		if err != nil {
			t.Fatal(err)
		}
		score := evaluate.Evaluate(evaluate.FromResult(r), truth, evaluate.DefaultRules())
		scores = append(scores, score)
		for _, f := range score.FalseCases {
			if f.Q <= 0.05 {
				fmt.Printf("FALSE %d %+v\n", s, f)
			}
		}
		if os.Getenv("SHOW") != "" {
			for _, c := range out.Cases {
				if c.Q <= .05 && c.Kind != cases.UnitSlip {
					fmt.Println(c.Kind, c.Goods, c.Related, c.Exporter, c.Importer, c.Via, c.Start, c.End, int(c.ExcessKg.Float()), int(c.ExcessUSD.Float()), c.Q)
				}
			}
		}
	}
	if len(scores) == 1 {
		fmt.Println(scores[0].Text())
	} else {
		fmt.Println(evaluate.Pool(scores).Text())
	}
}
