package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/generate"
	"github.com/xuri/excelize/v2"
)

// events generates a register of events, once.
func (b *bench) events(name string, opt generate.Options) (string, error) {
	path := filepath.Join(b.dir, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	defer f.Close()
	opt.Files, opt.Declarations, opt.Year, opt.Seed = data.Files, b.decls, b.year, 1
	if err := generate.Events(f, opt); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	return path, nil
}

// book writes the first rows of a register as a workbook.
func (b *bench) book(rows int) (path string, err error) {
	source, err := b.events("libro.csv", generate.Options{Rows: rows})
	if err != nil {
		return "", err
	}
	in, err := os.Open(source)
	if err != nil {
		return "", fmt.Errorf("make workbook: %w", err)
	}
	defer in.Close()
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	sheet, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return "", fmt.Errorf("make workbook: %w", err)
	}
	r := csv.NewReader(bufio.NewReader(in))
	for line := 1; ; line++ {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("make workbook: %w", err)
		}
		cells := make([]any, len(record))
		for i, text := range record {
			cells[i] = text
		}
		if err := sheet.SetRow("A"+strconv.Itoa(line), cells); err != nil {
			return "", fmt.Errorf("make workbook: %w", err)
		}
	}
	if err := sheet.Flush(); err != nil {
		return "", fmt.Errorf("make workbook: %w", err)
	}
	path = filepath.Join(b.dir, "libro.xlsx")
	if err := book.SaveAs(path); err != nil {
		return "", fmt.Errorf("make workbook: %w", err)
	}
	return path, nil
}
