package xlsx

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"
)

// container is the zip with its parts by folded name.
type container struct {
	parts map[string]*zip.File
	opt   *Options
}

// counting stops a read of the zip's directory at a limit.
type counting struct {
	r    io.ReaderAt
	left int64
}

var errDirectory = errors.New("directory past its limit")

func (c *counting) ReadAt(b []byte, at int64) (int, error) {
	if c.left -= int64(len(b)); c.left < 0 {
		return 0, errDirectory
	}
	return c.r.ReadAt(b, at)
}

// openContainer lists the parts. Their sizes are those that the directory
// declares; reading past a declared size is an error of the zip reader.
func openContainer(r io.ReaderAt, size int64, opt *Options) (*container, error) {
	if size > opt.FileBytes {
		return nil, tooBig("el archivo mide más de %d MiB", opt.FileBytes>>20)
	}
	if err := refuseByMagic(r, size); err != nil {
		return nil, err
	}
	count := &counting{r: r, left: directoryBytes}
	z, err := zip.NewReader(count, size)
	if errors.Is(err, errDirectory) {
		return nil, tooBig("el archivo tiene demasiadas partes")
	}
	if err != nil {
		return nil, broken(err, "su contenedor ZIP está incompleto")
	}
	count.left = math.MaxInt64 // the parts have limits of their own
	c := &container{parts: make(map[string]*zip.File, len(z.File)), opt: opt}
	for _, f := range z.File {
		name := partName(f.Name)
		if strings.HasSuffix(name, "/") {
			continue
		}
		if c.parts[name] != nil {
			return nil, broken(nil, "la parte %.80q está dos veces", f.Name)
		}
		c.parts[name] = f
	}
	return c, nil
}

// partName is the form in which part names are compared.
func partName(s string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(s, "\\", "/")), "/")
}

// open opens a part that may hold so many bytes unpacked.
func (c *container) open(f *zip.File, limit int64) (io.ReadCloser, error) {
	size := f.UncompressedSize64
	switch {
	case size > uint64(limit):
		return nil, tooBig("una parte del libro mide %d MiB descomprimida, más que los %d MiB admitidos", size>>20, limit>>20)
	case size > ratioFrom && size/uint64(c.opt.Ratio) > f.CompressedSize64:
		return nil, tooBig("una parte del libro se descomprime a más de %d veces su tamaño", c.opt.Ratio)
	case f.Flags&1 != 0:
		return nil, &Error{Kind: ErrPassword, Message: "el contenedor ZIP del libro está cifrado", Hint: hintSave}
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(err, "una parte no se puede descomprimir")
	}
	return r, nil
}

// decode reads a small part into a value of encoding/xml.
func (c *container) decode(name string, into any) error {
	f := c.parts[partName(name)]
	if f == nil {
		return broken(nil, "le falta la parte %.80q", name)
	}
	r, err := c.open(f, c.opt.PartBytes)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := xml.NewDecoder(r).Decode(into); err != nil {
		return broken(err, "la parte %.80q no se puede leer", name)
	}
	if _, err := io.Copy(io.Discard, r); err != nil { // to its end, where the checksum is
		return broken(err, "la parte %.80q no se puede leer", name)
	}
	return nil
}

// relations are the targets of a part's relations by id, and the first of each
// kind by the last word of its type.
type relations struct {
	byID, byKind, kindOf map[string]string
}

func (c *container) relations(of string) (relations, error) {
	var doc struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	rel := relations{byID: map[string]string{}, byKind: map[string]string{}, kindOf: map[string]string{}}
	dir, name := path.Split(of)
	if err := c.decode(dir+"_rels/"+name+".rels", &doc); err != nil {
		return rel, err
	}
	for _, r := range doc.List {
		if r.Mode == "External" {
			continue
		}
		target := strings.ReplaceAll(r.Target, "\\", "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		target = strings.TrimPrefix(path.Clean(target), "/")
		kind := path.Base(r.Type)
		rel.byID[r.ID], rel.kindOf[r.ID] = target, kind
		if _, ok := rel.byKind[kind]; !ok {
			rel.byKind[kind] = target
		}
	}
	return rel, nil
}

// otherKind names a zip that is no XLSX workbook.
func (c *container) otherKind() error {
	has := func(name string) bool { return c.parts[name] != nil }
	switch {
	case has("xl/workbook.bin"):
		return notXLSX("es un libro binario (.xlsb), no XLSX")
	case has("word/document.xml"):
		return notXLSX("es un documento de Word, no un libro XLSX")
	case has("ppt/presentation.xml"):
		return notXLSX("es una presentación, no un libro XLSX")
	case has("content.xml") && has("mimetype"):
		return notXLSX("es un documento OpenDocument (.ods), no un libro XLSX")
	case has("index/document.iwa"), has("index.zip"):
		return notXLSX("es un documento de Numbers o Pages, no un libro XLSX")
	}
	return notXLSX(fmt.Sprintf("es un ZIP con %d archivos y ningún libro XLSX", len(c.parts)))
}
