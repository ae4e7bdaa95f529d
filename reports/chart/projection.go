package chart

import (
	_ "embed"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// place is a point of the globe, in degrees.
type place struct{ lat, lon float64 }

// project is the Natural Earth projection, whose polynomial is that of Savric,
// Patterson, Jenny, Hurni (2011), "A Polynomial Equation for the Natural Earth
// Projection", Cartography and Geographic Information Science 38, 363-372, with
// the coefficients of its table 2. The radius of the globe is 1.
func (p place) project() (x, y float64) {
	phi, lambda := p.lat*math.Pi/180, p.lon*math.Pi/180
	a := phi * phi
	b := a * a
	x = lambda * (0.8707 + a*(-0.131979+a*(-0.013791+b*(0.003971*a-0.001529*b))))
	y = phi * (1.007226 + a*(0.015085+b*(-0.044475+0.028874*a-0.005916*b)))
	return x, y
}

// The part of the globe that maps show.
const (
	mapNorth = 80
	mapSouth = -56
)

//go:embed land.txt
var landText string

var coasts = parseLand(landText)

// parseLand reads rings of coast, in tenths of a degree.
func parseLand(text string) [][]place {
	var rings [][]place
	for line := range strings.Lines(text) {
		numbers := strings.Fields(line)
		ring := make([]place, 0, len(numbers)/2)
		for i := 0; i+1 < len(numbers); i += 2 {
			lon, errLon := strconv.Atoi(numbers[i])
			lat, errLat := strconv.Atoi(numbers[i+1])
			if errLon != nil || errLat != nil {
				panic("land.txt: " + line) // the file is part of the program
			}
			ring = append(ring, place{lat: float64(lat) / 10, lon: float64(lon) / 10})
		}
		rings = append(rings, ring)
	}
	return rings
}

// globe places points of the globe on a map of the given width.
type globe struct {
	scale vg.Length // of the projection's unit
	left  vg.Length
	low   float64 // the projection's y at the lower edge
}

func newGlobe(width vg.Length) (g globe, height vg.Length) {
	half, _ := place{lat: 0, lon: 180}.project()
	_, north := place{lat: mapNorth}.project()
	_, south := place{lat: mapSouth}.project()
	g = globe{scale: width / vg.Length(2*half), left: width / 2, low: south}
	return g, vg.Length(north-south) * g.scale
}

// at is where a place lies, from the lower left corner of the map. Places beyond
// its edges lie on them.
func (g globe) at(p place) vg.Point {
	p.lat = math.Max(mapSouth, math.Min(mapNorth, p.lat))
	x, y := p.project()
	return vg.Point{X: g.left + vg.Length(x)*g.scale, Y: vg.Length(y-g.low) * g.scale}
}
