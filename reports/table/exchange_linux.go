package table

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange puts the folder work in the target's place; what was there is then at
// work. Linux swaps two names in one step, so the target exists at every moment;
// on file systems that cannot, the older way is taken.
func exchange(work, target string) error {
	if err := os.Rename(work, target); err == nil {
		return nil // there was none, or an empty one
	}
	err := unix.Renameat2(unix.AT_FDCWD, work, unix.AT_FDCWD, target, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return replace(work, target)
	}
	return err
}
