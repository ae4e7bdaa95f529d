package consignments

import (
	"runtime"
	"sync"
)

// inParallel calls do for 0 to n-1 on all processors. Each call writes what is
// its own, so the order does not matter.
func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), n)
	for w := range workers {
		group.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	group.Wait()
}
