package data

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCommodityKeepsItsText(t *testing.T) {
	for _, code := range []string{"0", "01", "010121", "284690", "2846900000", "TOTAL", "9999AA", "Z"} {
		c, err := ParseCommodity(code, HS2017)
		if err != nil || c.Code() != code || c.String() != code || c.Len() != len(code) || c.Edition() != HS2017 {
			t.Errorf("%s becomes %s (%d symbols, edition %s), %v", code, c.Code(), c.Len(), c.Edition(), err)
		}
		if text, err := c.MarshalText(); string(text) != code || err != nil {
			t.Errorf("%s is written %s, %v", code, text, err)
		}
	}
	if c := MustCommodity("total", 0); c != AllGoods {
		t.Errorf("total in small letters becomes %s", c)
	}
	var none Commodity
	if none.Code() != "" || none.Len() != 0 {
		t.Errorf("no commodity is written %q", none.Code())
	}
}

func TestCommodityRefusals(t *testing.T) {
	for _, code := range []string{"", "28.46", "28469012345", "28 46", "2846é", "-1", "28469\x00"} {
		if c, err := ParseCommodity(code, 0); err == nil {
			t.Errorf("%q becomes %s", code, c)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("MustCommodity takes anything")
		}
	}()
	MustCommodity("?", 0)
}

func TestCommoditiesSortAsTheirCodes(t *testing.T) {
	codes := []string{"284690", "01", "0101", "TOTAL", "2846", "28469010", "9", "0", "AG2", "010121", "28", "84", "9999AA", "999999"}
	packed := make([]Commodity, len(codes))
	for i, code := range codes {
		packed[i] = MustCommodity(code, Edition(i%int(editionCount)))
	}
	slices.Sort(codes)
	slices.Sort(packed)
	for i := range codes {
		if packed[i].Code() != codes[i] {
			t.Fatalf("place %d holds %s, want %s", i, packed[i], codes[i])
		}
	}
	if MustCommodity("28", HS1992) >= MustCommodity("28", HS2022) || MustCommodity("28", HS2022) >= MustCommodity("280", HS1992) {
		t.Error("the edition counts for more than the code")
	}
}

func TestTruncate(t *testing.T) {
	code := MustCommodity("0101213400", HS2012)
	for n, want := range []string{"", "0", "01", "010", "0101", "01012", "010121", "0101213", "01012134", "010121340", "0101213400", "0101213400"} {
		if got := code.Truncate(n); got.Code() != want || got.Edition() != HS2012 {
			t.Errorf("%d symbols of %s: %s in %s", n, code, got, got.Edition())
		}
	}
	if heading := MustCommodity("0101", HS2012); heading.Truncate(6) != heading {
		t.Errorf("a heading cut to six symbols: %s", heading.Truncate(6))
	}
	if code.In(HS2022).Edition() != HS2022 || code.In(HS2022).Code() != code.Code() || code.In(HS2022).In(HS2012) != code {
		t.Error("another edition changes the code")
	}
}

func TestCommodityOrderIsThatOfText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[0-9A-Z]{1,10}`)
		a, b := pattern.Draw(t, "a"), pattern.Draw(t, "b")
		n := rapid.IntRange(0, 10).Draw(t, "n")
		p, q := MustCommodity(a, 0), MustCommodity(b, 0)
		if cmp.Compare(p, q) != strings.Compare(a, b) {
			t.Fatalf("%s and %s sort differently as text and packed", a, b)
		}
		if got, want := p.Truncate(n).Code(), a[:min(n, len(a))]; got != want {
			t.Fatalf("%d symbols of %s: %s, want %s", n, a, got, want)
		}
	})
}

func TestEditions(t *testing.T) {
	for text, want := range map[string]Edition{
		"H0": HS1992, "h5": HS2017, "H6": HS2022, "H7": HS2028, "HS": EditionUnknown, "": EditionUnknown, "H": EditionUnknown,
		"HS2012": HS2012, "HS12": HS2012, "hs 2017": HS2017, "HS92": HS1992, "S4": EditionOther, "B5": EditionOther,
		"H8": EditionOther, "HS2013": EditionOther, "2012": EditionOther, "mixed": EditionMixed, "other": EditionOther,
	} {
		if got := ParseEdition(text); got != want {
			t.Errorf("%q is edition %s, want %s", text, got, want)
		}
	}
	for e := EditionUnknown; e < editionCount; e++ {
		if got := ParseEdition(e.String()); got != e {
			t.Errorf("edition %q is read back as %q", e, got)
		}
	}
	set := Editions(0).With(HS2012).With(HS2022)
	if !set.Has(HS2012) || !set.Has(HS2022) || set.Has(HS2017) || set.Has(EditionUnknown) {
		t.Errorf("set %b", set)
	}
}

func TestPeriods(t *testing.T) {
	for text, want := range map[string]string{
		"2024": "2024", "2024-07": "2024-07", "202407": "2024-07", "1901": "1901", "2411-12": "2411-12",
		"1900": "", "2412": "", "2024-13": "", "2024-00": "", "202452": "", "24": "", "2024-7": "", "": "", "20240701": "", "2024/07": "",
		"+202407": "", "-2024": "", "2024-0a": "", "99999999999": "",
	} {
		p, err := ParsePeriod(text)
		if (err == nil) != (want != "") || p.String() != want {
			t.Errorf("%q is period %q, want %q (%v)", text, p, want, err)
		}
	}
	july, _ := ParsePeriod("2024-07")
	year, _ := ParsePeriod("2024")
	if july.Year() != 2024 || july.Month() != 7 || !july.Monthly() || year.Month() != 0 || year.Monthly() {
		t.Errorf("%s and %s", july, year)
	}
	for n, want := range map[int]string{0: "2024-07", 5: "2024-12", 6: "2025-01", -6: "2024-01", -7: "2023-12", 30: "2027-01", -19: "2022-12"} {
		if got := july.Add(n); got.String() != want || got.Index()-july.Index() != n {
			t.Errorf("%d months from 2024-07: %s, want %s", n, got, want)
		}
	}
	if got := year.Add(-3); got.String() != "2021" || year.Index()-got.Index() != 3 {
		t.Errorf("three years before 2024: %s", got)
	}
	if year.Start().String() != "2024-01" || year.End().String() != "2024-12" || july.Start() != july || july.End() != july {
		t.Error("first and last month")
	}
	if next := year.Add(1); !(year < year.Start() && year.End() < next) {
		t.Error("a year does not sort before its months and they before the next")
	}
}

func TestPeriodText(t *testing.T) {
	for _, text := range []string{"2024", "2024-07", ""} {
		var p Period
		if err := p.UnmarshalText([]byte(text)); err != nil {
			t.Error(err)
		}
		if back, err := p.MarshalText(); string(back) != text || err != nil {
			t.Errorf("%q is read and written as %q", text, back)
		}
	}
	var p Period
	if err := p.UnmarshalText([]byte("soon")); err == nil {
		t.Errorf("soon is %s", p)
	}
}

func TestEconomies(t *testing.T) {
	for _, code := range []string{"AAA", "CHN", "USA", "ZZZ"} {
		e, err := ParseEconomy(strings.ToLower(code))
		if err != nil || e.String() != code || uint(e)>>EconomyBits != 0 {
			t.Errorf("%s becomes %s, %v", code, e, err)
		}
	}
	for _, code := range []string{"", "CH", "CHNA", "C1N", "C-N", "[]{"} {
		if e, err := ParseEconomy(code); err == nil {
			t.Errorf("%q becomes %s", code, e)
		}
	}
	if MustEconomy("CHN") >= MustEconomy("COD") || MustEconomy("ZAF") <= MustEconomy("USA") {
		t.Error("economies do not sort by their codes")
	}
	var e Economy
	if err := e.UnmarshalText([]byte("LAO")); err != nil || e != MustEconomy("LAO") {
		t.Errorf("LAO is read as %s, %v", e, err)
	}
	if err := e.UnmarshalText(nil); err != nil || e != 0 || e.String() != "" {
		t.Errorf("no text is read as %s, %v", e, err)
	}
}

func TestAmounts(t *testing.T) {
	if got := Dollars(12.345); got != 1235 || got.Text() != "12.35" || got.Float() != 12.35 {
		t.Errorf("12.345 dollars are %d cents", got)
	}
	if got := Kilograms(-0.0005); got != -1 || got.Text() != "-0.001" {
		t.Errorf("minus half a gram is %d grams", got)
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if Dollars(bad).Known() || Kilograms(bad).Known() {
			t.Errorf("%g is an amount", bad)
		}
	}
	if MissingUSD.Text() != "" || MissingKg.Text() != "" || !math.IsNaN(MissingUSD.Float()) || !math.IsNaN(MissingKg.Float()) {
		t.Error("a missing amount is written as one")
	}
	if FOB(MissingUSD).Known() || CIF(MissingUSD).Known() || FOB(250).Float() != 2.5 || CIF(250).Float() != 2.5 {
		t.Error("values at a border")
	}
}

// Missing is not zero: a sum is missing only where nothing was stated.
func TestSums(t *testing.T) {
	if USD(3).Plus(4) != 7 || MissingUSD.Plus(4) != 4 || USD(3).Plus(MissingUSD) != 3 || MissingUSD.Plus(MissingUSD).Known() {
		t.Error("sums of values")
	}
	if Kg(3).Plus(4) != 7 || MissingKg.Plus(4) != 4 || Kg(3).Plus(MissingKg) != 3 || MissingKg.Plus(MissingKg).Known() {
		t.Error("sums of masses")
	}
	if Kg(0).Plus(MissingKg) != 0 || !Kg(0).Known() {
		t.Error("zero is stated")
	}
}

func TestReporterAndPartner(t *testing.T) {
	chn, usa := MustEconomy("CHN"), MustEconomy("USA")
	for direction, reporter := range map[Direction]Economy{Export: chn, ReExport: chn, Import: usa, ReImport: usa} {
		f := Flow{Exporter: Exporter(chn), Importer: Importer(usa), Direction: direction}
		if f.Reporter() != reporter || f.Partner() == reporter {
			t.Errorf("%s from China to the USA is declared by %s to %s", direction, f.Reporter(), f.Partner())
		}
	}
	for direction, code := range map[Direction]string{Export: "X", Import: "M", ReExport: "RX", ReImport: "RM"} {
		if direction.String() != code {
			t.Errorf("%s, want %s", direction, code)
		}
	}
	if ValuationFOB.String() != "FOB" || ValuationCIF.String() != "CIF" || ValuationUnknown.String() != "" {
		t.Error("names of valuations")
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]Day{"1970-01-01": 0, "1970-01-02": 1, "1969-12-31": -1, "20240229": 19782, "2024-02-29": 19782} {
		d, err := ParseDay(text)
		if err != nil || d != want {
			t.Errorf("%s is day %d, want %d (%v)", text, d, want, err)
		}
	}
	for _, text := range []string{"2023-02-29", "2024-7-1", "29.02.2024", ""} {
		if d, err := ParseDay(text); err == nil {
			t.Errorf("%q is %s", text, d)
		}
	}
	leap, _ := ParseDay("2024-02-29")
	if leap.String() != "2024-02-29" || leap.Month().String() != "2024-02" {
		t.Errorf("%s in %s", leap, leap.Month())
	}
}

func TestItems(t *testing.T) {
	for item := Production; item <= TotalExports; item++ {
		if back, ok := ParseItem(item.String()); !ok || back != item {
			t.Errorf("%s is read back as %s", item, back)
		}
	}
	if _, ok := ParseItem(""); ok {
		t.Error("no text is an item")
	}
}
