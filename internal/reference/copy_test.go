package reference_test

import (
	"io/fs"
	"os"
	"testing/fstest"
)

// copyFiles reads a directory's files into memory, where they can be altered.
func copyFiles(into fstest.MapFS, dir string) error {
	files := os.DirFS(dir)
	return fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, path)
		into[path] = &fstest.MapFile{Data: b}
		return err
	})
}
