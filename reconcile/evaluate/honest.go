package evaluate

import (
	"context"
	"fmt"
	"strings"

	"counterflow/data/simulate"
)

// Honesty is what became of worlds with one honest cause or one sort of
// look-alikes and no planted case: every flagged case is false.
type Honesty struct {
	Name     string `json:"name"`
	Worlds   int    `json:"worlds"`
	AnyFalse int    `json:"any_false"` // worlds with at least one false case
	False    int    `json:"false"`     // false cases in all of them
	Share    Ratio  `json:"share"`     // of worlds with any
}

// lookAlikeNeeds are the causes without which a look-alike cannot happen.
var lookAlikeNeeds = map[simulate.Kind][]simulate.Cause{
	simulate.HubStep:      {simulate.Entrepot},
	simulate.LateArrivals: {simulate.Transit},
	simulate.YearEndLump:  {simulate.Transit},
}

// Honest scores worlds in which one honest cause, or one sort of look-alikes,
// acts alone on top of the usual noise of reports, and worlds with all of them
// at once. With a noise scale of zero the causes act on exact reports.
func Honest(ctx context.Context, base simulate.Settings, seeds []uint64, rules Rules, dir string, detect Detect, done func(Honesty)) ([]Honesty, error) {
	var all []Honesty
	for _, trial := range honestTrials(base) {
		scores, err := Worlds(ctx, trial.settings, seeds, rules, dir, detect, nil)
		if err != nil {
			return all, fmt.Errorf("%s: %w", trial.name, err)
		}
		h := Honesty{Name: trial.name, Worlds: len(scores)}
		for _, s := range scores {
			h.False += s.False.False
			if s.False.False > 0 {
				h.AnyFalse++
			}
		}
		h.Share = ratio(h.AnyFalse, h.Worlds)
		all = append(all, h)
		if done != nil {
			done(h)
		}
	}
	return all, nil
}

// trial is a kind of world with its name.
type trial struct {
	name     string
	settings simulate.Settings
}

func honestTrials(base simulate.Settings) []trial {
	all := []trial{{string(simulate.Noise), base.Only(simulate.Noise)}}
	for _, c := range simulate.Causes {
		if c != simulate.Noise {
			all = append(all, trial{string(c), base.Only(simulate.Noise, c)})
		}
	}
	for _, kind := range simulate.LookAlikeKinds {
		n := base.LookAlikes[kind]
		if n == 0 {
			continue
		}
		s := base.Only(append(lookAlikeNeeds[kind], simulate.Noise)...)
		s.LookAlikes[kind] = n
		all = append(all, trial{string(kind), s})
	}
	return append(all, trial{"everything honest", base.Honest()})
}

// HonestText renders the trials as a plain table.
func HonestText(all []Honesty) string {
	var b strings.Builder
	table(&b, "honest cause alone\tworlds\twith any false case\tshare\tfalse cases", func(line func(...any)) {
		for _, h := range all {
			line(h.Name, h.Worlds, h.AnyFalse, share(h.Share), h.False)
		}
	})
	return b.String()
}
