package table

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"counterflow/data/filelock"
)

// Folder is a run folder in the making. Everything is written into a hidden
// folder beside the target, which takes the target's place at the end: a run
// that fails or is killed leaves no half-written output, and a finished run
// that was there before stays until the new one is complete. A lock beside the
// target keeps a second run off the same target while this one is alive.
type Folder struct {
	target string
	work   string // the hidden folder, "" once it is gone
	lock   *filelock.Lock
	known  map[string]Output // files whose hash was taken while writing
}

// ManifestName is the file that makes a folder a run folder.
const ManifestName = "run.json"

// Create begins a run folder. It refuses a target that another run is writing,
// and one that exists and is neither empty nor a run folder.
func Create(target string) (*Folder, error) {
	target, err := filepath.Abs(target)
	if err != nil {
		return nil, describe(target, err)
	}
	parent, base := filepath.Split(target)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, describe(parent, err)
	}
	lock, err := filelock.Acquire(filepath.Join(parent, "."+base+".lock"))
	if errors.Is(err, filelock.ErrLocked) {
		return nil, fmt.Errorf("%s is being written by another run; wait for it or choose another folder", target)
	}
	if err != nil {
		return nil, describe(target, err)
	}
	f := &Folder{target: target, lock: lock, known: make(map[string]Output)}
	if err := f.begin(parent, "."+base+".partial-"); err != nil {
		f.Discard()
		return nil, err
	}
	return f, nil
}

func (f *Folder) begin(parent, prefix string) error {
	if err := replaceable(f.target); err != nil {
		return err
	}
	// Holding the lock, we know that what an earlier run left belongs to
	// nobody.
	entries, err := os.ReadDir(parent)
	if err != nil {
		return describe(parent, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			if err := os.RemoveAll(filepath.Join(parent, e.Name())); err != nil {
				return describe(filepath.Join(parent, e.Name()), err)
			}
		}
	}
	if f.work, err = os.MkdirTemp(parent, prefix); err != nil {
		f.work = ""
		return describe(f.target, err)
	}
	// MkdirTemp gives a folder that only its owner can read; a run folder is
	// like any other.
	return describe(f.target, os.Chmod(f.work, 0o755))
}

// replaceable says whether a finished run may take the place of the target.
func replaceable(target string) error {
	info, err := os.Lstat(target)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return describe(target, err)
	case !info.IsDir():
		return fmt.Errorf("%s is a file; choose another name for the run folder", target)
	}
	entries, err := os.ReadDir(target)
	if err != nil {
		return describe(target, err)
	}
	for _, e := range entries {
		if e.Name() == ManifestName {
			return nil
		}
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s exists and is no run folder; choose another one, or empty it", target)
	}
	return nil
}

// Rework begins a run folder that starts with the tables of the finished run at
// the target, so that charts and reports can be made again from them. The
// manifest keeps the hashes that the run itself took, so that a table which was
// changed since is still found out.
func Rework(target string) (*Folder, error) {
	f, err := Create(target)
	if err != nil {
		return nil, err
	}
	if err := f.carryAll(); err != nil {
		f.Discard()
		return nil, err
	}
	return f, nil
}

func (f *Folder) carryAll() error {
	m, err := ReadManifest(f.target)
	if err != nil {
		return err
	}
	kept := append(tablePaths(), PackageName)
	for _, out := range m.Outputs {
		if indexOf(kept, out.Path) < 0 {
			continue
		}
		if err := f.carry(filepath.Join(f.target, out.Path), out.Path); err != nil {
			return err
		}
		f.known[out.Path] = out
	}
	return nil
}

// carry takes a finished file over, by a link where the file system has them.
func (f *Folder) carry(from, path string) error {
	to, err := f.Path(path)
	if err != nil {
		return err
	}
	if os.Link(from, to) == nil {
		return nil
	}
	source, err := os.Open(from)
	if err != nil {
		return describe(from, err)
	}
	defer source.Close()
	file, err := f.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, source); err != nil {
		file.file.Close()
		return describe(path, err)
	}
	return file.Close()
}

// Commit lists every file of the folder with its hash in the manifest, writes
// run.json, and puts the folder in the target's place. Neither a reader of the
// target nor a crash ever sees a mixture of two runs.
func (f *Folder) Commit(m Manifest) error {
	defer f.Discard()
	if err := f.writeCitation(m); err != nil {
		return err
	}
	outputs, err := f.outputs()
	if err != nil {
		return err
	}
	m.Outputs, m.Tables = outputs, f.TablesHash()
	if err := f.writeManifest(m); err != nil {
		return err
	}
	if err := replaceable(f.target); err != nil {
		return err
	}
	// Discard then removes what was at the target before.
	return describe(f.target, exchange(f.work, f.target))
}

// Discard removes what is not finished and lets the lock go. After Commit it
// does nothing.
func (f *Folder) Discard() error {
	var err error
	if f.work != "" {
		err = os.RemoveAll(f.work)
		f.work = ""
	}
	if f.lock != nil {
		err = errors.Join(err, f.lock.Release())
		f.lock = nil
	}
	return err
}
