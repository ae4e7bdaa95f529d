package reports

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestLook writes the made-up reports to the folder named by COUNTERFLOW_LOOK,
// for looking at. It is no test of its own.
func TestLook(t *testing.T) {
	dir := os.Getenv("COUNTERFLOW_LOOK")
	if dir == "" {
		t.Skip("set COUNTERFLOW_LOOK to a folder to write the made-up reports there")
	}
	for name, w := range looks() {
		out := filepath.Join(dir, name)
		if err := os.MkdirAll(out, 0o755); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		outputs, err := Draw(w.run(), out, Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d charts in %v", name, len(outputs.Charts), time.Since(start))
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
