package wording

import (
	"strings"

	"counterflow/reconcile/difference"
)

// Status puts what became of a case into words.
func Status(s difference.Status) string {
	return strings.ReplaceAll(string(s), "_", "-")
}

var causes = map[difference.Cause]string{
	difference.NewPeriods:  "its time holds new periods",
	difference.LeftPeriods: "its time holds periods that are gone",
	difference.LateReports: "a report on its lanes came late, or is gone",
	difference.Revisions:   "amounts on its lanes were restated",
	difference.Settings:    "settings differ",
	difference.Version:     "another version of the program",
	difference.Elsewhere:   "nothing changed on its own lanes",
}

// Causes says what may have brought a change about; "" for no cause.
func Causes(of []difference.Cause) string {
	var words []string
	for _, c := range of {
		words = append(words, causes[c])
	}
	return List(words)
}

var ratings = map[difference.Rating]string{
	difference.RatedKind:       "another kind",
	difference.RatedFound:      "crossed the line between found and weaker",
	difference.RatedAssessable: "can be judged now, or no longer",
	difference.RatedExcess:     "another size",
}

// Ratings says in what a re-rated case differs; "" for nothing.
func Ratings(of []difference.Rating) string {
	var words []string
	for _, r := range of {
		words = append(words, ratings[r])
	}
	return List(words)
}
