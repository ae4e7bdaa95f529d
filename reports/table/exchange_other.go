//go:build !linux

package table

import "os"

// exchange puts the folder work in the target's place and removes what was
// there.
func exchange(work, target string) error {
	if err := os.Rename(work, target); err == nil {
		return nil // there was none, or an empty one
	}
	return replace(work, target)
}
