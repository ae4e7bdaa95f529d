package conversion

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"counterflow/data"
	"counterflow/data/concordance"
	"counterflow/data/source"
)

// Years is what each economy traded in each year under each code of six digits,
// exports and imports together; codes carry their editions.
type Years map[year]map[data.Commodity]data.USD

type year struct {
	reporter data.Economy
	year     int
}

// Gather reads the files for what Learn takes: values of total rows, of trade with
// single partners, under codes of six digits of a stated edition.
func Gather(ctx context.Context, paths []string, reading source.Options) (Years, error) {
	reading.Concordance, reading.Factors = nil, nil
	all := Years{}
	var mu sync.Mutex
	_, err := source.Read(ctx, paths, reading, func(_ int, b source.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		for i := range b.Records {
			r := &b.Records[i]
			edition := r.Commodity.Edition()
			if r.Partner() == data.World || r.Direction > data.Import || !r.Value.Known() || r.Part.Columns&^source.ByFinerCode != 0 ||
				r.Commodity.Len() != 6 || edition < data.HS1992 || edition > data.HS2028 {
				continue
			}
			at := year{r.Reporter(), r.Period.Year()}
			if all[at] == nil {
				all[at] = map[data.Commodity]data.USD{}
			}
			all[at][r.Commodity] += r.Value
		}
		return nil
	})
	return all, err
}

// edition is that of all codes of a year, EditionMixed where there are several: an
// economy that changed within a year shows no whole year under either.
func edition(codes map[data.Commodity]data.USD) data.Edition {
	only := data.EditionUnknown
	for code := range codes {
		switch e := code.Edition(); {
		case only == data.EditionUnknown:
			only = e
		case only != e:
			return data.EditionMixed
		}
	}
	return only
}

// Changes gives the trade of the economies that used one edition in one year and
// the other in the year before or after, under both.
func (y Years) Changes(from, to data.Edition) (under, then []Trade) {
	for _, at := range slices.SortedFunc(maps.Keys(y), func(a, b year) int {
		if a.reporter != b.reporter {
			return int(a.reporter) - int(b.reporter)
		}
		return a.year - b.year
	}) {
		if edition(y[at]) != from {
			continue
		}
		for _, neighbour := range []int{at.year - 1, at.year + 1} {
			other := year{at.reporter, neighbour}
			if edition(y[other]) != to {
				continue
			}
			under, then = y.trades(under, at), y.trades(then, other)
		}
	}
	return under, then
}

func (y Years) trades(list []Trade, at year) []Trade {
	codes := y[at]
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		list = append(list, Trade{at.reporter, code, codes[code]})
	}
	return list
}

// LearnTowards learns the shares of every step that leads from an edition in use to
// the one asked for, and says in words what came of it. Families that cannot be
// told apart keep the weights of the file, or equal ones.
func LearnTowards(t *concordance.Table, y Years, to data.Edition, o Options) (notes []string) {
	used := map[data.Edition]bool{}
	for _, codes := range y {
		for code := range codes {
			used[code.Edition()] = true
		}
	}
	learnt := map[[2]data.Edition]bool{}
	for _, at := range slices.Sorted(maps.Keys(used)) {
		for at != to {
			next := at + 1
			if to < at {
				next = at - 1
			}
			step := [2]data.Edition{at, next}
			if at = next; learnt[step] {
				continue
			}
			learnt[step] = true
			under, then := y.Changes(step[0], step[1])
			fits, err := Learn(t, step[0], step[1], under, then, o)
			if err != nil {
				notes = append(notes, fmt.Sprintf("no shares were learnt from %s to %s: %v", step[0], step[1], err))
				continue
			}
			notes = append(notes, summary(step, fits)...)
		}
	}
	return notes
}

// summary says how many families of one step were learnt, and why others were not.
func summary(step [2]data.Edition, fits []FamilyFit) []string {
	if len(fits) == 0 {
		return nil
	}
	determined := 0
	first := ""
	for i := range fits {
		if fits[i].Determined {
			determined++
		} else if first == "" {
			first = fmt.Sprintf("; the others cannot be told apart and belong together, such as that of %s: %s", fits[i].Family.From[0], fits[i].Warning)
		}
	}
	return []string{fmt.Sprintf("the shares of %d of %d families of codes that divide from %s to %s were learnt from economies that changed edition%s",
		determined, len(fits), step[0], step[1], first)}
}
