package replay

import (
	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/evaluate"
)

// Planted is a visible planted case of a simulated world and when it was found.
type Planted struct {
	ID         string         `json:"id"`
	Kind       string         `json:"kind"`
	Commodity  data.Commodity `json:"commodity"`
	Exporter   data.Economy   `json:"exporter"`
	Importer   data.Economy   `json:"importer"`
	Via        data.Economy   `json:"via"`
	Start      data.Period    `json:"start"`
	End        data.Period    `json:"end"`
	UnderWay   bool           `json:"under_way"`      // begun before the first month run: it may have been found before
	FirstFound data.Period    `json:"first_found"`    // none for never
	FoundAfter Delay          `json:"months_to_find"` // from Start
	As         string         `json:"as,omitempty"`   // the kind of the case that first found it
	Stands     bool           `json:"stands"`         // found in the last month run
}

// watch waits for planted cases to be found.
type watch struct {
	truth  *evaluate.Truth
	rules  evaluate.Rules
	all    []Planted // all that had begun by the last month, in the order of the truth
	place  map[string]int
	months []data.Period
}

func newWatch(truth *evaluate.Truth, rules evaluate.Rules) *watch {
	w := &watch{truth: truth, rules: rules, place: map[string]int{}}
	for i := range truth.Planted {
		p := &truth.Planted[i]
		if !rules.Visible(p) {
			continue
		}
		w.place[p.ID] = len(w.all)
		w.all = append(w.all, Planted{ID: p.ID, Kind: p.Kind, Commodity: p.Commodity, Exporter: p.Exporter, Importer: p.Importer,
			Via: p.Via, Start: p.Start, End: p.End, FoundAfter: Never})
	}
	return w
}

// add holds the cases of one month against what had been planted by then.
func (w *watch) add(month data.Period, list []cases.Case) {
	w.months = append(w.months, month)
	for _, o := range evaluate.Outcomes(evaluate.FromCases(list), w.truth.UpTo(month), w.rules) {
		at, visible := w.place[o.ID]
		if !visible {
			continue
		}
		p := &w.all[at]
		p.Stands = o.Found
		if o.Found && p.FirstFound == 0 {
			p.FirstFound, p.FoundAfter, p.As = month, since(p.Start, month), o.As
		}
	}
}

// told gives those that had begun by the last month.
func (w *watch) told() []Planted {
	told := []Planted{}
	for _, p := range w.all {
		if p.Start <= w.months[len(w.months)-1] {
			p.UnderWay = p.Start < w.months[0].Start()
			told = append(told, p)
		}
	}
	return told
}

// PlantedSummary counts the visible planted cases.
type PlantedSummary struct {
	Visible int `json:"visible"` // begun by the last month
	Found   int `json:"found"`   // in any month
	// Timed are those that began in the months run, early enough to be found soon.
	Timed     int            `json:"timed"`
	Soon      int            `json:"found_soon"` // of those, within three months of their start
	SoonShare evaluate.Ratio `json:"found_soon_share"`
}

func (w *watch) summary() *PlantedSummary {
	s := &PlantedSummary{}
	for _, p := range w.told() {
		s.Visible++
		if p.FirstFound != 0 {
			s.Found++
		}
		if !p.UnderWay && since(p.Start, w.months[len(w.months)-1]) >= soon {
			s.Timed++
			if p.FoundAfter.soon() {
				s.Soon++
			}
		}
	}
	s.SoonShare = share(s.Soon, s.Timed)
	return s
}
