package simulate

import (
	"math"
	"testing"
)

// monthKey is one reporter's good, direction and month.
type monthKey struct{ code, reporter, flow, period string }

func TestTotalsAreTheSumsOfTheirParts(t *testing.T) {
	rows := flowsOf(t, preset(t, "small"))
	world, partners, parts := map[monthKey]float64{}, map[monthKey]float64{}, map[monthKey]float64{}
	partTotals := map[monthKey]float64{}
	levels := map[monthKey]float64{}
	for i := range rows {
		d := &rows[i]
		key := monthKey{d.code, d.reporter, d.flow, d.period}
		total := d.customs == everyProcedure && d.mode == "0" && d.partner2 == "0"
		switch {
		case d.code == allGoods:
			levels[key] += d.usd
		case len(d.code) < 6:
		case d.partner == "W00":
			world[key] += d.usd
			levels[monthKey{allGoods, d.reporter, d.flow, d.period}] -= d.usd
		case total:
			partners[key] += d.usd
			partTotals[monthKey{d.code + d.partner, d.reporter, d.flow, d.period}] += d.usd
		default:
			parts[monthKey{d.code + d.partner, d.reporter, d.flow, d.period}] += d.usd
		}
	}
	alone := 0
	for key, usd := range parts {
		if _, ok := partTotals[key]; !ok { // parts without their total
			alone++
			partners[monthKey{key.code[:6], key.reporter, key.flow, key.period}] += usd
		}
	}
	if alone == 0 || alone == len(parts) {
		t.Fatalf("%d of %d sets of parts stand without their total", alone, len(parts))
	}
	const cent = 0.011 // half a cent of rounding when read back, twice
	for key, usd := range world {
		if math.Abs(usd-partners[key]) > cent*10 {
			t.Fatalf("%v: World says %.2f, its partners %.2f", key, usd, partners[key])
		}
	}
	for key, usd := range parts {
		if total, ok := partTotals[key]; ok && math.Abs(usd-total) > cent {
			t.Fatalf("%v: parts sum to %.2f, the total is %.2f", key, usd, total)
		}
	}
	for key, rest := range levels {
		if math.Abs(rest) > 1 { // some thousand cells of a cent's rounding each
			t.Fatalf("%v: the total over all goods is off by %.2f", key, rest)
		}
	}
}

func TestHeadingsAndChaptersSumTheirGoods(t *testing.T) {
	rows := flowsOf(t, preset(t, "small"))
	heading, goods, found := map[monthKey]float64{}, map[monthKey]float64{}, map[int]bool{}
	for i := range rows {
		d := &rows[i]
		if d.partner != "W00" || d.flow == "RX" {
			continue
		}
		switch len(d.code) {
		case 2, 4:
			heading[monthKey{d.code, d.reporter, d.flow, d.period}] += d.usd
			found[len(d.code)] = true
		case 6:
			goods[monthKey{d.code[:4], d.reporter, d.flow, d.period}] += d.usd
			goods[monthKey{d.code[:2], d.reporter, d.flow, d.period}] += d.usd
		}
	}
	if !found[2] || !found[4] {
		t.Fatal("no reporter lists headings and chapters")
	}
	for key, usd := range heading {
		if math.Abs(usd-goods[key]) > 0.11 {
			t.Fatalf("%v: the heading says %.2f, its goods %.2f", key, usd, goods[key])
		}
	}
}

// The exporter names the hub, the importer the origin: the lane's gap is what
// goes by the hub, and the exporter's total over partners is what left.
func TestEntrepotMovesPartnersNotTotals(t *testing.T) {
	s := exact(t)
	w, err := Make(s.With(Entrepot, 1))
	if err != nil {
		t.Fatal(err)
	}
	book := w.ledger(func(int) bool { return true })
	left, named := map[[3]int]float64{}, map[[3]int]float64{}
	hubs := 0
	for _, l := range w.lanes {
		if l.hub >= 0 {
			hubs++
		}
		for m := range l.kg {
			left[[3]int{l.good, l.from, m}] += l.kg[m]
		}
	}
	for key, ln := range book.lines {
		for m, kg := range ln.kg {
			if key.direction == 0 && (ln.again == nil || ln.again[m] == 0 || !w.economies[key.reporter].entrepot) {
				named[[3]int{key.good, key.reporter, m}] += kg
			}
		}
	}
	if hubs == 0 {
		t.Fatal("no lane passes a hub")
	}
	for at, kg := range left {
		if w.economies[at[1]].entrepot {
			continue // its own trade and what passes it share lines
		}
		if math.Abs(kg-named[at]) > 1e-6*kg {
			t.Fatalf("%s of %s: %g kg left, %g kg declared", w.goods[at[0]].code, w.economies[at[1]].iso, kg, named[at])
		}
	}
}
