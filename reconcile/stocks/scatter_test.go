package stocks

import (
	"math"
	"testing"

	"counterflow/data"
	"counterflow/stats/spell"
)

// Of 40 accounts of eight economies all but two scatter by about a tenth. The one that
// comes out at 0.02 is drawn up and its z down, the one at 0.5 the other way; the size
// of the spell is what it was, and all have more degrees of freedom.
func TestScatterIsDrawnTowardsThatOfOthers(t *testing.T) {
	var all []*finding
	for i := range 40 {
		scale := 0.1 + 0.002*float64(i%7)
		switch i {
		case 5:
			scale = 0.02
		case 17:
			scale = 0.5
		}
		f := &finding{account: &account{ledger: &ledger{book: &book{key: key{economy: data.Economy(1 + i%8), commodity: data.Commodity(1 + i/8)}}}},
			Spell: spell.Spell{Seen: 6, Shift: 0.6, SE: scale / 2, Z: 1.2 / scale, Scale: scale, DF: 18, Compared: 10, Known: 24}}
		all = append(all, f)
	}
	before := make([]finding, len(all))
	for i, f := range all {
		before[i] = *f
	}
	moderate(all)
	for i, f := range all {
		b := before[i]
		if f.Shift != b.Shift || !(f.DF > b.DF) || math.Abs(f.Z*f.SE-b.Z*b.SE) > 1e-12 || math.Abs(f.Scale/f.SE-b.Scale/b.SE) > 1e-12 {
			t.Errorf("account %d: %+v, was %+v", i, f.Spell, b.Spell)
		}
	}
	if low := all[5]; !(low.Scale > 0.02 && low.Scale < 0.1 && low.Z < before[5].Z) {
		t.Errorf("the calmest: %+v", low.Spell)
	}
	if high := all[17]; !(high.Scale < 0.5 && high.Scale > 0.1 && high.Z > before[17].Z) {
		t.Errorf("the wildest: %+v", high.Spell)
	}
}
