package breaks

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An Annotated series is one of the Turing Change Point Dataset (van den Burg
// and Williams 2020, arXiv 2003.06222): values and, for each person who looked
// at it, the indices from 0 where that person saw a change.
type Annotated struct {
	Name        string
	Values      []float64
	Annotations [][]int
	// Monthly marks the monthly economic series.
	Monthly bool
}

// ReadTCPD reads the univariate series without missing values that lie in dir
// (annotations.json, series/*.json), sorted by name. Which of them are monthly
// follows from their time stamps.
func ReadTCPD(dir string) ([]Annotated, error) {
	text, err := os.ReadFile(filepath.Join(dir, "annotations.json"))
	if err != nil {
		return nil, fmt.Errorf("change point dataset: %w", err)
	}
	var notes map[string]map[string][]int
	if err := json.Unmarshal(text, &notes); err != nil {
		return nil, fmt.Errorf("change point dataset: annotations.json: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "series", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("change point dataset: %w", err)
	}
	slices.Sort(files)
	var all []Annotated
	for _, file := range files {
		s, err := readAnnotated(file)
		if err != nil {
			return nil, fmt.Errorf("change point dataset: %s: %w", filepath.Base(file), err)
		}
		if s.Values == nil {
			continue
		}
		byPerson := notes[s.Name]
		people := make([]string, 0, len(byPerson))
		for p := range byPerson {
			people = append(people, p)
		}
		slices.Sort(people)
		for _, p := range people {
			s.Annotations = append(s.Annotations, byPerson[p])
		}
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("change point dataset: %w", err)
		}
		all = append(all, s)
	}
	return all, nil
}

func readAnnotated(file string) (Annotated, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Annotated{}, err
	}
	return decodeAnnotated(text)
}

// decodeAnnotated decodes one series; Values stay nil for those that are
// multivariate or have gaps.
func decodeAnnotated(text []byte) (Annotated, error) {
	var doc struct {
		Name   string
		Time   struct{ Format string }
		Series []struct{ Raw []*float64 }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return Annotated{}, err
	}
	s := Annotated{Name: doc.Name, Monthly: strings.ReplaceAll(doc.Time.Format, "-", "") == "%Y%m"}
	if len(doc.Series) != 1 {
		return s, nil
	}
	for _, v := range doc.Series[0].Raw {
		if v == nil {
			s.Values = nil
			return s, nil
		}
		s.Values = append(s.Values, *v)
	}
	return s, nil
}

// check makes sure that somebody looked and that all changes lie in the series.
func (s *Annotated) check() error {
	if len(s.Annotations) == 0 {
		return fmt.Errorf("series %s has no annotations", s.Name)
	}
	for _, a := range s.Annotations {
		for _, at := range a {
			if at < 0 || at >= len(s.Values) {
				return fmt.Errorf("series %s of %d values has a change at %d", s.Name, len(s.Values), at)
			}
		}
	}
	return nil
}

// scoreMargin is how far a detection may lie from an annotation.
const scoreMargin = 5

// F1 is the harmonic mean of precision against all annotations together and
// recall averaged over the people, with a margin of 5 and index 0 counted as a
// change on all sides, so that no change is a possible answer (van den Burg and
// Williams 2020, section 4). In (0, 1].
func F1(annotations [][]int, detected []int) float64 {
	x := withStart(detected)
	union := []int{}
	recall := 0.0
	for _, a := range annotations {
		t := withStart(a)
		union = append(union, t...)
		recall += float64(truePositives(t, x)) / float64(len(t)) / float64(len(annotations))
	}
	slices.Sort(union)
	precision := float64(truePositives(slices.Compact(union), x)) / float64(len(x))
	return 2 * precision * recall / (precision + recall)
}

func withStart(v []int) []int {
	v = append([]int{0}, v...)
	slices.Sort(v)
	return slices.Compact(v)
}

// truePositives counts the annotations near a detection, each detection
// serving one, the nearest.
func truePositives(annotated, detected []int) int {
	left := slices.Clone(detected)
	count := 0
	for _, t := range annotated {
		best := -1
		for i, x := range left {
			if d := abs(t - x); d <= scoreMargin && (best < 0 || d < abs(t-left[best])) {
				best = i
			}
		}
		if best >= 0 {
			left = slices.Delete(left, best, best+1)
			count++
		}
	}
	return count
}

func abs(v int) int { return max(v, -v) }

// Cover is the mean over people of how well the segments they saw are covered:
// each counts by its length with the largest Jaccard index it has with a
// detected segment (van den Burg and Williams 2020, section 4). In (0, 1].
func Cover(annotations [][]int, detected []int, n int) float64 {
	x := bounds(detected, n)
	total := 0.0
	for _, a := range annotations {
		t := bounds(a, n)
		for i := range len(t) - 1 {
			best := 0.0
			for j := range len(x) - 1 {
				both := min(t[i+1], x[j+1]) - max(t[i], x[j])
				if both > 0 {
					best = max(best, float64(both)/float64(max(t[i+1], x[j+1])-min(t[i], x[j])))
				}
			}
			total += float64(t[i+1]-t[i]) * best
		}
	}
	return total / float64(n) / float64(len(annotations))
}

// bounds are the ends of the segments that begin at the changes, 0 and n.
func bounds(changes []int, n int) []int {
	b := append([]int{0, n}, changes...)
	slices.Sort(b)
	return slices.Compact(b)
}
