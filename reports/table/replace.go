package table

import (
	"errors"
	"os"
)

// replace moves the target aside, the folder work in its place, and the old one
// to where work was; if the second move fails, the old one is moved back. For an
// instant there is no target.
func replace(work, target string) error {
	aside := work + "-old"
	if err := os.Rename(target, aside); err != nil {
		return err
	}
	if err := os.Rename(work, target); err != nil {
		return errors.Join(err, os.Rename(aside, target))
	}
	return os.Rename(aside, work)
}
