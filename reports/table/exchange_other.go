//go:build !linux

package table

import "os"

// exchange puts the folder work in the target's place; what was there is then at
// work.
func exchange(work, target string) error {
	if err := os.Rename(work, target); err == nil {
		return nil // there was none, or an empty one
	}
	return replace(work, target)
}
