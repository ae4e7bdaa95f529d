package breaks

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// A TCPDScore is the mean score of one method with its default settings, over
// the usable univariate series of the Turing Change Point Dataset and over its
// monthly ones.
type TCPDScore struct {
	Method              string
	Published           bool // taken from the benchmark's tables
	F1, Cover           float64
	F1Monthly           float64
	CoverMonthly        float64
	Series, MonthlyOnes int
}

// TCPDDetect applies the one fixed configuration of [Trends] to a series of the
// benchmark: period 12 where the time stamps are monthly, and nothing else told.
func TCPDDetect(s Annotated) ([]int, error) {
	settings := TrendSettings{}
	if s.Monthly {
		settings.Period = 12
	}
	found, err := Trends(s.Values, settings)
	return found.Starts, err
}

// TCPDTable scores [Trends], [PELT], [BinarySegmentation] and [AMOC] on the
// dataset in dir (see [ReadTCPD]), and reads the published scores of other
// methods from baselines_default.csv there, if it exists. Methods are sorted by
// F1, best first.
func TCPDTable(dir string) ([]TCPDScore, error) {
	all, err := ReadTCPD(dir)
	if err != nil {
		return nil, err
	}
	segments := func(find func([]float64, SegmentSettings) (Segmentation, error)) func(Annotated) ([]int, error) {
		return func(s Annotated) ([]int, error) {
			found, err := find(s.Values, SegmentSettings{})
			return found.Starts, err
		}
	}
	methods := []struct {
		name   string
		detect func(Annotated) ([]int, error)
	}{
		{"trends", TCPDDetect},
		{"pelt mbic", segments(PELT)},
		{"binary segmentation mbic", segments(BinarySegmentation)},
		{"amoc mbic", segments(AMOC)},
		{"no change", func(Annotated) ([]int, error) { return nil, nil }},
	}
	var table []TCPDScore
	for _, m := range methods {
		score := scoreSum{method: m.name}
		for _, s := range all {
			found, err := m.detect(s)
			if err != nil {
				return nil, fmt.Errorf("change point dataset: %s on %s: %w", m.name, s.Name, err)
			}
			score.add("f1", s.Monthly, F1(s.Annotations, found))
			score.add("cover", s.Monthly, Cover(s.Annotations, found, len(s.Values)))
		}
		table = append(table, score.mean())
	}
	published, err := publishedScores(filepath.Join(dir, "baselines_default.csv"), all)
	if err != nil {
		return nil, fmt.Errorf("change point dataset: %w", err)
	}
	table = append(table, published...)
	slices.SortStableFunc(table, func(a, b TCPDScore) int {
		switch {
		case a.F1 > b.F1:
			return -1
		case a.F1 < b.F1:
			return 1
		}
		return 0
	})
	return table, nil
}

// A scoreSum adds scores by metric, over all series and over the monthly ones.
type scoreSum struct {
	method         string
	published      bool
	f1, cover      [2]float64
	series, months int
}

func (s *scoreSum) add(metric string, monthly bool, v float64) {
	sum := &s.f1
	if metric == "cover" {
		sum = &s.cover
	} else {
		s.series++
		if monthly {
			s.months++
		}
	}
	sum[0] += v
	if monthly {
		sum[1] += v
	}
}

func (s *scoreSum) mean() TCPDScore {
	n, m := float64(s.series), float64(s.months)
	return TCPDScore{
		Method: s.method, Published: s.published, F1: s.f1[0] / n, Cover: s.cover[0] / n,
		F1Monthly: s.f1[1] / m, CoverMonthly: s.cover[1] / m, Series: s.series, MonthlyOnes: s.months,
	}
}

// publishedScores averages the benchmark's own table (series, metric, one
// column per method) over the series at hand; none when the file is absent.
func publishedScores(file string, all []Annotated) ([]TCPDScore, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	monthly := map[string]bool{}
	for _, s := range all {
		monthly[s.Name] = s.Monthly
	}
	var table []TCPDScore
	for j, method := range rows[0][2:] {
		sum := scoreSum{method: method, published: true}
		for _, row := range rows[1:] {
			month, ok := monthly[row[0]]
			if !ok {
				continue
			}
			v, err := strconv.ParseFloat(row[j+2], 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", filepath.Base(file), row[0], err)
			}
			sum.add(row[1], month, v)
		}
		table = append(table, sum.mean())
	}
	return table, nil
}
