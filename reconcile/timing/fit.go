package timing

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/stats/elementary"
)

// Settings configures [Fit]. The zero value is the ordinary one.
type Settings struct {
	Route func(data.Exporter, data.Importer) margin.Route // nil for [margin.ReferenceRoute]
	// Rounds caps every fit of a distribution below its usual cap of 500; 0 leaves
	// that. What had not settled by then is said in Converged and Warnings.
	Rounds int
}

// Group is what was learned of the lanes of one distance and worth.
type Group struct {
	Distance   Distance
	Worth      Worth
	Kernel     Kernel  // mean over its lanes
	Spread     float64 // standard deviation of the lanes' mean lags, months
	Lanes      int     // lanes that had enough months to say something
	Iterations int
	Converged  bool
}

func (g *Group) String() string { return g.Distance.String() + ", " + g.Worth.String() }

// Distance is a class of routes, narrower than the bands of margins: a passage
// grows with the way, a margin hardly does.
type Distance uint8

// distanceFrom holds the shortest way of each class but the first, in km.
var distanceFrom = [...]float64{1000, 2000, 3500, 5500, 8000, 11000, 14000}

// distances is the number of classes; the last one is of routes that cannot be
// placed.
const distances = len(distanceFrom) + 2

func distanceOf(r margin.Route) Distance {
	if !r.Known() {
		return Distance(distances - 1)
	}
	at, _ := slices.BinarySearch(distanceFrom[:], r.Km)
	return Distance(at)
}

func (d Distance) String() string {
	switch at := int(d); {
	case at == distances-1:
		return "unplaced"
	case at == 0:
		return fmt.Sprintf("below %.0f km", distanceFrom[0])
	case at == distances-2:
		return fmt.Sprintf("from %.0f km", distanceFrom[at-1])
	default:
		return fmt.Sprintf("%.0f to %.0f km", distanceFrom[at-1], distanceFrom[at])
	}
}

// Distances lists the classes, the nearest first.
func Distances() []Distance { return listed[Distance](distances) }

// Worths lists the classes of worth, the cheap ones first.
func Worths() []Worth { return listed[Worth](int(worths)) }

func listed[T ~uint8](n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = T(i)
	}
	return list
}

// Worth is a class of goods by unit value. The mode of transport is known of few
// pairs; dear goods fly more often (Hummels and Schaur 2013, American
// Economic Review 103, 2935), so their lags are learned apart.
type Worth uint8

// The classes, divided at 50 USD per kilogram.
const (
	Cheap Worth = iota
	Dear
	worths
	dearFrom = 50
)

func (w Worth) String() string { return [...]string{"up to 50 USD/kg", "over 50 USD/kg"}[w] }

// Model is the kernels of groups of lanes, and of each lane that has enough
// months of its own.
type Model struct {
	Warnings []string
	Silence  *Silence
	Unstated *Unstated
	route    func(data.Exporter, data.Importer) margin.Route
	groups   [distances][worths]group
	lanes    []laneKernel // by lane
	annual   bool         // there is not one monthly pair
}

type laneKey struct {
	commodity data.Commodity
	exporter  data.Exporter
	importer  data.Importer
}

func keyOf(p *mirror.Pair) laneKey { return laneKey{p.Commodity, p.Exporter, p.Importer} }

func (k laneKey) compare(other laneKey) int {
	return cmp.Or(cmp.Compare(k.commodity, other.commodity), cmp.Compare(k.exporter, other.exporter), cmp.Compare(k.importer, other.importer))
}

type laneKernel struct {
	laneKey
	shares [MaxLag + 1]float32
	sd     float32
}

// witness is a lane with enough months to say something of its passage.
type witness struct {
	laneKey
	distance Distance
	worth    Worth
	evidence evidence
}

// Fit learns the kernels from monthly pairs in order (commodity, exporter,
// importer, period). The passages of the lanes of a group follow a common
// distribution on a grid of lengths, estimated without assuming its shape
// (Kiefer and Wolfowitz 1956) by expectation and maximisation; groups with few
// lanes lean on all. Annual pairs have no kernel and are compared as they are.
func Fit(pairs []mirror.Pair, coverage []mirror.Coverage, settings Settings) *Model {
	if settings.Route == nil {
		settings.Route = margin.ReferenceRoute
	}
	m := &Model{Silence: NewSilence(coverage), Unstated: NewUnstated(pairs), route: settings.Route, annual: true}
	witnesses := m.listen(pairs)
	rounds := emCap
	if settings.Rounds > 0 {
		rounds = min(settings.Rounds, emCap)
	}
	m.learn(witnesses, rounds)
	m.lanes = make([]laneKernel, 0, len(witnesses))
	for i := range witnesses {
		w := &witnesses[i]
		posterior := m.posterior(w)
		kernel := laneKernel{laneKey: w.laneKey, sd: float32(spreadOf(&posterior))}
		for lag, share := range mix(&posterior) {
			kernel.shares[lag] = float32(share)
		}
		m.lanes = append(m.lanes, kernel)
	}
	return m
}

// listen weighs the evidence of every lane.
func (m *Model) listen(pairs []mirror.Pair) []witness {
	var witnesses []witness
	var s Series
	var w weigher
	for _, lane := range mirror.Lanes(pairs) {
		if !lane[len(lane)-1].Period.Monthly() {
			continue
		}
		m.annual = false
		if unstated(&lane[0]) {
			continue
		}
		s.Fill(lane, mirror.Value, m.Silence, 0)
		m.Unstated.Of(lane[0].Commodity).Place(&s, &lane[0])
		s.dropCopies(lane, mirror.Value)
		if e, ok := w.weigh(s.X, s.M); ok {
			witnesses = append(witnesses, witness{keyOf(&lane[0]), distanceOf(m.route(lane[0].Exporter, lane[0].Importer)), worthOf(lane), e})
		}
	}
	return witnesses
}

func unstated(p *mirror.Pair) bool { return p.Notes.Has(mirror.PartnerUnstated) }

// worthOf is the class of a lane by the median of the exporter's unit values,
// or the importer's. Whether a median is above a limit is told by counting; where
// the limit parts the values in half it lies between the two in the middle.
func worthOf(lane []mirror.Pair) Worth {
	n, above := 0, 0
	lower, upper := 0.0, math.Inf(1) // the largest value up to the limit and the smallest above
	for i := range lane {
		value, importers := lane[i].UnitValues()
		if math.IsNaN(value) {
			value = importers
		}
		switch {
		case value > dearFrom:
			n, above, upper = n+1, above+1, min(upper, value)
		case value <= dearFrom:
			n, lower = n+1, max(lower, value)
		}
	}
	if 2*above > n || n > 0 && 2*above == n && lower/2+upper/2 > dearFrom {
		return Dear
	}
	return Cheap
}

const (
	emCap       = 500
	emTolerance = 1e-6 // largest change of any share
	// leaning is the number of lanes' worth of all lanes' distribution that is
	// mixed into that of a group.
	leaning = 5
)

// learn estimates the distribution of passages in each group in so many rounds at
// most.
func (m *Model) learn(witnesses []witness, most int) {
	all := make([]*evidence, len(witnesses))
	var members [distances][worths][]*evidence
	for i := range witnesses {
		w := &witnesses[i]
		all[i] = &w.evidence
		members[w.distance][w.worth] = append(members[w.distance][w.worth], all[i])
	}
	var flat [passagesInAll]float64
	for i := range flat {
		flat[i] = 1 / float64(passagesInAll)
	}
	whole, _, converged := maximise(all, flat, 1, most)
	if !converged {
		m.warn("timing: the distribution of passages over all lanes had not settled after %d rounds", most)
	}
	if len(witnesses) == 0 {
		whole = [passagesInAll]float64{1}
		if !m.annual {
			m.warn("timing: no lane has %d months in which both sides spoke: arrivals are taken to fall in the month of departure", leastCompared)
		}
	}
	for b := range members {
		for w := range members[b] {
			shares, rounds, settled := maximise(members[b][w], whole, leaning, most)
			g := Group{Distance: Distance(b), Worth: Worth(w), Kernel: mix(&shares), Spread: spreadOf(&shares), Lanes: len(members[b][w]),
				Iterations: rounds, Converged: settled}
			m.groups[b][w] = group{g, shares}
			if !settled {
				m.warn("timing: group %s had not settled after %d rounds", g.String(), rounds)
			}
		}
	}
}

func (m *Model) warn(format string, args ...any) {
	m.Warnings = append(m.Warnings, fmt.Sprintf(format, args...))
}

// group is a group with its distribution of passages.
type group struct {
	Group
	shares [passagesInAll]float64
}

// maximise finds the shares that make the evidence most likely, given a prior
// that counts for as many lanes as stated.
func maximise(all []*evidence, prior [passagesInAll]float64, count float64, most int) (shares [passagesInAll]float64, rounds int, converged bool) {
	shares = prior
	if len(all) == 0 {
		return shares, 0, true
	}
	likelihoods := make([][passagesInAll]float64, len(all))
	for i, e := range all {
		largest := slices.Max(e[:])
		for j, v := range e {
			likelihoods[i][j] = elementary.Exp(v - largest)
		}
	}
	for !converged && rounds < most {
		next := prior
		for j := range next {
			next[j] *= count
		}
		for i := range likelihoods {
			see(&next, &likelihoods[i], &shares)
		}
		moved := 0.0
		for j := range next {
			next[j] /= float64(len(all)) + count
			moved = max(moved, math.Abs(next[j]-shares[j]))
		}
		shares, converged = next, moved < emTolerance
		rounds++
	}
	return shares, rounds, converged
}

// bayes gives the shares after seeing a likelihood.
func bayes(likelihood, shares *[passagesInAll]float64) (after [passagesInAll]float64) {
	see(&after, likelihood, shares)
	return after
}

// see adds the shares after seeing a likelihood to a sum.
func see(sums, likelihood, shares *[passagesInAll]float64) {
	var joint [passagesInAll]float64
	all := 0.0
	for j := range joint {
		joint[j] = likelihood[j] * shares[j]
		all += joint[j]
	}
	if all <= 0 {
		joint, all = *shares, 1
	}
	for j := range sums {
		sums[j] += joint[j] / all
	}
}

func spreadOf(shares *[passagesInAll]float64) float64 {
	var mean, square float64
	for j, share := range shares {
		mean += share * passages[j]
		square += share * passages[j] * passages[j]
	}
	return math.Sqrt(max(square-mean*mean, 0))
}

func (m *Model) posterior(w *witness) [passagesInAll]float64 {
	var likelihood [passagesInAll]float64
	most := slices.Max(w.evidence[:])
	for j, v := range w.evidence {
		likelihood[j] = elementary.Exp(v - most)
	}
	return bayes(&likelihood, &m.groups[w.distance][w.worth].shares)
}

// Groups lists the groups that have lanes, by distance and worth.
func (m *Model) Groups() []Group {
	var all []Group
	for b := range m.groups {
		for w := range m.groups[b] {
			if m.groups[b][w].Lanes > 0 {
				all = append(all, m.groups[b][w].Group)
			}
		}
	}
	return all
}

// Lag is the kernel of one lane and what is not known of it.
type Lag struct {
	Kernel Kernel
	SD     float64 // of the lane's passage, months
	Own    bool    // the lane has enough months of its own
}

// Lag gives the kernel of the lane of some pairs: its own where it has enough
// months, else its group's. Annual lanes have the immediate kernel.
func (m *Model) Lag(lane []mirror.Pair) Lag {
	if !lane[len(lane)-1].Period.Monthly() {
		return Lag{Kernel: Immediate}
	}
	key := keyOf(&lane[0])
	at, found := slices.BinarySearchFunc(m.lanes, key, func(l laneKernel, k laneKey) int { return l.compare(k) })
	if found {
		own := Lag{SD: float64(m.lanes[at].sd), Own: true}
		for lag, share := range m.lanes[at].shares {
			own.Kernel[lag] = float64(share)
		}
		own.Kernel = own.Kernel.without()
		return own
	}
	g := &m.groups[distanceOf(m.route(lane[0].Exporter, lane[0].Importer))][worthOf(lane)]
	return Lag{Kernel: g.Kernel.without(), SD: g.Spread}
}
