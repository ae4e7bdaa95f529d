package reference

import (
	"strings"
	"testing"

	"counterflow/data"
)

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		text    string
		economy string
		kind    Kind
	}{
		// One economy under all of its codes.
		{"842", "USA", KindEconomy}, {"840", "USA", KindEconomy}, {"USA", "USA", KindEconomy},
		{"us", "USA", KindEconomy}, {"United States", "USA", KindEconomy}, {" 842.0 ", "USA", KindEconomy},
		{"251", "FRA", KindEconomy}, {"250", "FRA", KindEconomy}, {"757", "CHE", KindEconomy}, {"756", "CHE", KindEconomy},
		{"579", "NOR", KindEconomy}, {"578", "NOR", KindEconomy}, {"699", "IND", KindEconomy}, {"356", "IND", KindEconomy},
		{"490", "TWN", KindEconomy}, {"158", "TWN", KindEconomy}, {"S19", "TWN", KindEconomy}, {"Other Asia, nes", "TWN", KindEconomy},
		{"380", "ITA", KindEconomy}, {"381", "ITA", KindEconomy}, {"036", "AUS", KindEconomy}, {"4", "AFG", KindEconomy},
		{"NA", "NAM", KindEconomy}, {"516", "NAM", KindEconomy},
		// Eurostat's own.
		{"GR", "GRC", KindEconomy}, {"EL", "GRC", KindEconomy}, {"GB", "GBR", KindEconomy}, {"UK", "GBR", KindEconomy},
		{"XI", "GBR", KindEconomy}, {"XU", "GBR", KindEconomy}, {"XK", "XKX", KindEconomy}, {"XS", "SRB", KindEconomy},
		// Residuals, the world and groups.
		{"899", "QXX", KindUnallocated}, {"_X", "QXX", KindUnallocated}, {"837", "QXX", KindUnallocated},
		{"838", "QXX", KindUnallocated}, {"839", "QXX", KindUnallocated}, {"568", "QXX", KindUnallocated},
		{"492", "QXX", KindUnallocated}, {"QV", "QXX", KindUnallocated}, {"qw", "QXX", KindUnallocated},
		{"0", "WLD", KindWorld}, {"000", "WLD", KindWorld}, {"W00", "WLD", KindWorld}, {"WLD", "WLD", KindWorld}, {"World", "WLD", KindWorld},
		{"97", "", KindGroup}, {"975", "", KindGroup}, {"EU27_2020", "", KindGroup}, {"EUR", "", KindGroup},
		// Codes of the past.
		{"58", "BEL", KindHistoric}, {"711", "ZAF", KindHistoric}, {"736", "SDN", KindHistoric}, {"280", "DEU", KindHistoric},
		{"278", "DDR", KindHistoric}, {"810", "SUN", KindHistoric}, {"890", "YUG", KindHistoric}, {"891", "SCG", KindHistoric},
		{"ROM", "ROU", KindEconomy}, {"ZAR", "COD", KindEconomy}, {"TMP", "TLS", KindEconomy}, {"BUR", "MMR", KindHistoric},
	} {
		m, ok := ByText(c.text)
		if !ok || m.Economy.String() != c.economy || m.Kind != c.kind {
			t.Errorf("%q is %v %q (known %v), want %v %q", c.text, m.Kind, m.Economy, ok, c.kind, c.economy)
		}
	}
}

func TestSpellings(t *testing.T) {
	for want, spellings := range map[string][]string{
		"KOR": {"Korea, Republic of", "Rep. of Korea", "South Korea", "KOREA", "Republic of Korea"},
		"PRK": {"Korea, Dem. People's Rep. of", "Democratic People's Republic of Korea", "North Korea"},
		"COD": {"Congo, Democratic Republic of the", "Dem. Rep. of the Congo", "Congo (Kinshasa)", "DRC"},
		"COG": {"Congo", "Congo, Republic of", "Congo (Brazzaville)"},
		"CHN": {"China, P.R.: Mainland", "china"},
		"HKG": {"China, P.R.: Hong Kong", "China, Hong Kong SAR", "Hong Kong"},
		"CIV": {"Côte d'Ivoire", "C\xf4te d'Ivoire", "CÃ´te d'Ivoire        ", "Cote d' Ivoire", "Côte d’Ivoire", "Co\u0302te d'Ivoire"},
		"TUR": {"Türkiye", "TÃ¼rkiye", "Turkey", "TURKIYE"},
		"CUW": {"Cura\xe7ao", "Curaçao", "Curacao"},
		"BHS": {"Bahamas, The", "The Bahamas", "Bahamas"},
		"DEU": {"Germany (incl. German Democratic Republic 'DD' from 1991)"},
		"TTO": {"Trinidad & Tobago", "Trinidad and Tobago"},
		"KNA": {"St. Kitts and Nevis"},
		"VGB": {"Br. Virgin Isds", "Virgin Islands, British"},
	} {
		for _, text := range spellings {
			if m, ok := ByBytes([]byte(text)); !ok || m.Economy != data.MustEconomy(want) {
				t.Errorf("%q is %q, want %s", text, m.Economy, want)
			}
		}
	}
}

func TestUnknownCodes(t *testing.T) {
	for _, text := range []string{"", " ", "ZZZ", "zz", "577777", "1000", "9999999", "-4", "8,42", "Atlantis", "842.5",
		strings.Repeat("x", 5000), strings.Repeat("a ", 5000), "\xff\xfe", "Republic of China of"} {
		if m, ok := ByText(text); ok || m != (Match{}) {
			t.Errorf("%.20q is read as %v", text, m)
		}
	}
	for _, code := range []int{-1, 1, 1000, 1 << 40} {
		if _, ok := ByNumber(code); ok {
			t.Errorf("%d is known", code)
		}
	}
}

// Every code and spelling of the table leads back to the economy of its row.
func TestTableRoundTrip(t *testing.T) {
	for _, e := range Economies() {
		spellings := append([]string{e.Name, e.ISO2}, e.Aliases...)
		if e.Economy != 0 {
			spellings = append(spellings, e.Economy.String())
		}
		for _, text := range spellings {
			if m, ok := ByText(text); text != "" && (!ok || m.Economy != e.Economy) {
				t.Errorf("%q of %s is read as %q", text, e.Name, m.Economy)
			}
		}
		if e.Code >= 0 {
			if m, ok := ByNumber(e.Code); !ok || m.Economy != e.Economy || m.Kind != e.Kind || int(m.To) != e.To {
				t.Errorf("%d of %s is read as %v", e.Code, e.Name, m)
			}
		}
		if e.Economy != 0 && Name(e.Economy) == e.Economy.String() {
			t.Errorf("%s has no name", e.Economy)
		}
	}
}

func TestNames(t *testing.T) {
	for code, want := range map[string]string{
		"USA": "United States", "NOR": "Norway", "TWN": "Taiwan", "DEU": "Germany", "BEL": "Belgium", "SDN": "Sudan",
		"ZAF": "South Africa", "ESP": "Spain", "QXX": "Unallocated", "WLD": "World", "XKX": "Kosovo", "CIV": "Côte d'Ivoire", "ZZZ": "ZZZ",
	} {
		if got := Name(data.MustEconomy(code)); got != want {
			t.Errorf("%s is called %q, want %q", code, got, want)
		}
	}
	if got := Name(0); got != "" {
		t.Errorf("no economy is called %q", got)
	}
}

func TestHintOfMatch(t *testing.T) {
	m, _ := ByNumber(578)
	if want := "578 is not a Comtrade reporter; Norway is 579"; m.Hint != want {
		t.Errorf("hint %q, want %q", m.Hint, want)
	}
	if m, _ := ByNumber(579); m.Hint != "" {
		t.Errorf("579 has a hint: %q", m.Hint)
	}
}

func TestLookUpAllocatesNothing(t *testing.T) {
	for _, text := range []string{"842", "DEU", "de", "Congo, Democratic Republic of the", "C\xf4te d'Ivoire", "Atlantis",
		"Germany (incl. German Democratic Republic 'DD' from 1991)"} {
		code := []byte(text)
		if n := testing.AllocsPerRun(100, func() { ByBytes(code) }); n != 0 {
			t.Errorf("%q: %v allocations", text, n)
		}
	}
}

func FuzzByBytes(f *testing.F) {
	for _, text := range []string{"842", "DEU", "Korea, Rep. of", "\xc3", "\xc3\xc3\xa9", "(1"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		if m, ok := ByBytes(code); ok == (m.Kind == 0) {
			t.Errorf("%q: known %v, kind %v", code, ok, m.Kind)
		}
	})
}

func BenchmarkByBytes(b *testing.B) {
	for _, text := range []string{"842", "DEU", "Korea, Republic of"} {
		code := []byte(text)
		b.Run(text, func(b *testing.B) {
			for range b.N {
				ByBytes(code)
			}
		})
	}
}
