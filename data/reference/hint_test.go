package reference

import "testing"

func TestHint(t *testing.T) {
	for text, want := range map[string]string{
		"579":          "",
		"Norway":       "",
		"578":          "578 is not a Comtrade reporter; Norway is 579",
		"356":          "356 is not a Comtrade reporter; India is 699",
		"58":           "Belgium-Luxembourg ends in 1998",
		"97":           "European Union is a group; its members are counted",
		"843":          "843 is no known economy; the nearest is United States (842, USA)",
		"DUE":          "DUE is no known economy; the nearest is Germany (276, DEU)",
		"Germny":       "Germny is no known economy; the nearest is Germany (276, DEU)",
		"Kazahkstan":   "Kazahkstan is no known economy; the nearest is Kazakhstan (398, KAZ)",
		"999999":       "999999 is no known economy; give a UN Comtrade number, ISO 3166-1 letters or an English name",
		"ZZ":           "ZZ is no known economy; give a UN Comtrade number, ISO 3166-1 letters or an English name",
		"":             "no economy is given",
		"Terra Ignota": "Terra Ignota is no known economy; give a UN Comtrade number, ISO 3166-1 letters or an English name",
	} {
		if got := Hint(text); got != want {
			t.Errorf("hint for %q: %q, want %q", text, got, want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"DEU", "DEUT", 1}} {
		if got, back := editDistance(c.a, c.b), editDistance(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("%q to %q: %d, back %d, want %d", c.a, c.b, got, back, c.want)
		}
	}
}
