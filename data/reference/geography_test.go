package reference

import (
	"compress/gzip"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"counterflow/data"
)

func economy(code string) data.Economy { return data.MustEconomy(code) }

func TestDistance(t *testing.T) {
	// Vienna 48.22 N 16.37 E, Bratislava 48.17 N 17.17 E: 0.05 degrees of
	// latitude are 5.56 km, 0.80 of longitude at 48.195 N 0.80 x 111.195 x
	// 0.66660 = 59.30 km, so 59.56 km on the flat, which is right to 0.01 km at
	// this size.
	if km, ok := Distance(economy("AUT"), economy("SVK")); !ok || math.Abs(km-59.56) > 0.02 {
		t.Errorf("Vienna to Bratislava is %.3f km (%v), want 59.56", km, ok)
	}
	if km, ok := Distance(economy("USA"), economy("ZZZ")); ok || !math.IsNaN(km) {
		t.Errorf("distance to nowhere is %g (%v)", km, ok)
	}
	if km, ok := Distance(economy("USA"), economy("USA")); ok || !math.IsNaN(km) {
		t.Errorf("distance to itself is %g (%v)", km, ok)
	}
	if km, ok := Distance(data.Unallocated, economy("USA")); ok || !math.IsNaN(km) {
		t.Errorf("distance from the unallocated bucket is %g (%v)", km, ok)
	}
}

// The spherical law of cosines is another way to the same distance; it loses
// digits below a kilometre only.
func TestDistanceOfAllPairs(t *testing.T) {
	const degree = math.Pi / 180
	for a, p := range places {
		for b, q := range places {
			km, ok := Distance(a, b)
			back, _ := Distance(b, a)
			if a == b {
				continue
			}
			if !ok || km <= 0 || km > math.Pi*earthRadius || km != back {
				t.Fatalf("%s to %s is %g km (%v), back %g", a, b, km, ok, back)
			}
			cos := math.Sin(p.Lat*degree)*math.Sin(q.Lat*degree) +
				math.Cos(p.Lat*degree)*math.Cos(q.Lat*degree)*math.Cos((q.Lon-p.Lon)*degree)
			if other := earthRadius * math.Acos(max(-1, min(1, cos))); math.Abs(other-km) > 0.5 {
				t.Errorf("%s to %s is %g km, by cosines %g", a, b, km, other)
			}
		}
	}
}

func TestBorders(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"LAO", "CHN", true}, {"CHN", "LAO", true}, {"CAN", "USA", true}, {"SDN", "SSD", true}, {"SRB", "MNE", true},
		{"GEO", "ARM", true}, {"FRA", "GBR", false}, {"MYS", "SGP", false}, {"KEN", "SDN", false}, {"USA", "USA", false},
	} {
		if got, ok := Contiguous(economy(c.a), economy(c.b)); got != c.want || !ok {
			t.Errorf("%s borders %s: %v (%v), want %v", c.a, c.b, got, ok, c.want)
		}
	}
	if _, ok := Contiguous(economy("USA"), economy("ZZZ")); ok {
		t.Error("a border with nowhere is known")
	}
	for pair := range borders {
		for _, e := range pair {
			if _, ok := places[e]; !ok {
				t.Errorf("%s has borders and no place", e)
			}
		}
		if km, ok := Distance(pair[0], pair[1]); !ok || km > 7500 { // Moscow to Pyongyang is 6,400 km
			t.Errorf("%s and %s are neighbours at %g km", pair[0], pair[1], km)
		}
	}
}

func TestLandlocked(t *testing.T) {
	count := 0
	for e := range places {
		if locked, ok := Landlocked(e); ok && locked {
			count++
		}
	}
	// The 44 landlocked members and observers of the United Nations, and Kosovo.
	if count != 45 {
		t.Errorf("%d landlocked economies, want 45", count)
	}
	for code, want := range map[string]bool{"BLR": true, "MDA": true, "LAO": true, "SSD": true, "CHN": false, "GEO": false} {
		if got, ok := Landlocked(economy(code)); got != want || !ok {
			t.Errorf("%s landlocked: %v (%v), want %v", code, got, ok, want)
		}
	}
	if _, ok := Landlocked(economy("ZZZ")); ok {
		t.Error("nowhere is known")
	}
}

// Distances agree with those of GeoDist, whose places ours are. Its formula is
// not documented to the digit and its coordinates have more decimals: 1% or
// 3 km covers both. Places that were mended or added are left out.
func TestDistanceAgainstGeoDist(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "geo", "dist_cepii.csv.gz"))
	if err != nil {
		t.Skip("GeoDist is not here: ", err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(unzipped)
	r.Comma, r.ReuseRecord = ';', true
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for row, err := r.Read(); err == nil; row, err = r.Read() {
		a, errA := data.ParseEconomy(row[0])
		b, errB := data.ParseEconomy(row[1])
		if errA != nil || errB != nil || places[a].Source != "cepii" || places[b].Source != "cepii" {
			continue
		}
		want, err := strconv.ParseFloat(row[10], 64)
		if got, ok := Distance(a, b); ok && err == nil {
			compared++
			if math.Abs(got-want) > max(0.01*want, 3) {
				t.Errorf("%s to %s is %.1f km, GeoDist has %.1f", row[0], row[1], got, want)
			}
		}
	}
	if compared < 40_000 {
		t.Errorf("only %d pairs were compared", compared)
	}
}
