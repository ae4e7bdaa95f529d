//go:build unix

// Package filelock keeps two processes off one folder: Acquire takes a lock file
// beside or in it, and the system lets go of it when its holder ends in any way.
package filelock

import (
	"errors"
	"os"
	"syscall"
)

// Lock is a file that one process holds. The system lets go of it when the
// process ends in any way, so a lock that is left behind blocks nobody.
type Lock struct{ file *os.File }

// ErrLocked says that another process holds the lock.
var ErrLocked = errors.New("locked")

// Acquire takes the lock or gives ErrLocked at once. A holder removes the file
// before it lets go, so after locking we make sure that the name still leads to
// the file that we hold.
func Acquire(path string) (*Lock, error) {
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			file.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, ErrLocked
			}
			return nil, err
		}
		held, err := file.Stat()
		if err != nil {
			file.Close()
			return nil, err
		}
		if named, err := os.Stat(path); err == nil && os.SameFile(held, named) {
			return &Lock{file}, nil
		}
		file.Close()
	}
}

// Release lets go and removes the file.
func (l *Lock) Release() error {
	return errors.Join(os.Remove(l.file.Name()), l.file.Close())
}
