package evaluate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"counterflow/data/simulate"
)

// Detect runs the engine on the files of a world and hands back its tables. It
// is given the files of a real run only.
type Detect func(ctx context.Context, files simulate.Output) (*Run, error)

// Worlds simulates a world for every seed, runs the engine on it and scores the
// run. A world's files live in a folder below dir, which is removed before the
// next world is made. done, which may be nil, is told after each world.
func Worlds(ctx context.Context, settings simulate.Settings, seeds []uint64, rules Rules, dir string, detect Detect, done func(seed uint64, s *Score)) ([]*Score, error) {
	var scores []*Score
	for _, seed := range seeds {
		if err := ctx.Err(); err != nil {
			return scores, err
		}
		settings.Seed = seed
		s, err := oneWorld(ctx, settings, rules, dir, detect)
		if err != nil {
			return scores, fmt.Errorf("world of seed %d: %w", seed, err)
		}
		scores = append(scores, s)
		if done != nil {
			done(seed, s)
		}
	}
	return scores, nil
}

func oneWorld(ctx context.Context, settings simulate.Settings, rules Rules, dir string, detect Detect) (*Score, error) {
	world, err := simulate.Make(settings)
	if err != nil {
		return nil, err
	}
	home := filepath.Join(dir, fmt.Sprintf("world-%d", settings.Seed))
	defer os.RemoveAll(home)
	files, err := world.Write(home)
	if err != nil {
		return nil, err
	}
	hidden := files
	files.Truth, files.Slips, files.TrueFlows, files.ConsignmentsTruth, files.World = "", "", "", "", ""
	run, err := detect(ctx, files)
	if err != nil {
		return nil, err
	}
	truth, err := ReadTruth(hidden.Truth)
	if err != nil {
		return nil, err
	}
	return Evaluate(run, truth, rules), nil
}

// Seeds are n seeds in a row.
func Seeds(first uint64, n int) []uint64 {
	all := make([]uint64, n)
	for i := range all {
		all[i] = first + uint64(i)
	}
	return all
}
