//go:build unix

package table

import (
	"errors"
	"os"
	"syscall"
)

// lock is a file that one process holds. The system lets go of it when the
// process ends in any way, so a lock that is left behind blocks nobody.
type lock struct{ file *os.File }

var errLocked = errors.New("locked")

// acquire takes the lock or gives errLocked at once. A holder removes the file
// before it lets go, so after locking we make sure that the name still leads to
// the file that we hold.
func acquire(path string) (*lock, error) {
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			file.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, errLocked
			}
			return nil, err
		}
		held, err := file.Stat()
		if err != nil {
			file.Close()
			return nil, err
		}
		if named, err := os.Stat(path); err == nil && os.SameFile(held, named) {
			return &lock{file}, nil
		}
		file.Close()
	}
}

func (l *lock) release() error {
	return errors.Join(os.Remove(l.file.Name()), l.file.Close())
}
