package breaks

import "math"

// A smoother is loess on equally spaced values: at each point a constant or a
// line weighted by tricube over the span nearest values (Cleveland 1979, JASA
// 74, 829-836), worked out at every jump-th point and interpolated between.
type smoother struct {
	span, degree, jump int
	kernel             []float64
}

func newSmoother(span, degree int) smoother {
	return smoother{span: span, degree: degree, jump: (span + 9) / 10}
}

// smooth writes the smooth of y, values with weights where those are not nil.
// Where all weights of a neighbourhood are zero the value itself stays.
func (s *smoother) smooth(dst, y, weight []float64) {
	n := len(y)
	if n < 2 {
		copy(dst, y)
		return
	}
	jump := min(s.jump, n-1)
	set := func(i int) {
		left, right := s.window(i, n)
		var ok bool
		if dst[i-1], ok = s.at(float64(i), y, weight, left, right); !ok {
			dst[i-1] = y[i-1]
		}
	}
	last := 1
	set(1)
	for i := 1 + jump; i <= n; i += jump {
		set(i)
		interpolate(dst, last-1, i-1)
		last = i
	}
	if last < n {
		set(n)
		interpolate(dst, last-1, n-1)
	}
}

// window is the run of span positions (from 1) nearest to position i.
func (s *smoother) window(i, n int) (left, right int) {
	if s.span >= n {
		return 1, n
	}
	half := (s.span + 1) / 2
	left = max(1, min(i-half+1, n-s.span+1))
	return left, left + s.span - 1
}

func interpolate(v []float64, from, to int) {
	step := (v[to] - v[from]) / float64(to-from)
	for i := from + 1; i < to; i++ {
		v[i] = v[from] + step*float64(i-from)
	}
}

// at is the smooth at position x (from 1; it may lie outside) from the values
// at positions left to right; false when all their weights are zero.
func (s *smoother) at(x float64, y, weight []float64, left, right int) (value float64, ok bool) {
	n := len(y)
	if cap(s.kernel) < n {
		s.kernel = make([]float64, n)
	}
	w := s.kernel[:right-left+1]
	h := math.Max(x-float64(left), float64(right)-x)
	if s.span > n {
		h += float64((s.span - n) / 2)
	}
	sum := 0.0
	for k := range w {
		w[k] = tricube(math.Abs(float64(left+k)-x), h)
		if weight != nil {
			w[k] *= weight[left+k-1]
		}
		sum += w[k]
	}
	if sum <= 0 {
		return 0, false
	}
	for k := range w {
		w[k] /= sum
	}
	if h > 0 && s.degree > 0 {
		tilt(w, x, left, n)
	}
	for k, v := range w {
		value += v * y[left+k-1]
	}
	return value, true
}

// tricube is (1-(r/h)^3)^3, with the ends of (0, 1) squared off as in the
// published algorithm.
func tricube(r, h float64) float64 {
	switch {
	case r > .999*h:
		return 0
	case r <= .001*h:
		return 1
	}
	u := r / h
	u = 1 - u*u*u
	return u * u * u
}

// tilt turns weights of a local constant into those of a local line, unless
// the positions lie too close together to tell one.
func tilt(w []float64, x float64, left, n int) {
	center, spread := 0.0, 0.0
	for k, v := range w {
		center += v * float64(left+k)
	}
	for k, v := range w {
		d := float64(left+k) - center
		spread += v * d * d
	}
	if math.Sqrt(spread) <= .001*float64(n-1) {
		return
	}
	b := (x - center) / spread
	for k := range w {
		w[k] *= b*(float64(left+k)-center) + 1
	}
}
