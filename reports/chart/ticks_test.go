package chart

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"counterflow/data"
	"counterflow/reports/wording"
)

func labels(ticks []plot.Tick) []string {
	var out []string
	for _, t := range ticks {
		if t.Label != "" {
			out = append(out, t.Label)
		}
	}
	return out
}

func TestRoundStep(t *testing.T) {
	tests := []struct {
		span float64
		want int
		step float64
	}{
		{10, 5, 2}, {11, 5, 5}, {100, 4, 50}, {1, 5, 0.2}, {0.03, 5, 0.01}, {7, 7, 1}, {2, 3, 1},
		{0, 5, 1}, {math.Inf(1), 5, 1}, {math.NaN(), 5, 1}, // no span: any step will do
	}
	for _, test := range tests {
		if got := roundStep(test.span, test.want); math.Abs(got-test.step) > 1e-12*test.step {
			t.Errorf("roundStep(%v, %d) = %v, want %v", test.span, test.want, got, test.step)
		}
	}
}

func TestAmountTicks(t *testing.T) {
	tests := []struct {
		name      string
		low, high float64
		ticks     amountTicks
		want      []string
	}{
		{"kilotonnes", 0, 23e6, amountTicks{scale: wording.MassScale(23e6), want: 5}, []string{"0", "5", "10", "15", "20"}},
		{"one decimal", 0, 1.3e3, amountTicks{scale: wording.MassScale(1.3e3), want: 5}, []string{"0.0", "0.5", "1.0"}},
		{"across zero", -15e3, 10e3, amountTicks{scale: wording.MassScale(15e3), want: 5}, []string{"−15", "−10", "−5", "0", "5", "10"}},
		{"unit at the end", 0, 9e6, amountTicks{scale: wording.MoneyScale(9e6), want: 2, withUnit: true}, []string{"0", "$5M"}},
	}
	for _, test := range tests {
		if got := labels(test.ticks.Ticks(test.low, test.high)); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// Labels stand 30 points apart at least: on 150 points, five decades are 30 each
// and nine are 17, so that every second is named; 2 and 5 need a decade of 100,
// since 2 lies at 0.301 of it.
func TestDecadeTicks(t *testing.T) {
	tests := []struct {
		name      string
		low, high float64
		room      vg.Length
		labels    []string
	}{
		{"five decades", 1e3, 1e8, 150, []string{"1 t", "10 t", "100 t", "1 kt", "10 kt", "100 kt"}},
		{"every second of nine", 1, 1e9, 150, []string{"1 kg", "100 kg", "10 t", "1 kt", "100 kt"}},
		{"one decade has 2 and 5", 1.5e3, 15e3, 100, []string{"2 t", "5 t", "10 t"}},
		{"but not where it is short", 1.5e3, 15e3, 90, []string{"10 t"}},
	}
	for _, test := range tests {
		got := labels(decadeTicks{write: wording.Mass, room: test.room, label: 30}.Ticks(test.low, test.high))
		if !slices.Equal(got, test.labels) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.labels)
		}
	}
}

func TestRatioTicks(t *testing.T) {
	got := labels(ratioTicks{want: 13}.Ticks(-3*math.Ln2, 3*math.Ln2))
	if want := []string{"÷8", "÷4", "÷2", "equal", "×2", "×4", "×8"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := labels(ratioTicks{want: 7}.Ticks(-6*math.Ln2, 6*math.Ln2)); !slices.Equal(got, []string{"÷64", "÷16", "÷4", "equal", "×4", "×16", "×64"}) {
		t.Errorf("every second doubling: %q", got)
	}
}

func TestCountTicksAreWhole(t *testing.T) {
	if got := labels(countTicks{want: 5}.Ticks(0, 3)); !slices.Equal(got, []string{"0", "1", "2", "3"}) {
		t.Errorf("got %q", got)
	}
	if got := labels(countTicks{want: 5}.Ticks(0, 2300)); !slices.Equal(got, []string{"0", "500", "1,000", "1,500", "2,000"}) {
		t.Errorf("got %q", got)
	}
}

func TestDateTicks(t *testing.T) {
	month := func(y, m int) float64 { p, _ := data.Month(y, m); return float64(p.Index()) }
	year := func(y int) float64 { p, _ := data.Year(y); return float64(p.Index()) }
	tests := []struct {
		name      string
		low, high float64
		monthly   bool
		want      []string
	}{
		{"a year of months", month(2023, 1) - 0.5, month(2023, 12) + 0.5, true,
			[]string{"Jan\n2023", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}},
		{"two years: quarters", month(2022, 6) - 0.5, month(2024, 5) + 0.5, true,
			[]string{"Jul\n2022", "Oct", "Jan\n2023", "Apr", "Jul", "Oct", "Jan\n2024", "Apr"}},
		{"ten years", month(2015, 1) - 0.5, month(2024, 12) + 0.5, true,
			[]string{"2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024"}},
		{"annual", year(2019) - 0.5, year(2022) + 0.5, false, []string{"2019", "2020", "2021", "2022"}},
		{"thirty years", year(1995) - 0.5, year(2024) + 0.5, false, []string{"1995", "2000", "2005", "2010", "2015", "2020"}},
	}
	for _, test := range tests {
		got := labels(dateTicks{monthly: test.monthly, want: 12}.Ticks(test.low, test.high))
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestLogScaleHoldsWhatLiesBelow(t *testing.T) {
	s := logScale{}
	for x, want := range map[float64]float64{1: 0, 10: 0.5, 100: 1, 0: 0, -5: 0} {
		if got := s.Normalize(1, 100, x); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v lies at %v, want %v", x, got, want)
		}
	}
}
