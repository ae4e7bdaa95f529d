package mirror

import (
	"slices"

	"counterflow/data"
	"counterflow/data/source"
)

// refusals counts rows that were left out when rows were settled, by file and
// reason, and keeps the first few of each as examples.
type refusals struct {
	counts  map[refusalKey]int64
	samples []lateReject
}

type refusalKey struct {
	file   int
	reason source.Reason
}

type lateReject struct {
	refusalKey
	value string
}

const lateSamples = 5

func newRefusals() *refusals { return &refusals{counts: map[refusalKey]int64{}} }

func (f *refusals) add(reason source.Reason, commodity data.Commodity, r *row) {
	key := refusalKey{r.bits.file(), reason}
	f.counts[key]++
	if f.counts[key] <= lateSamples {
		f.samples = append(f.samples, lateReject{key, describe(commodity, r)})
	}
}

// describe names a row that can no longer be located by its line.
func describe(commodity data.Commodity, r *row) string {
	return commodity.Code() + " " + keyPeriod(r.key).String() + " " + keyExporter(r.key).String() + "->" +
		keyImporter(r.key).String() + " " + keyDirection(r.key).String() + " " + r.usd.Text() + " USD " + r.kg.Text() + " kg"
}

// all refuses every row of a key.
func (f *refusals) all(reason source.Reason, commodity data.Commodity, group []row) {
	slices.SortFunc(group, compareRows)
	for i := range group {
		f.add(reason, commodity, &group[i])
	}
}

// join adds the refusals of the next commodity, in order.
func (f *refusals) join(next *refusals) {
	had := map[refusalKey]int64{}
	for key, n := range next.counts {
		had[key] = f.counts[key]
		f.counts[key] += n
	}
	for _, s := range next.samples {
		if had[s.refusalKey] < lateSamples {
			had[s.refusalKey]++
			f.samples = append(f.samples, s)
		}
	}
}
