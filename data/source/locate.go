package source

import (
	"bytes"
	"context"

	"golang.org/x/sync/errgroup"
)

// Located is one row of an input, with the line where it stands.
type Located struct {
	File string // base name
	Line int64  // 1 is the first line of the file
	Record
}

// Locate reads files again and gives the rows that are wanted, in the order of
// files and lines. It is how a finished figure is traced to its rows: keeping
// the line of every row through a run would cost more than reading twice.
func Locate(ctx context.Context, paths []string, o Options, wanted func(*Record) bool) ([]Located, error) {
	if err := distinct(paths); err != nil {
		return nil, err
	}
	r := &reading{options: o, paths: paths, free: make(chan []byte, 4)}
	full := make(chan task, 2)
	var found []Located
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(full)
		return r.feed(ctx, full)
	})
	group.Go(func() error {
		parsers := map[*Layout]*parser{}
		for t := range full {
			if parsers[t.layout] == nil {
				parsers[t.layout] = newParser(t.layout.parsed(), o.Digits)
			}
			found = parsers[t.layout].locate(t.block, wanted, found)
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	names := namesOf(paths)
	for i := range found {
		found[i].File = names[found[i].Line>>locatedFileShift]
		found[i].Line &= 1<<locatedFileShift - 1
	}
	return found, nil
}

// While rows are collected the number of their file stands above their line.
const locatedFileShift = 44

func (p *parser) locate(b block, wanted func(*Record) bool, found []Located) []Located {
	line := b.line
	var record Record
	for at := 0; at < len(b.text); {
		next := p.row.split(b.text, at, p.layout.Delimiter)
		if !p.row.blank() && p.parse(&record) == nil && wanted(&record) {
			found = append(found, Located{Line: int64(b.file)<<locatedFileShift | line, Record: record})
		}
		line += int64(bytes.Count(b.text[at:next], newline))
		at = next
	}
	return found
}
