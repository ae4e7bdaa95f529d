package regress

// freedom counts the coefficients that the fixed effects stand for: the rank
// of their dummy columns. Exact for one factor (its levels) and for two (the
// levels of both less the connected components of the graph that joins levels
// found in one row; Abowd, Creecy and Kramarz 2002). A further factor is taken
// to lose the most components that it has with one before it: it may lose
// more, so the count is at most too high and standard errors too large.
func freedom(effects []grouping) (rank int, exact bool) {
	for k, e := range effects {
		lost := 0
		for _, before := range effects[:k] {
			lost = max(lost, components(before, e))
		}
		rank += e.levels - lost
	}
	return rank, len(effects) <= 2
}

// components counts the connected parts of the graph whose nodes are the
// levels of a and b and whose edges are the rows.
func components(a, b grouping) int {
	parent := make([]int32, a.levels+b.levels)
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	parts := len(parent)
	for i := range a.level {
		x, y := find(a.level[i]), find(int32(a.levels)+b.level[i])
		if x != y {
			parent[max(x, y)] = min(x, y)
			parts--
		}
	}
	return parts
}

// nested says whether each level of inner lies within one level of outer.
func nested(inner, outer grouping) bool {
	home := make([]int32, inner.levels)
	for i := range home {
		home[i] = -1
	}
	for i, g := range inner.level {
		if home[g] < 0 {
			home[g] = outer.level[i]
		}
		if home[g] != outer.level[i] {
			return false
		}
	}
	return true
}
