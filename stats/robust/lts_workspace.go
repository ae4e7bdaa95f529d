package robust

import "gonum.org/v1/gonum/floats"

// Workspace runs concentration steps for one regression over and over without
// allocating: set the response, the columns and the coverage, give a start,
// and [Workspace.Step] or [Workspace.Converge] from there. Columns may be
// exchanged between starts, which is what a scan over change positions does.
//
// A step (Rousseeuw and Van Driessen 2006, Data Mining and Knowledge
// Discovery 12, 29-45, theorem 1) keeps the h rows with the smallest squared
// residuals and fits them by least squares; it never raises the sum of the h
// smallest squared residuals. Moments of the kept rows are carried along and
// corrected for the few rows that change places, so columns and response should
// be centred, or at least scaled, to numbers near 1: the fit solves normal
// equations, and residuals below 1e-10 count as 0. It is not for concurrent use; give each worker its own.
type Workspace struct {
	n, p, h int
	cols    []float64 // column after column, the response last, for residuals
	rows    []float64 // the same row after row, for moments
	coef    []float64
	resid   []float64
	squares []float64 // squared residuals
	scratch []float64
	kept    []bool
	changed []int   // rows to enter or leave kept
	moments moments // of the kept rows
	total   moments // of all rows, where not stale
	stale   []bool
	rss     float64
	border  float64 // the largest squared residual kept
}

// NewWorkspace allocates for n rows and p columns, with h rows kept. All
// columns and the response start as zeros. It panics unless p <= h <= n.
func NewWorkspace(n, p, h int) *Workspace {
	if p < 1 || h < p || n < h {
		panic("robust: a workspace needs 1 <= p <= h <= n")
	}
	return &Workspace{
		n: n, p: p, h: h,
		cols: make([]float64, n*(p+1)), rows: make([]float64, n*(p+1)),
		coef: make([]float64, p), resid: make([]float64, n),
		squares: make([]float64, n), scratch: make([]float64, n),
		kept: make([]bool, n), changed: make([]int, 0, n),
		moments: newMoments(p + 1), total: newMoments(p + 1), stale: make([]bool, p+1),
	}
}

// SetResponse copies y in.
func (w *Workspace) SetResponse(y []float64) { w.SetColumn(w.p, y) }

// SetColumn copies values in as column j; column p is the response.
// Coefficients stay as they are, so the fit of the columns before serves as a
// start for the columns after.
func (w *Workspace) SetColumn(j int, values []float64) {
	copy(w.column(j), values[:w.n])
	stride := w.p + 1
	for i, v := range values[:w.n] {
		w.rows[i*stride+j] = v
	}
	w.stale[j] = true
	w.forget()
}

// forget drops the kept rows, whose moments no longer hold.
func (w *Workspace) forget() {
	w.moments.clear()
	clear(w.kept)
}

func (w *Workspace) column(j int) []float64 { return w.cols[j*w.n : (j+1)*w.n] }

func (w *Workspace) row(i int) []float64 {
	stride := w.p + 1
	return w.rows[i*stride : (i+1)*stride]
}

// StartFromRows fits rows, at least p of them, by least squares and makes
// that the start. It says false when they do not determine a fit.
func (w *Workspace) StartFromRows(rows []int) bool {
	w.forget()
	for _, i := range rows {
		if !w.kept[i] {
			w.kept[i] = true
			w.moments.add(w.row(i))
		}
	}
	return w.refit()
}

// StartFromCoef makes coef the start.
func (w *Workspace) StartFromCoef(coef []float64) { copy(w.coef, coef[:w.p]) }

// Step makes one concentration step and returns how many rows entered or left
// the kept set; 0 means that the fit is a fixed point, which it then leaves
// alone. It says false when the rows to keep do not determine a fit.
func (w *Workspace) Step() (moved int, ok bool) {
	w.residuals()
	if !w.choose() {
		return 0, false
	}
	if len(w.changed) == 0 {
		w.rss = w.keptSum()
		return 0, true
	}
	w.exchange()
	if w.border <= exactFit*exactFit {
		// The rows fit exactly; which of them fits best is rounding.
		w.rss = w.keptSum()
		return 0, true
	}
	return len(w.changed), w.refit()
}

// Converge steps until no row changes place, at most limit times, and returns
// the number of steps taken and whether the last one found a fixed point.
func (w *Workspace) Converge(limit int) (steps int, converged bool) {
	for steps < limit {
		moved, ok := w.Step()
		steps++
		if !ok || moved == 0 {
			return steps, ok
		}
	}
	return steps, false
}

// Objective is the residual sum of squares of the last fit over the kept rows,
// in squared units of the response. At a fixed point it is the sum of the h
// smallest squared residuals, elsewhere it is at least that.
func (w *Workspace) Objective() float64 { return w.rss }

// Coef is the current fit, a view that the next step overwrites.
func (w *Workspace) Coef() []float64 { return w.coef }

// Kept says which rows the current fit rests on, a view that the next step
// overwrites.
func (w *Workspace) Kept() []bool { return w.kept }

// Residuals are those that the last step chose the kept rows by, a view that
// the next step overwrites. At a fixed point they belong to [Workspace.Coef].
func (w *Workspace) Residuals() []float64 { return w.resid }

func (w *Workspace) residuals() {
	copy(w.resid, w.column(w.p))
	for j, b := range w.coef {
		floats.AddScaled(w.resid, -b, w.column(j))
	}
	for i, r := range w.resid {
		w.squares[i] = r * r
	}
}

// choose lists in changed the rows that differ between the kept set and the h
// smallest squared residuals; rows tied at the border enter in row order. It
// says false when fewer than h residuals are numbers.
func (w *Workspace) choose() bool {
	copy(w.scratch, w.squares)
	w.border = SelectInPlace(w.scratch, w.h-1)
	border := w.border
	w.changed = w.changed[:0]
	count := 0
	for i, v := range w.squares {
		keep := v <= border
		if keep {
			count++
		}
		if keep != w.kept[i] {
			w.changed = append(w.changed, i)
		}
	}
	if count > w.h {
		w.chooseAmongTies(count - w.h)
	}
	return count >= w.h
}

// chooseAmongTies is choose when surplus rows too many have the border value.
func (w *Workspace) chooseAmongTies(surplus int) {
	w.changed = w.changed[:0]
	for i := w.n - 1; i >= 0; i-- {
		keep := w.squares[i] <= w.border
		if w.squares[i] == w.border && surplus > 0 {
			keep = false
			surplus--
		}
		if keep != w.kept[i] {
			w.changed = append(w.changed, i)
		}
	}
}

// exchange brings the kept set and its moments up to date for the changed
// rows: row by row when they are few, else as the total without the rows left
// out, which are fewer than those kept. Where a subtraction leaves nothing but
// rounding, the kept rows are added up from nothing.
func (w *Workspace) exchange() {
	for _, i := range w.changed {
		w.kept[i] = !w.kept[i]
	}
	trusted := true
	if len(w.changed) > w.n-w.h {
		w.sumAll()
		copy(w.moments.sums, w.total.sums)
		for i, in := range w.kept {
			if !in {
				trusted = w.moments.remove(w.row(i)) && trusted
			}
		}
	} else {
		for _, i := range w.changed {
			if w.kept[i] {
				w.moments.add(w.row(i))
			} else {
				trusted = w.moments.remove(w.row(i)) && trusted
			}
		}
	}
	if !trusted {
		w.recount()
	}
}

// sumAll brings the moments of all rows up to date, column by column, so that
// an exchanged column costs no more than its own products.
func (w *Workspace) sumAll() {
	for j, stale := range w.stale {
		if !stale {
			continue
		}
		for b := range w.p + 1 {
			hi, lo := max(j, b), min(j, b)
			w.total.sums[hi*(hi+1)/2+lo] = floats.Dot(w.column(hi), w.column(lo))
		}
		w.stale[j] = false
	}
}

// recount adds up the moments of the kept rows from nothing.
func (w *Workspace) recount() {
	w.moments.clear()
	for i, in := range w.kept {
		if in {
			w.moments.add(w.row(i))
		}
	}
}

// cancelled is the share of the sum of squares of the response below which a
// residual sum of squares from moments is rounding.
const cancelled = 1e-8

func (w *Workspace) refit() bool {
	rss, ok := w.moments.solve(w.coef)
	w.rss = rss
	if ok && rss <= cancelled*w.moments.sums[len(w.moments.sums)-1] {
		w.residuals()
		w.rss = w.keptSum()
	}
	return ok
}

func (w *Workspace) keptSum() float64 {
	sum := 0.0
	for i, in := range w.kept {
		if in {
			sum += w.squares[i]
		}
	}
	return sum
}
