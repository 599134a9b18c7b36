package data

import "sync"

// Each reads declarations side by side, which is most of what a short command
// waits for, and gives them in the order of their names; of several mistakes the
// first in that order.
func Each[T any](names []string, read func(name string) (T, error)) ([]T, error) {
	out, errs := make([]T, len(names)), make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { out[i], errs[i] = read(name) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
