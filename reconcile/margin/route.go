package margin

import (
	"math"

	"counterflow/data"
	"counterflow/data/reference"
	"counterflow/reconcile/mirror"
)

// Route is what is known of the way between two economies. Km is NaN where a
// place is not known; then nothing else counts either.
type Route struct {
	Km                 float64
	Contiguous         bool
	LandlockedExporter bool
	LandlockedImporter bool
}

// Known says whether the route can be placed on the map.
func (r Route) Known() bool { return r.Km > 0 && !math.IsInf(r.Km, 1) }

// ReferenceRoute looks a route up in the compact table of places and borders.
func ReferenceRoute(exporter data.Exporter, importer data.Importer) Route {
	from, to := data.Economy(exporter), data.Economy(importer)
	km, ok := reference.Distance(from, to)
	if !ok {
		return Route{Km: math.NaN()}
	}
	r := Route{Km: km}
	r.Contiguous, _ = reference.Contiguous(from, to)
	r.LandlockedExporter, _ = reference.Landlocked(from)
	r.LandlockedImporter, _ = reference.Landlocked(to)
	return r
}

// Band is a class of routes by distance. Freight per kilometre falls with
// distance, so the bands widen.
type Band uint8

// The bands.
const (
	Near        Band                = iota // below 1,500 km
	Regional                               // to 4,000 km
	Distant                                // to 9,000 km
	Far                                    // beyond
	Unplaced                               // the distance is not known
	BandsInAll  = int(Unplaced) + 1        // their number
	nearestFar  = 9000
	nearestAway = 4000
	nearestNext = 1500
)

func (b Band) String() string {
	return [...]string{"0-1500 km", "1500-4000 km", "4000-9000 km", "over 9000 km", "unplaced"}[b]
}

// Band gives the class of the route.
func (r Route) Band() Band {
	switch {
	case !r.Known():
		return Unplaced
	case r.Km < nearestNext:
		return Near
	case r.Km < nearestAway:
		return Regional
	case r.Km < nearestFar:
		return Distant
	}
	return Far
}

// routes holds the routes between all economies that are met, worked out
// beforehand: a look-up for every lane must cost next to nothing.
type routes struct {
	find  func(data.Exporter, data.Importer) Route
	place [1 << data.EconomyBits]int16 // 1 + number of an economy that is known
	n     int
	table []Route
}

func newRoutes(pairs []mirror.Pair, find func(data.Exporter, data.Importer) Route) *routes {
	r := &routes{find: find}
	var met []data.Economy
	for i := range pairs {
		for _, e := range [...]data.Economy{data.Economy(pairs[i].Exporter), data.Economy(pairs[i].Importer)} {
			if r.place[e] == 0 {
				met = append(met, e)
				r.place[e] = int16(len(met))
			}
		}
	}
	r.n = len(met)
	r.table = make([]Route, r.n*r.n)
	for i, x := range met {
		for j, m := range met {
			r.table[i*r.n+j] = find(data.Exporter(x), data.Importer(m))
		}
	}
	return r
}

type way struct {
	exporter data.Exporter
	importer data.Importer
}

// of does not write, so that it can be used from many goroutines.
func (r *routes) of(w way) Route {
	x, m := r.place[w.exporter], r.place[w.importer]
	if x == 0 || m == 0 {
		return r.find(w.exporter, w.importer)
	}
	return r.table[(int(x)-1)*r.n+int(m)-1]
}
