package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/data/vault"
	"counterflow/reconcile/balance"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/consignments"
	"counterflow/reconcile/conversion"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/stocks"
	"counterflow/reconcile/timing"
	"counterflow/reconcile/units"
)

// Hooks let the caller watch a run. Both may be nil; neither changes a result.
type Hooks struct {
	Seconds  func() float64                        // a clock
	Progress func(stage string, done, total int64) // called from one goroutine at a time
}

// Run does the whole job once: files of flows in, every table out. An error
// that lies in the data is a *source.DataError.
func Run(ctx context.Context, s Settings, h Hooks) (*Result, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	r := &runner{settings: s, hooks: h, result: &Result{Settings: s}}
	for _, stages := range [][]stage{r.readingStages(), r.detecting(), r.describing()} {
		if err := r.do(ctx, stages); err != nil {
			return nil, err
		}
	}
	return r.result, nil
}

// stage is one step of a run.
type stage struct {
	name string
	do   func(context.Context) (rows int64, err error)
}

// readingStages bring the files in.
func (r *runner) readingStages() []stage {
	return []stage{
		{"files", r.files},
		{"events", r.events},
		{"rules", r.rules},
		{"editions", r.editions},
		{"units", r.units},
		{"mirror", r.mirror},
	}
}

// detecting goes from pairs to cases.
func (r *runner) detecting() []stage {
	return []stage{
		{"timing", r.timing},
		{"margin", r.margin},
		{"reliability", r.reliability},
		{"balances", r.readBalances},
		{"balance", r.balance},
		{"departures", r.departures},
		{"panel", r.lanes},
		{"cases", r.cases},
		{"stocks", r.stocks},
		{"consignments", r.consignments},
	}
}

// describing tells more of the cases and changes none.
func (r *runner) describing() []stage {
	return []stage{
		{"sensitivity", r.sensitivity},
		{"bridges", r.bridges},
	}
}

func (r *runner) do(ctx context.Context, stages []stage) error {
	for _, s := range stages {
		if err := r.stage(ctx, s.name, s.do); err != nil {
			return err
		}
	}
	return nil
}

// runner carries what one stage hands to the next.
type runner struct {
	settings                       Settings
	hooks                          Hooks
	result                         *Result
	reading                        source.Options
	declared                       map[data.Commodity]data.Editions // editions of each commodity
	balances                       []data.Balance
	parcels                        *source.Consignments
	thresholds                     []data.Threshold
	timings                        *timing.Model
	margins                        *margin.Model
	scores                         *reliability.Model
	models                         balance.Models
	panel                          *panel.Panel
	slips                          []panel.Slip
	found                          *cases.Screened
	patches, exclusions, producers []source.Rule
	byKind                         bool // lanes were held against lanes of their kind, in periods as declared
	warned                         int
}

// stage runs one step, and writes down what it did.
func (r *runner) stage(ctx context.Context, name string, do func(context.Context) (int64, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	start := r.seconds()
	rows, err := do(ctx)
	var refused *source.DataError
	switch {
	case errors.As(err, &refused): // says where in the files it lies
		return err
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	}
	r.result.Stages = append(r.result.Stages, Stage{
		Name: name, Rows: rows, Seconds: r.seconds() - start, Warnings: r.result.Warnings[r.warned:],
	})
	r.warned = len(r.result.Warnings)
	return nil
}

func (r *runner) seconds() float64 {
	if r.hooks.Seconds == nil {
		return 0
	}
	return r.hooks.Seconds()
}

func (r *runner) warn(warnings ...string) {
	r.result.Warnings = append(r.result.Warnings, warnings...)
}

func (r *runner) progress(stage string) func(done, total int64) {
	if r.hooks.Progress == nil {
		return nil
	}
	return func(done, total int64) { r.hooks.Progress(stage, done, total) }
}

// files takes the hashes of what is read beside the flows.
func (r *runner) files(context.Context) (int64, error) {
	s := r.settings
	for _, f := range []File{
		{Setting: "events", Name: s.Events}, {Setting: "rates", Name: s.Rates}, {Setting: "concordance", Name: s.Concordance},
		{Setting: "factors", Name: s.Factors}, {Setting: "balances", Name: s.Balances},
		{Setting: "patches", Name: s.Patches}, {Setting: "exclusions", Name: s.Exclusions}, {Setting: "producers", Name: s.Producers},
		{Setting: "consignments", Name: s.Consignments}, {Setting: "thresholds", Name: s.Thresholds},
	} {
		if f.Name == "" {
			continue
		}
		var err error
		if f.SHA256, f.Bytes, err = source.Fingerprint(f.Name); err != nil {
			return 0, err
		}
		f.Name = filepath.Base(f.Name)
		r.result.Files = append(r.result.Files, f)
	}
	return int64(len(r.result.Files)), nil
}

func (r *runner) events(context.Context) (int64, error) {
	if r.settings.Events == "" {
		return 0, nil
	}
	events, err := source.Events(r.settings.Events)
	r.result.Events = events
	return int64(len(events)), err
}

// editions makes ready how flows are read, and learns how codes divide between
// editions.
func (r *runner) editions(ctx context.Context) (rows int64, err error) {
	reading, warnings, err := r.settings.Reading()
	if err != nil {
		return 0, err
	}
	r.reading = reading
	r.warn(warnings...)
	if err := r.compareRates(); err != nil {
		return 0, err
	}
	if !r.settings.LearnConcordance {
		return 0, nil
	}
	reading.Progress = r.progress("learning")
	years, err := conversion.Gather(ctx, r.settings.Flows, reading)
	if err != nil {
		return 0, err
	}
	r.warn(conversion.LearnTowards(reading.Concordance, years, reading.Edition, conversion.Options{})...)
	return int64(len(years)), nil
}

// compareRates says where a vintage was stored at other exchange rates than those
// of the run: its dollars stay as they are.
func (r *runner) compareRates() error {
	at := slices.IndexFunc(r.result.Files, func(f File) bool { return f.Setting == "rates" })
	if at < 0 {
		return nil
	}
	for _, path := range r.settings.Flows {
		sum, err := vault.RatesOf(path)
		if err != nil {
			return err
		}
		if sum != "" && sum != r.result.Files[at].SHA256 {
			r.warn(fmt.Sprintf("%s was stored at other exchange rates than those of %s; its dollars stay as they are, ingest it under another series to change them", filepath.Base(path), r.result.Files[at].Name))
		}
	}
	return nil
}

// units gives the factors by which quantities become weights.
func (r *runner) units(ctx context.Context) (rows int64, err error) {
	reading := r.reading
	if r.settings.Factors == "" && !r.settings.LearnFactors {
		return 0, nil
	}
	var given source.Factors
	if r.settings.Factors != "" {
		if given, err = source.ReadFactors(r.settings.Factors); err != nil {
			return 0, err
		}
	}
	r.result.Factors = units.FromFile(given)
	if r.settings.LearnFactors {
		reading.Progress = r.progress("weighing")
		if r.result.Factors, err = units.Learn(ctx, r.settings.Flows, reading, given, units.Settings{}); err != nil {
			return 0, err
		}
	}
	r.reading.Factors = units.Table(r.result.Factors)
	return int64(len(r.reading.Factors)), nil
}

func (r *runner) mirror(ctx context.Context) (int64, error) {
	reading := r.reading
	table, err := mirror.Read(ctx, r.settings.Flows, mirror.Options{
		Open: reading.Open, Columns: reading.Columns, Factors: reading.Factors, Rules: reading.Rules, Rates: reading.Rates, Concordance: reading.Concordance, Edition: reading.Edition,
		Digits: reading.Digits, Imputed: r.settings.ImputedExact, Memory: r.settings.Memory, Threads: reading.Threads,
		Reading: r.progress("reading"), Pairing: r.progress("reconciling"),
	})
	if err != nil {
		return 0, err
	}
	r.result.Inputs, r.result.Rejects, r.result.Coverage = table.Inputs, table.Rejects, table.Coverage
	r.result.Pairs, r.result.Totals = table.Pairs, table.Totals
	r.declared = table.Editions
	units.Count(r.result.Factors, table.Weighed)
	if n := units.Rows(r.result.Factors); n > 0 {
		r.warn(fmt.Sprintf("%d rows state a quantity and no weight; their weights were filled in by %d factors and are marked as estimated (table factors)", n, len(reading.Factors)))
	}
	r.warn(table.Warnings...)
	r.countRules(table.Applied)
	return int64(len(table.Pairs)), nil
}

func (r *runner) timing(context.Context) (int64, error) {
	r.timings = timing.Fit(r.result.Pairs, r.result.Coverage, timing.Settings{})
	r.result.Lags = r.timings.Groups()
	r.warn(r.timings.Warnings...)
	return int64(len(r.result.Lags)), nil
}

func (r *runner) margin(context.Context) (int64, error) {
	r.margins = margin.Fit(r.result.Pairs, margin.Settings{})
	r.result.Margins = r.margins.Terms()
	slices.SortStableFunc(r.result.Margins, func(a, b margin.Term) int {
		return cmp.Or(cmp.Compare(a.Model, b.Model), cmp.Compare(a.Name, b.Name))
	})
	r.warn(r.margins.Warnings...)
	return int64(len(r.result.Margins)), nil
}

func (r *runner) reliability(context.Context) (int64, error) {
	r.scores = reliability.Fit(r.result.Pairs, r.margins, r.timings, reliability.Settings{})
	r.result.Reliability = r.scores.Scores()
	slices.SortStableFunc(r.result.Reliability, func(a, b reliability.Score) int {
		return cmp.Or(cmp.Compare(a.Economy, b.Economy), cmp.Compare(a.Role, b.Role),
			cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Group, b.Group))
	})
	r.warn(r.scores.Warnings...)
	return int64(len(r.result.Reliability)), nil
}

func (r *runner) balance(context.Context) (int64, error) {
	r.models = balance.Models{Margin: r.margins, Timing: r.timings, Reliability: r.scores}
	if len(r.balances) > 0 && r.settings.Rule == balance.Ours {
		r.models.Accounts = balance.Weigh(r.result.Pairs, r.models, r.balances)
		r.warn(r.models.Accounts.Warnings...)
	}
	table, err := balance.Reconcile(r.result.Pairs, r.models, balance.Options{Rule: r.settings.Rule})
	if err != nil {
		return 0, err
	}
	r.result.Reconciled = table.Rows
	r.warn(table.Warnings...)
	return int64(len(table.Rows)), nil
}

func (r *runner) departures(context.Context) (int64, error) {
	r.result.Departures = cases.Depart(r.result.Pairs, r.margins, r.settings.HistoryMonth)
	return int64(len(r.result.Departures)), nil
}

// lanes lays monthly data out as series, where they are long enough for a lane to
// be held against its own history.
func (r *runner) lanes(context.Context) (int64, error) {
	if !cases.HaveHistory(r.result.Pairs, r.settings.HistoryMonth) {
		return 0, nil
	}
	r.panel, r.slips = panel.Prepare(panel.Input{Pairs: r.result.Pairs, Coverage: r.result.Coverage, Editions: r.declared, Timings: r.timings})
	return int64(len(r.panel.Lanes)), nil
}

// cases holds lanes against their own history where there is one, and against
// lanes of their kind where there is none.
func (r *runner) cases(context.Context) (rows int64, err error) {
	levels := cases.ScreenSettings{ListQ: r.settings.ListQ, FalseShare: r.settings.FalseShare, MinimumUSD: r.settings.MinimumUSD}
	if r.panel != nil {
		r.found, err = cases.Detect(cases.Input{Pairs: r.result.Pairs, Panel: r.panel, Slips: r.slips, Balances: append(r.made(), r.balances...)}, levels)
	}
	// Lanes too few to judge one another are held against lanes of their kind, as
	// are lanes without a history.
	if err == nil && (r.found == nil || r.found.Tested == 0) {
		var slips *cases.Screened
		slips, r.found, r.byKind = r.found, nil, true
		r.found, err = cases.Screen(r.result.Pairs, r.result.Departures, r.margins, levels)
		if err == nil && slips != nil {
			r.found.Add(slips.Cases, make([][]claims.Claim, len(slips.Cases)), 0)
		}
		if err == nil && r.panel != nil {
			err = r.found.Entrepots(r.panel, r.result.Pairs, levels)
		}
	}
	if err != nil {
		return 0, err
	}
	r.warn(r.found.Warnings...)
	r.publish()
	return int64(len(r.result.Cases)), nil
}

// publish ranks what was found so far and makes it the result.
func (r *runner) publish() {
	r.found.Rank(r.settings.FalseShare)
	r.result.Cases, r.result.Claims, r.result.Expected = r.found.Cases, r.found.Claims, r.found.Expected
	r.result.Allocations = r.found.Allocations
	r.result.Tested, r.result.ExpectedByChance = r.found.Tested, r.found.ExpectedByChance
}

// readBalances reads production, use and stocks, where they are given and not
// read yet.
func (r *runner) readBalances(context.Context) (int64, error) {
	if r.settings.Balances == "" || r.balances != nil {
		return int64(len(r.balances)), nil
	}
	balances, err := source.ReadBalances(r.settings.Balances)
	if err != nil {
		return 0, err
	}
	r.beside(balances.Tally, balances.Rejects, balances.Warnings)
	r.balances = balances.Rows
	return int64(len(r.balances)), nil
}

// stocks keeps the accounts, where balances are given or supply shows a build by
// itself, and adds its cases to the list.
func (r *runner) stocks(context.Context) (int64, error) {
	if r.settings.Balances == "" {
		return 0, nil
	}
	built, err := stocks.Detect(stocks.Input{Panel: r.panel, Pairs: r.result.Pairs, Coverage: r.result.Coverage, Balances: r.balances, Events: r.result.Events},
		stocks.Settings{FalseShare: r.settings.FalseShare, ListQ: r.settings.ListQ, MinimumUSD: r.settings.MinimumUSD})
	if err != nil {
		return 0, err
	}
	r.result.Stocks, r.result.Refusals, r.result.Studies = built.Accounts, built.Refusals, built.Studies
	r.result.StudyMonths = built.StudyMonths
	r.warn(built.Warnings...)
	r.found.Add(built.Cases, built.Claims, built.Tested)
	r.publish()
	return int64(len(built.Accounts)), nil
}

// beside notes what became of the rows of a file beside those of flows.
func (r *runner) beside(t source.Tally, rejects []source.Reject, warnings []string) {
	r.result.Rejects = append(r.result.Rejects, rejects...)
	if t.Kept < t.Rows {
		r.warn(fmt.Sprintf("%s: %d of %d rows are used; tables/rejects.csv says why others are not", t.File, t.Kept, t.Rows))
	}
	r.warn(warnings...)
}

// consignments looks for parcels split under a threshold, where consignment
// records are given, and adds its cases to the list.
func (r *runner) consignments(context.Context) (int64, error) {
	if r.settings.Consignments == "" {
		return 0, nil
	}
	if r.parcels == nil {
		if err := r.readConsignments(); err != nil {
			return 0, err
		}
		r.beside(r.parcels.Tally, r.parcels.Rejects, r.parcels.Warnings)
	}
	split, err := consignments.Detect(r.parcels.Rows, r.thresholds, consignments.Settings{FalseShare: r.settings.FalseShare, ListQ: r.settings.ListQ})
	if err != nil {
		return 0, err
	}
	r.warn(split.Warnings...)
	r.found.Add(split.Cases, split.Claims, split.Tested)
	r.publish()
	return int64(len(r.parcels.Rows)), nil
}

func (r *runner) readConsignments() (err error) {
	if r.parcels, err = source.ReadConsignments(r.settings.Consignments, source.ConsignmentOptions{Pseudonym: r.settings.Pseudonymise}); err != nil {
		return err
	}
	r.thresholds, err = source.ReadThresholds(r.settings.Thresholds)
	return err
}
