package simulate

import (
	"cmp"
	"slices"

	"counterflow/data"
)

// heading is a four-digit group of goods, the unit in which flows are declared
// and written. No edition of the table moves a good to another heading.
type heading struct {
	code  string
	goods map[int]bool
	codes []string // six-digit codes in any edition, in order
}

// headings groups the goods of the world by their first four digits.
func (w *World) headings() []heading {
	byCode := map[string]*heading{}
	var order []string
	for i := range w.goods {
		four := w.goods[i].code[:4]
		c := byCode[four]
		if c == nil {
			c = &heading{code: four, goods: map[int]bool{}}
			byCode[four] = c
			order = append(order, four)
		}
		c.goods[i] = true
		c.codes = append(c.codes, w.goods[i].code)
		if old := editionBreaks[w.goods[i].code]; old != "" && w.on(Editions) {
			c.codes = append(c.codes, old)
		}
	}
	slices.Sort(order)
	all := make([]heading, len(order))
	for i, four := range order {
		c := byCode[four]
		slices.Sort(c.codes)
		c.codes = slices.Compact(c.codes)
		all[i] = *c
	}
	return all
}

// codeOf is the code that a reporter uses for a good in a month.
func (w *World) codeOf(good, reporter, m int) string {
	g := &w.goods[good]
	if old := editionBreaks[g.code]; old != "" && w.on(Editions) && m < w.economies[reporter].adopts {
		return old
	}
	return g.code
}

// declareHeading gives every record of a heading in order, and its slips.
// Records of confidential goods are handed back apart.
func (w *World) declareHeading(c heading, v vintage) (records, hidden []record, slips []Slip) {
	book := w.ledger(func(good int) bool { return c.goods[good] })
	lines := book.sorted()
	made := make(map[lineKey][]record, len(lines))
	for _, ln := range lines {
		mine, wrong := w.declare(ln, v)
		made[ln.lineKey] = mine
		slips = append(slips, wrong...)
	}
	for _, ln := range lines {
		all := made[ln.lineKey]
		if w.economies[ln.reporter].imputed {
			all = append(all, w.impute(ln, made)...)
		}
		for _, rec := range all {
			m := int(rec.month)
			if w.confidential(ln.lineKey, m) {
				hidden = append(hidden, rec)
				continue
			}
			at, _ := slices.BinarySearch(c.codes, w.codeOf(ln.good, ln.reporter, m))
			rec.code = int32(at)
			records = append(records, rec)
		}
	}
	return merge(records), hidden, slips
}

// impute fills the months in which the reporter was missing from what the
// partner declared: imports at 1.06 times the partner's exports or at the same
// value, exports at 1/1.06 of the partner's imports.
func (w *World) impute(ln *line, made map[lineKey][]record) []record {
	opposite := lineKey{ln.good, data.Export, ln.partner, ln.reporter}
	factor := 1.06
	if ln.direction == data.Export {
		opposite.direction, factor = data.Import, 1/1.06
	}
	if w.economies[ln.reporter].fob {
		factor = 1
	}
	e, always := &w.economies[ln.reporter], w.fateOf(ln.lineKey).always
	var filled []record
	for _, rec := range made[opposite] {
		m := int(rec.month)
		if rec.direction == data.ReExport || rec.partner == noPartner || !(e.gaps[m] && !e.annual || always && e.speaks(m, w.published)) {
			continue
		}
		rec.direction, rec.reporter, rec.partner = ln.direction, int16(ln.reporter), int16(ln.partner)
		rec.imputed, rec.estimated = true, true
		rec.usd = int64(float64(rec.usd)*factor + 0.5)
		filled = append(filled, rec)
	}
	return filled
}

// confidential says whether a reporter hides a good in a month.
func (w *World) confidential(k lineKey, m int) bool {
	r := w.seed.from("confidential", uint64(w.goods[k.good].id), uint64(k.direction), uint64(w.economies[k.reporter].id))
	if !r.chance(0.008 * w.strength(Confidential)) {
		return false
	}
	if whole := r.chance(0.6); whole {
		return true
	}
	return m >= r.pick(w.horizon)
}

// order sorts records as they are written.
func (rec *record) order(other *record) int {
	return cmp.Or(cmp.Compare(rec.code, other.code), cmp.Compare(rec.reporter, other.reporter),
		cmp.Compare(rec.direction, other.direction), cmp.Compare(rec.month, other.month), cmp.Compare(rec.partner, other.partner))
}

// merge sorts records and adds up those of one key.
func merge(records []record) []record {
	slices.SortStableFunc(records, func(a, b record) int { return a.order(&b) })
	kept := records[:0]
	for _, rec := range records {
		if n := len(kept); n > 0 && kept[n-1].order(&rec) == 0 {
			kept[n-1].add(rec)
			continue
		}
		kept = append(kept, rec)
	}
	return kept
}

// add sums two records; a sum with a part of unknown weight has no weight.
func (rec *record) add(other record) {
	rec.usd += other.usd
	if rec.kg == noKg || other.kg == noKg {
		rec.kg = noKg
	} else {
		rec.kg += other.kg
	}
	rec.estimated = rec.estimated || other.estimated
	rec.imputed = rec.imputed && other.imputed
}
