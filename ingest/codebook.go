package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
	"golang.org/x/text/encoding/charmap"
)

// codebookBytes is how many bytes a delivered codebook may have.
const codebookBytes = 4 << 20

// codebook is what was delivered beside a file to explain its codes; the zero value
// is none.
type codebook struct {
	name, sha256 string
	content      []byte // one byte past the cap of a longer one
	size         int64
	modTime      time.Time
}

// codebookNames are the names that the codebook of a delivered file may have.
func codebookNames(file string) []string {
	stem := file
	if i := strings.LastIndexByte(file, '.'); i > 0 {
		stem = file[:i]
	}
	return []string{file + warehouse.CodebookSuffix, stem + warehouse.CodebookSuffix}
}

// spoolCodebook archives the codebook beside the delivered file, where the contract
// takes one, as durably as the file. One that is no regular file is none. An act
// that is done again takes the codebook that it recorded.
func (j *Job) spoolCodebook(w *work) error {
	if !w.ds.TakesCodebook() {
		return nil
	}
	dir, base := filepath.Split(w.Path)
	names := codebookNames(base)
	if r := w.Recorded; r != nil {
		if names = nil; r.Codebook != "" {
			names = []string{r.Codebook}
		}
	}
	for _, name := range names {
		d := w.Delivery
		d.Path, d.Name = filepath.Join(dir, name), name
		f, info, err := j.openDelivered(d)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errSymlink) || errors.Is(err, ErrNotRegular) {
			continue
		}
		if err != nil {
			return err
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, codebookBytes+1))
		if err != nil {
			return fmt.Errorf("spool %s: %w", name, err)
		}
		if after, err := f.Stat(); err != nil || after.Size() != info.Size() || !after.ModTime().Equal(info.ModTime()) {
			return errors.Join(err, fmt.Errorf("spool %s: %w", name, ErrBeingWritten))
		}
		w.book = codebook{name: name, sha256: hashOf(b), content: b, size: info.Size(), modTime: info.ModTime()}
		if r := w.Recorded; r != nil {
			w.book.name = r.CodebookName
		}
		break
	}
	if w.book.name == "" {
		if r := w.Recorded; r != nil && r.Codebook != "" {
			return fmt.Errorf("archive/%s, the codebook of load %d, is missing: %w", r.Codebook, r.Sequence, warehouse.ErrIntegrity)
		}
		return nil
	}
	return warehouse.WriteFileAtomic(j.Home.Path(warehouse.ArchiveDir), w.book.sha256, w.book.content)
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// contractHash is the hash of everything that decides what the load gives: the
// contract and, where one is delivered, the codebook.
func (w *work) contractHash() string { return w.ds.HashWith(w.book.sha256) }

// codebooks are the tables of codes that the delivered codebook holds, by column,
// and what refuses the delivery.
func (w *work) codebooks(reference map[string]*data.Table) (map[string]*data.Table, []data.Problem) {
	if !w.ds.TakesCodebook() {
		return nil, nil
	}
	one := func(message, hint string) []data.Problem {
		return []data.Problem{{Rule: data.RuleCodebook, Message: message, Hint: hint}}
	}
	name := data.Printable(w.book.name)
	text, ok := textOf(w.book.content)
	switch {
	case w.book.name == "":
		names := codebookNames(w.Name)
		return nil, one("falta el libro de códigos que se entrega al lado del archivo",
			fmt.Sprintf("entregue %s con el archivo, antes que él: variable,codigo,etiqueta y, si hace falta, canonico", data.Printable(names[len(names)-1])))
	case len(w.book.content) > codebookBytes:
		return nil, one(fmt.Sprintf("el libro de códigos %s rebasa %d bytes", name, codebookBytes), "deje solo las variables que el contrato pide")
	case !ok:
		return nil, one("el libro de códigos "+name+" no es texto", "guárdelo como CSV UTF-8")
	}
	tables, faults := w.ds.ParseCodebooks(text, reference)
	var out []data.Problem
	for _, f := range faults {
		at := name
		if f.Line > 0 {
			at = fmt.Sprintf("%s:%d", name, f.Line)
		}
		out = append(out, data.Problem{Rule: f.Rule, Field: f.Field, Value: data.Printable(f.Value), Message: "el libro de códigos " + at + " " + f.Message, Hint: f.Hint})
	}
	return tables, out
}

// changedShown is how many codes that changed their meaning are told one by one.
const changedShown = 20

// changedCodes are warnings of codes that stood for something else in the codebook
// of the report loaded last that came with one and was not withdrawn.
func (j *Job) changedCodes(ctx context.Context, w *work, now map[string]*data.Table) ([]data.Problem, error) {
	if len(now) == 0 {
		return nil, nil
	}
	report, before, err := j.lastCodebook(ctx, w.ds)
	if err != nil || before == nil {
		return nil, err
	}
	warn := func(field, value, message string) data.Problem {
		return data.Problem{File: w.Name, Field: field, Value: value, Rule: data.RuleCodeChanged, Severity: data.Warn, Message: message}
	}
	var out []data.Problem
	more := 0
	for _, col := range w.ds.Columns {
		name := func(code string) string { return data.Printable(code) }
		if t := j.Decls.Reference[col.Catalog]; t != nil {
			name = func(code string) string { return data.Printable(t.Name(code)) }
		}
		if now[col.Name] == nil || before[col.Name] == nil {
			continue
		}
		for _, r := range now[col.Name].Rows {
			is := r[len(r)-1]
			was, ok := before[col.Name].Code(r[0])
			switch {
			case !ok || data.Fold(was) == data.Fold(is):
			case len(out) == changedShown:
				more++
			default:
				out = append(out, warn(col.Name, data.Printable(r[0]), fmt.Sprintf("el libro de códigos %s da a la clave %s el significado «%s»; en el reporte %d era «%s»",
					data.Printable(w.book.name), data.Printable(r[0]), name(is), report, name(was))))
			}
		}
	}
	if more > 0 {
		out = append(out, warn("", "", fmt.Sprintf("el libro de códigos %s cambia el significado de %d claves más", data.Printable(w.book.name), more)))
	}
	return out, nil
}

// lastCodebook is the codebook of the report loaded last, and which report that is;
// nil when none came or it is no longer of the catalogues.
func (j *Job) lastCodebook(ctx context.Context, ds *data.Dataset) (report int, tables map[string]*data.Table, err error) {
	loads, err := j.DB.Loads(ctx)
	if err != nil {
		return 0, nil, err
	}
	looked := map[int]bool{}
	for _, l := range slices.Backward(loads) {
		switch {
		case l.Dataset != ds.ID || looked[l.ReportID]:
			continue
		case l.Kind == warehouse.KindRetire: // later than the loads that it takes out of force
			looked[l.ReportID] = true
			continue
		case l.Outcome == warehouse.Refused:
			continue
		}
		looked[l.ReportID] = true
		r, ok, err := j.DB.ReportByID(ctx, l.ReportID)
		if err != nil || !ok {
			return 0, nil, err
		}
		name, content, err := j.RecordedCodebook(r)
		if err != nil {
			return 0, nil, err
		}
		if text, ok := textOf(content); ok && name != "" {
			tables, faults := ds.ParseCodebooks(text, j.Decls.Reference)
			if len(faults) > 0 {
				tables = nil
			}
			return r.ID, tables, nil
		}
	}
	return 0, nil, nil
}

// textOf is the text of a small file: UTF-8, with or without mark, else
// Windows-1252, as of the data. False for bytes that are no text.
func textOf(b []byte) (string, bool) {
	s := strings.TrimPrefix(string(b), "\ufeff")
	if strings.ContainsRune(s, 0) || strings.HasPrefix(s, "\xff\xfe") || strings.HasPrefix(s, "\xfe\xff") {
		return "", false
	}
	if utf8.ValidString(s) {
		return s, true
	}
	out, err := charmap.Windows1252.NewDecoder().String(s)
	return out, err == nil
}

// RecordedCodebook is the codebook by which a report's rows were last loaded, from
// the journal and the archive: its name and its bytes, "" and nil for none. Errors:
// warehouse.ErrIntegrity where the archive no longer has it.
func (j *Job) RecordedCodebook(r warehouse.Report) (name string, content []byte, err error) {
	journal, err := ReadJournal(j.Home, r.SHA256)
	if err != nil {
		return "", nil, err
	}
	sum := ""
	for _, a := range journal.Acts { // in order of their sequence
		if a.ReportID == r.ID && a.Committed && a.Codebook != "" && a.Outcome != warehouse.Refused {
			name, sum = a.CodebookName, a.Codebook
		}
	}
	if sum == "" {
		return "", nil, nil
	}
	content, err = os.ReadFile(j.Home.Path(warehouse.ArchiveDir, sum))
	if err == nil && hashOf(content) != sum {
		err = errors.New("it is not what was archived")
	}
	if err != nil {
		return "", nil, fmt.Errorf("archive/%s, the codebook of report %d: %w: %w", sum, r.ID, err, warehouse.ErrIntegrity)
	}
	return name, content, nil
}
