package breaks

// An amplitudeKernel is least squares for a season whose amplitude changes:
//
//	y_t = trend_t + (1 + sum_g gamma_g u_t^g) season_t + delta step_t,  u = t/T
//
// linear but for gamma. Given gamma the rest is solved exactly; gamma moves by
// Gauss-Newton steps on all coefficients, halved until they help.
type amplitudeKernel struct {
	n, a, b, g int
	columns    []float64 // n rows: a trend columns, b seasonal ones
	u          []float64
	y          []float64
	at         int

	gamma, trial []float64
	beta         []float64 // a + b + 1 coefficients
	row, full    []float64
	delta        []float64
	sums, factor []float64
}

const (
	amplitudeLimit = 40
	amplitudeTol   = 1e-10 // relative fall of the sum of squares
)

func newAmplitudeKernel(trend, season [][]float64, u, y []float64, g int) *amplitudeKernel {
	a, b, n := len(trend), len(season), len(y)
	p := a + b + g + 1
	k := &amplitudeKernel{
		n: n, a: a, b: b, g: g, columns: make([]float64, n*(a+b)), u: u, y: y, at: n,
		gamma: make([]float64, g), trial: make([]float64, g), beta: make([]float64, a+b+1),
		row: make([]float64, p+1), full: make([]float64, p+1), delta: make([]float64, p),
		sums: make([]float64, (p+1)*(p+2)/2), factor: make([]float64, p*(p+1)/2),
	}
	for i := range n {
		row := k.columns[i*(a+b):]
		for j, c := range trend {
			row[j] = c[i]
		}
		for j, c := range season {
			row[a+j] = c[i]
		}
	}
	return k
}

func (k *amplitudeKernel) move(at int) { k.at = at }

func (k *amplitudeKernel) steps() int {
	if k.at < k.n {
		return 1
	}
	return 0
}

func (k *amplitudeKernel) size() int { return k.a + k.b + k.g + k.steps() }

func (k *amplitudeKernel) coefficients() (linear, amplitude []float64) {
	return k.beta[:k.a+k.b+k.steps()], k.gamma
}

func (k *amplitudeKernel) stepSize() float64 {
	if k.at == k.n {
		return 0
	}
	return k.beta[k.a+k.b]
}

func (k *amplitudeKernel) state(dst []float64) []float64 { return append(dst[:0], k.gamma...) }

func (k *amplitudeKernel) restore(src []float64) {
	if len(src) == 0 {
		clear(k.gamma)
		return
	}
	copy(k.gamma, src)
}

// amplitude is 1 + sum_g gamma_g u^g.
func (k *amplitudeKernel) amplitude(u float64) float64 {
	v, power := 1.0, 1.0
	for _, g := range k.gamma {
		power *= u
		v += g * power
	}
	return v
}

// linearRow fills row with trend, scaled season, step and y of unit i.
func (k *amplitudeKernel) linearRow(row []float64, i int) int {
	ab := k.a + k.b
	copy(row, k.columns[i*ab:(i+1)*ab])
	scale := k.amplitude(k.u[i])
	for j := k.a; j < ab; j++ {
		row[j] *= scale
	}
	if k.steps() == 1 {
		row[ab] = 0
		if i >= k.at {
			row[ab] = 1
		}
		ab++
	}
	return ab
}

// accumulate adds the products of row, m long, to the packed sums.
func accumulate(sums, row []float64) {
	for a, v := range row {
		for b, u := range row[:a+1] {
			sums[b] += v * u
		}
		sums = sums[a+1:]
	}
}

// solveLinear solves for everything but gamma and returns the sum of squares.
func (k *amplitudeKernel) solveLinear(kept []bool) (rss float64, ok bool) {
	m := k.a + k.b + k.steps()
	sums := k.sums[:(m+1)*(m+2)/2]
	clear(sums)
	for i, in := range kept {
		if in {
			k.linearRow(k.row, i)
			k.row[m] = k.y[i]
			accumulate(sums, k.row[:m+1])
		}
	}
	if !solvePacked(k.factor, sums, sums[m*(m+1)/2:][:m], k.beta[:m]) {
		return 0, false
	}
	for i, in := range kept {
		if in {
			r := k.residual(i)
			rss += r * r
		}
	}
	return rss, true
}

func (k *amplitudeKernel) residual(i int) float64 {
	m := k.linearRow(k.row, i)
	r := k.y[i]
	for j, v := range k.row[:m] {
		r -= v * k.beta[j]
	}
	return r
}

// fullRow fills row with the derivatives by all coefficients, gamma last, and
// returns the residual of unit i.
func (k *amplitudeKernel) fullRow(row []float64, i int) float64 {
	r := k.residual(i)
	m := k.linearRow(row, i)
	season := 0.0
	for j := range k.b {
		season += k.columns[i*(k.a+k.b)+k.a+j] * k.beta[k.a+j]
	}
	power := 1.0
	for g := range k.g {
		power *= k.u[i]
		row[m+g] = power * season
	}
	return r
}

// direction is the Gauss-Newton step of gamma; false where the season is too
// small to tell its amplitude.
func (k *amplitudeKernel) direction(kept []bool) bool {
	p := k.size()
	sums := k.sums[:(p+1)*(p+2)/2]
	clear(sums)
	row := k.full[:p+1]
	for i, in := range kept {
		if in {
			row[p] = k.fullRow(row, i)
			accumulate(sums, row)
		}
	}
	return solvePacked(k.factor, sums, sums[p*(p+1)/2:][:p], k.delta[:p])
}

func (k *amplitudeKernel) fit(kept []bool) bool {
	rss, ok := k.solveLinear(kept)
	for iter := 0; ok && iter < amplitudeLimit && k.direction(kept); iter++ {
		next := k.lineSearch(kept, rss)
		if rss-next <= amplitudeTol*rss {
			break
		}
		rss = next
	}
	return ok
}

// lineSearch moves gamma along k.delta, by halves, until the sum of squares
// falls below rss, or leaves it where it was.
func (k *amplitudeKernel) lineSearch(kept []bool, rss float64) float64 {
	copy(k.trial, k.gamma)
	step := k.delta[k.size()-k.g : k.size()]
	for scale := 1.0; scale > 1e-3; scale /= 2 {
		for g := range k.gamma {
			k.gamma[g] = k.trial[g] + scale*step[g]
		}
		if next, ok := k.solveLinear(kept); ok && next < rss {
			return next
		}
	}
	copy(k.gamma, k.trial)
	k.solveLinear(kept)
	return rss
}

func (k *amplitudeKernel) squares(r2 []float64) {
	for i := range r2 {
		r := k.residual(i)
		r2[i] = r * r
	}
}

func (k *amplitudeKernel) linearised(x, r []float64) {
	p := k.size()
	for i := range r {
		r[i] = k.fullRow(x[i*p:(i+1)*p], i)
	}
}
