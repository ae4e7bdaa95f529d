package table

import (
	"context"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile"
	"counterflow/reconcile/balance"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/difference"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/sensitivity"
	"counterflow/reconcile/stocks"
	"counterflow/reconcile/timing"
	"counterflow/reconcile/units"
)

var update = flag.Bool("update", false, "write golden files anew")

var nan = math.NaN()

func commodity(code string) data.Commodity { return data.MustCommodity(code, data.EditionUnknown) }
func economy(code string) data.Economy     { return data.MustEconomy(code) }
func exporter(code string) data.Exporter   { return data.Exporter(economy(code)) }
func importer(code string) data.Importer   { return data.Importer(economy(code)) }

func period(text string) data.Period {
	p, err := data.ParsePeriod(text)
	if err != nil {
		panic(err)
	}
	return p
}

func ruling(text string) balance.Ruling {
	r, err := balance.ParseRuling(text)
	if err != nil {
		panic(err)
	}
	return r
}

// sample has every kind of cell once: stated, zero, missing, a code with a
// leading zero, an economy that is none, very small p-values, texts with
// separators, quotes, line breaks, and letters of several scripts.
func sample() *reconcile.Result {
	r := &reconcile.Result{
		Settings: reconcile.Defaults(), Tested: 3, ExpectedByChance: 0.125,
		Warnings: []string{"coverage: Laos reported 3 months of 24; give more files"},
		Inputs: []source.Tally{{File: "flows.csv.gz", Format: "canonical", SHA256: "ab12", Bytes: 1234, Rows: 10, Kept: 7,
			Refused: map[source.Reason]int64{source.BadPeriod: 2, source.SelfTrade: 1}, Divided: true}, {File: "empty.csv"}},
		Rejects: []source.Reject{
			{File: "flows.csv.gz", Line: 3, Reason: source.BadPeriod, Column: "period", Value: `20"24, "x"`, Hint: "write 2024 or 2024-07"},
			{File: "flows.csv.gz", Line: 9, Reason: source.BadPeriod, Column: "period", Value: "line\nbreak"},
			{File: "flows.csv.gz", Reason: source.SelfTrade},
			{File: "flows.csv.gz", Reason: source.SelfTrade},
		},
		Stages: []reconcile.Stage{{Name: "read", Rows: 7, Seconds: 0.25, Warnings: []string{"w"}}, {Name: "pair", Rows: 3}},
	}
	r.Files = []reconcile.File{{Setting: "rates", Name: "rates.csv", SHA256: "cd34", Bytes: 99}}
	r.Factors = []units.Factor{
		{Unit: source.ParseUnit([]byte("hl")), Kg: 0.8, Low: nan, High: nan, SD: nan, Verdict: units.Given},
		{Commodity: commodity("010121"), Unit: source.ParseUnit([]byte("u")), Kg: 450.5, Low: 440, High: 470, SD: 0.3, Pairs: 12, Verdict: units.Learnt, Rows: 7},
		{Commodity: commodity("271600"), Unit: source.ParseUnit([]byte("3")), Kg: nan, Low: nan, High: nan, SD: nan, Verdict: units.NoMass},
	}
	r.Settings.Flows = []string{"flows.csv.gz"}
	sampleFlows(r)
	sampleEstimates(r)
	sampleCases(r)
	sampleSince(r)
	return r
}

func sampleFlows(r *reconcile.Result) {
	r.Coverage = []mirror.Coverage{
		{Economy: economy("CHN"), Direction: data.Export, Period: period("2024-01"), Rows: 4, Value: 123456, EstimatedWeight: 0.25, Unallocated: 0.01, Presence: mirror.Reported, Edition: data.HS2022},
		{Economy: economy("CHN"), Direction: data.Import, Period: period("2024-01"), Value: data.MissingUSD, EstimatedWeight: nan, Unallocated: nan},
	}
	r.Totals = []data.Flow{
		{Commodity: data.MustCommodity("010121", data.HS2017), Period: period("2024"), Exporter: exporter("CHN"), Importer: data.Importer(data.World),
			Direction: data.Export, Value: 100, Valuation: data.ValuationFOB, NetWeight: data.MissingKg, Estimated: true},
		{Commodity: data.MustCommodity("010121", data.HS2017), Period: period("2024"), Exporter: data.Exporter(data.World), Importer: importer("USA"),
			Direction: data.ReImport, Value: data.MissingUSD, NetWeight: 5},
	}
	r.Pairs = []mirror.Pair{
		{Commodity: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Period: period("2024-01"), Edition: data.HS2017,
			XKg: 1_500_000, MKg: 3_000_001, XUSD: 1000000, MUSD: 1100050, State: mirror.Both,
			Notes: mirror.ExportWeightEstimated | mirror.PartnerUnstated},
		{Commodity: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Period: period("2024-02"),
			XKg: data.MissingKg, MKg: 0, XUSD: 200000, MUSD: 210000, State: mirror.Both, Edition: data.EditionMixed},
		{Commodity: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("VNM"), Period: period("2024-01"),
			XKg: 12, MKg: data.MissingKg, XUSD: 0, MUSD: data.CIF(data.MissingUSD), State: mirror.ExportOnly},
		{Commodity: commodity("0102"), Exporter: exporter("LAO"), Importer: importer("CHN"), Period: period("2024"),
			XKg: data.MissingKg, MKg: 9_007_199_254_740_993, XUSD: data.FOB(data.MissingUSD), MUSD: 1, State: mirror.ExporterSilent},
		{Commodity: commodity("0102"), Exporter: exporter("LAO"), Importer: importer("VNM"), Period: period("2024"),
			XKg: 1000, MKg: 2000, XUSD: 300, MUSD: 300, State: mirror.Both, Mode: source.Land},
	}
	r.Departures = []cases.Departure{
		{Measure: mirror.Weight, Expected: 0.06, SD: 0.2, Z: 3.166, LogP: math.Log(0.00154)},
		{Measure: mirror.Value, Expected: 0, SD: 1e-7, Z: 480000, LogP: -1.2e5},
		{Expected: nan, SD: nan, Z: nan, LogP: nan},
		{Expected: nan, SD: nan, Z: nan, LogP: nan},
		{Measure: mirror.Value, Expected: 0.1, SD: 0.5, Z: -0.2, LogP: math.Log(0.8414805811217939)},
	}
	r.Reconciled = []balance.Reconciled{
		{Commodity: commodity("010121"), Period: period("2024-01"), Exporter: exporter("CHN"), Importer: importer("USA"),
			Kg: 2_000_500, KgLow: 1_500_000, KgHigh: 3_000_001, USD: 1050000, USDLow: 1000000, USDHigh: 1100000, Rule: ruling("baci, only the importer declared, adjusted to totals"), ExporterWeight: 0.5},
		{Commodity: commodity("0102"), Period: period("2024"), Exporter: exporter("LAO"), Importer: importer("CHN"),
			Kg: data.MissingKg, KgLow: data.MissingKg, KgHigh: data.MissingKg, USD: 0, USDLow: data.FOB(data.MissingUSD), USDHigh: data.FOB(data.MissingUSD), ExporterWeight: nan},
	}
}

func sampleEstimates(r *reconcile.Result) {
	r.Margins = []margin.Term{
		{Model: "gravity", Name: "ln distance", Estimate: -0.178, SE: 0.01, N: 900},
		{Model: "median_by_product", Name: "010121", Estimate: 0.1, SE: nan, N: 1},
	}
	r.Lags = []timing.Group{
		{Distance: timing.Distances()[1], Worth: timing.Dear, Kernel: timing.Kernel{0.5, 0.25, 0.25}, Spread: 0.125, Lanes: 12, Iterations: 40, Converged: true},
		{Distance: timing.Distances()[8], Worth: timing.Cheap, Kernel: timing.Immediate, Spread: nan},
	}
	r.Reliability = []reliability.Score{
		{Economy: economy("CHN"), Role: reliability.AsExporter, Measure: mirror.Weight, Group: "all", Bias: 1.0 / 3, BiasSE: 0.0625, Sigma: 0.25, SigmaLow: 0.2, SigmaHigh: 0.3, Lasting: 0.4, N: 40},
		{Economy: economy("CHN"), Role: reliability.AsExporter, Measure: mirror.Value, Group: "all", Bias: nan, BiasSE: nan, Sigma: nan, SigmaLow: nan, SigmaHigh: nan, Lasting: nan},
	}
	r.Stocks = []stocks.Account{
		{Economy: economy("JPN"), Commodity: commodity("284690"), Period: period("2024-01"), Change: -1500, Low: -2000, High: data.MissingKg, Cumulated: 0, MonthsOfCover: 2.5,
			CumulatedLow: -9000, CumulatedHigh: 9000, Production: 500, Imports: 7000, Exports: 1000, Use: 8000},
		{Economy: economy("JPN"), Commodity: commodity("284690"), Period: period("2024-02"), Change: data.MissingKg, Low: data.MissingKg, High: data.MissingKg, Cumulated: data.MissingKg, MonthsOfCover: nan,
			CumulatedLow: data.MissingKg, CumulatedHigh: data.MissingKg, Production: data.MissingKg, Imports: data.MissingKg, Exports: data.MissingKg, Use: data.MissingKg},
	}
	r.Refusals = []stocks.Refusal{{Economy: economy("USA"), Commodity: commodity("284690"), Item: data.Consumption,
		From: period("2021"), To: period("2025"), Figures: 5, Basis: "Defined as production + imports - exports."}}
	r.Studies = []stocks.Study{
		{Event: "E1", At: period("2023-08"), Lanes: 7, Before: stocks.Ratio{Value: 1.5, SE: 0.2}, After: stocks.Ratio{Value: 0.25, SE: 0.1},
			Contrast: stocks.Contrast{Value: 1.79, SE: 0.4}, Partners: stocks.Contrast{Value: nan, SE: nan}, Goods: stocks.Contrast{Value: 1.7, SE: 0.5}, Swing: 2.5},
		{Event: "E1", Importer: economy("USA"), At: period("2023-08"), Lanes: 1, Partners: stocks.Contrast{Value: -0.125, SE: 0.0625}},
	}
	r.StudyMonths = []stocks.StudyMonth{
		{Event: "E1", Period: period("2023-07"), Kg: 1_500_000, Index: 1.5, Partners: nan, Goods: 1},
		{Event: "E1", Importer: economy("USA"), Period: period("2023-07"), Kg: data.MissingKg, Index: nan, Partners: 0.5, Goods: nan},
	}
	r.Events = []reconcile.Event{
		{ID: "E1", Announced: period("2023-07"), Effective: period("2023-08"), End: period("2024"), Actor: "CHN", Target: "USA|JPN",
			Commodities: []data.Commodity{commodity("811292"), commodity("010121")}, Instrument: "licence", Source: "notice 23, 2023"},
		{ID: "E2"},
	}
}

func sampleCases(r *reconcile.Result) {
	r.Cases = []cases.Case{
		{ID: "C-0002", Rank: 1, Kind: cases.MissingExport, Goods: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"),
			Start: period("2024-01"), End: period("2024-02"), ExcessKg: 1_500_001, ExcessKgLow: -3, ExcessKgHigh: 2_000_000, ExcessUSD: 99,
			LogP: -1.2e5, Q: 1e-300, Assessable: true, Caveats: []string{"estimated_weight", "timing"},
			Statement: "The importer records more than the exporter declares; \"more\" is 1,500 kg.\nΓάλλιο, галлий, naïve."},
		{ID: "C-0001", Rank: 2, Kind: cases.CodeSwitch, Goods: commodity("010121"), Related: commodity("0102"), Exporter: exporter("LAO"), Importer: importer("CHN"),
			Via: economy("VNM"), Start: period("2024-01"), End: period("2024-12"), ExcessKg: data.MissingKg, ExcessKgLow: data.MissingKg, ExcessKgHigh: data.MissingKg,
			ExcessUSD: data.MissingUSD, LogP: nan, Q: nan},
		{ID: "C-0003", Rank: 3, Kind: cases.StockBuild, Goods: commodity("284690"), Importer: importer("JPN"), Start: period("2024-01"), End: period("2024-02"),
			ExcessKg: 0, ExcessKgLow: 0, ExcessKgHigh: 0, ExcessUSD: 0, LogP: 0, Q: 0.2, Assessable: true},
	}
	r.Bridges = []balance.LaneStep{
		{Commodity: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Measure: mirror.Weight, Side: reliability.AsExporter,
			Place: 1, Step: balance.StepDeclared, Amount: 1500},
		{Commodity: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Measure: mirror.Weight, Side: reliability.AsExporter,
			Place: 2, Step: balance.StepMended, Amount: -1.0 / 3},
		{Commodity: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Measure: mirror.Value, Side: reliability.AsImporter,
			Place: 1, Step: balance.StepDeclared, Amount: 11000.5},
	}
	r.Expected = []cases.Expected{
		{CaseID: "C-0002", Goods: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Period: period("2024-01"),
			Of: cases.OfImporter, Measure: mirror.Weight, Amount: 1500, Low: 1200.5, High: 1800},
		{CaseID: "C-0002", Goods: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Period: period("2024-02"),
			Of: cases.OfLarger, Measure: mirror.Value, Amount: 0, Low: 0, High: 1.0 / 3},
	}
	r.Sensitivity = []sensitivity.Row{
		{CaseID: "C-0002", Assumption: sensitivity.Content, Level: sensitivity.Low, Setting: 0.37, Kg: 555_000, USD: 99, Q: 1e-300, Rank: 2},
		{CaseID: "C-0001", Assumption: sensitivity.Lag, Level: sensitivity.High, Setting: nan, Kg: data.MissingKg, USD: data.MissingUSD, Q: nan, Rank: 3},
	}
	r.Rules = []reconcile.AppliedRule{
		{List: "patches", Place: 2, Who: economy("CHN"), What: "weights_times 1000 exports 2603", Why: "stated in tonnes", Source: "note, 2024", From: period("2023-01"), To: period("2023"), Applied: 12},
		{List: "hubs", Place: 1, Who: economy("NLD"), What: "entrepot", Why: "port of entry", Source: "list", Applied: 0},
	}
	r.Claims = []claims.Claim{
		{CaseID: "C-0002", Explanation: "timing", Kg: 1_000_000, KgLow: 0, KgHigh: 1_200_000, Verdict: claims.Holds, Caveat: "timing", FoundOn: "010121:CHN:USA|0102:LAO:QXX", Note: "lag of 1 month"},
		{CaseID: "C-0002", Explanation: "unexplained", Kg: 500_001, KgLow: data.MissingKg, KgHigh: data.MissingKg, Verdict: claims.Fails},
		{CaseID: "C-0001", Explanation: "timing", Kg: data.MissingKg, KgLow: data.MissingKg, KgHigh: data.MissingKg, Verdict: claims.NotPossible, Caveat: "timing"},
	}
	r.Allocations = []claims.Allocation{
		{Families: "4407", Start: period("2024-01"), End: period("2024-03"), Cases: 2, Cells: 5, Links: 4, Excess: 160_000, Short: 180_000,
			Allocated: 160_000, Explained: 150_001, Cost: 730.125, Algorithm: "some algorithm", Augmentations: 4, Rounds: 3, Optimal: true},
		{Families: "rare earths|tungsten", Start: period("2023-12"), End: period("2023-12"), Algorithm: "some algorithm"},
	}
}

// sampleSince has a case of every status. What the table does not have of a case
// that is gone stays empty.
func sampleSince(r *reconcile.Result) {
	then := func(c cases.Case, id string, rank int) *cases.Case {
		c.ID, c.Rank, c.LogP, c.Caveats = id, rank, 0, nil
		return &c
	}
	before := then(r.Cases[0], "C-0007", 4)
	before.ExcessKg, before.Q, before.Assessable, before.Statement = 20, 0.5, false, "The case as it was, \"then\"."
	gone := then(r.Cases[2], "C-0009", 9)
	gone.Via, gone.Related, gone.Exporter = economy("VNM"), commodity("0102"), exporter("LAO")
	r.Since = &difference.Difference{
		Run: "2024-07",
		Changes: []difference.Change{
			{Status: difference.New, After: &r.Cases[1], Causes: []difference.Cause{difference.NewPeriods, difference.Revisions}, Revised: 3},
			{Status: difference.Rerated, Before: before, After: &r.Cases[0], Ratings: []difference.Rating{difference.RatedFound, difference.RatedAssessable}, Causes: []difference.Cause{difference.Settings}},
			{Status: difference.Resolved, Before: gone, Causes: []difference.Cause{difference.LateReports}},
			{Status: difference.Persisting, Before: then(r.Cases[2], "C-0003", 3), After: &r.Cases[2]},
		},
		NewPeriods: []data.Period{period("2024-02")}, LeftPeriods: []data.Period{period("2023-12")},
		Arrived: []difference.Arrival{{Economy: economy("LAO"), Direction: data.Import, Period: period("2024-01"), Rows: 7, Value: 123}},
		Left:    []difference.Arrival{{Economy: economy("VNM"), Direction: data.Import, Period: period("2024-01"), Rows: 1, Value: data.MissingUSD}},
		Revisions: []difference.Revision{
			{Commodity: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Period: period("2024-01"), Direction: data.Import,
				KgBefore: 1_000, KgAfter: 3_000_001, Before: data.MissingUSD, After: 1100050},
			{Commodity: commodity("010121"), Exporter: exporter("CHN"), Importer: importer("USA"), Period: period("2024-01"),
				KgBefore: 1_500_000, KgAfter: data.MissingKg, Before: 5, After: data.MissingUSD},
		},
		Compared: 9, Restated: 3, Added: 1, Withdrawn: 1,
		Settings:    []difference.Setting{{Name: "list_q", Before: "0.1", After: "0.2"}},
		InputsAdded: []string{"flows.csv.gz"}, InputsDropped: []string{"old.csv"}, Warnings: []string{"no period in common"},
	}
}

var (
	started  = time.Date(2024, 8, 1, 6, 0, 0, 0, time.UTC)
	finished = started.Add(90 * time.Second)
)

// writeSample writes a run folder and gives its path.
func writeSample(t *testing.T, r *reconcile.Result, o Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	writeRun(t, dir, r, o)
	return dir
}

func writeRun(t *testing.T, dir string, r *reconcile.Result, o Options) {
	t.Helper()
	f, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	if err := Write(context.Background(), f, r, o); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(NewManifest(r, "0.1.0", started, finished)); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
