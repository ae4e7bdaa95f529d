package mirror

import (
	"fmt"
	"slices"
	"strings"

	"counterflow/data/source"
)

// summary joins what the reader and the engine counted.
func (e *engine) summary(reading *source.Reading) *Summary {
	s := &Summary{
		Inputs: reading.Tallies, Rejects: reading.Rejects, Coverage: e.coverage.table(e.presence),
		Rows: e.rows, Weighed: reading.Weighed, Applied: reading.Applied, Warnings: slices.Concat(reading.Warnings, e.warnings, e.absentWarning()),
	}
	for key, n := range e.refusals.counts {
		s.Inputs[key.file].Refused[key.reason] += n
		s.Inputs[key.file].Kept -= n
	}
	for _, late := range e.refusals.samples {
		s.Rejects = append(s.Rejects, source.Reject{
			File: s.Inputs[late.file].File, Reason: late.reason, Value: late.value, Hint: lateHints[late.reason],
		})
	}
	slices.SortStableFunc(s.Rejects, func(a, b source.Reject) int { return strings.Compare(a.File, b.File) })
	for _, sp := range e.spills {
		s.Spilled += sp.rows
	}
	for _, in := range s.Inputs {
		if n := in.Refused[source.RepeatedKey]; n > 0 {
			s.Warnings = append(s.Warnings, fmt.Sprintf("%s: %d rows repeat a key with other amounts; the largest was taken, remove the outdated ones to cure it", in.File, n))
		}
	}
	return s
}

var lateHints = map[source.Reason]string{
	source.AggregateLevel: "codes of other detail are compared in its chapter",
	source.MixedFrequency: "months are compared; run the years apart",
	source.Breakdown:      "the total that it is part of is there",
	source.RepeatedRow:    "the same record stands in the files once more",
	source.RepeatedKey:    "the largest record of the key was taken; remove the outdated ones",
}
