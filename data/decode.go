package data

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// maxDeclaration is how many bytes one declaration file may have.
const maxDeclaration = 1 << 20

var lineInError = regexp.MustCompile(`^\[(\d+):(\d+)\]\s*`)

// DecodeYAML reads one declaration strictly: an unknown key, a wrong type, a
// duplicate key, an alias, a second document or bytes past the size cap is an
// ErrDeclaration that starts with name:line:column.
func DecodeYAML(name string, b []byte, into any) error {
	if len(b) > maxDeclaration {
		return declarationError(name, 0, 0, "longer than 1 MiB")
	}
	if line := aliasLine(string(b)); line > 0 {
		return declarationError(name, line, 1, "anchors and aliases are not accepted")
	}
	if line := secondDocument(string(b)); line > 0 {
		return declarationError(name, line, 1, "a second document begins; one file is one declaration")
	}
	err := yaml.UnmarshalWithOptions(b, into, yaml.Strict())
	if err == nil {
		return nil
	}
	text := yaml.FormatError(err, false, false)
	var line, col int
	if m := lineInError.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		col, _ = strconv.Atoi(m[2])
		text = text[len(m[0]):]
	}
	text, _, _ = strings.Cut(text, "\n")
	return declarationError(name, line, col, text)
}

func declarationError(name string, line, col int, text string) error {
	at := name
	if line > 0 {
		at = fmt.Sprintf("%s:%d:%d", name, line, col)
	}
	return fmt.Errorf("%s: %s: %w", at, text, ErrDeclaration)
}

var aliasRE = regexp.MustCompile(`(^|[:\-,\[{]\s+|^\s*)[&*][A-Za-z0-9_]+`)

// aliasLine finds the first line that defines or uses a YAML anchor. Anchors are
// refused outright: no declaration needs them and they are how a small file
// becomes a large one.
func aliasLine(s string) int {
	for i, l := range strings.Split(s, "\n") {
		if strings.ContainsAny(l, "&*") && aliasRE.MatchString(l) {
			return i + 1
		}
	}
	return 0
}

// secondDocument finds the line at which another YAML document begins, which
// the decoder would leave unread; 0 when there is none.
func secondDocument(s string) int {
	content := false
	for i, l := range strings.Split(s, "\n") {
		if content && (strings.HasPrefix(l, "---") || strings.HasPrefix(l, "...")) {
			return i + 1
		}
		l = strings.TrimSpace(l)
		content = content || l != "" && !strings.HasPrefix(l, "#")
	}
	return 0
}

// problems joins declaration mistakes of one file into one error, nil when there
// are none.
type problems struct {
	name string
	errs []error
}

func (p *problems) add(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s: %s: %w", p.name, fmt.Sprintf(format, args...), ErrDeclaration))
}

func (p *problems) err() error { return errors.Join(p.errs...) }

// Each reads declarations side by side, which is most of what a short command
// waits for, and gives them in the order of their names; of several mistakes the
// first in that order.
func Each[T any](names []string, read func(name string) (T, error)) ([]T, error) {
	out, errs := make([]T, len(names)), make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { out[i], errs[i] = read(name) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
