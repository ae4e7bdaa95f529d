package cases_test

import (
	"math"
	"testing"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/mirror"
)

// A code switch whose second lane has no weights at all is matched in value, sized
// at the lane's unit value, and says so.
func TestFalseNameWithoutWeights(t *testing.T) {
	w := newWorld(5)
	moved := map[data.Period]mirror.Pair{}
	planted := 0.0
	w.lane(0, 2, 9, 15, 26, func(p *mirror.Pair) {
		moved[p.Period] = *p
		planted += 0.6 * p.XKg.Float()
		p.XKg, p.XUSD = scaleKg(p.XKg, 0.4), scaleFOB(p.XUSD, 0.4)
	})
	w.lane(2, 2, 9, 0, months-1, func(p *mirror.Pair) {
		if from, ok := moved[p.Period]; ok {
			p.XUSD += scaleFOB(from.XUSD, 0.6)
		}
		p.XKg = data.MissingKg
	})
	found := w.detect(t)
	if len(found) != 1 || found[0].Kind != cases.CodeSwitch || found[0].Goods != code(0) || found[0].Related != code(2) {
		t.Fatalf("found %d cases: %+v", len(found), found)
	}
	// Ten months of 10% noise on either side: 5%; three of them.
	if got := found[0].ExcessKg.Float(); math.Abs(got/planted-1) > 0.15 {
		t.Errorf("%.0f kg, planted %.0f", got, planted)
	}
}

// Goods reach a buyer under another origin, and nobody declares how they came to
// the middle. Whether that is a case hangs on whether the middle makes the good.
func TestOriginWithoutFirstLeg(t *testing.T) {
	for _, makes := range []bool{false, true} {
		w := newWorld(8)
		moved := map[data.Period]mirror.Pair{}
		w.lane(3, 1, 8, 18, 30, func(p *mirror.Pair) {
			moved[p.Period] = *p
			scalePair(p, 0.1)
		})
		w.lane(3, 5, 8, 0, months-1, func(p *mirror.Pair) {
			scalePair(p, 0.1)
			if from, ok := moved[p.Period]; ok {
				p.XKg += scaleKg(from.XKg, 0.9)
				p.MKg += scaleKg(from.MKg, 0.9)
				p.XUSD += scaleFOB(from.XUSD, 0.9)
				p.MUSD += data.CIF(scaleFOB(data.FOB(from.MUSD), 0.9))
			}
		})
		maker := economy(1)
		if makes {
			maker = economy(5)
		}
		w.balances = []data.Balance{{Economy: maker, Commodity: code(3), Period: month(0), Item: data.Production, Kg: data.Kilograms(1), Basis: "survey"}}
		found := w.detect(t)
		if makes {
			if len(found) != 0 {
				t.Errorf("a producer that sells more is a case: %s", found[0].Statement)
			}
			continue
		}
		if len(found) != 1 || found[0].Kind != cases.OriginSwitch || data.Economy(found[0].Exporter) != economy(1) || found[0].Via != economy(5) {
			t.Errorf("found %d cases: %+v", len(found), found)
		}
	}
}

func scalePair(p *mirror.Pair, by float64) {
	p.XKg, p.MKg = scaleKg(p.XKg, by), scaleKg(p.MKg, by)
	p.XUSD, p.MUSD = scaleFOB(p.XUSD, by), data.CIF(scaleFOB(data.FOB(p.MUSD), by))
}
