package data

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseFixed(t *testing.T) {
	for _, c := range []struct {
		text     string
		decimals int
		units    int64
		ok       bool
	}{
		{"0", 2, 0, true},
		{"12", 2, 1200, true},
		{"12.3", 2, 1230, true},
		{"12.34", 2, 1234, true},
		{"12.", 3, 12_000, true},
		{".5", 2, 50, true},
		{"12.3456", 3, 12_346, true}, // rounds half away from zero
		{"12.3455", 3, 12_346, true},
		{"12.3454999", 3, 12_345, true},
		{"-12.3455", 3, -12_346, true},
		{"0.005", 2, 1, true},
		{"0.00499", 2, 0, true},
		{"-0.005", 2, -1, true},
		{"+7", 0, 7, true},
		{"7.5", 0, 8, true},
		{"  12.5\t", 1, 125, true},
		{"00012", 2, 1200, true},
		{"0000000000000000000000012.5", 2, 1250, true}, // longer than any int64
		{"123456789012345.67", 2, 12_345_678_901_234_567, true},
		{"9999999999999999", 2, 999_999_999_999_999_900, true},
		{"10000000000000000", 2, 1_000_000_000_000_000_000, true}, // the largest
		{"10000000000000000.01", 2, 0, false},
		{"99999999999999999999999999", 2, 0, false},
		{"1e3", 2, 100_000, true},
		{"1.5E+06", 2, 150_000_000, true},
		{"2.5e-1", 2, 25, true},
		{"-1e3", 0, -1000, true},
		{"1e17", 2, 0, false},
		{"1e400", 2, 0, false},
		{"0.12345678901234567890123456789", 2, 12, true},
		{"12.3e1", 3, 123_000, true},
		{"12.34567e1", 2, 12_346, true}, // an exponent behind digits that are not kept
		{"", 2, 0, false},
		{" ", 2, 0, false},
		{".", 2, 0, false},
		{"-", 2, 0, false},
		{"+-5", 2, 0, false},
		{"1.2.3", 2, 0, false},
		{"1.23456.7", 2, 0, false},
		{"1,000", 2, 0, false},
		{"1 000", 2, 0, false},
		{"12x", 2, 0, false},
		{"12.345x", 2, 0, false},
		{"0x10", 2, 0, false},
		{"1e", 2, 0, false},
		{"e5", 2, 0, false},
		{"NaN", 2, 0, false},
		{"Inf", 2, 0, false},
		{"1_000", 2, 0, false},
		{"1e1_0", 2, 0, false},
	} {
		units, ok := ParseFixed([]byte(c.text), c.decimals)
		if ok != c.ok || ok && units != c.units {
			t.Errorf("%q with %d decimals: %d %t, want %d %t", c.text, c.decimals, units, ok, c.units, c.ok)
		}
	}
}

func TestAppendFixed(t *testing.T) {
	for _, c := range []struct {
		units    int64
		decimals int
		text     string
	}{
		{0, 2, "0"}, {5, 2, "0.05"}, {50, 2, "0.5"}, {1234, 2, "12.34"}, {12_340, 3, "12.34"}, {1200, 2, "12"},
		{-5, 3, "-0.005"}, {-1200, 2, "-12"}, {7, 0, "7"}, {math.MaxInt64, 2, "92233720368547758.07"},
	} {
		if got := string(AppendFixed([]byte("a"), c.units, c.decimals)); got != "a"+c.text {
			t.Errorf("%d with %d decimals: %s, want a%s", c.units, c.decimals, got, c.text)
		}
	}
}

func TestFixedRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.Int64Range(-mostUnits, mostUnits).Draw(t, "units")
		decimals := rapid.IntRange(0, 6).Draw(t, "decimals")
		text := AppendFixed(nil, units, decimals)
		if back, ok := ParseFixed(text, decimals); !ok || back != units {
			t.Fatalf("%d is written %s and read back as %d (%t)", units, text, back, ok)
		}
	})
}

// The reference is exact arithmetic on rational numbers.
func TestParseFixedIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[0-9]{1,17}(\.[0-9]{0,12})?`).Draw(t, "text")
		decimals := rapid.IntRange(0, 6).Draw(t, "decimals")
		exact, _ := new(big.Rat).SetString(strings.TrimSuffix(text, "."))
		exact.Mul(exact, new(big.Rat).SetInt64(int64(math.Pow10(decimals))))
		exact.Add(exact, big.NewRat(1, 2))
		want := new(big.Int).Quo(exact.Num(), exact.Denom()) // floor, since it is positive
		got, ok := ParseFixed([]byte(text), decimals)
		if want.Cmp(big.NewInt(mostUnits)) > 0 {
			if ok {
				t.Fatalf("%s is beyond the largest amount and read as %d", text, got)
			}
			return
		}
		if !ok || got != want.Int64() {
			t.Fatalf("%s with %d decimals: %d (%t), want %s", text, decimals, got, ok, want)
		}
	})
}

func FuzzParseFixed(f *testing.F) {
	for _, text := range []string{"0", "12.34", "-1e5", "1.2.3", " 7 ", "99999999999999999999", "0.5e-3"} {
		f.Add(text, 2)
	}
	f.Fuzz(func(t *testing.T, text string, decimals int) {
		decimals = int(uint(decimals) % 7)
		units, ok := ParseFixed([]byte(text), decimals)
		if !ok {
			return
		}
		if units > mostUnits || units < -mostUnits {
			t.Errorf("%q is read as %d", text, units)
		}
		if back, ok := ParseFixed(AppendFixed(nil, units, decimals), decimals); !ok || back != units {
			t.Errorf("%q is read as %d, which is read back as %d", text, units, back)
		}
	})
}
