package stocks

import (
	"math"
	"slices"

	"counterflow/data"
)

// Series is one lane's kilograms by month; NaN is unknown.
type Series struct {
	Commodity          data.Commodity
	Exporter, Importer data.Economy
	Start              data.Period
	Kg                 []float64
}

// Window is how long before and after an event is looked at, in months.
type Window struct {
	Base   int // before Before, the level that all is held against; 0 means 12
	Before int // up to the event; 0 means 3
	After  int // from the event on; 0 means 12
}

func (w Window) filled() Window {
	for _, f := range []struct {
		field *int
		usual int
	}{{&w.Base, 12}, {&w.Before, 3}, {&w.After, 12}} {
		if *f.field == 0 {
			*f.field = f.usual
		}
	}
	return w
}

// Ratio is a mean over a base mean, with the standard error by the delta method
//
//	se = r sqrt((sem/mean)^2 + (sem_base/mean_base)^2).
type Ratio struct{ Value, SE float64 }

// Contrast is a difference of logs with its standard error. NaN where it cannot
// be had.
type Contrast struct{ Value, SE float64 }

// Minus is the difference of two contrasts that share no data.
func (c Contrast) Minus(other Contrast) Contrast {
	return Contrast{c.Value - other.Value, math.Hypot(c.SE, other.SE)}
}

// Study is what flows did before and after a dated event. It says "after", never
// "because of".
type Study struct {
	Event    string
	Importer data.Economy // none for all importers concerned
	At       data.Period  // month of effect
	Before   Ratio        // mean of the months before over the base
	After    Ratio        // mean of the months after over the base
	// Contrast is ln(before/after): above zero where more went before than after.
	Contrast Contrast
	// Against other partners of the same importers, and against other goods of the
	// same exporter and importers, which the event does not concern.
	Partners, Goods Contrast
	// Swing is ln(peak/trough) of three-month means, peak before and trough after;
	// NaN where the trough is nothing at all.
	Swing float64
	Lanes int // lanes concerned
}

// StudyMonth is one month of a study: what the lanes concerned carried, and each
// group of lanes over its own base mean. Kg is missing and a ratio NaN where
// unknown.
type StudyMonth struct {
	Event                  string
	Importer               data.Economy
	Period                 data.Period
	Kg                     data.Kg
	Index, Partners, Goods float64
}

// months lays the three groups of a study side by side, from its first month on.
func (s Study) months(first data.Period, concerned, partners, goods *sum) []StudyMonth {
	all := make([]StudyMonth, len(concerned.kg))
	for t := range all {
		all[t] = StudyMonth{Event: s.Event, Importer: s.Importer, Period: first.Add(t), Kg: data.Kilograms(concerned.kg[t]),
			Index: concerned.index(t), Partners: partners.index(t), Goods: goods.index(t)}
	}
	return all
}

// index is a month over the mean of the base, NaN where no lane was summed.
func (s *sum) index(t int) float64 {
	base := meanOf(s.kg[:s.w.Base])
	if s.lanes == 0 || !(base > 0) {
		return math.NaN()
	}
	return s.kg[t] / base
}

// FrontLoaded says whether more than the base went before and less than the base
// after, each by the lower half of a 90% interval.
func (s Study) FrontLoaded() bool {
	return s.Before.Value-ninety*s.Before.SE > 1 && s.After.Value+ninety*s.After.SE < 1
}

// StudyEvent sums the lanes that an event concerns, those of other partners and
// those of other goods, and compares each before and after. ok is false where no
// lane is concerned or the months do not reach far enough. Zero importer means
// all.
func StudyEvent(lanes []Series, e data.Event, importer data.Economy, w Window) (s Study, months []StudyMonth, ok bool) {
	w = w.filled()
	concerned, partners, goods := newSum(e.Effective, w), newSum(e.Effective, w), newSum(e.Effective, w)
	for i := range lanes {
		l := &lanes[i]
		if importer != 0 && l.Importer != importer {
			continue
		}
		switch actor := l.Exporter.String() == e.Actor; {
		case actor && concerns(&e, l.Importer, l.Commodity):
			concerned.add(l)
		case !actor && ofGoods(&e, l.Commodity) && concerns(&e, l.Importer, l.Commodity):
			partners.add(l)
		case actor && !ofGoods(&e, l.Commodity):
			goods.add(l)
		}
	}
	s = Study{Event: e.ID, Importer: importer, At: e.Effective, Lanes: concerned.lanes}
	base, before, after := concerned.means()
	if concerned.lanes == 0 || !(base.mean > 0) || !(before.mean > 0) || math.IsNaN(after.mean) {
		return s, nil, false
	}
	s.Before, s.After = before.over(base), after.over(base)
	s.Contrast = before.log().Minus(after.log())
	s.Partners, s.Goods = s.Contrast.Minus(partners.contrast()), s.Contrast.Minus(goods.contrast())
	s.Swing = concerned.swing()
	return s, s.months(e.Effective.Add(-w.Base-w.Before), concerned, partners, goods), true
}

// sum adds up lanes over the window about an event, one value a month.
type sum struct {
	from  int // index of the first month
	w     Window
	kg    []float64
	lanes int
}

func newSum(at data.Period, w Window) *sum {
	return &sum{from: at.Index() - w.Before - w.Base, w: w, kg: make([]float64, w.Base+w.Before+w.After)}
}

// add takes the months of a lane that are known; a lane with an unknown month in
// the window is left out, so that its silence is no fall.
func (s *sum) add(l *Series) {
	first := s.from - l.Start.Index()
	reach := min(len(s.kg), len(l.Kg)-first) // the lane may end before the window does
	if first < 0 || reach <= s.w.Base+s.w.Before {
		return
	}
	if slices.ContainsFunc(l.Kg[first:first+reach], math.IsNaN) {
		return
	}
	for t := range s.kg {
		if t < reach {
			s.kg[t] += l.Kg[first+t]
		} else {
			s.kg[t] = math.NaN()
		}
	}
	s.lanes++
}

// moment is a mean with its standard error.
type moment struct{ mean, sem float64 }

func momentOf(x []float64) moment {
	x = known(x)
	if len(x) < 2 {
		return moment{meanOf(x), math.NaN()}
	}
	m := meanOf(x)
	return moment{m, spreadAbout(x, m) / math.Sqrt(float64(len(x)))}
}

func (m moment) over(base moment) Ratio {
	r := m.mean / base.mean
	return Ratio{r, r * math.Hypot(m.sem/m.mean, base.sem/base.mean)}
}

func (m moment) log() Contrast { return Contrast{math.Log(m.mean), m.sem / m.mean} }

func (s *sum) means() (base, before, after moment) {
	b, p := s.w.Base, s.w.Base+s.w.Before
	return momentOf(s.kg[:b]), momentOf(s.kg[b:p]), momentOf(s.kg[p:])
}

// contrast is ln(before/after), NaN where no lane was summed.
func (s *sum) contrast() Contrast {
	if s.lanes == 0 {
		return Contrast{math.NaN(), math.NaN()}
	}
	_, before, after := s.means()
	return before.log().Minus(after.log())
}

// swing is ln(peak/trough) of means over as many months as Before has; NaN where
// nothing at all went in the trough.
func (s *sum) swing() float64 {
	p, width := s.w.Base+s.w.Before, s.w.Before
	peak, trough := 0.0, math.Inf(1)
	for t := 0; t+width <= len(s.kg); t++ {
		m := meanOf(s.kg[t : t+width])
		switch {
		case math.IsNaN(m):
		case t+width <= p:
			peak = max(peak, m)
		case t >= p:
			trough = min(trough, m)
		}
	}
	if !(trough > 0) {
		return math.NaN()
	}
	return math.Log(peak / trough)
}

// studies are those of a run with their months.
type studies struct {
	all    []Study
	months []StudyMonth
}

// studiesOf looks at every event of a monthly run, over all importers concerned
// and for each of them.
func studiesOf(flows []flow, c calendar, events []data.Event) studies {
	var out studies
	if !c.monthly() || len(events) == 0 {
		return out
	}
	lanes := make([]Series, len(flows))
	for i := range flows {
		f := &flows[i]
		lanes[i] = Series{Commodity: f.commodity, Exporter: f.exporter, Importer: f.importer, Start: c.start, Kg: f.imported}
		if len(known(f.departed)) > len(known(f.imported)) {
			lanes[i].Kg = f.departed
		}
	}
	for _, e := range events {
		out.event(e, lanes)
	}
	return out
}

// event looks at one event. Lanes of neither the exporter nor the goods play no
// part and are left out first.
func (out *studies) event(e data.Event, lanes []Series) {
	var every []Series
	byImporter := map[data.Economy][]Series{}
	concerned := []data.Economy{}
	for i := range lanes {
		l := &lanes[i]
		actor, goods := l.Exporter.String() == e.Actor, ofGoods(&e, l.Commodity)
		if !actor && !goods {
			continue
		}
		every = append(every, *l)
		byImporter[l.Importer] = append(byImporter[l.Importer], *l)
		if actor && goods {
			concerned = append(concerned, l.Importer)
		}
	}
	out.add(every, e, 0)
	slices.Sort(concerned)
	for _, importer := range slices.Compact(concerned) {
		out.add(byImporter[importer], e, importer)
	}
}

func (out *studies) add(lanes []Series, e data.Event, importer data.Economy) {
	if s, months, ok := StudyEvent(lanes, e, importer, Window{}); ok {
		out.all, out.months = append(out.all, s), append(out.months, months...)
	}
}
