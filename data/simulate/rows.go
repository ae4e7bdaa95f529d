package simulate

import (
	"cmp"
	"slices"
	"strconv"

	"counterflow/data"
)

// page is the text of one heading with what is written after all headings.
type page struct {
	text   []byte
	rows   int64
	hidden []record      // of confidential goods
	totals []record      // World totals by reporter, direction and month
	upper  []levelRecord // sums by chapter
	slips  []Slip
}

// print declares a heading and writes its rows: for every good the World total,
// the partners, and their parts where the reporter gives some; then the heading.
func (w *World) print(h heading, v vintage) page {
	records, hidden, slips := w.declareHeading(h, v)
	p := page{hidden: hidden, slips: slips, text: make([]byte, 0, len(records)*250)}
	var levels []levelRecord
	for start := 0; start < len(records); {
		end := start + 1
		for end < len(records) && records[start].sameMonth(&records[end]) {
			end++
		}
		world := w.printMonth(&p, h.codes[records[start].code], records[start:end])
		p.totals = append(p.totals, world)
		levels = w.raise(levels, h.code, records[start:end], world)
		start = end
	}
	levels = sumLevels(levels)
	w.printLevels(&p, levels)
	for _, rec := range levels {
		rec.code = h.code[:2]
		p.upper = append(p.upper, rec)
	}
	return p
}

// raise adds what the reporter lists by heading and chapter.
func (w *World) raise(upper []levelRecord, code string, records []record, world record) []levelRecord {
	levels := w.economies[world.reporter].levels
	if levels == noLevels || world.direction == data.ReExport {
		return upper
	}
	upper = append(upper, levelRecord{code, world})
	if levels == partnerLevels {
		for _, rec := range records {
			upper = append(upper, levelRecord{code, rec})
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

// sumLevels adds up the records of each code, reporter, direction, month and
// partner.
func sumLevels(all []levelRecord) []levelRecord {
	order := func(a, b levelRecord) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.reporter, b.reporter), cmp.Compare(a.direction, b.direction),
			cmp.Compare(a.month, b.month), cmp.Compare(a.partner, b.partner))
	}
	slices.SortStableFunc(all, order)
	kept := all[:0]
	for _, rec := range all {
		if n := len(kept); n > 0 && order(kept[n-1], rec) == 0 {
			kept[n-1].add(rec.record)
			continue
		}
		kept = append(kept, rec)
	}
	return kept
}

// printLevels writes headings or chapters.
func (w *World) printLevels(p *page, levels []levelRecord) {
	for i := range levels {
		rec := &levels[i]
		p.row(w, &row{record: rec.record, code: rec.code, world: rec.partner == worldPartner, partner2: -1, customs: everyProcedure})
	}
}

// printRest writes what belongs to no heading: chapters, confidential goods
// under 999999, and each reporter's total over all goods.
func (w *World) printRest(hidden, totals []record, upper []levelRecord) page {
	var p page
	w.printLevels(&p, sumLevels(upper))
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
