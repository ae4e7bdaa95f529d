package mirror

import (
	"syscall"
	"unsafe"
)

// largePages asks the kernel to back rows with pages of 2 MiB. Rows of a
// thousand commodities are written side by side; with pages of 4 KiB most of the
// time would go into looking up and filling pages. Advice that is not taken
// costs nothing, so errors are ignored.
func largePages[T any](rows []T) {
	if len(rows) == 0 {
		return
	}
	const page = 2 << 20
	size := uintptr(len(rows)) * unsafe.Sizeof(rows[0])
	skip := -uintptr(unsafe.Pointer(&rows[0])) % page
	if size < skip+page {
		return
	}
	text := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&rows[0]), skip)), (size-skip)/page*page)
	_ = syscall.Madvise(text, syscall.MADV_HUGEPAGE)
}
