package dashboard

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// assets are the files of the web bundle, ready to send. Their addresses carry
// the hash of the whole bundle, so they may be kept for ever.
type assets struct {
	hash  string
	files map[string]*answer
}

// loadAssets reads, hashes and compresses the bundle once.
func loadAssets(fsys fs.FS) (*assets, error) {
	a := &assets{files: map[string]*answer{}}
	sum := sha256.New()
	err := fs.WalkDir(fsys, "web/dist", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(b), b)
		answer := newAnswer(0, contentTypeOf(name), b, gzip.BestCompression)
		answer.cache = cacheForever
		a.files[strings.TrimPrefix(name, "web/dist/")] = answer
		return nil
	})
	a.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return a, err
}

func contentTypeOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// complete tells whether the bundle was built.
func (a *assets) complete() bool { return a.files["app.js"] != nil && a.files["app.css"] != nil }

// URL is the address of a file of the bundle, "" when it is not there.
func (a *assets) URL(name string) string {
	if a.files[name] == nil {
		return ""
	}
	return "/static/" + a.hash + "/" + name
}

func (a *assets) serve(w http.ResponseWriter, r *http.Request) error {
	name, ok := strings.CutPrefix(r.URL.Path, "/static/"+a.hash+"/")
	if !ok || a.files[name] == nil {
		return errNotFound
	}
	if r.URL.RawQuery != "" {
		return errBadQuery
	}
	a.files[name].send(w, r)
	return nil
}
