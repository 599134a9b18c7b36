package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

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

// monthlyDataset is delivered month by month.
const monthlyDataset = "upmrip-eventos"

// months writes a file for each of the last n whole months, each published on the
// day after it, with numbers that mean nothing.
func (b *bench) months(n int) ([]string, error) {
	states, countries := b.decls.Reference["entidades"].Codes(), b.decls.Reference["paises"].Codes()
	random := rand.New(rand.NewPCG(1, 1))
	today := data.Day(time.Now())
	first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -n, 0)
	var out []string
	for i := range n {
		month := first.AddDate(0, i, 0)
		path := filepath.Join(b.dir, month.Format("eventos-2006-01.csv"))
		f, err := os.Create(path)
		if err != nil {
			return nil, fmt.Errorf("make file: %w", err)
		}
		w := bufio.NewWriter(f)
		fmt.Fprintln(w, "anio,mes,entidad,nacionalidad,sexo,grupo_edad,condicion,eventos")
		for _, state := range states[:min(len(states), 32)] {
			for _, at := range random.Perm(len(countries))[:min(len(countries), 10)] {
				country := countries[at]
				for _, sex := range []string{"mujer", "hombre"} {
					fmt.Fprintf(w, "%d,%d,%s,%s,%s,18+,presentado,%d\n", month.Year(), int(month.Month()), state, country, sex, 1+random.IntN(50))
				}
			}
		}
		side := fmt.Sprintf("publicado_en: %s\nfuente: prueba de velocidad\n", month.AddDate(0, 1, 0).Format(time.DateOnly))
		if err := errors.Join(w.Flush(), f.Close(), os.WriteFile(path+".meta.yml", []byte(side), 0o600)); err != nil {
			return nil, fmt.Errorf("make file: %w", err)
		}
		out = append(out, path)
	}
	return out, nil
}
