package source

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// samplesKept is the number of refused rows of each file and reason that are
// kept as examples.
const samplesKept = 5

// counter counts the rows of all files as one goroutine sees them.
type counter struct {
	rows    []int64
	refused []map[Reason]int64
	samples []map[Reason][]Reject // the lowest lines, since blocks come in order
	foreign []bool                // holds bytes that are not UTF-8
	hints   []map[string]bool     // what there is to say of codes that were read
	weighed map[FactorKey]int64   // rows whose weight was filled in
	applied []int64               // rows that each rule changed or left out
}

func newCounter(files int) *counter {
	c := &counter{rows: make([]int64, files), foreign: make([]bool, files), weighed: map[FactorKey]int64{}}
	for range files {
		c.refused = append(c.refused, map[Reason]int64{})
		c.samples = append(c.samples, map[Reason][]Reject{})
		c.hints = append(c.hints, map[string]bool{})
	}
	return c
}

func (c *counter) refuse(file int, line int64, layout *Layout, no *refusal) {
	c.refused[file][no.reason]++
	if kept := c.samples[file][no.reason]; len(kept) < samplesKept {
		c.samples[file][no.reason] = append(kept, no.sample(line, layout))
	}
}

// finish adds up what the goroutines counted. The samples are the lowest lines
// of each reason, whatever the number of goroutines.
func (r *reading) finish(counts []*counter) (*Reading, error) {
	out := &Reading{Tallies: r.tallies, Weighed: map[FactorKey]int64{}, Applied: r.options.Rules.counters()}
	for _, c := range counts {
		for k, n := range c.weighed {
			out.Weighed[k] += n
		}
		for i, n := range c.applied {
			out.Applied[i] += n
		}
	}
	for i := range out.Tallies {
		tally := &out.Tallies[i]
		samples := map[Reason][]Reject{}
		foreign, hints := false, map[string]bool{}
		before := r.found(i)
		tally.Refused = map[Reason]int64{}
		if before != nil {
			foreign = before.NotUTF8
			for _, hint := range before.Hints {
				hints[hint] = true
			}
			maps.Copy(tally.Refused, before.Refused)
			for _, reject := range before.Rejects {
				samples[reject.Reason] = append(samples[reject.Reason], reject)
			}
		}
		for _, c := range counts {
			tally.Rows += c.rows[i]
			foreign = foreign || c.foreign[i]
			maps.Copy(hints, c.hints[i])
			for reason, n := range c.refused[i] {
				tally.Refused[reason] += n
				samples[reason] = append(samples[reason], c.samples[i][reason]...)
			}
		}
		tally.Kept = tally.Rows
		for _, n := range tally.Refused {
			tally.Kept -= n
		}
		rejects := first(samples, tally.File)
		out.Found = append(out.Found, Found{Tally: *tally, Rejects: rejects, NotUTF8: foreign, Hints: slices.Sorted(maps.Keys(hints))})
		out.Rejects = append(out.Rejects, rejects...)
		if foreign {
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s: some bytes are not UTF-8; they stand as ? in samples, save the file as UTF-8 to cure it", tally.File))
		}
		for _, hint := range slices.Sorted(maps.Keys(hints)) {
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s: %s; it was read as that", tally.File, hint))
		}
		if err := usable(tally, out.Rejects); err != nil {
			return nil, err
		}
	}
	if r.harmoniser != nil {
		out.Warnings = append(out.Warnings, r.harmoniser.warnings()...)
	}
	return out, nil
}

// found is what a stored input says of its rows; nil for a file that was parsed.
func (r *reading) found(file int) *Found {
	if r.stored[file] == nil {
		return nil
	}
	found := r.stored[file].Found()
	return &found
}

func first(samples map[Reason][]Reject, file string) []Reject {
	var kept []Reject
	for _, rejects := range samples {
		slices.SortFunc(rejects, func(a, b Reject) int { return cmp.Compare(a.Line, b.Line) })
		kept = append(kept, rejects[:min(len(rejects), samplesKept)]...)
	}
	slices.SortFunc(kept, func(a, b Reject) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Reason, b.Reason))
	})
	for i := range kept {
		kept[i].File = file
	}
	return kept
}

// Where says where a refused row stands and what stood there.
func (r *Reject) Where() string {
	where := fmt.Sprintf("%s: line %d", r.File, r.Line)
	if r.Column != "" {
		where += fmt.Sprintf(", column %q", r.Column)
	}
	return where + fmt.Sprintf(", value %q", r.Value)
}

func (r *Reject) cure() string {
	if r.Hint == "" {
		return ""
	}
	return "; " + r.Hint
}

// usable refuses a file from which nothing could be read.
func usable(tally *Tally, rejects []Reject) error {
	if tally.Rows == 0 {
		return dataErrorf("%s: line 2: the file has a header and no rows; fetch it again or leave it out", tally.File)
	}
	if tally.Kept > 0 {
		return nil
	}
	for _, r := range rejects {
		if r.File == tally.File {
			return dataErrorf("%s: none of %d rows could be used, this one for %s%s", r.Where(), tally.Rows, r.Reason, r.cure())
		}
	}
	return dataErrorf("%s: none of %d rows could be used", tally.File, tally.Rows)
}
