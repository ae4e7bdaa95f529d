package balance

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
)

// shared finds a file of the real data that lies beside the project, and skips
// the test where it does not.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("real data not here: %s", name)
	}
	return path
}

func readCSV(t testing.TB, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func number(t testing.TB, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// modelsOf learns from a table with the reference geography.
func modelsOf(table *mirror.Table) Models {
	timings := timing.Fit(table.Pairs, table.Coverage, timing.Settings{})
	margins := margin.Fit(table.Pairs, margin.Settings{})
	return Models{Margin: margins, Timing: timings, Reliability: reliability.Fit(table.Pairs, margins, timings, reliability.Settings{})}
}

// CEPII BACI reconciles the same declarations of 2022 (V202601). The figures are
// logged for the README; the bounds are what may not get worse.
func TestAgainstBACI(t *testing.T) {
	flows, baci := shared(t, "critical_minerals_2022/comtrade_2022.csv.gz"), shared(t, "critical_minerals_2022/baci_2022.csv.gz")
	table, err := mirror.Read(context.Background(), []string{flows}, mirror.Options{Digits: 6, Imputed: 1e-4})
	if err != nil {
		t.Fatal(err)
	}
	var answers []Answer
	for _, r := range readCSV(t, baci)[1:] {
		for i := range 2 {
			if r[i] == "S19" { // BACI's code for Other Asia, nes: in practice Taiwan
				r[i] = "TWN"
			}
		}
		answers = append(answers, Answer{data.MustCommodity(r[2], data.EditionUnknown), data.Exporter(data.MustEconomy(r[0])),
			data.Importer(data.MustEconomy(r[1])), data.Dollars(number(t, r[3]))})
	}
	models := modelsOf(table)
	for _, rule := range Rules {
		a := Compare(reconcile(t, table.Pairs, models, rule), answers)
		t.Logf("%-9s %d cells, total %.3f of BACI's, median |ln| %.3f, weighted %.3f, within 25%% %.3f, top exporter %d of %d, share error of the top five %.3f",
			rule, a.Cells, a.Total, a.MedianLog, a.WeightedLog, a.Within25, a.TopAgrees, a.Products, a.ShareError)
		if rule != Ours {
			continue
		}
		for _, p := range a.Apart[:8] {
			t.Logf("  %s ours %.3g, theirs %.3g; most of it %s to %s, ln %.2f", p.Commodity, p.Ours, p.Theirs, p.LargestLane[0], p.LargestLane[1], p.LargestLog)
		}
		if a.Cells < 22_000 || a.MedianLog > 0.05 || a.Within25 < 0.8 || a.TopAgrees < 27 || a.ShareError > 0.045 || math.Abs(math.Log(a.Total)) > 0.05 {
			t.Errorf("further from BACI than before: %+v", a)
		}
	}
}

// The IMF's paired totals of 2015 to 2018 (GFI's file), through the engine: the
// figures are those of one row for each importer, exporter and year, the CIF
// indicator where there are two.
func TestDOTSMirror(t *testing.T) {
	rows := readCSV(t, shared(t, "dots_mirror/DOTS_trdmisin_2015_2018.csv.gz"))
	table, err := mirror.Read(context.Background(), []string{dotsAsFlows(t, rows)}, mirror.Options{Digits: 0, Imputed: 1e-3})
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Pairs) != 86_480 {
		t.Errorf("%d pairs, want 86480", len(table.Pairs))
	}
	var x, m, index []float64
	within, imputed, small, all := 0, map[int]int{}, map[int]int{}, map[int]int{}
	for i := range table.Pairs {
		p := &table.Pairs[i]
		year := p.Period.Year()
		all[year]++
		if p.Notes.Has(mirror.ImputedMirror) {
			imputed[year]++
		} else if isExact(p.MUSD.Float() / p.XUSD.Float()) {
			small[year]++
			if min(p.XUSD.Float(), p.MUSD.Float()) >= 10_000 {
				t.Errorf("an exact ratio is not noted: %+v", *p)
			}
		}
		if year != 2018 {
			continue
		}
		x, m = append(x, math.Log(p.XUSD.Float())), append(m, math.Log(p.MUSD.Float()))
		index = append(index, math.Abs(p.Index()))
		if math.Abs(p.XUSD.Float()-p.MUSD.Float()) < 0.25*max(p.XUSD.Float(), p.MUSD.Float()) {
			within++
		}
	}
	n := float64(len(x))
	t.Logf("2018: %.0f pairs, correlation %.4f, within 25%% %.4f, mean index %.4f", n, correlation(x, m), float64(within)/n, mean(index))
	near(t, "pairs of 2018", n, 21_952, 0)
	near(t, "correlation of logs", correlation(x, m), 0.914, 0.0005)
	near(t, "within 25%", float64(within)/n, 0.477, 0.0005)
	near(t, "mean index", mean(index), 0.292, 0.0005)
	// The engine notes exact ratios from 10,000 dollars on, since small round sums
	// agree by accident; with those below, the shares are the published ones.
	for year, want := range map[int]float64{2015: 0.142, 2016: 0.149, 2017: 0.152, 2018: 0.167} {
		noted, n := float64(imputed[year]), float64(all[year])
		t.Logf("%d: %.1f%% imputed mirrors, %.1f%% with small ones", year, 100*noted/n, 100*(noted+float64(small[year]))/n)
		near(t, "imputed mirrors", (noted+float64(small[year]))/n, want, 0.004) // with a thousandth about 1.06 as well, a few more
	}
	// None of them informs a fit.
	timings := timing.Fit(table.Pairs, table.Coverage, timing.Settings{})
	for i := range table.Pairs {
		if p := table.Pairs[i : i+1]; p[0].Notes.Has(mirror.ImputedMirror) {
			if got := timing.NewComparer(timings).Compare(p, mirror.Value); len(got) > 0 || margin.Usable(&p[0]) {
				t.Fatalf("an imputed mirror is compared: %+v", p[0])
			}
		}
	}
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func correlation(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

// dotsAsFlows writes the paired file as canonical flows. The IMF's country codes
// become codes of any economies, one each: only pairing is looked at here.
func dotsAsFlows(t *testing.T, rows [][]string) string {
	t.Helper()
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	codes, free := map[string]string{}, economiesOfToday()
	code := func(imf string) string {
		if codes[imf] == "" {
			codes[imf] = free[len(codes)].String()
		}
		return codes[imf]
	}
	chosen := map[[3]string][]string{}
	for _, r := range rows[1:] {
		key := [3]string{r[at["ctycode_m"]], r[at["pctycode_m"]], r[at["year_m"]]}
		if old := chosen[key]; old == nil || r[at["indcode_m"]] < old[at["indcode_m"]] {
			chosen[key] = r
		}
	}
	keys := make([][3]string, 0, len(chosen))
	for key := range chosen {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [3]string) int { return slices.Compare(a[:], b[:]) })
	path := filepath.Join(t.TempDir(), "flows.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	fmt.Fprintln(w, "period,reporter,partner,flow,commodity,value_usd,valuation")
	for _, key := range keys {
		r := chosen[key]
		importer, exporter := code(key[0]), code(key[1])
		fmt.Fprintf(w, "%s,%s,%s,M,TOTAL,%.2f,FOB\n", key[2], importer, exporter, number(t, r[at["value_m"]]))
		fmt.Fprintf(w, "%s,%s,%s,X,TOTAL,%.2f,FOB\n", key[2], exporter, importer, number(t, r[at["value_x"]]))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return path
}

// economiesOfToday lists economies that are read as themselves, without limits in
// time.
func economiesOfToday() []data.Economy {
	var all []data.Economy
	for _, e := range reference.Economies() {
		if e.Kind == reference.KindEconomy && e.From == 0 && e.To == 0 && e.Instead == 0 && !slices.Contains(all, e.Economy) {
			all = append(all, e.Economy)
		}
	}
	return all
}

// isExact is the tolerance of the published shares: a thousandth about 1, a tenth
// of that about 1.06 and 1/1.06.
func isExact(ratio float64) bool {
	return math.Abs(ratio-1) < 1e-3 || math.Abs(ratio/1.06-1) < 1e-4 || math.Abs(ratio*1.06-1) < 1e-4
}
