package reports

import (
	"os"
	"path/filepath"
	"testing"
)

// TestLook writes the made-up reports to the folder named by COUNTERFLOW_LOOK,
// for looking at. It is no test of its own.
func TestLook(t *testing.T) {
	dir := os.Getenv("COUNTERFLOW_LOOK")
	if dir == "" {
		t.Skip("set COUNTERFLOW_LOOK to a folder to write the made-up reports there")
	}
	_ = filepath.Join
	for name, w := range looks() {
		r := w.run()
		for _, c := range Figures(r, Options{}) {
			if c.Absent != "" {
				t.Log(name, c.Name, c.Absent)
				continue
			}
			os.MkdirAll(filepath.Join(dir, name), 0o755)
			f, _ := os.Create(filepath.Join(dir, name, c.Name+".png"))
			if err := c.WritePNG(f, 100); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
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
