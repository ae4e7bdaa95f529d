package stocks

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/panel"
	"counterflow/stats/multiple"
)

// Input is what the accounts are made of.
type Input struct {
	Panel    *panel.Panel      // monthly lanes, weights repaired and departures carried to their arrival; may be nil
	Pairs    []mirror.Pair     // used where there is no panel: annual data
	Coverage []mirror.Coverage // tells when each economy changed its edition
	Balances []data.Balance
	Events   []data.Event
}

// Settings decide what counts as a case. Zero fields take the defaults.
type Settings struct {
	FalseShare float64 // share of false discoveries at which a case counts; 0 means 0.05
	ListQ      float64 // largest q that is listed; 0 means 0.20
	MinimumUSD float64 // smallest value of a case; 0 means 10,000
	// LeastShare is the smallest excess, as a share of use and exports, that is a
	// case; 0 means 0.35. Changes of method alone move accounts by up to a third.
	LeastShare float64

	casesOnly bool // without the table of accounts and the studies of events
}

func (s Settings) filled() Settings {
	for _, f := range []struct {
		field *float64
		usual float64
	}{{&s.FalseShare, 0.05}, {&s.ListQ, 0.20}, {&s.MinimumUSD, 10_000}, {&s.LeastShare, 0.35}} {
		if *f.field == 0 {
			*f.field = f.usual
		}
	}
	return s
}

// Result is the accounts of a run and what was found in them.
type Result struct {
	Accounts []Account        // by economy, commodity, period
	Cases    []cases.Case     // of kind stock_build, surest first; not numbered yet
	Claims   [][]claims.Claim // what was tried on each case, in the same order, without case ids
	Refusals []Refusal        // circular figures that were not used
	Studies  []Study          // before and after each event
	// StudyMonths are the months of the studies, in the same order.
	StudyMonths []StudyMonth
	Tested      int // accounts that were tested
	Warnings    []string
}

// Detect keeps the accounts and finds stock building. Accounts with known use
// are tested for supply above it; where use is unknown, or was refused as
// circular, imports are held against their own past and a case is not
// assessable.
func Detect(in Input, s Settings) (*Result, error) {
	s = s.filled()
	c, flows := flowsOf(in.Panel, in.Pairs)
	if c.n == 0 {
		c = calendarOf(in.Balances)
	}
	out := &Result{}
	if c.n == 0 {
		return out, nil
	}
	books, refused := booksOf(in.Balances, c)
	out.Refusals = refused
	if len(refused) > 0 {
		out.Warnings = append(out.Warnings, refusedWarning(refused))
	}
	ledgers := ledgersOf(books, flows, c)
	accounts := accountsFrom(ledgers, editionsOf(in.Coverage, c), c)
	found, warnings := scan(accounts, c)
	out.Warnings = append(out.Warnings, warnings...)
	d := &detector{settings: s, calendar: c, events: in.Events, flows: corridorsOf(flows), refused: refused, accounts: map[key]*account{}}
	for _, a := range accounts {
		d.accounts[a.key] = a
	}
	if err := d.supplyAboveUse(found, out); err != nil {
		return nil, err
	}
	if err := d.tradeAlone(books, flows, out); err != nil {
		return nil, err
	}
	out.order()
	if s.casesOnly {
		return out, nil
	}
	for _, f := range found {
		out.Accounts = append(out.Accounts, f.rows(c)...)
	}
	about := studiesOf(flows, c, in.Events)
	out.Studies, out.StudyMonths = about.all, about.months
	return out, nil
}

// detector is what the tests of one run share.
type detector struct {
	settings Settings
	calendar calendar
	events   []data.Event
	flows    corridors
	accounts map[key]*account
	refused  []Refusal
}

// supplyAboveUse tests the accounts whose use is known.
func (d *detector) supplyAboveUse(found []*finding, out *Result) error {
	inParallel(len(found), func(i int) { d.explain(found[i]) })
	logp := make([]float64, len(found))
	for i, f := range found {
		switch {
		case !d.tested(f):
			logp[i] = math.NaN()
		case d.passes(f):
			logp[i] = f.logP
		default:
			logp[i] = max(f.logP, noEvidence)
		}
	}
	adjusted, err := multiple.WeightedBenjaminiHochberg(logp, weights(found, logp))
	if err != nil {
		return fmt.Errorf("stocks: %w", err)
	}
	out.Tested += adjusted.Tested
	for i, f := range found {
		q := math.Exp(adjusted.LogQ[i])
		sure := d.tested(f) && d.passes(f) && q <= d.settings.ListQ
		unsure := len(f.doubts) > 0 && f.other == "" && f.logP <= doubtfulLogP && f.large(d.settings.LeastShare)
		if !sure && !unsure {
			continue
		}
		if c, claimed := d.build(f, q); c.ExcessUSD.Float() >= d.settings.MinimumUSD || !c.ExcessUSD.Known() {
			out.Cases, out.Claims = append(out.Cases, c), append(out.Claims, claimed)
		}
	}
	return nil
}

// tested says whether an account can be tested at all.
func (d *detector) tested(f *finding) bool {
	return f.Found() && !f.silent() && !d.tooSmallToMatter(f)
}

// explain tries the one explanation that needs other accounts, where it is worth
// the while.
func (d *detector) explain(f *finding) {
	if d.tested(f) && f.logP < notWorthALook && d.passes(f) {
		if f.moved = f.movedShare(d.flows, d.accounts); f.moved > 0.5 {
			f.other = "classification"
		}
		if f.other == "" && f.unrecordedExports() > 0.5 {
			f.other = "unrecorded_exports"
		}
	}
}

// passes says whether a spell is large enough to be a case, can be assessed, and
// no other explanation accounts for it.
func (d *detector) passes(f *finding) bool {
	return f.other == "" && len(f.doubts) == 0 && f.large(d.settings.LeastShare)
}

// doubtfulLogP is the log p from which a spell that cannot be assessed is listed
// as such: one that would stand among a few hundred accounts.
const doubtfulLogP = -9.2

const (
	notWorthALook = -1.0
	noEvidence    = -0.6931471805599453 // ln 1/2
)

// large says whether the excess is surely a good part of what goes out: its estimate at
// least the share asked for, the lower end of its 90% interval at least half.
func (f *finding) large(share float64) bool {
	return math.Expm1(f.Shift) >= share && math.Expm1(f.Shift-ninety*f.SE) >= share/2
}

// tooSmallToMatter says whether even a year of the smallest excess would be worth
// less than a case has to be. It looks at use and prices alone.
func (d *detector) tooSmallToMatter(f *finding) bool {
	price := f.price(0, d.calendar.n-1)
	yearly := meanOf(known(f.use)) * float64(d.calendar.perYear())
	return price*yearly*d.settings.LeastShare < d.settings.MinimumUSD
}

// order puts the cases that can be assessed first, then those surest of size,
// and the accounts by their key.
func (r *Result) order() {
	index := make([]int, len(r.Cases))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, func(a, b int) int {
		x, y := &r.Cases[a], &r.Cases[b]
		switch {
		case x.Assessable != y.Assessable && x.Assessable:
			return -1
		case x.Assessable != y.Assessable:
			return 1
		}
		return cmp.Or(cmp.Compare(x.Q, y.Q), cmp.Compare(x.LogP, y.LogP), cmp.Compare(x.Goods, y.Goods), cmp.Compare(x.Importer, y.Importer))
	})
	sorted, claimed := make([]cases.Case, len(index)), make([][]claims.Claim, len(index))
	for i, at := range index {
		sorted[i], claimed[i] = r.Cases[at], r.Claims[at]
	}
	r.Cases, r.Claims = sorted, claimed
}
