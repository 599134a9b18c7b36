package export

import (
	"archive/zip"
	"io"
	"time"
)

// File is one file of a ZIP.
type File struct {
	Name string // without folders
	Body []byte
}

// Zip writes files in the order given, all of one time, so that the same content
// gives the same bytes.
func Zip(out io.Writer, at time.Time, files ...File) error {
	w := zip.NewWriter(out)
	for _, f := range files {
		part, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: at.UTC()})
		if err != nil {
			return err
		}
		if _, err := part.Write(f.Body); err != nil {
			return err
		}
	}
	return w.Close()
}
