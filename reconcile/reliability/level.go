package reliability

// levelTerm is the center of one lane's gaps: importer's lasting deviation minus
// the exporter's, as far as it is known.
type levelTerm struct {
	exporter, importer, group int32
	class                     Class
	gap                       float64 // less the difference of biases
	variance                  float64 // of the center about the lane's level
}

// levels is the model of what stays with a lane: how the deviations of the two
// sides are distributed.
//
//   - Most of the time they are small: normal with the reporter's own variance.
//   - Some lines say half or double for years: wide, below or above the truth.
//   - A few are broken altogether, below or above.
//   - An exporter may misname the destination, while the importer knows the
//     origin (Schindler and Beckett 2005): it says too little on ordinary lanes,
//     and too much on lanes that begin or end at a hub. How often, by class of
//     lanes, is what gaps on one side have over those on the other.
//
// Gaps alone cannot tell a report that is too low from a partner's that is too
// high. The size that a lane should have can, over many lanes: see lowShare.
type levels struct {
	terms                []levelTerm
	exporters, importers []float64 // variances of the small component
	groups               []float64 // factors on them
	wideShare            []float64 // by group
	brokenShare          float64
	wide, broken         offset
	low                  float64 // share of wide and broken deviations that lie below
	misnamed             [classes]component
	usual, usualShare    float64 // stand for reporters and groups that are not known
	most                 rounds
	iterations           int
	converged            bool
}

// offset is a deviation of one sign: its size has this mean and variance.
type offset struct{ mean, variance float64 }

// component is one part of a side's distribution.
type component struct{ share, mean, variance float64 }

// The components of a side; only exporters misname.
const (
	small = iota
	wideLow
	wideHigh
	brokenLow
	brokenHigh
	misnaming
	components
)

const (
	levelCap       = 300
	levelTolerance = 3e-3 // of log variances and log odds
	levelPrior     = 10   // lanes by which a reporter leans on the mean of all
	sharePrior     = 20   // lanes by which a group leans on the share of all
	offsetPrior    = 5    // lanes by which an offset leans on what is usual
	leastLevel     = 1e-4 // a lasting deviation of 1%
	leastShare     = 1e-3
	mostShare      = 0.45
	leastOffset    = 0.01 // variance
)

// What the offsets lean on, and the bounds of their means: a wide deviation is
// one of a third to a factor of four, a broken one is beyond.
var (
	usualWide, usualBroken = offset{0.8, 0.1}, offset{3, 2}
	wideBounds             = [2]float64{0.3, 1.4}
	brokenBounds           = [2]float64{1.8, 6}
)

// newLevels starts with equal reporters.
func newLevels(terms, exporters, importers, groups int) *levels {
	l := &levels{terms: make([]levelTerm, terms), exporters: repeated(0.05, exporters), importers: repeated(0.05, importers),
		groups: repeated(1, groups), wideShare: repeated(0.1, groups), brokenShare: 0.01, wide: usualWide, broken: usualBroken,
		low: 0.5, misnamed: usuallyMisnamed}
	l.remember()
	return l
}

func repeated(v float64, n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// remember keeps what stands for unknown reporters and groups.
func (l *levels) remember() {
	if len(l.exporters)+len(l.importers) > 0 {
		l.usual, l.usualShare = (average(l.exporters)+average(l.importers))/2, average(l.wideShare)
	}
}

// own is the variance of the small component of either side.
func (l *levels) own(t *levelTerm) (x, m float64) {
	c := 1.0
	if t.group >= 0 {
		c = l.groups[t.group]
	}
	x, m = l.usual, l.usual
	if t.exporter >= 0 {
		x = l.exporters[t.exporter]
	}
	if t.importer >= 0 {
		m = l.importers[t.importer]
	}
	return c * x, c * m
}

// sides lists the components of exporter and importer.
func (l *levels) sides(t *levelTerm) (exporter, importer [components]component) {
	x, m := l.own(t)
	wide := l.usualShare
	if t.group >= 0 {
		wide = l.wideShare[t.group]
	}
	low, high := l.low, 1-l.low
	importer = [components]component{
		small:      {1 - wide - l.brokenShare, 0, m},
		wideLow:    {low * wide, -l.wide.mean, l.wide.variance},
		wideHigh:   {high * wide, l.wide.mean, l.wide.variance},
		brokenLow:  {low * l.brokenShare, -l.broken.mean, l.broken.variance},
		brokenHigh: {high * l.brokenShare, l.broken.mean, l.broken.variance},
	}
	exporter = importer
	d := l.misnamed[t.class]
	exporter[small] = component{max(1-wide-l.brokenShare-d.share, leastShare), 0, x}
	exporter[misnaming] = component{d.share, d.mean, d.variance + x}
	return exporter, importer
}
