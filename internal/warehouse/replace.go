package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Hold takes the home's lock without opening the warehouse, which may be one that
// cannot be opened. Error: ErrBusy.
func (h *Home) Hold() (release func() error, err error) {
	l, err := lock(h)
	if err != nil {
		return nil, err
	}
	return l.Unlock, nil
}

// previous ends the name of a warehouse that another took the place of.
const previous = ".anterior"

// Replace puts the warehouse of the home at dir, closed, in the place of this
// home's, whose lock the caller holds. The old one and its write-ahead log stay
// under other names: nothing is deleted. A crash leaves one or the other in place.
func (h *Home) Replace(dir string) error {
	from := Home{Dir: dir}
	if _, err := os.Stat(from.Path(databaseFile + ".wal")); err == nil {
		return fmt.Errorf("replace warehouse: the new one was not closed: %w", ErrIntegrity)
	}
	for _, name := range []string{databaseFile + ".wal", databaseFile} {
		err := os.Remove(h.Path(name + previous))
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			err = os.Link(h.Path(name), h.Path(name+previous))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("replace warehouse: %w", err)
		}
	}
	// The log belongs to the old file: beside the new one it would be replayed into it.
	if err := os.Remove(h.Path(databaseFile + ".wal")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace warehouse: %w", err)
	}
	if err := os.Rename(from.Path(databaseFile), h.Path(databaseFile)); err != nil {
		return fmt.Errorf("replace warehouse: %w", err)
	}
	return SyncDir(h.Dir)
}
