package conversion

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/data/source"
)

var economies = strings.Fields("ARG AUS AUT BEL BRA CAN CHE CHL CHN CZE DEU DNK ESP FIN FRA GBR GRC HUN IDN IND")

// file lets every economy trade both codes of the family under HS 2012 in 2016, and
// what the true shares make of them under HS 2017 in 2017; the last economy changes
// in the middle of 2017, and shows no whole year.
func file(t *testing.T) []string {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 5))
	text := "period,reporter,partner,flow,commodity,classification,value_usd,net_kg\n"
	for i, reporter := range economies {
		amounts := map[string]float64{"111111": 1e6 * random.Float64(), "111112": 1e6 * random.Float64()}
		for _, old := range []string{"111111", "111112"} {
			for _, partner := range []string{"USA", "World"} { // the World is left out, as it is the same once more
				text += fmt.Sprintf("2016,%s,%s,X,%s,H4,%.2f,1\n", reporter, partner, old, amounts[old])
			}
			for _, new := range []string{"222221", "222222", "222223"} {
				if share := truth[old][new]; share > 0 {
					text += fmt.Sprintf("2017,%s,USA,X,%s,H5,%.2f,1\n", reporter, new, 1.3*amounts[old]*share)
				}
			}
		}
		if i == len(economies)-1 {
			text += fmt.Sprintf("2017,%s,USA,X,111111,H4,1e9,1\n", reporter)
		}
	}
	path := filepath.Join(t.TempDir(), "flows.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return []string{path}
}

// The shares of a family come back from files of flows, to the rounding of cents.
func TestSharesAreLearntFromFiles(t *testing.T) {
	years, err := Gather(context.Background(), file(t), source.Options{Digits: 6})
	if err != nil {
		t.Fatal(err)
	}
	under, then := years.Changes(data.HS2012, data.HS2017)
	if len(under) != 2*(len(economies)-1) || len(then) != 3*(len(economies)-1) {
		t.Fatalf("%d and %d trades of %d economies", len(under), len(then), len(economies)-1)
	}
	links := table(t)
	notes := LearnTowards(links, years, data.HS2017, Options{})
	if len(notes) != 1 || !strings.Contains(notes[0], "1 of 1 families of codes that divide from H4 to H5") {
		t.Errorf("notes %q", notes)
	}
	for old, to := range truth {
		for new, want := range to {
			if got, _ := share(t, links, old, new); math.Abs(got-want) > 1e-6 {
				t.Errorf("%s to %s: %g, want %g", old, new, got, want)
			}
		}
	}
	// Nothing to learn from: every family keeps its weights and is named.
	few := Years{}
	for at, codes := range years {
		if at.reporter == data.MustEconomy("ARG") {
			few[at] = codes
		}
	}
	links = table(t)
	if notes := LearnTowards(links, few, data.HS2017, Options{}); len(notes) != 1 || !strings.Contains(notes[0], "0 of 1") || !strings.Contains(notes[0], "at least 5 economies") {
		t.Errorf("notes %q", notes)
	}
	// And a step of which the table knows nothing is said to be unknown.
	if notes := LearnTowards(links, years, data.HS1992, Options{}); len(notes) == 0 || !strings.Contains(notes[0], "no shares were learnt") {
		t.Errorf("notes %q", notes)
	}
}
