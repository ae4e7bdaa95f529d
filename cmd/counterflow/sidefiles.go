package main

import (
	"errors"

	"counterflow/data/concordance"
	"counterflow/data/source"
)

// sideFile is one kind of file that a run takes beside the flows.
type sideFile struct {
	format string
	flag   string // under which a run takes it
	read   func(path string) (tally source.Tally, rejects []source.Reject, warnings []string, err error)
}

// sideFiles are told apart by their headers.
var sideFiles = []sideFile{
	{"balances", "--balances", func(path string) (source.Tally, []source.Reject, []string, error) {
		b, err := source.ReadBalances(path)
		if err != nil {
			return source.Tally{}, nil, nil, err
		}
		return b.Tally, b.Rejects, b.Warnings, nil
	}},
	{"consignments", "--consignments", func(path string) (source.Tally, []source.Reject, []string, error) {
		c, err := source.ReadConsignments(path, source.ConsignmentOptions{})
		if err != nil {
			return source.Tally{}, nil, nil, err
		}
		return c.Tally, c.Rejects, c.Warnings, nil
	}},
	{"events", "--events", counted(func(path string) (int, error) { e, err := source.Events(path); return len(e), err })},
	{"thresholds", "--thresholds", counted(func(path string) (int, error) { t, err := source.ReadThresholds(path); return len(t), err })},
	{"factors", "--factors", counted(func(path string) (int, error) { f, err := source.ReadFactors(path); return len(f), err })},
	{"patches", "--patches", counted(func(path string) (int, error) { r, err := source.ReadPatches(path); return len(r), err })},
	{"producers or exclusions", "--producers or --exclusions", counted(func(path string) (int, error) {
		r, err := source.ReadProducers(path)
		if err != nil {
			r, err = source.ReadExclusions(path)
		}
		return len(r), err
	})},
	{"rates", "--rates", counted(func(path string) (int, error) { r, err := source.ReadRates(path); return r.Len(), err })},
	{"concordance", "--concordance", func(path string) (source.Tally, []source.Reject, []string, error) {
		t, err := concordance.Read(path)
		if err != nil {
			return source.Tally{}, nil, nil, err
		}
		return source.Tally{Rows: int64(t.Links + t.LeftOut), Kept: int64(t.Links), Refused: map[source.Reason]int64{"left_out": int64(t.LeftOut)}}, nil, t.Warnings, nil
	}},
}

// counted is a reader that takes every row or none.
func counted(read func(path string) (int, error)) func(string) (source.Tally, []source.Reject, []string, error) {
	return func(path string) (source.Tally, []source.Reject, []string, error) {
		n, err := read(path)
		return source.Tally{Rows: int64(n), Kept: int64(n)}, nil, nil, err
	}
}

// examineSide reads a file that holds no flows, where its header is that of another
// kind of input.
func examineSide(path string, because error) (k checkup, ok bool) {
	if !errors.Is(because, source.ErrUnknownColumns) {
		return k, false
	}
	for _, side := range sideFiles {
		tally, rejects, warnings, err := side.read(path)
		if err != nil {
			continue
		}
		k = checkup{Format: side.format, Flag: side.flag, Rows: tally.Rows, Kept: tally.Kept, Refused: map[string]int64{}, Samples: samplesOf(rejects), Warnings: warnings}
		if tally.Format != "" {
			k.Format = tally.Format
		}
		for reason, n := range tally.Refused {
			if n > 0 {
				k.Refused[string(reason)] = n
			}
		}
		return k, true
	}
	return k, false
}
