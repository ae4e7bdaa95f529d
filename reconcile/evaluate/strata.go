package evaluate

import (
	"cmp"
	"slices"
)

// band is a half-open range [low, high) with a name.
type band struct {
	name      string
	low, high float64
}

var (
	shareBands  = []band{{"below 0.3", 0, 0.3}, {"0.3 to 0.5", 0.3, 0.5}, {"0.5 to 0.7", 0.5, 0.7}, {"0.7 and above", 0.7, 1e9}}
	lengthBands = []band{{"3 to 5 months", 0, 6}, {"6 to 11 months", 6, 12}, {"12 months and more", 12, 1e9}}
	zBands      = []band{{"below 3", 0, 3}, {"3 to 5", 3, 5}, {"5 to 10", 5, 10}, {"10 and above", 10, 1e9}}
)

// undefinedZ is the stratum of planted cases that have no oracle z.
const undefinedZ = "not defined"

func (b band) holds(v float64) bool { return v >= b.low && v < b.high }

// Recall is one point of the figure of recall against planted share.
type Recall struct {
	Kind      string  `json:"kind"`
	ShareLow  float64 `json:"share_low"`
	ShareHigh float64 `json:"share_high"`
	MeanShare float64 `json:"mean_share"` // of the planted cases of the point
	Planted   int     `json:"planted"`    // visible ones
	Found     int     `json:"found"`
	SumShare  float64 `json:"-"`
}

// stratify counts the outcomes in every stratum. Strata without cases stay in
// the tables, so that tables of several worlds have the same rows.
func (s *Score) stratify(outcomes []outcome) {
	s.Overall.Name = "all"
	s.ByKind = ofNames(plantedKinds)
	s.ByShare, s.ByLength, s.ByZ = ofBands(shareBands), ofBands(lengthBands), append(ofBands(zBands), Stratum{Name: undefinedZ})
	for _, kind := range plantedKinds {
		for _, b := range shareBands {
			s.Recall = append(s.Recall, Recall{Kind: kind, ShareLow: b.low, ShareHigh: min(b.high, 1)})
		}
	}
	for i := range outcomes {
		o := &outcomes[i]
		p := o.planted
		s.Overall.count(o)
		kind, share := slices.Index(plantedKinds, p.Kind), bandOf(shareBands, p.Share)
		s.ByKind[kind].count(o)
		s.ByShare[share].count(o)
		s.ByLength[bandOf(lengthBands, float64(p.window().months()))].count(o)
		z := len(zBands)
		if p.ZKnown {
			z = bandOf(zBands, max(p.Z, 0))
		}
		s.ByZ[z].count(o)
		if o.visible {
			s.Recall[kind*len(shareBands)+share].count(o)
		}
	}
}

func (r *Recall) count(o *outcome) {
	r.Planted++
	r.SumShare += o.planted.Share
	r.MeanShare = r.SumShare / float64(r.Planted)
	if o.best != nil {
		r.Found++
	}
}

func bandOf(bands []band, v float64) int {
	return max(slices.IndexFunc(bands, func(b band) bool { return b.holds(v) }), 0)
}

func ofBands(bands []band) []Stratum {
	all := make([]Stratum, len(bands))
	for i, b := range bands {
		all[i].Name = b.name
	}
	return all
}

func ofNames(names []string) []Stratum {
	all := make([]Stratum, len(names))
	for i, n := range names {
		all[i].Name = n
	}
	return all
}

// sortKinds puts planted kinds first, in their order, and others by name.
func sortKinds(kinds []string) []string {
	place := func(kind string) int {
		if i := slices.Index(plantedKinds, kind); i >= 0 {
			return i
		}
		return len(plantedKinds)
	}
	slices.SortFunc(kinds, func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b)) })
	return kinds
}
