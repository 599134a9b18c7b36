package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/generate"
	"github.com/gttim/cauce/internal/reference"
)

// agree loads the file beside the shipped reports into a home below dir and holds
// every published value of the indicators of events against a count of the file
// in plain Go. Values that differ are an error and are listed in out.
func agree(ctx context.Context, cauce, file, dir string, out io.Writer) error {
	home, published := filepath.Join(dir, "agree"), data.Day(time.Now())
	for _, args := range [][]string{
		{"ingest", "--dir", home, "--shipped"},
		{"ingest", "--dir", home, "--allow-synthetic", "--published", published.Format(time.DateOnly), "--dataset", generate.Dataset, file},
	} {
		if text, err := exec.CommandContext(ctx, cauce, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("cauce %s: %w\n%s", args[0], err, text)
		}
	}
	reports, err := reference.Read(data.Files, published)
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := reports.AddEvents(bufio.NewReaderSize(f, 1<<20), published.Format(time.DateOnly)); err != nil {
		return fmt.Errorf("count %s: %w", file, err)
	}
	address, stop, err := serve(ctx, cauce, home)
	if err != nil {
		return err
	}
	defer stop()
	differ, n := 0, 0
	for _, id := range reference.OfEvents {
		computed, err := reports.Values(id, published)
		if err != nil {
			return err
		}
		shown, err := shownBy(ctx, address+"/api/v1/indicadores/"+id)
		if err != nil {
			return err
		}
		lines := reference.Compare(computed, shown)
		differ, n = differ+len(lines), n+len(computed)
		for _, l := range lines {
			fmt.Fprintf(out, "%s: %s\n", id, l)
		}
	}
	if differ > 0 {
		return fmt.Errorf("%d of %d published values are not what a count of the file gives", differ, n)
	}
	fmt.Fprintf(out, "%d published values of %d indicators agree with a count of the file in plain Go\n", n, len(reference.OfEvents))
	return nil
}

// serve starts the program on a home and gives its address; stop ends it.
func serve(ctx context.Context, cauce, home string) (address string, stop func(), err error) {
	cmd := exec.CommandContext(ctx, cauce, "serve", "--dir", home, "--listen", "127.0.0.1:0")
	said, err := cmd.StderrPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended by itself
		_ = cmd.Wait()
	}
	in := bufio.NewScanner(said)
	for in.Scan() {
		if m := regexp.MustCompile(`msg=listening address=(\S+)`).FindStringSubmatch(in.Text()); m != nil {
			go func() { _, _ = io.Copy(io.Discard, said) }() // a full pipe would hold the server up
			return m[1], stop, nil
		}
	}
	stop()
	return "", nil, errors.New("serve ended before it listened")
}

func shownBy(ctx context.Context, address string) ([]reference.Value, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, strings.NewReader(""))
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s", address, res.Status)
	}
	return reference.Published(res.Body)
}
