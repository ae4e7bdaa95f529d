package reconcile

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"counterflow/data/simulate"
	"counterflow/reconcile/cases"
)

// splitIn2022 are codes of HS 2022 with the code of HS 2017 that held them (UN
// correlation tables), which the simulator breaks.
var splitIn2022 = map[string]string{
	"810610": "810600", "810690": "810600", "810391": "810390", "810399": "810390", "811231": "811292", "811241": "811292",
}

// brokenWorld is four years of trade in which nothing is planted and every reporter
// changes to HS 2022 in a month of its own, from February 2022 to January 2023.
func brokenWorld(t *testing.T) []byte {
	t.Helper()
	s, err := simulate.Preset("standard")
	if err != nil {
		t.Fatal(err)
	}
	s = s.Scale(120_000)
	s.Months, s.Planted, s.LookAlikes = 48, nil, nil
	s.Causes = map[simulate.Cause]float64{simulate.Editions: 4, simulate.Margin: 1, simulate.Transit: 1, simulate.Noise: 1, simulate.Bias: 1}
	world, err := simulate.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	files, err := world.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(files.Flows[0])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// links leads every code of the files from HS 2022 to HS 2017.
func links(t *testing.T, text []byte) string {
	t.Helper()
	codes := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Split(line, ","); len(fields) > 20 && len(fields[20]) == 6 && fields[20] != "cmdCode" {
			codes[fields[20]] = true
		}
	}
	table := "from_edition,from,to_edition,to,weight\n"
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		to := splitIn2022[code]
		if to == "" {
			to = code
		}
		table += fmt.Sprintf("H6,%s,H5,%s,1\n", code, to)
	}
	path := filepath.Join(t.TempDir(), "links.csv")
	if err := os.WriteFile(path, []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// atTheBreak lists the cases found on goods that the revision touched.
func atTheBreak(r *Result) []cases.Case {
	touched := map[string]bool{}
	for new, old := range splitIn2022 {
		touched[new], touched[old] = true, true
	}
	var found []cases.Case
	for _, c := range r.Cases {
		if c.Q <= r.Settings.FalseShare && c.Kind != cases.UnitSlip && (touched[c.Goods.Code()] || touched[c.Related.Code()]) {
			found = append(found, c)
		}
	}
	return found
}

// A revision of the Harmonised System that reporters adopt at different months
// brings no case once codes are brought to one edition. Where the files hide which
// edition a code is of, the same break does bring cases.
func TestARevisionBringsNoCaseAfterConcordance(t *testing.T) {
	text := brokenWorld(t)
	s := Defaults()
	s.Flows = []string{file(t, string(text))}
	s.Concordance, s.Edition = links(t, text), "H5"
	with, err := Run(context.Background(), s, Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	if found := atTheBreak(with); len(found) > 0 {
		t.Errorf("%d cases at the break after concordance, the first %s", len(found), found[0].Statement)
	}
	hidden := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(",H5,HS,"), []byte(",,HS,")), []byte(",H6,HS,"), []byte(",,HS,"))
	s.Flows, s.Concordance, s.Edition = []string{file(t, string(hidden))}, "", ""
	without, err := Run(context.Background(), s, Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("cases found in all: %d with the concordance, %d with editions hidden, %d of them at the break; %d lanes tested", len(found(with)), len(found(without)), len(atTheBreak(without)), with.Tested)
	if len(atTheBreak(without)) == 0 {
		t.Error("the break brings no case either way, so this test shows nothing")
	}
}

func found(r *Result) (list []cases.Case) {
	for _, c := range r.Cases {
		if c.Q <= r.Settings.FalseShare && c.Kind != cases.UnitSlip {
			list = append(list, c)
		}
	}
	return list
}
