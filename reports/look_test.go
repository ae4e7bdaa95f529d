package reports

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"counterflow/reconcile"
)

// TestLook writes the made-up reports to the folder named by COUNTERFLOW_LOOK,
// for looking at. It is no test of its own.
func TestLook(t *testing.T) {
	dir := os.Getenv("COUNTERFLOW_LOOK")
	if dir == "" {
		t.Skip("set COUNTERFLOW_LOOK to a folder to write the made-up reports there")
	}
	for name, w := range looks() {
		lookAt(t, dir, name, w.run(), Options{})
	}
	lookAt(t, dir, "foreign", monthlyWorld().run(), foreign())
	lookAt(t, dir, "empty", &reconcile.Result{Settings: reconcile.Defaults()}, Options{})
}

func lookAt(t *testing.T, dir, name string, r *reconcile.Result, o Options) {
	t.Helper()
	out := filepath.Join(dir, name)
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	outputs, err := Draw(r, out, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d pairs, %d cases, %d charts in %v", name, len(r.Pairs), len(r.Cases), len(outputs.Charts), time.Since(start))
}

// TestLookAtRealData does the same with the public data beside the project.
func TestLookAtRealData(t *testing.T) {
	dir := os.Getenv("COUNTERFLOW_LOOK")
	flows := map[string]string{
		"real-minerals": "../../shared/data/critical_minerals_2022/comtrade_2022.csv.gz",
		"real-cars":     "../../shared/data/caucasus_monthly/vehicle_trade_georgia_hs8703_comtrade_monthly.csv.gz",
	}
	if _, err := os.Stat(flows["real-minerals"]); dir == "" || err != nil {
		t.Skip("set COUNTERFLOW_LOOK to a folder, with ../shared beside the project, to write reports of real data there")
	}
	for name, file := range flows {
		settings := reconcile.Defaults()
		settings.Flows = []string{file}
		r, err := reconcile.Run(context.Background(), settings, reconcile.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		lookAt(t, dir, name, r, Options{})
	}
}

func looks() map[string]world {
	annual, monthly := annualWorld(), monthlyWorld()
	one := monthly
	one.cases = 1
	none := monthly
	none.cases = 0
	many := monthly
	many.cases, many.lanes = 500, 300
	value := annual
	value.noWeights = true
	years := annual
	years.periods, years.first = 9, 2014
	return map[string]world{"annual": annual, "monthly": monthly, "one": one, "none": none, "many": many, "value": value, "years": years}
}
