package source

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Located is one row of an input, with the line where it stands.
type Located struct {
	File string // base name
	Line int64  // 1 is the first line of the file
	Record
}

// Locate reads files again and gives the rows that are wanted, in the order of
// files and lines. It is how a finished figure is traced to its rows: keeping
// the line of every row through a run would cost more than reading twice. With a
// concordance a row may stand there several times, once for each code that it
// became.
func Locate(ctx context.Context, paths []string, o Options, wanted func(*Record) bool) ([]Located, error) {
	type place struct {
		file int
		Located
	}
	var mu sync.Mutex
	var found []place
	o.Lines = true
	reading, err := Read(ctx, paths, o, func(_ int, b Batch) error {
		for i := range b.Records {
			if wanted(&b.Records[i]) {
				mu.Lock()
				found = append(found, place{b.File, Located{Line: b.Lines[i], Record: b.Records[i]}})
				mu.Unlock()
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b place) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.Line, b.Line)) })
	located := make([]Located, len(found))
	for i, f := range found {
		located[i] = f.Located
		located[i].File = reading.Tallies[f.file].File
	}
	return located, nil
}
