package balance

import "testing"

// What a ruling says of itself reads back as the same.
func TestRulingsReadBack(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range Rules {
		for k := range keptTexts {
			for _, mark := range []kept{0, adjusted} {
				r := rulingOf(rule).keeping(kept(k) | mark)
				text := r.String()
				if back, err := ParseRuling(text); err != nil || back != r || seen[text] {
					t.Errorf("%q: %v, %v", text, back, err)
				}
				seen[text] = true
			}
		}
	}
	if r, err := ParseRuling(""); err != nil || r != 0 || r.String() != "" {
		t.Errorf("no rule: %v, %v", r, err)
	}
	for _, text := range []string{"loudest", "ours, ", "ours, adjusted to totals, only the exporter declared", ", only the exporter declared"} {
		if r, err := ParseRuling(text); err == nil {
			t.Errorf("%q was read as %q", text, r)
		}
	}
}
