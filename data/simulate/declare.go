package simulate

import (
	"math"

	"counterflow/data"
)

// record is one declaration at six digits, the total over modes and procedures.
type record struct {
	code      int32 // index into the codes of the heading
	reporter  int16
	partner   int16 // -1 for areas not elsewhere specified
	month     int16
	direction data.Direction
	estimated bool // flagged as estimated
	imputed   bool // filled from the partner's report
	mode      int16
	kg        int64 // grams, -1 where no weight was given
	usd       int64 // cents
}

const (
	noPartner   = -1
	noKg        = -1
	lastRevised = 6 // months before the end of which the first publication was provisional
)

// Slip is one weight declared in the wrong unit.
type Slip struct {
	ID         string
	Reporter   data.Economy
	Direction  data.Direction
	Commodity  data.Commodity
	Exporter   data.Exporter
	Importer   data.Importer
	Start, End data.Period
	Factor     float64 // declared over meant
}

var slipFactors = []float64{1000, 1000, 0.001, 0.001, 2.20462, 1 / 2.20462, 0.90718, 10}

// declaration turns a line without error into what is written down.
type declaration struct {
	world   *World
	line    *line
	weight  []float64 // errors, natural log
	value   []float64
	factor  []float64 // unit slip on the weight, 1 for none
	fate    fate
	records []record
}

// fate is what a reporter does with the weights and the partner of a line.
type fate struct {
	weightless bool
	estimated  bool
	flagged    bool    // says that it estimates
	price      float64 // standard unit value of the estimate
	unstated   float64 // share without partner
	always     bool    // every month is filled from the partner
}

func (w *World) fateOf(k lineKey) fate {
	r := w.lineStream("fate", k)
	e := &w.economies[k.reporter]
	u := [5]float64{r.uniform(), r.uniform(), r.uniform(), r.uniform(), r.normal()}
	f := fate{weightless: u[0] < e.noWeight, estimated: u[1] < e.estimate, flagged: u[2] < 0.85, always: e.imputed && u[3] < 0.015}
	f.price = w.goods[k.good].unitValue
	f.unstated = math.Min(e.unstated*math.Exp(0.5*u[4]), 0.5)
	return f
}

// declare gives the records of one line in months in which its reporter speaks,
// and the slips among them.
func (w *World) declare(ln *line, vintage vintage) ([]record, []Slip) {
	h := w.habit(ln.lineKey)
	d := declaration{world: w, line: ln, fate: w.fateOf(ln.lineKey)}
	d.weight, d.value = w.errors(ln.lineKey, h)
	if d.fate.always {
		return nil, nil
	}
	slips := d.slip()
	e := &w.economies[ln.reporter]
	for m := lead; m < w.published; m++ {
		if ln.kg[m] > 0 && e.speaks(m, w.published) && !vintage.withholds(w, ln.lineKey, m) {
			d.month(m, vintage)
		}
	}
	return d.records, slips
}

func (d *declaration) month(m int, vintage vintage) {
	w, ln := d.world, d.line
	method := w.methodAt(ln.lineKey, m) + vintage.provisional(w, ln.lineKey, m)
	kg := ln.kg[m] * math.Exp(d.weight[m]+method)
	usd := ln.usd[m] * math.Exp(d.value[m]+method)
	rec := record{reporter: int16(ln.reporter), partner: int16(ln.partner), month: int16(m), direction: ln.direction, mode: int16(ln.mode)}
	rec.usd = int64(math.Round(usd * 100))
	switch {
	case d.fate.weightless:
		rec.kg = noKg
	case d.fate.estimated:
		rec.kg, rec.estimated = int64(math.Round(usd/d.fate.price*1000)), d.fate.flagged
	default:
		rec.kg = int64(math.Round(kg * d.factor[m] * 1000))
	}
	if rec.usd < 100 || rec.kg == 0 {
		return
	}
	d.book(rec, m)
	if ln.again != nil && ln.again[m] > 0 && w.economies[ln.reporter].tellsRe {
		part := rec.part(math.Min(ln.again[m]/ln.kg[m], 1))
		part.direction = data.ReExport
		d.book(part, m)
	}
}

// book files the record under its partner, or without one.
func (d *declaration) book(rec record, m int) {
	switch {
	case rec.direction != data.ReExport && d.world.unknownAt(d.line.lineKey, m):
		rec.partner = noPartner
	case d.fate.unstated > 0 && rec.direction != data.ReExport:
		lost := rec.part(d.fate.unstated)
		lost.partner = noPartner
		rec.usd -= lost.usd
		if rec.kg != noKg {
			rec.kg -= lost.kg
		}
		d.records = append(d.records, lost)
	}
	d.records = append(d.records, rec)
}

// part is a share of a record.
func (rec record) part(share float64) record {
	rec.usd = int64(math.Round(float64(rec.usd) * share))
	if rec.kg != noKg {
		rec.kg = int64(math.Round(float64(rec.kg) * share))
	}
	return rec
}

// slip draws the months in which the weight is written in a wrong unit.
func (d *declaration) slip() []Slip {
	w, k := d.world, d.line.lineKey
	d.factor = make([]float64, w.horizon)
	for m := range d.factor {
		d.factor[m] = 1
	}
	rate := 0.0006 * w.strength(UnitSlips)
	if rate == 0 || d.fate.weightless || d.fate.estimated {
		return nil
	}
	var slips []Slip
	r := w.lineStream("slips", k)
	for m := 0; m < w.horizon; m++ {
		hit, factor, long := r.chance(rate), slipFactors[r.pick(len(slipFactors))], r.uniform()
		if !hit {
			continue
		}
		end := m
		if long < 0.3 {
			end = min(m+1+int(long*10), w.horizon-1)
		}
		if d.spoken(m, end) {
			for t := m; t <= end; t++ {
				d.factor[t] = factor
			}
			slips = append(slips, w.slipOf(k, m, min(end, w.published-1), factor))
		}
		m = end
	}
	return slips
}

// spoken says whether a slip between two months can be seen.
func (d *declaration) spoken(start, end int) bool {
	for m := max(start, lead); m <= end; m++ {
		if d.line.kg[m] > 0 && d.world.economies[d.line.reporter].speaks(m, d.world.published) {
			return true
		}
	}
	return false
}

func (w *World) slipOf(k lineKey, start, end int, factor float64) Slip {
	s := Slip{Reporter: w.economies[k.reporter].id, Direction: k.direction, Commodity: w.goods[k.good].id,
		Start: w.period(max(start, lead)), End: w.period(end), Factor: factor}
	from, to := w.economies[k.reporter].id, w.economies[k.partner].id
	if !k.direction.Outward() {
		from, to = to, from
	}
	s.Exporter, s.Importer = data.Exporter(from), data.Importer(to)
	return s
}

// vintage is a publication: the revised one or the first.
type vintage int

const (
	revised vintage = iota
	first
)

// withholds says whether the first publication lacks a line that came later.
func (v vintage) withholds(w *World, k lineKey, m int) bool {
	if v == revised || m < w.published-lastRevised || w.strength(Revisions) == 0 {
		return false
	}
	r := w.lineStream("late line", k)
	return r.uniform() > w.economies[k.reporter].stable
}

// provisional is how far the first publication is from the revised one, natural
// log; large for a few lines.
func (v vintage) provisional(w *World, k lineKey, m int) float64 {
	if v == revised || m < w.published-lastRevised || w.strength(Revisions) == 0 {
		return 0
	}
	r := w.lineStream("provisional", k)
	for range w.published - m {
		r.next()
	}
	return 0.15 * (1 - w.economies[k.reporter].stable) * 5 * w.strength(Revisions) * r.heavy()
}
