package evaluate

import (
	"math"
	"slices"
)

// merge adds the counts of another score and takes the shares anew.
func (s *Score) merge(o *Score) {
	s.Overall = sumStrata([]Stratum{s.Overall}, []Stratum{o.Overall})[0]
	s.ByKind, s.ByShare = sumStrata(s.ByKind, o.ByKind), sumStrata(s.ByShare, o.ByShare)
	s.ByLength, s.ByZ = sumStrata(s.ByLength, o.ByLength), sumStrata(s.ByZ, o.ByZ)
	s.mergeRecall(o.Recall)
	s.False.sum(&o.False)
	s.False.Share = ratio(s.False.False, s.False.False+s.False.DistinctFound)
	s.mergeFalses(o.FalseByKind)
	s.mergeLookAlikes(o.LookAlikes)
	s.Unattributed += o.Unattributed
	s.Slips.Present += o.Slips.Present
	s.Slips.Found += o.Slips.Found
	s.Slips.Listed += o.Slips.Listed
	s.Slips.Invented += o.Slips.Invented
	s.mergeCalibration(o.Calibration)
	s.mergeIntervals(o.Intervals)
	s.mergeAccuracy(o.Accuracy)
	s.mergeBaselines(o.Baselines)
}

func (t *Tally) sum(o Tally) {
	t.Planted += o.Planted
	t.Found += o.Found
	t.Named += o.Named
	t.Sized += o.Sized
	t.Diversions += o.Diversions
	t.Traced += o.Traced
}

// sumStrata adds strata by place; the first list may be empty.
func sumStrata(sum, more []Stratum) []Stratum {
	if len(sum) == 0 {
		return slices.Clone(more)
	}
	for i := range more {
		sum[i].Name = more[i].Name
		sum[i].All.sum(more[i].All)
		sum[i].Visible.sum(more[i].Visible)
	}
	return sum
}

func (s *Score) mergeRecall(more []Recall) {
	if len(s.Recall) == 0 {
		s.Recall = slices.Clone(more)
		return
	}
	for i := range more {
		r := &s.Recall[i]
		r.Planted += more[i].Planted
		r.Found += more[i].Found
		r.SumShare += more[i].SumShare
		if r.Planted > 0 {
			r.MeanShare = r.SumShare / float64(r.Planted)
		}
	}
}

func (f *Falses) sum(o *Falses) {
	f.Name = o.Name
	f.Flagged += o.Flagged
	f.False += o.False
	f.Belonging += o.Belonging
	f.DistinctFound += o.DistinctFound
}

func (s *Score) mergeFalses(more []Falses) {
	for i := range more {
		at := slices.IndexFunc(s.FalseByKind, func(f Falses) bool { return f.Name == more[i].Name })
		if at < 0 {
			at = len(s.FalseByKind)
			s.FalseByKind = append(s.FalseByKind, Falses{})
		}
		f := &s.FalseByKind[at]
		f.sum(&more[i])
		f.Share = ratio(f.False, f.Flagged)
	}
	names := make([]string, len(s.FalseByKind))
	for i := range names {
		names[i] = s.FalseByKind[i].Name
	}
	names = sortKinds(names)
	slices.SortFunc(s.FalseByKind, func(a, b Falses) int { return slices.Index(names, a.Name) - slices.Index(names, b.Name) })
}

func (s *Score) mergeLookAlikes(more []Taken) {
	for _, t := range more {
		at := slices.IndexFunc(s.LookAlikes, func(have Taken) bool { return have.Kind == t.Kind })
		if at < 0 {
			s.LookAlikes = append(s.LookAlikes, t)
			continue
		}
		have := &s.LookAlikes[at]
		have.Present, have.Taken, have.Cases = have.Present+t.Present, have.Taken+t.Taken, have.Cases+t.Cases
	}
}

func (s *Score) mergeCalibration(more []AtQ) {
	if len(s.Calibration) == 0 {
		s.Calibration = slices.Clone(more)
		return
	}
	for i := range more {
		c := &s.Calibration[i]
		c.Flagged, c.False, c.Found = c.Flagged+more[i].Flagged, c.False+more[i].False, c.Found+more[i].Found
		c.Share = ratio(c.False, c.False+c.Found)
	}
}

func (s *Score) mergeIntervals(more []Coverage) {
	for _, m := range more {
		at := slices.IndexFunc(s.Intervals, func(c Coverage) bool { return c.Name == m.Name })
		if at < 0 {
			s.Intervals = append(s.Intervals, m)
			continue
		}
		c := &s.Intervals[at]
		c.N, c.Held = c.N+m.N, c.Held+m.Held
		c.Share = ratio(c.Held, c.N)
	}
}

func (s *Score) mergeAccuracy(more []Accuracy) {
	for _, m := range more {
		at := slices.IndexFunc(s.Accuracy, func(a Accuracy) bool {
			return a.Measure == m.Measure && a.Span == m.Span && a.Group == m.Group && a.Rule == m.Rule
		})
		if at < 0 {
			s.Accuracy = append(s.Accuracy, m)
			continue
		}
		a := &s.Accuracy[at]
		a.N, a.squares, a.logs = a.N+m.N, a.squares+m.squares, a.logs+m.logs
		a.misses, a.total = a.misses+m.misses, a.total+m.total
		a.settle()
	}
}

func (s *Score) mergeBaselines(more []Baseline) {
	if len(s.Baselines) == 0 {
		s.Baselines = slices.Clone(more)
		return
	}
	for i := range more {
		b := &s.Baselines[i]
		b.Overall = sumStrata([]Stratum{b.Overall}, []Stratum{more[i].Overall})[0]
		b.False.sum(&more[i].False)
		b.False.Share = ratio(b.False.False, b.False.False+b.False.DistinctFound)
	}
}

// finite keeps NaN out of text.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
