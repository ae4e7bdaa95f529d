package breaks

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func readTCPD(t *testing.T) []Annotated {
	t.Helper()
	all, err := ReadTCPD(filepath.Dir(shared(t, "data/tcpd/annotations.json")))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestTCPDReproduced runs the classical methods with their defaults on the
// standardised series and compares each score with those of R's changepoint
// 2.3, which agree with the published ones to three digits. R reports the last
// observation of the left segment, counted from 1; the benchmark lowers that by
// one, and so it stands one before the start reported here.
func TestTCPDReproduced(t *testing.T) {
	f, err := os.Open(shared(t, "data/tcpd/reproduced_default.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string]func([]float64, SegmentSettings) (Segmentation, error){
		"pelt": PELT, "binseg": BinarySegmentation, "amoc": AMOC,
		"zero": func([]float64, SegmentSettings) (Segmentation, error) { return Segmentation{}, nil },
	}
	series := map[string]Annotated{}
	for _, s := range readTCPD(t) {
		series[s.Name] = s
	}
	if len(series) != 30 {
		t.Fatalf("%d usable series, want 30", len(series))
	}
	compared := 0
	for _, row := range rows[1:] {
		find, ok := methods[row[1]]
		if !ok {
			continue
		}
		s := series[row[0]]
		got, err := find(s.Values, SegmentSettings{})
		if err != nil {
			t.Fatal(err)
		}
		detected := make([]int, len(got.Starts))
		for i, v := range got.Starts {
			detected[i] = v - 1
		}
		score := F1(s.Annotations, detected)
		if row[2] == "cover" {
			score = Cover(s.Annotations, detected, len(s.Values))
		}
		want, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		count, _ := strconv.Atoi(row[5])
		// The file holds 15 digits.
		if len(detected) != count || math.Abs(score-want) > 1e-12 {
			t.Errorf("%s %s %s: %.15g with %d changes, want %.15g with %d", row[0], row[1], row[2], score, len(detected), want, count)
		}
		compared++
	}
	if compared != 240 {
		t.Errorf("compared %d scores, want 240", compared)
	}
}
