package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// PointerFile names the current published file.
const PointerFile = "CURRENT"

// keptPublications is how many published files stay: the current one and the
// one before it, which a reader may still have open.
const keptPublications = 2

var publishedName = regexp.MustCompile(`^([0-9]{6,})\.duckdb$`)

// Current returns the path and number of the current published file of the
// home directory dir, fs.ErrNotExist when nothing has been published yet.
func Current(dir string) (path string, id int, err error) {
	b, err := os.ReadFile(filepath.Join(dir, PublishedDir, PointerFile))
	if err != nil {
		return "", 0, fmt.Errorf("read publication pointer: %w", err)
	}
	name := strings.TrimSpace(string(b))
	m := publishedName.FindStringSubmatch(name)
	if m == nil {
		return "", 0, fmt.Errorf("publication pointer names %q: %w", name, ErrIntegrity)
	}
	id, err = strconv.Atoi(m[1])
	if err != nil {
		return "", 0, fmt.Errorf("publication pointer names %q: %w", name, ErrIntegrity)
	}
	return filepath.Join(dir, PublishedDir, name), id, nil
}

// published lists the numbers of the published files that exist, ascending.
func published(h *Home) ([]int, error) {
	entries, err := os.ReadDir(h.Path(PublishedDir))
	if err != nil {
		return nil, fmt.Errorf("list publications: %w", err)
	}
	var ids []int
	for _, e := range entries {
		if m := publishedName.FindStringSubmatch(e.Name()); m != nil {
			if id, err := strconv.Atoi(m[1]); err == nil {
				ids = append(ids, id)
			}
		}
	}
	sort.Ints(ids)
	return ids, nil
}

func publishedFile(id int) string { return fmt.Sprintf("%06d.duckdb", id) }

// prune removes published files beyond the two newest up to current, and any
// above it that an interrupted run left unnamed.
func prune(h *Home, current int) error {
	ids, err := published(h)
	if err != nil {
		return err
	}
	var below []int
	for _, id := range ids {
		if id > current {
			if err := remove(h, id); err != nil {
				return err
			}
			continue
		}
		below = append(below, id)
	}
	for len(below) > keptPublications {
		if err := remove(h, below[0]); err != nil {
			return err
		}
		below = below[1:]
	}
	return nil
}

// RetirePublications removes every published file but the current one. Who has one of
// them open reads on; nobody can open it again.
func (db *DB) RetirePublications() error {
	_, current, err := Current(db.home.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	ids, err := published(db.home)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if id != current {
			if err := remove(db.home, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func remove(h *Home, id int) error {
	for _, suffix := range []string{"", ".wal"} {
		err := os.Remove(h.Path(PublishedDir, publishedFile(id)+suffix))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove publication: %w", err)
		}
	}
	return nil
}
