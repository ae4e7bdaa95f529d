package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"counterflow/data/filelock"
)

// enter makes the vault ready for one ingest, keeps others out, and clears away
// what a killed one left: drafts, and objects to which no vintage leads. done ends
// it, and removes a vault in which nothing came to be stored.
func (v *Vault) enter() (done func() error, err error) {
	if err := os.MkdirAll(v.dir, 0o755); err != nil {
		return nil, err
	}
	lock, err := filelock.Acquire(filepath.Join(v.dir, ".lock"))
	if errors.Is(err, filelock.ErrLocked) {
		return nil, fmt.Errorf("%s: another ingest is at work on this vault; wait for it", v.dir)
	}
	if err != nil {
		return nil, err
	}
	drafts := filepath.Join(v.dir, "tmp")
	done = func() error {
		err := errors.Join(os.RemoveAll(drafts), lock.Release())
		os.Remove(v.dir) // fails, as it should, where anything is stored
		return err
	}
	if err := errors.Join(os.RemoveAll(drafts), v.sweep(), os.MkdirAll(drafts, 0o755)); err != nil {
		return nil, errors.Join(err, done())
	}
	return done, nil
}

// sweep removes objects and originals to which no vintage leads: their ingest was
// killed before the last step.
func (v *Vault) sweep() error {
	list, err := v.list()
	if err != nil {
		return err
	}
	led := map[string]bool{}
	for _, of := range list {
		led[filepath.FromSlash(of.Object)] = true
		led[filepath.Dir(filepath.FromSlash(of.Original))] = true
	}
	for _, kind := range []string{"objects", "originals"} {
		entries, err := os.ReadDir(filepath.Join(v.dir, kind))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		for _, entry := range entries {
			if name := filepath.Join(kind, entry.Name()); !led[name] {
				if err := os.RemoveAll(filepath.Join(v.dir, name)); err != nil {
					return err
				}
			}
		}
		if len(entries) > 0 {
			os.Remove(filepath.Join(v.dir, kind)) // where it is empty now
		}
	}
	return nil
}
