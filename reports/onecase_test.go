package reports

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
)

// Every kind of case, with the longest names, takes one page that says what it is
// and what it does not say.
func TestCaseOnOnePage(t *testing.T) {
	w := monthlyWorld()
	w.cases = 5
	r := withClaims(w.run())
	for _, kind := range []cases.Kind{cases.MissingExport, cases.UnitSlip, cases.Reroute, cases.CodeSwitch, cases.StockBuild} {
		c := &r.Cases[1]
		c.Kind, c.Via, c.Related = kind, 0, 0
		switch kind {
		case cases.Reroute:
			c.Via = data.MustEconomy("TUR")
		case cases.CodeSwitch:
			c.Related = r.Pairs[len(r.Pairs)-1].Commodity
		case cases.StockBuild:
			c.Exporter = 0
		}
		o := foreign()
		o.Tables = strings.Repeat("ab", 32)
		var out bytes.Buffer
		known, err := WriteCase(&out, r, c.ID, o)
		if err != nil || !known {
			t.Fatalf("%s: %v, %v", kind, known, err)
		}
		path := filepath.Join(t.TempDir(), "case.pdf")
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		text := textOf(t, path)
		for _, want := range []string{"page 1 of 1", c.ID, "What to look at next", "a question to both reporters", o.Tables[:20]} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not on the page: %.1500s", kind, want, text)
			}
		}
	}
	if known, err := WriteCase(&bytes.Buffer{}, r, "C9", Options{}); known || err != nil {
		t.Errorf("a case that is none: %v, %v", known, err)
	}
}
