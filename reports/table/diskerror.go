package table

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// describe turns an error of the file system into one line that names the path
// and says what to do. It gives nil for nil.
func describe(path string, err error) error {
	var plain *os.PathError
	if errors.As(err, &plain) {
		err = plain.Err // the path is named once, as the user knows it
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		err = link.Err
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%s: %w; make room, or choose a folder on another disk", path, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%s: %w; choose a folder that you may write to", path, err)
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%s: %w; a part of the path is a file, choose another folder", path, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}
