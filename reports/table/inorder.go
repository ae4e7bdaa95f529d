package table

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// inOrder does the jobs that next hands out on several threads and takes the
// answers in the order of the jobs, so that what is written does not depend on
// the number of threads. It ends with the first error, or when ctx does.
func inOrder[J, T any](ctx context.Context, threads int,
	next func() (job J, ok bool, err error), work func(J) (T, error), take func(T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	slots := make(chan chan T, threads)
	group.Go(func() error {
		for slot := range slots {
			select {
			case answer := <-slot:
				if err := take(answer); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		defer close(slots)
		for {
			job, ok, err := next()
			if !ok || err != nil {
				return err
			}
			slot := make(chan T, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return ctx.Err()
			}
			group.Go(func() error {
				answer, err := work(job)
				if err != nil {
					return err
				}
				slot <- answer
				return nil
			})
		}
	})
	return group.Wait()
}

// span is a run of rows, from the first up to but not including the end.
type span struct{ first, end int }

// spans hands out n rows in runs of the given size.
func spans(n, size int) func() (span, bool, error) {
	at := 0
	return func() (span, bool, error) {
		if at >= n {
			return span{}, false, nil
		}
		s := span{at, min(at+size, n)}
		at = s.end
		return s, true, nil
	}
}
