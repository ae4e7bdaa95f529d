package wording

import (
	"math"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
)

func TestMass(t *testing.T) {
	tests := []struct {
		kg   float64
		want string
	}{
		{0, "0 kg"}, {0.25, "0.25 kg"}, {12, "12 kg"}, {999, "999 kg"}, {999.6, "1 t"},
		{1234, "1.23 t"}, {12345, "12.3 t"}, {123456, "123 t"}, {999499, "999 t"}, {999500, "1 kt"},
		{5e9, "5 Mt"}, {2.5e12, "2.5 Gt"}, {2.5e15, "2,500 Gt"}, {-1500, "−1.5 t"}, {math.NaN(), "–"},
	}
	for _, test := range tests {
		if got := Mass(test.kg); got != test.want {
			t.Errorf("Mass(%v) = %q, want %q", test.kg, got, test.want)
		}
	}
}

func TestMoney(t *testing.T) {
	tests := []struct {
		usd  float64
		want string
	}{
		{0, "$0"}, {950, "$950"}, {1000, "$1k"}, {1.234e6, "$1.23M"}, {9.999e8, "$1bn"},
		{3.4e12, "$3.4tn"}, {-5e3, "−$5k"}, {math.Inf(1), "–"},
	}
	for _, test := range tests {
		if got := Money(test.usd); got != test.want {
			t.Errorf("Money(%v) = %q, want %q", test.usd, got, test.want)
		}
	}
}

func TestIntervalSharesOneUnit(t *testing.T) {
	if got, want := MassInterval(900_000, 1_500_000), "0.9 to 1.5 kt"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := MassInterval(math.NaN(), 1); got != Missing {
		t.Errorf("a missing end gives %q", got)
	}
	if got, want := MassInterval(-2000, 1000), "−2 to 1 t"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCountAndPercent(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "−1,000"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	for share, want := range map[float64]string{0: "0%", 0.004: "under 1%", 0.5: "50%", 0.996: "over 99%", 1: "100%"} {
		if got := Percent(share); got != want {
			t.Errorf("Percent(%v) = %q, want %q", share, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	month := func(y, m int) data.Period { p, _ := data.Month(y, m); return p }
	year := func(y int) data.Period { p, _ := data.Year(y); return p }
	tests := []struct {
		start, end  data.Period
		long, short string
	}{
		{month(2023, 3), month(2023, 3), "March 2023", "Mar 2023"},
		{month(2023, 3), month(2023, 8), "March to August 2023", "Mar–Aug 2023"},
		{month(2022, 11), month(2023, 2), "November 2022 to February 2023", "Nov\u00a02022 – Feb\u00a02023"},
		{month(2023, 1), month(2023, 12), "2023", "2023"},
		{year(2021), year(2023), "2021 to 2023", "2021–2023"},
		{month(2023, 3), 0, "from March 2023", "from March 2023"},
		{0, 0, "–", "–"},
	}
	for _, test := range tests {
		if got := Span(test.start, test.end); got != test.long {
			t.Errorf("Span(%v, %v) = %q, want %q", test.start, test.end, got, test.long)
		}
		if got := ShortSpan(test.start, test.end); got != test.short {
			t.Errorf("ShortSpan(%v, %v) = %q, want %q", test.start, test.end, got, test.short)
		}
	}
}

func TestLikelihoodAndConfidenceAreApart(t *testing.T) {
	sized := cases.Case{Assessable: true, Q: 0.001, ExcessKg: 2000, ExcessKgLow: 1000, ExcessKgHigh: 3000}
	doubtful := sized
	doubtful.Caveats = []string{"estimated_weight", "entrepot"}
	unweighed := sized
	unweighed.ExcessKg, unweighed.ExcessKgLow, unweighed.ExcessKgHigh = data.MissingKg, data.MissingKg, data.MissingKg
	wide := sized
	wide.ExcessKgLow = 900
	closed := sized
	closed.Assessable = false
	for _, test := range []struct {
		name    string
		c       cases.Case
		periods int
		want    string
	}{{"sized", sized, 3, "high"}, {"one period", sized, 1, "moderate"}, {"two caveats", doubtful, 9, "low"},
		{"no weights", unweighed, 9, "low"}, {"wide", wide, 9, "moderate"}, {"closed", closed, 9, "not assessable"}} {
		if got, _ := Confidence(test.c, test.periods); got != test.want {
			t.Errorf("%s: confidence %q, want %q", test.name, got, test.want)
		}
	}
	if Likelihood(sized.Q) != Likelihood(doubtful.Q) {
		t.Error("likelihood depends on caveats")
	}
	if got := Likelihood(math.NaN()); got != "not assessable" {
		t.Errorf("likelihood of NaN is %q", got)
	}
}

func TestNothingGeneratedAccuses(t *testing.T) {
	var texts []string
	for _, row := range Explanation() {
		texts = append(texts, row[0], row[1])
	}
	for code := range caveats {
		texts = append(texts, Caveat(code))
	}
	for _, text := range texts {
		if word := Improper(text); word != "" {
			t.Errorf("%q holds %q", text, word)
		}
	}
	if Improper("Tax Evasion, they say") != "evasion," {
		t.Error("an accusing word is not seen")
	}
}

func TestBothReportersAlike(t *testing.T) {
	p := Parties{Exporter: "A", Importer: "B"}
	want := "B records more as imported than A records as exported"
	if got := Shown(cases.MissingExport, p); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	want = "A records more as exported than B records as imported"
	if got := Shown(cases.MissingImport, p); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
