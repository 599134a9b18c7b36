package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate"
)

// ErrUnrecognised: no dataset, or more than one, has the file's header.
var ErrUnrecognised = errors.New("dataset not recognised")

// recogniseBytes is how much of a file is read to find its header.
const recogniseBytes = 64 << 10

// Recognise finds the dataset whose header the file has. It reads no more than
// the file's beginning.
func Recognise(decls *data.Declarations, r io.Reader) (string, error) {
	head := make([]byte, recogniseBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", fmt.Errorf("recognise dataset: %w", err)
	}
	head = head[:n]
	if end := bytes.LastIndexByte(head, '\n'); n == recogniseBytes && end >= 0 {
		head = head[:end+1] // no character cut in two
	}
	var found []string
	for _, ds := range decls.Datasets {
		if gate.HasHeader(ds, head) {
			found = append(found, ds.ID)
		}
	}
	return one(found)
}

// RecogniseFile is Recognise for a file of that name: a workbook is looked into.
func RecogniseFile(decls *data.Declarations, name string, f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("recognise dataset: %w", err)
	}
	var found []string
	workbook := false
	for _, ds := range decls.Datasets {
		if !gate.IsWorkbook(ds, name) {
			continue
		}
		workbook = true
		has, err := gate.HasSheet(ds, f, info.Size())
		if err != nil {
			return "", fmt.Errorf("%w: %w", err, ErrUnrecognised)
		}
		if has {
			found = append(found, ds.ID)
		}
	}
	if !workbook {
		return Recognise(decls, f)
	}
	return one(found)
}

// one is the only dataset found.
func one(found []string) (string, error) {
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("no dataset has this header; name it with --dataset: %w", ErrUnrecognised)
	}
	return "", fmt.Errorf("the header is that of %s; name the dataset with --dataset: %w", strings.Join(found, " and "), ErrUnrecognised)
}
