package breaks

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The statistics of the robust scan are nearly pivotal, not exactly: phi is
// estimated, and the likelihood ratio is of a maximum. nulls.csv holds, for
// classes of length and of the estimated phi without a step, where simulated
// series without any shift reach each level: the log of Rice's bound at the
// level's critical value. A p-value is read off by interpolation in level, phi
// and 1/length. Beyond the last level the log p-value goes on as a straight
// line in the bound, with the slope of the exceedances (Hill 1975).
//
// Half of the series have normal and half Student-5 innovations, and 30% in
// each three outliers of 6 standard deviations. Regenerate with
//
//	go test ./stats/breaks -run Regenerate -timeout 0 -args -nulls 200000
//
//go:embed nulls.csv
var nullsCSV string

// A calibration is the table of one statistic for one length and class of phi.
type calibration struct {
	bound []float64 // ln Rice's bound at each level, falling
	level []float64 // ln level, falling
	slope float64   // of ln p on the bound beyond the last level
}

// A nullTable is indexed by statistic, then by length class and phi class.
type nullTable struct {
	lengths []int
	classes map[statistic][][]calibration
}

// A statistic is one of the two of the robust scan, without or with the prior
// of a group.
type statistic struct {
	stage string // screened or refined
	group bool
}

const (
	screened = "screen"
	refined  = "refined"
)

const (
	phiClasses    = 9 // 0, .1 ... .8
	phiClassWidth = 0.1
)

var loadNulls = sync.OnceValue(func() *nullTable {
	t, err := parseNulls(nullsCSV)
	if err != nil {
		panic(fmt.Sprintf("breaks: embedded null table: %v", err))
	}
	return t
})

func parseNulls(text string) (*nullTable, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	t := &nullTable{classes: map[statistic][][]calibration{}}
	if len(rows) < 2 || len(rows[0]) != 7 {
		return nil, errors.New("need a header of 7 columns and rows")
	}
	for i, row := range rows[1:] {
		if err := t.add(row); err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return t, nil
}

// add takes one row: stage, prior, length, phi, level, bound, slope. Rows of a
// class stand together, levels falling.
func (t *nullTable) add(row []string) error {
	var v [5]float64
	for i := range v {
		x, err := strconv.ParseFloat(row[i+2], 64)
		if err != nil {
			return err
		}
		v[i] = x
	}
	length, class := int(v[0]), int(math.Round(v[1]/phiClassWidth))
	known := (row[0] == screened || row[0] == refined) && (row[1] == "none" || row[1] == "group")
	if !known || length < 1 || class < 0 || class >= phiClasses || !(v[2] > 0 && v[2] < 1) {
		return fmt.Errorf("unknown class or level: %q", row)
	}
	at := slices.Index(t.lengths, length)
	if at < 0 {
		if at = len(t.lengths); at > 0 && length < t.lengths[at-1] {
			return errors.New("lengths must rise")
		}
		t.lengths = append(t.lengths, length)
	}
	key := statistic{row[0], row[1] == "group"}
	for len(t.classes[key]) <= at {
		t.classes[key] = append(t.classes[key], make([]calibration, phiClasses))
	}
	c := &t.classes[key][at][class]
	c.level, c.bound, c.slope = append(c.level, math.Log(v[2])), append(c.bound, v[3]), v[4]
	return nil
}

// logP reads the p-value for ln bound b. Above the first level p is 1 at a
// bound one e-fold higher, in between a straight line.
func (c *calibration) logP(b float64) float64 {
	last := len(c.level) - 1
	if b >= c.bound[0] {
		return math.Min(0, c.level[0]+(b-c.bound[0])*-c.level[0])
	}
	if b <= c.bound[last] {
		return c.level[last] + c.slope*(b-c.bound[last])
	}
	i := 0
	for b < c.bound[i+1] {
		i++
	}
	f := (c.bound[i] - b) / (c.bound[i] - c.bound[i+1])
	return c.level[i] + f*(c.level[i+1]-c.level[i])
}

// boundAt is ln Rice's bound for z, not capped at 0, interpolated in phi.
func (d *Design) boundAt(z, phi float64) float64 {
	x := math.Max(0, math.Min(phi, phiGrid[len(phiGrid)-1])) * 20
	i := min(int(x), len(phiGrid)-2)
	f := x - float64(i)
	return d.ar[i].rice().bound(z)*(1-f) + d.ar[i+1].rice().bound(z)*f
}

// logP is the calibrated log p-value of the statistic z of a stage. Between the
// narrowest prior of a group and none it interpolates.
func (d *Design) logP(stage string, prior PhiPrior, z, phi float64) float64 {
	t, bound, v := loadNulls(), d.boundAt(z, phi), prior.vagueness()
	sum := 0.0
	if v > 0 {
		sum += v * t.logP(statistic{stage, false}, len(d.times), phi, bound)
	}
	if v < 1 {
		sum += (1 - v) * t.logP(statistic{stage, true}, len(d.times), phi, bound)
	}
	return sum
}

// logP interpolates between the four neighbouring classes.
func (t *nullTable) logP(s statistic, length int, phi, bound float64) float64 {
	c := t.classes[s]
	x := math.Max(0, math.Min(phi/phiClassWidth, phiClasses-1))
	i := min(int(x), phiClasses-2)
	f := x - float64(i)
	row := func(r []calibration) float64 { return r[i].logP(bound)*(1-f) + r[i+1].logP(bound)*f }
	at, _ := slices.BinarySearch(t.lengths, length)
	switch {
	case at == 0:
		return row(c[0])
	case at == len(t.lengths):
		return row(c[at-1])
	}
	lo, hi := 1/float64(t.lengths[at-1]), 1/float64(t.lengths[at])
	g := (1/float64(length) - lo) / (hi - lo)
	return row(c[at-1])*(1-g) + row(c[at])*g
}
