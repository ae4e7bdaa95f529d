package reference

import (
	_ "embed"
	"math"
	"strings"

	"counterflow/data"
)

// Place is where an economy's trade is taken to begin and end.
type Place struct {
	Name       string
	Lat, Lon   float64 // degrees north and east
	Landlocked bool
	Source     string
}

//go:embed geography.csv
var geographyCSV string

var places, borders = parseGeography(geographyCSV)

// earthRadius is the mean radius R1 of the GRS 80 ellipsoid in km (Moritz 2000,
// Geodetic Reference System 1980, Journal of Geodesy 74). A sphere of this
// radius is within 0.6% of the ellipsoid, far less than the choice of one place
// for a whole economy matters.
const earthRadius = 6371.0088

// PlaceOf gives an economy's place; ok is false where the table has none.
func PlaceOf(e data.Economy) (Place, bool) {
	p, ok := places[e]
	return p, ok
}

// Distance is the great-circle distance in km between the places of two
// economies, by the haversine formula (Sinnott 1984, Sky and Telescope 68). ok
// is false where a place is not known, and for an economy and itself, whose
// inner distance no single place can give: a missing distance is never zero.
func Distance(a, b data.Economy) (km float64, ok bool) {
	p, okP := places[a]
	q, okQ := places[b]
	if !okP || !okQ || a == b {
		return math.NaN(), false
	}
	const degree = math.Pi / 180
	sinLat := math.Sin((q.Lat - p.Lat) * degree / 2)
	sinLon := math.Sin((q.Lon - p.Lon) * degree / 2)
	h := sinLat*sinLat + math.Cos(p.Lat*degree)*math.Cos(q.Lat*degree)*sinLon*sinLon
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1))), true
}

// Contiguous says whether two economies share a land border; ok is false where
// either is not in the table. No economy borders itself.
func Contiguous(a, b data.Economy) (contiguous, ok bool) {
	_, okA := places[a]
	_, okB := places[b]
	return borders[[2]data.Economy{min(a, b), max(a, b)}], okA && okB
}

// Landlocked says whether an economy has no access to the open sea; ok is false
// where it is not in the table.
func Landlocked(e data.Economy) (landlocked, ok bool) {
	p, ok := places[e]
	return p.Landlocked, ok
}

func parseGeography(text string) (map[data.Economy]Place, map[[2]data.Economy]bool) {
	places := make(map[data.Economy]Place)
	borders := make(map[[2]data.Economy]bool)
	for _, row := range rowsOf("geography.csv", text, "iso3", "place", "lat", "lon", "landlocked", "borders", "source") {
		e := data.MustEconomy(row[0])
		places[e] = Place{Name: row[1], Lat: fraction(row[2]), Lon: fraction(row[3]), Landlocked: row[4] == "1", Source: row[6]}
		for _, neighbour := range strings.Fields(row[5]) {
			n := data.MustEconomy(neighbour)
			borders[[2]data.Economy{min(e, n), max(e, n)}] = true
		}
	}
	return places, borders
}
