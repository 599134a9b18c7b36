package dashboard

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

const (
	typeHTML     = "text/html; charset=utf-8"
	typeJSON     = "application/json; charset=utf-8"
	typeCSV      = "text/csv; charset=utf-8; header=present"
	typeXLSX     = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeParquet  = "application/vnd.apache.parquet"
	typeArrow    = "application/vnd.apache.arrow.file"
	typeMarkdown = "text/markdown; charset=utf-8"
	typeZIP      = "application/zip"
	typeCalendar = "text/calendar; charset=utf-8"
	typeProblem  = "application/problem+json; charset=utf-8"
	typeText     = "text/plain; charset=utf-8"

	minCompressed = 600 // bytes below which gzip saves nothing
)

// answer is a finished response: it can be sent any number of times.
type answer struct {
	status      int
	contentType string
	body        []byte
	packed      []byte // gzip of body; nil when not worth it
	etag        string // weak: it stands for both encodings
	cache       string
	filename    string // set for downloads
}

// newAnswer finishes a body: hash and gzip once, at the first request.
func newAnswer(publication int, contentType string, body []byte, level int) *answer {
	sum := sha256.Sum256(body)
	a := &answer{
		status: http.StatusOK, contentType: contentType, body: body, cache: cacheRevalidate,
		etag: fmt.Sprintf(`W/"%d-%s"`, publication, hex.EncodeToString(sum[:8])),
	}
	if len(body) >= minCompressed && compressible(contentType) {
		a.packed = pack(body, level)
	}
	return a
}

func compressible(contentType string) bool {
	return strings.HasPrefix(contentType, "text/") || strings.Contains(contentType, "json") ||
		strings.Contains(contentType, "javascript") || strings.Contains(contentType, "svg")
}

// pack compresses in memory, where nothing can fail.
func pack(body []byte, level int) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}

func (a *answer) size() int { return len(a.body) + len(a.packed) }

// send writes the answer, or 304 when the client has it.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", a.cache)
	if a.packed != nil {
		h.Set("Vary", "Accept-Encoding")
	}
	if a.etag != "" {
		h.Set("ETag", a.etag)
		if a.status == http.StatusOK && matches(r.Header.Values("If-None-Match"), a.etag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if a.filename != "" {
		h.Set("Content-Disposition", `attachment; filename="`+a.filename+`"`)
	}
	h.Set("Content-Type", a.contentType)
	body := a.body
	if a.packed != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that left is no error of ours
	}
}

// matches compares weakly, as If-None-Match asks for.
func matches(headers []string, etag string) bool {
	for _, h := range headers {
		for tag := range strings.SplitSeq(h, ",") {
			tag = strings.TrimSpace(tag)
			if tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
				return true
			}
		}
	}
	return false
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" || name == "*" {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}
