//go:build !linux

package mirror

// largePages does nothing where the kernel takes no such advice.
func largePages[T any]([]T) {}
