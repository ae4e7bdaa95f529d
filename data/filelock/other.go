//go:build !unix

package filelock

import (
	"errors"
	"os"
)

// Lock is a file that one process holds open. Such systems refuse to remove a
// file that is open, so a lock that can be removed was left behind.
type Lock struct{ file *os.File }

// ErrLocked says that another process holds the lock.
var ErrLocked = errors.New("locked")

// Acquire takes the lock or gives ErrLocked at once.
func Acquire(path string) (*Lock, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, ErrLocked
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, os.ErrExist) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, err
	}
	return &Lock{file}, nil
}

// Release lets go and removes the file.
func (l *Lock) Release() error {
	return errors.Join(l.file.Close(), os.Remove(l.file.Name()))
}
