//go:build !unix

package table

import (
	"errors"
	"os"
)

// lock is a file that one process holds open. Such systems refuse to remove a
// file that is open, so a lock that can be removed was left behind.
type lock struct{ file *os.File }

var errLocked = errors.New("locked")

func acquire(path string) (*lock, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errLocked
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, os.ErrExist) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	return &lock{file}, nil
}

func (l *lock) release() error {
	return errors.Join(l.file.Close(), os.Remove(l.file.Name()))
}
