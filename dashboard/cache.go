package dashboard

import "sync"

// maxCached is how many bytes of finished answers one snapshot keeps. When they
// are more the cache starts anew: as_of dates are many, but few are asked often.
const maxCached = 32 << 20

// pageCache keeps finished answers of one snapshot. A new snapshot has a new
// one, so that nothing outlives its publication.
type pageCache struct {
	mu      sync.RWMutex
	answers map[string]*answer
	bytes   int
}

func newPageCache() *pageCache { return &pageCache{answers: map[string]*answer{}} }

func (c *pageCache) get(key string) *answer {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.answers[key]
}

func (c *pageCache) put(key string, a *answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytes += a.size() + len(key); c.bytes > maxCached {
		c.answers, c.bytes = map[string]*answer{}, a.size()+len(key)
	}
	c.answers[key] = a
}
