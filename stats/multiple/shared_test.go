package multiple

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"testing"
)

// hedenfalk reads the 3,170 p-values of Hedenfalk et al. (2001), as published
// with the qvalue package, as logs.
func hedenfalk(t *testing.T) []float64 {
	t.Helper()
	file, err := os.Open("../../../shared/reference/hedenfalk_p.csv")
	if err != nil {
		t.Skip("shared reference data not found: ", err)
	}
	defer file.Close()
	var logp []float64
	lines := bufio.NewScanner(file)
	lines.Scan() // header
	for lines.Scan() {
		p, err := strconv.ParseFloat(lines.Text(), 64)
		if err != nil {
			t.Fatal(err)
		}
		logp = append(logp, math.Log(p))
	}
	if len(logp) != 3170 {
		t.Fatalf("%d p-values, want 3170", len(logp))
	}
	return logp
}
