package simulate

import (
	"math"

	"counterflow/data"
)

// place is what is not drawn: an economy's codes and roughly where it lies.
// Everything else about it is drawn from the seed and says nothing about the
// economy of that name.
type place struct {
	iso      string
	code     int // UN Comtrade reporter and partner code
	lat, lon float64
	landlocked,
	entrepot bool
}

// economy is a place with the habits drawn for it.
type economy struct {
	place
	id       data.Economy
	size     float64      // median 1
	sigma    [2]float64   // reporting spread by role, natural log, as exporter and importer
	bias     [2]float64   // lasting level of its reports by role, natural log
	fob      bool         // values imports at the exporter's border
	annual   bool         // never reports months
	delay    int          // last months not yet published
	gaps     map[int]bool // months missing altogether, by month of the world
	general  bool         // a hub that records what passes through it
	tellsRe  bool         // tells re-exports apart
	unstated float64      // share booked without partner
	estimate float64      // share of its lines whose weights are computed from values
	noWeight float64      // share of its lines without weights
	imputed  bool         // its gaps are filled from the partners' reports
	adopts   int          // month of the world from which it uses the 2022 edition
	parts    breakdown    // rows that it gives beside the totals
	noTotal  bool         // gives the parts without their total
	levels   levels       // headings and chapters beside the six digits
	stable   float64      // how much of the last months' reports stand at first publication
	columns  string       // code and ISO as the flows write them
}

// breakdown is the kind of parts that a reporter lists beside its totals.
type breakdown uint8

const (
	noParts breakdown = iota
	partsByMode
	partsByProcedure
	partsByConsignment
)

// levels says which sums over goods a reporter lists.
type levels uint8

const (
	noLevels levels = iota
	worldLevels
	partnerLevels
)

// role is the side on which an economy declares.
type role int

const (
	asExporter role = iota
	asImporter
)

func roleOf(d data.Direction) role {
	if d.Outward() {
		return asExporter
	}
	return asImporter
}

// drawEconomies takes the first n places, hubs included, and draws their habits.
func (w *World) drawEconomies() {
	n, months := w.Settings.Economies, w.horizon
	for i := range n {
		e := economy{place: economyTable[i]}
		e.id = data.MustEconomy(e.iso)
		r := w.seed.from("economy", uint64(e.id))
		e.size = r.lognormal(1.1)
		for side := range 2 {
			e.sigma[side] = 0.22 * r.lognormal(0.45)
			e.bias[side] = 0.07 * r.normal() * w.strength(Bias)
		}
		e.fob = r.chance(0.1) && w.on(Margin)
		e.general = e.entrepot && r.chance(0.6)
		e.tellsRe = r.chance(0.4)
		w.drawSilence(&e, months)
		w.drawRecords(&e)
		w.economies = append(w.economies, e)
	}
}

// drawSilence draws when the economy does not speak.
func (w *World) drawSilence(e *economy, months int) {
	r := w.seed.from("silence", uint64(e.id))
	e.gaps = map[int]bool{}
	strength := w.strength(Silence)
	e.annual = r.chance(math.Min(0.08*strength, 1)) && !e.entrepot
	if late := r.chance(math.Min(0.35*strength, 1)); late {
		e.delay = r.count(1, 4)
	}
	if patchy := r.chance(math.Min(0.2*strength, 1)); patchy {
		for range r.count(1, 3) {
			start, length := r.pick(months), r.count(1, 4)
			for m := start; m < min(start+length, months); m++ {
				e.gaps[m] = true
			}
		}
	}
	e.imputed = w.seed.chance("imputed", uint64(e.id), 0.3*w.strength(ImputedMirrors))
}

// drawRecords draws how the economy keeps its records.
func (w *World) drawRecords(e *economy) {
	key := uint64(e.id)
	r := w.seed.from("records", key)
	if w.seed.chance("unstated", key, 0.3*w.strength(Unallocated)) {
		e.unstated = r.between(0.01, 0.12)
	}
	if w.seed.chance("estimates", key, 0.25*w.strength(EstimatedWeights)) {
		e.estimate = r.between(0.1, 0.6)
	}
	e.noWeight = 0.02 * w.strength(MissingWeights)
	if w.seed.chance("weightless", key, 0.1*w.strength(MissingWeights)) {
		e.noWeight = r.between(0.1, 0.4)
	}
	e.adopts = w.monthOf(2022, 1)
	if w.seed.chance("adopts late", key, 0.25*w.strength(Editions)) {
		e.adopts += r.count(1, 12)
	}
	switch p := w.seed.from("parts", key); p.pick(20) {
	case 0:
		e.parts = partsByMode
	case 1:
		e.parts, e.noTotal = partsByMode, true
	case 2:
		e.parts = partsByProcedure
	case 3:
		e.parts = partsByConsignment
	}
	switch p := w.seed.from("levels", key); p.pick(20) {
	case 0:
		e.levels = partnerLevels
	case 1, 2, 3:
		e.levels = worldLevels
	}
	e.stable = r.between(0.8, 1)
}

// chance is a single draw of its own stream, so that its probability can be
// changed without moving any other draw.
func (seed seed) chance(stream string, key uint64, p float64) bool {
	r := seed.from(stream, key)
	return r.chance(math.Min(p, 1))
}

// speaks says whether the economy published anything for that month. The delay
// counts from the last month of the world.
func (e *economy) speaks(m, horizon int) bool {
	return !e.annual && !e.gaps[m] && m < horizon-e.delay
}

// kilometres is the great-circle distance between two economies, at least 150.
func kilometres(a, b *economy) float64 {
	const radius, degree = 6371, math.Pi / 180
	cos := math.Sin(a.lat*degree)*math.Sin(b.lat*degree) +
		math.Cos(a.lat*degree)*math.Cos(b.lat*degree)*math.Cos((a.lon-b.lon)*degree)
	return math.Max(radius*math.Acos(math.Max(-1, math.Min(1, cos))), 150)
}
