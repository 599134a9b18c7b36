package data

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"sort"
	"strings"
)

// Files holds the datasets, reference tables, schemas and shipped reports that
// are built into the program.
//
//go:embed all:datasets all:reference all:reports all:schema
var Files embed.FS

var (
	identifier = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	datasetID  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)
)

// Dataset is one folder of data/datasets: what a report must look like and how
// it becomes typed rows.
type Dataset struct {
	Contract
	Catalog Catalog
	Clean   string // clean.sql: one SELECT from entrega to typed rows
	Checks  []Check
	// Codebooks are the codes of the columns whose codebook lies in the folder, by
	// column. Their spellings are codes, and codes are what these stand for.
	Codebooks map[string]*Table
	// Corrections are the point fixes of corrections.yml, in order.
	Corrections []Correction
	Coverage    string // coverage.sql: which information the rows in force cover; "" when not declared
	Hash        string // contract hash: everything that decides what a load of the dataset gives
	// CleanHash is the hash of all that the clean rows hang on besides the raw
	// rows: clean.sql, corrections.yml, the revision policy, the suppressed marks and
	// the reference tables it joins.
	CleanHash string
	// CatalogHash is the hash of catalog.yml, which changes pages and no figure.
	CatalogHash string
	Dir         fs.FS // the folder, for its testdata
}

// Table is the dataset's name in SQL: its id with underscores.
func (d *Dataset) Table() string { return strings.ReplaceAll(d.ID, "-", "_") }

// Declarations is everything declared: datasets by id and reference tables.
type Declarations struct {
	Datasets  []*Dataset
	Reference map[string]*Table
	// Overlay is the --declarations directory, nil when none was given.
	Overlay fs.FS
}

// Dataset finds a dataset by id, nil when it is not declared.
func (d *Declarations) Dataset(id string) *Dataset {
	for _, ds := range d.Datasets {
		if ds.ID == id {
			return ds
		}
	}
	return nil
}

// Load reads the declarations built into the program and, where dir is not
// empty, those of dir over them: a dataset folder or reference table of the same
// name replaces the built-in one. Every mistake found is an ErrDeclaration.
func Load(dir string) (*Declarations, error) {
	var overlay fs.FS
	if dir != "" {
		st, err := os.Stat(dir)
		if err != nil || !st.IsDir() {
			return nil, fmt.Errorf("--declarations %s: not a directory: %w", dir, ErrDeclaration)
		}
		overlay = os.DirFS(dir)
	}
	return LoadFS(Files, overlay)
}

// LoadFS is Load on any file systems; overlay may be nil.
func LoadFS(base, overlay fs.FS) (*Declarations, error) {
	d := &Declarations{Overlay: overlay}
	var err error
	if d.Reference, err = LoadReference(base, "reference"); err != nil {
		return nil, err
	}
	dirs := map[string]fs.FS{}
	if err := datasetDirs(base, dirs); err != nil {
		return nil, err
	}
	if overlay != nil {
		more, err := LoadReference(overlay, "reference")
		if err != nil {
			return nil, err
		}
		for id, t := range more {
			d.Reference[id] = t
		}
		if err := datasetDirs(overlay, dirs); err != nil {
			return nil, err
		}
	}
	ids := make([]string, 0, len(dirs))
	for id := range dirs {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	if d.Datasets, err = Each(ids, func(id string) (*Dataset, error) { return loadDataset(dirs[id], id, d.Reference) }); err != nil {
		return d, err
	}
	return d, d.checkForms()
}

func datasetDirs(fsys fs.FS, into map[string]fs.FS) error {
	entries, err := fs.ReadDir(fsys, "datasets")
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a directory of declarations need not have datasets
	}
	if err != nil {
		return fmt.Errorf("read datasets: %w", err)
	}
	for _, e := range entries {
		name := path.Join("datasets", e.Name())
		if strings.HasPrefix(e.Name(), ".") || !e.IsDir() {
			continue
		}
		if !datasetID.MatchString(e.Name()) {
			return declarationError(name, 0, 0, "folder name is not of the form agency-name in lower case")
		}
		sub, err := fs.Sub(fsys, name)
		if err != nil {
			return err
		}
		into[e.Name()] = sub
	}
	return nil
}

func loadDataset(dir fs.FS, id string, reference map[string]*Table) (*Dataset, error) {
	ds := &Dataset{Dir: dir}
	sum := sha256.New()
	read := func(name string, required bool) (string, error) {
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			if required {
				return "", declarationError(path.Join("datasets", id, name), 0, 0, "missing file")
			}
			return "", nil
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(b), b)
		return string(b), nil
	}
	text, err := read("contract.yml", true)
	if err != nil {
		return nil, err
	}
	if err := DecodeYAML(path.Join("datasets", id, "contract.yml"), []byte(text), &ds.Contract); err != nil {
		return nil, err
	}
	if err := ds.Contract.check(path.Join("datasets", id, "contract.yml"), id, reference); err != nil {
		return nil, err
	}
	if ds.Clean, err = read("clean.sql", true); err != nil {
		return nil, err
	}
	checks, err := read("checks.sql", len(ds.Rules) > 0)
	if err != nil {
		return nil, err
	}
	if ds.Checks, err = parseChecks(path.Join("datasets", id, "checks.sql"), checks, ds.Rules); err != nil {
		return nil, err
	}
	if err := ds.loadCodebooks(text, read, reference); err != nil {
		return nil, err
	}
	if ds.Corrections, err = readCorrections(dir, id, &ds.Contract, reference); err != nil {
		return nil, err
	}
	for _, col := range ds.Output() {
		if t := reference[col.Catalog]; t != nil {
			fmt.Fprint(sum, t.ReferenceText())
		}
	}
	corrections, err := read("corrections.yml", false)
	if err != nil {
		return nil, err
	}
	ds.CleanHash = cleanHash(ds, corrections, reference)
	fmt.Fprint(sum, ds.CleanHash)
	ds.Hash = hex.EncodeToString(sum.Sum(nil))
	if ds.Coverage, err = read("coverage.sql", false); err != nil {
		return nil, err
	}
	catalog, err := fs.ReadFile(dir, "catalog.yml")
	if err != nil {
		return nil, declarationError(path.Join("datasets", id, "catalog.yml"), 0, 0, "missing file")
	}
	text256 := sha256.Sum256(catalog)
	ds.CatalogHash = hex.EncodeToString(text256[:])
	return ds, ds.Catalog.decode(path.Join("datasets", id, "catalog.yml"), catalog)
}

var referenceInSQL = regexp.MustCompile(`\breference\.([a-z][a-z0-9_]*)`)

func cleanHash(ds *Dataset, corrections string, reference map[string]*Table) string {
	sum := sha256.New()
	if corrections != "" {
		fmt.Fprintf(sum, "corrections %d\n%s", len(corrections), corrections)
	}
	if len(ds.Suppressed) > 0 {
		fmt.Fprintf(sum, "suppressed %q\n", ds.Suppressed)
	}
	fmt.Fprintf(sum, "%s %q\n%s", ds.Revision.Policy, ds.Revision.Key, ds.Clean)
	for _, m := range referenceInSQL.FindAllStringSubmatch(ds.Clean, -1) {
		if t := reference[m[1]]; t != nil {
			fmt.Fprint(sum, t.ReferenceText())
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
