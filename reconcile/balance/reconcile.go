package balance

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
	"counterflow/stats/elementary"
)

// Models is what the earlier stages learned.
type Models struct {
	Margin      *margin.Model
	Timing      *timing.Model
	Reliability *reliability.Model
	Accounts    *Accounts // what balances of production and use say; nil for nothing
}

// Options decide how flows are reconciled.
type Options struct {
	Rule    string // "" for ours
	Threads int    // 0 for one a processor; never changes a result
	// Rounds caps every iteration below its usual cap, 8 for the solution of a lane
	// and 500 for the effects of reporters under rules of others; 0 leaves those.
	Rounds int
}

// Table is the reconciled flows by commodity, exporter, importer and period of
// departure: one for each pair, and one for each month that nobody declared but
// in which what arrived later must have left.
type Table struct {
	Rows      []Reconciled
	Lanes     int // solved lanes, counted once for each measure
	Unsettled int // of those, lanes of which some month still moved by a tenth at the end
	Warnings  []string
}

// Reconcile applies a rule to pairs that lie in order.
func Reconcile(pairs []mirror.Pair, models Models, o Options) (*Table, error) {
	if o.Rule != "" && o.Rule != Ours {
		return byName(o.Rule, pairs, models, o.within(twoWayCap))
	}
	threads := o.Threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	rounds := o.within(solveRounds)
	t := ours(pairs, models, threads, rounds)
	if float64(t.Unsettled) > mostUnsettled*float64(t.Lanes) {
		t.Warnings = append(t.Warnings, fmt.Sprintf("balance: %d of %d lanes, counted in weight and in value, still moved after %d rounds", t.Unsettled, t.Lanes, rounds))
	}
	return t, nil
}

// mostUnsettled is the share of lanes that may still move without a warning. One
// in fifteen of a simulated world does after 8 rounds, most of them to and fro; 40
// rounds change no figure of quality in its third digit.
const mostUnsettled = 0.1

// within is the cap of an iteration whose usual cap is given.
func (o *Options) within(usual int) int {
	if o.Rounds > 0 {
		return min(o.Rounds, usual)
	}
	return usual
}

// chunkPairs is the number of pairs that one worker takes at a time.
const chunkPairs = 1 << 15

// ours reconciles lane by lane; chunks of whole lanes are independent and their
// rows are put together in order, so that nothing depends on the number of
// workers.
func ours(pairs []mirror.Pair, models Models, threads, rounds int) *Table {
	chunks := chunksOf(pairs)
	copied := countCopies(pairs)
	done := make([]chan []Reconciled, len(chunks))
	for i := range done {
		done[i] = make(chan []Reconciled, 1)
	}
	next := make(chan int)
	spare := make(chan []Reconciled, 2*threads) // room that workers use again
	var group sync.WaitGroup
	var lanes, unsettled atomic.Int64
	for range threads {
		group.Go(func() {
			w := newWorker(models, copied)
			w.rounds = rounds
			for i := range next {
				select {
				case w.rows = <-spare:
				default:
					w.rows = nil
				}
				w.chunk(chunks[i])
				done[i] <- w.rows
			}
			lanes.Add(int64(w.lanes))
			unsettled.Add(int64(w.unsettled))
		})
	}
	group.Go(func() {
		defer close(next)
		for i := range chunks {
			next <- i
		}
	})
	all := make([]Reconciled, 0, roomFor(pairs))
	for i := range chunks {
		rows := <-done[i]
		all = append(all, rows...)
		select {
		case spare <- rows:
		default:
		}
	}
	group.Wait()
	return &Table{Rows: all, Lanes: int(lanes.Load()), Unsettled: int(unsettled.Load())}
}

// roomFor is the number of rows that is made room for: one a pair, and for lanes
// of months some that neither side declared.
func roomFor(pairs []mirror.Pair) int {
	if n := len(pairs); n > 0 && pairs[0].Period.Monthly() {
		return n + n/16
	}
	return len(pairs)
}

// chunksOf cuts between lanes.
func chunksOf(pairs []mirror.Pair) [][]mirror.Pair {
	var chunks [][]mirror.Pair
	for from := 0; from < len(pairs); {
		to := min(from+chunkPairs, len(pairs))
		for to < len(pairs) && pairs[to].SameLane(&pairs[to-1]) {
			to++
		}
		chunks = append(chunks, pairs[from:to])
		from = to
	}
	return chunks
}

// worker reconciles one lane after the other in room of its own.
type worker struct {
	models    Models
	copied    *copies
	lookup    *reliability.Lookup
	sides     sides
	series    timing.Series
	solved    [2]departures // weight, value
	shares    [2]float64
	rows      []Reconciled
	commodity data.Commodity // at hand
	unstated  timing.UnstatedGoods
	passage   passage // of the lane at hand
	rounds    int     // of a solution at most
	lanes     int     // solved
	unsettled int     // of those
}

func newWorker(models Models, copied *copies) *worker {
	return &worker{models: models, copied: copied, lookup: models.Reliability.Lookup(), rounds: solveRounds}
}

// chunk sets w.rows to the rows of some whole lanes.
func (w *worker) chunk(pairs []mirror.Pair) {
	w.rows = w.rows[:0]
	for _, lane := range mirror.Lanes(pairs) {
		w.lane(lane)
	}
}

var measures = [2]mirror.Measure{mirror.Weight, mirror.Value}

func (w *worker) lane(lane []mirror.Pair) {
	w.turnTo(lane[0].Commodity)
	if lane[0].Notes.Has(mirror.PartnerUnstated) {
		w.bucket(lane)
		return
	}
	logMargin := w.models.Margin.Log(&lane[0])
	w.take(lane, logMargin)
	for i, measure := range measures {
		w.measure(i, measure, lane, logMargin)
	}
	w.write(lane)
}

// take reads a lane, before its measures are laid out.
func (w *worker) take(lane []mirror.Pair, logMargin float64) {
	w.passage = passageOf(w.models.Timing, lane)
	w.sides.fill(lane, w.copied, logMargin)
}

func (w *worker) turnTo(c data.Commodity) {
	if w.commodity != c {
		w.commodity, w.unstated = c, w.models.Timing.Unstated.Of(c)
	}
}

// bucket writes trade without a partner as it was declared, by period as
// declared, less what is given back to lanes.
func (w *worker) bucket(lane []mirror.Pair) {
	for i := range lane {
		p := &lane[i]
		r := Reconciled{Commodity: p.Commodity, Period: p.Period, Exporter: p.Exporter, Importer: p.Importer}
		rest := w.unstated.Rest(p)
		exports := p.XUSD > 0
		kg, usd, share := p.XKg.Float(), p.XUSD.Float(), 1.0
		if !exports {
			kg, usd, share = p.MKg.Float(), p.MUSD.Float()*elementary.Exp(-w.models.Margin.Log(p)), 0
		}
		figure := func(amount float64) figure {
			return figure{amount: amount * rest, low: math.NaN(), high: math.NaN(), share: share, rule: oursOfBoth.keeping(noPartner)}
		}
		r.set(figure(kg), figure(usd))
		w.rows = append(w.rows, r)
	}
}

// measure lays one measure out and solves it.
func (w *worker) measure(i int, measure mirror.Measure, lane []mirror.Pair, logMargin float64) {
	s := &w.solved[i]
	w.lay(s, measure, lane, logMargin)
	prior := w.lookup.Lane(&lane[0], measure)
	before := prior.Before()
	if prior.History {
		s.level(&prior, &before, w.evidence(measure, &lane[0]))
		w.lanes++
		if !s.solve(&prior, w.rounds) {
			w.unsettled++
		}
	} else {
		s.settleEach(&prior, &before)
	}
	w.shares[i] = exporterShare(&prior, &before)
}

// lay lays one measure out, importers' values less the margin.
func (w *worker) lay(s *departures, measure mirror.Measure, lane []mirror.Pair, logMargin float64) {
	lead := 0
	if lane[0].Period.Monthly() {
		lead = timing.MaxLag
	}
	w.series.Fill(lane, measure, w.models.Timing.Silence, lead)
	x, m := w.sides.x.usd, w.sides.m.usd
	if measure == mirror.Weight {
		x, m, logMargin = w.sides.x.kg, w.sides.m.kg, 0
	}
	for p, t := range w.series.At {
		if t < 0 {
			continue
		}
		if w.series.X[t] != 0 {
			w.series.X[t] = x[p]
		}
		if w.series.M[t] != 0 {
			w.series.M[t] = m[p]
		}
	}
	w.unstated.Place(&w.series, &lane[0])
	s.passage = w.passage
	s.x, s.m = append(s.x[:0], w.series.X...), append(s.m[:0], w.series.M...)
	scale(s.m, elementary.Exp(-logMargin))
}

// evidence is what balances say of a lane, in weight; nil for nothing.
func (w *worker) evidence(measure mirror.Measure, p *mirror.Pair) *evidence {
	if measure != mirror.Weight || w.models.Accounts == nil {
		return nil
	}
	return w.models.Accounts.of(p)
}

func scale(x []float64, factor float64) {
	for i := range x {
		x[i] *= factor
	}
}

// write makes the rows of a lane, month by month.
func (w *worker) write(lane []mirror.Pair) {
	pair := 0
	for t := range w.series.X {
		period := w.series.First.Add(t)
		if w.before(period) {
			continue
		}
		declared := pair < len(lane) && lane[pair].Period == period
		if declared {
			pair++
		}
		kg, usd := w.figure(0, t), w.figure(1, t)
		if !declared && !(kg.amount > 0) && !(usd.amount > 0) {
			continue
		}
		r := Reconciled{Commodity: lane[0].Commodity, Period: period, Exporter: lane[0].Exporter, Importer: lane[0].Importer}
		r.set(kg, usd)
		w.rows = append(w.rows, r)
	}
}

// before says whether a period lies before anybody spoke: what left then is not
// told.
func (w *worker) before(p data.Period) bool {
	return p.End() < w.models.Timing.Silence.First.Start()
}

// ninety is the normal quantile of a 90% interval.
const ninety = 1.6448536269514722

var oursOfBoth = rulingOf(Ours)

// figure is the answer for one month of departure.
func (w *worker) figure(i, t int) figure {
	s := &w.solved[i]
	f := figure{amount: s.d[t], rule: oursOfBoth, share: w.shares[i]}
	if s.d[t] <= 0 {
		f.rule, f.share = oursOfBoth.keeping(otherMonth), 0
		return f
	}
	switch {
	case s.x[t] > 0 && s.anyArrival(t):
	case s.x[t] > 0:
		f.rule, f.share = oursOfBoth.keeping(onlyExporter), 1
	default:
		f.rule, f.share = oursOfBoth.keeping(onlyImporter), 0
	}
	f.low, f.high = f.amount*s.low[t], f.amount*s.high[t]
	return f
}

// exporterShare is the weight of the exporter's report beforehand: that of
// reciprocal variances, lasting ones included.
func exporterShare(l *reliability.Lane, before *reliability.Level) float64 {
	x := l.X.Variance + (before.X.Below+before.X.Above)/2
	m := l.M.Variance + (before.M.Below+before.M.Above)/2
	return m / (x + m)
}

// anyArrival says whether the importer declared anything in a month in which
// the departures of month t arrive.
func (s *departures) anyArrival(t int) bool {
	for lag, share := range s.lag.Kernel {
		if u := t + lag; share > 0.05 && u < len(s.m) && s.m[u] > 0 {
			return true
		}
	}
	return false
}
