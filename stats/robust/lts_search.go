package robust

import "math"

// The numbers of Rousseeuw and Van Driessen (2006, section 3).
const (
	firstSteps   = 2   // steps before a start is judged
	bestStarts   = 10  // starts followed to the end
	groupRows    = 300 // large samples are searched in groups of this size,
	groups       = 5   // this many of them, and then all groups together
	convergeCap  = 200 // steps to a fixed point; a handful is usual
	redrawBudget = 20  // draws of a subset before a start is given up
)

// ltsSearch looks for the h rows with the smallest residual sum of squares.
type ltsSearch struct {
	sample  *sample
	h       int
	starts  int
	subsets *Subsets
}

// ltsOptimum is the best fit found, in units of the sample.
type ltsOptimum struct {
	coef      []float64
	objective float64
	kept      []bool
	tried     int // starts that determined a fit
	agreeing  int // finalists that ended in this optimum
	finalists int
	converged bool
}

func (s *sample) workspace(rows []int, h int) *Workspace {
	w := NewWorkspace(len(rows), s.p, h)
	pick := make([]float64, len(rows))
	load := func(values []float64) []float64 {
		for i, row := range rows {
			pick[i] = values[row]
		}
		return pick
	}
	w.SetResponse(load(s.y))
	for j, c := range s.cols {
		w.SetColumn(j, load(c))
	}
	return w
}

func firstRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// exhaustive follows every subset of p rows to its end.
func (l *ltsSearch) exhaustive() ltsOptimum {
	w := l.sample.workspace(firstRows(l.sample.n), l.h)
	best := newOptimum(l.sample.p, l.sample.n)
	for rows := firstRows(l.sample.p); ; {
		if w.StartFromRows(rows) {
			best.follow(w)
			best.tried++
		}
		if !nextCombination(rows, l.sample.n) {
			return best
		}
	}
}

// random judges random starts after two steps and follows the best ones.
func (l *ltsSearch) random() ltsOptimum {
	s := l.sample
	all := s.workspace(firstRows(s.n), l.h)
	finalists := NewCandidates(bestStarts, s.p)
	var tried int
	if s.n > groups*groupRows {
		tried = l.nested(all, finalists)
	} else {
		tried = l.judge(all, l.starts, finalists)
	}
	best := newOptimum(s.p, s.n)
	best.tried = tried
	for i := range finalists.Len() {
		all.StartFromCoef(finalists.Coef(i))
		best.follow(all)
	}
	return best
}

// nested searches groups of a random part of the sample, then the groups
// together, and hands the best fits on for the whole.
func (l *ltsSearch) nested(all *Workspace, finalists *Candidates) (tried int) {
	s := l.sample
	part := make([]int, groups*groupRows)
	l.subsets.Draw(part, s.n)
	share := float64(l.h) / float64(s.n)
	merged := s.workspace(part, coverageOf(share, len(part), s.p))
	mergedBest := NewCandidates(bestStarts, s.p)
	for g := range groups {
		group := s.workspace(part[g*groupRows:(g+1)*groupRows], coverageOf(share, groupRows, s.p))
		groupBest := NewCandidates(bestStarts, s.p)
		tried += l.judge(group, (l.starts+groups-1)/groups, groupBest)
		advance(merged, groupBest, mergedBest)
	}
	advance(all, mergedBest, finalists)
	return tried
}

func coverageOf(share float64, n, p int) int {
	return max(p, int(math.Ceil(share*float64(n))))
}

// judge takes two steps from random subsets of p rows.
func (l *ltsSearch) judge(w *Workspace, starts int, best *Candidates) (tried int) {
	rows := make([]int, w.p)
	for range starts {
		for range redrawBudget {
			l.subsets.Draw(rows, w.n)
			if w.StartFromRows(rows) {
				tried++
				offer(w, best)
				break
			}
		}
	}
	return tried
}

// advance takes two steps on w from each of the fits and offers the results.
func advance(w *Workspace, from, to *Candidates) {
	for i := range from.Len() {
		w.StartFromCoef(from.Coef(i))
		offer(w, to)
	}
}

func offer(w *Workspace, best *Candidates) {
	for range firstSteps {
		if _, ok := w.Step(); !ok {
			return
		}
	}
	best.Offer(w.Objective(), w.Coef())
}

func newOptimum(p, n int) ltsOptimum {
	return ltsOptimum{coef: make([]float64, p), objective: math.Inf(1), kept: make([]bool, n)}
}

// follow steps from where w stands to a fixed point and keeps the better fit.
func (o *ltsOptimum) follow(w *Workspace) {
	_, converged := w.Converge(convergeCap)
	objective := w.Objective()
	if math.IsNaN(objective) {
		return
	}
	o.finalists++
	if math.Abs(objective-o.objective) <= sameObjective*objective {
		o.agreeing++
	}
	if !(objective < o.objective) {
		return
	}
	if objective < o.objective*(1-sameObjective) {
		o.agreeing = 1
	}
	o.objective, o.converged = objective, converged
	copy(o.coef, w.Coef())
	copy(o.kept, w.Kept())
}
