package reports

import (
	"testing"

	"counterflow/reports/chart"
)

// The chart of reliability stands on the page that its section begins: 720 points
// of text, of which the section's words take 100 and those of the figure 60.
func TestReliabilityStandsOnOnePage(t *testing.T) {
	d := chart.Reliability{Rows: make([]chart.ReliabilityRow, reportersMost)}
	if c := d.Chart(); c.Height > 560 {
		t.Errorf("%d economies are %g points high", reportersMost, float64(c.Height))
	}
}
