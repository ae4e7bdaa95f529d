package simulate

import (
	"cmp"
	"slices"
	"strconv"

	"counterflow/data"
)

// page is the text of one chapter with what later chapters need of it.
type page struct {
	text   []byte
	rows   int64
	hidden []record // of confidential goods
	totals []record // World totals of the chapter by reporter, direction and month
	slips  []Slip
}

// print declares a chapter and writes its rows: for every good the World
// total, the partners, and their parts where the reporter gives some; then the
// headings and the chapter.
func (w *World) print(c chapter, v vintage) page {
	records, hidden, slips := w.declareChapter(c, v)
	p := page{hidden: hidden, slips: slips, text: make([]byte, 0, len(records)*300)}
	var upper []levelRecord
	for start := 0; start < len(records); {
		end := start + 1
		for end < len(records) && records[start].sameMonth(&records[end]) {
			end++
		}
		code := c.codes[records[start].code]
		world := w.printMonth(&p, code, records[start:end])
		p.totals = append(p.totals, world)
		upper = w.raise(upper, code, records[start:end], world)
		start = end
	}
	w.printLevels(&p, upper)
	return p
}

// raise adds what the reporter lists by heading and chapter.
func (w *World) raise(upper []levelRecord, code string, records []record, world record) []levelRecord {
	levels := w.economies[world.reporter].levels
	if levels == noLevels || world.direction == data.ReExport {
		return upper
	}
	upper = append(upper, levelRecord{code[:4], world}, levelRecord{code[:2], world})
	if levels == partnerLevels {
		for _, rec := range records {
			upper = append(upper, levelRecord{code[:4], rec}, levelRecord{code[:2], rec})
		}
	}
	return upper
}

// worldPartner stands for the total over all partners while levels are summed.
const worldPartner = -2

func (rec *record) sameMonth(other *record) bool {
	return rec.code == other.code && rec.reporter == other.reporter && rec.direction == other.direction && rec.month == other.month
}

// printMonth writes what one reporter says of one good in one month and returns
// its World total.
func (w *World) printMonth(p *page, code string, records []record) record {
	world := records[0]
	for _, rec := range records[1:] {
		world.add(rec)
	}
	world.partner = worldPartner
	p.row(w, &row{record: world, code: code, world: true, partner2: -1, customs: everyProcedure})
	for i := range records {
		rec := &records[i]
		e := &w.economies[rec.reporter]
		parts := e.parts != noParts && !rec.imputed && rec.partner != noPartner && rec.direction != data.ReExport
		if !(parts && e.noTotal) {
			p.row(w, &row{record: *rec, code: code, partner2: -1, customs: everyProcedure})
		}
		if parts {
			w.printParts(p, code, rec)
		}
	}
	return world
}

// printParts writes the two parts of a record that its reporter lists beside
// the total, or instead of it.
func (w *World) printParts(p *page, code string, rec *record) {
	r := w.seed.from("parts", uint64(rec.reporter), uint64(rec.partner), uint64(rec.month), uint64(rec.usd))
	one := rec.part(r.between(0.55, 0.95))
	two := *rec
	two.usd -= one.usd
	if rec.kg != noKg {
		two.kg -= one.kg
	}
	a := row{record: one, code: code, partner2: -1, customs: everyProcedure}
	b := row{record: two, code: code, partner2: -1, customs: everyProcedure}
	switch w.economies[rec.reporter].parts {
	case partsByMode:
		a.mode, b.mode = int(rec.mode), 9900
	case partsByProcedure:
		a.customs, b.customs = "C01", "C06"
	case partsByConsignment:
		a.partner2, b.partner2 = int(rec.partner), int(rec.reporter+1)%len(w.economies)
		if b.partner2 == a.partner2 {
			b.partner2 = (b.partner2 + 1) % len(w.economies)
		}
	}
	p.row(w, &a)
	p.row(w, &b)
}

func (p *page) row(w *World, r *row) {
	p.text = w.appendRow(p.text, r)
	p.rows++
}

// levelRecord is a record on its way into a heading or chapter.
type levelRecord struct {
	code string
	record
}

// printLevels writes headings and chapters, summed over their goods.
func (w *World) printLevels(p *page, upper []levelRecord) {
	slices.SortStableFunc(upper, func(a, b levelRecord) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.reporter, b.reporter), cmp.Compare(a.direction, b.direction),
			cmp.Compare(a.month, b.month), cmp.Compare(a.partner, b.partner))
	})
	for i := 0; i < len(upper); {
		sum := upper[i]
		j := i + 1
		for ; j < len(upper) && upper[j].code == sum.code && upper[j].reporter == sum.reporter && upper[j].direction == sum.direction &&
			upper[j].month == sum.month && upper[j].partner == sum.partner; j++ {
			sum.add(upper[j].record)
		}
		p.row(w, &row{record: sum.record, code: sum.code, world: sum.partner == worldPartner, partner2: -1, customs: everyProcedure})
		i = j
	}
}

// printRest writes what belongs to no chapter: confidential goods under 999999
// and each reporter's total over all goods.
func (w *World) printRest(hidden, totals []record) page {
	var p page
	for i := range hidden {
		hidden[i].code = 0
	}
	hidden = merge(hidden)
	for start := 0; start < len(hidden); {
		end := start + 1
		for end < len(hidden) && hidden[start].sameMonth(&hidden[end]) {
			end++
		}
		totals = append(totals, w.printMonth(&p, "999999", hidden[start:end]))
		start = end
	}
	for i := range totals {
		totals[i].code = 0
	}
	for _, rec := range merge(totals) {
		rec.kg, rec.estimated = noKg, false
		p.row(w, &row{record: rec, code: allGoods, world: true, partner2: -1, customs: everyProcedure})
	}
	return p
}

// columns is code, ISO and an empty description, as they stand for a reporter
// or a partner.
func (e *place) comtradeColumns() string {
	iso := e.iso
	if iso == "TWN" { // "Other Asia, not elsewhere specified"
		iso = "S19"
	}
	return strconv.Itoa(e.code) + "," + iso + ",,"
}
