package simulate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// However long the passage, everything that left arrives once, and the mean
// delay is the passage.
func TestArrivalsKeepMassAndDelay(t *testing.T) {
	w := &World{}
	rapid.Check(t, func(r *rapid.T) {
		m, days := rapid.IntRange(0, 100).Draw(r, "month"), rapid.Float64Range(0, 200).Draw(r, "days")
		share, delay := 0.0, 0.0
		for _, a := range w.arrivals(m, days) {
			if a.share < 0 || a.month < m {
				r.Fatalf("%+v", a)
			}
			share += a.share
			delay += a.share * float64(a.month-m) * 30
		}
		if math.Abs(share-1) > 1e-12 || math.Abs(delay-days) > 1e-9 {
			r.Fatalf("share %g, delay %g of %g days", share, delay, days)
		}
	})
}

// What a side says under both codes is what it says of the truth; nothing is
// negative.
func TestStatementsShareOutTheTruth(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		kind := rapid.SampledFrom([]Kind{MissingExport, MissingImport, CodeSwitch, SisterMove, ValueGap, Reroute}).Draw(r, "kind")
		e := effect{kind: kind, start: 3, end: 8, share: rapid.Float64Range(0, 1).Draw(r, "share"), other: 2,
			atImporter: rapid.Bool().Draw(r, "importer") || kind == MissingImport}
		l := lane{effects: []effect{e}}
		m := rapid.IntRange(0, 12).Draw(r, "month")
		s := l.statement(m)
		exported, imported := s.exported+s.exportedAs, s.imported+s.importedAs
		wantX, wantM := 1.0, 1.0
		if e.covers(m) && kind == MissingExport {
			wantX -= e.share
		}
		if e.covers(m) && kind == MissingImport {
			wantM -= e.share
		}
		if math.Abs(exported-wantX) > 1e-12 || math.Abs(imported-wantM) > 1e-12 {
			r.Fatalf("%+v: exported %g, imported %g", s, exported, imported)
		}
		if math.Min(math.Min(s.exported, s.imported), math.Min(s.exportValue, s.importValue)) < 0 {
			r.Fatalf("%+v is negative", s)
		}
	})
}

func TestPartsSumToTheRecord(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rec := record{kg: rapid.Int64Range(-1, 1e15).Draw(r, "kg"), usd: rapid.Int64Range(0, 1e15).Draw(r, "usd")}
		one := rec.part(rapid.Float64Range(0, 1).Draw(r, "share"))
		two := rec
		two.usd -= one.usd
		if rec.kg != noKg {
			two.kg -= one.kg
		}
		one.add(two)
		if one.usd != rec.usd || one.kg != rec.kg || two.usd < 0 {
			r.Fatalf("%+v is not %+v", one, rec)
		}
	})
}

func TestRoutesShareOutTheLane(t *testing.T) {
	w, err := Make(preset(t, "small"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range w.lanes {
		for m := range l.kg {
			sum := 0.0
			w.eachRoute(l, m, func(_ string, share float64) {
				if share < -1e-12 {
					t.Fatalf("share %g", share)
				}
				sum += share
			})
			if math.Abs(sum-1) > 1e-12 {
				t.Fatalf("routes sum to %g", sum)
			}
		}
	}
}
