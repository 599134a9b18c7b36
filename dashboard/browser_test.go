package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const pageTimeout = 2 * time.Minute

// drawn counts the pixels of a chart that differ from its first one.
const drawn = `(() => {
  const c = document.querySelector('%s canvas');
  if (!c) return -1;
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  let n = 0;
  for (let i = 4; i < d.length; i += 4) {
    if (d[i] !== d[0] || d[i+1] !== d[1] || d[i+2] !== d[2] || d[i+3] !== d[3]) n++;
  }
  return n;
})()`

// firstFrame counts the drawn pixels of a chart two frames after it appears, and
// again when an animation would be over.
const firstFrame = `(async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const count = () => %s;
  while (count() <= 0) await frame();
  await frame();
  const first = count();
  await new Promise((done) => setTimeout(done, 600));
  return [first, count()];
})()`

// aside moves the yearly table and gives how far its first row head went along.
const aside = `(() => {
  const box = document.querySelector('#eventos-por-ano .caja');
  box.scrollLeft = 100;
  const moved = box.querySelector('tbody th').getBoundingClientRect().left - box.getBoundingClientRect().left;
  box.scrollLeft = 0;
  return Math.round(moved);
})()`

// waiting counts the charts of a page that are not finished.
const waiting = `[...document.querySelectorAll('[data-grafica]')].filter((b) => b.dataset.estado !== 'lista').length`

// axe lists the rules that a page breaks, each with the first place.
const axe = `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then((r) =>
  r.violations.map((v) => v.id + ': ' + v.help + ' at ' + v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')))`

// browser is one Chromium with everything that it complained about or asked
// another host for.
type browser struct {
	ctx  context.Context
	mu   sync.Mutex
	bad  []string
	host string
}

// mustBrowser starts Chromium; that there is none is a failure, not a reason to
// leave the test out.
func mustBrowser(tb testing.TB, host string) *browser {
	tb.Helper()
	path := os.Getenv("CAUCE_CHROMIUM")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	if _, err := os.Stat(path); err != nil {
		tb.Fatalf("no Chromium at %s (CAUCE_CHROMIUM names another): %v", path, err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(tb.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	b := &browser{ctx: ctx, host: host}
	tb.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			tb.Logf("close Chromium: %v", err)
		}
		stop()
		stopAlloc()
	})
	// Start before listening: Listen opens the tab that the calls below need.
	err := chromedp.Listen(ctx, b.listen)
	if err == nil {
		_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, runtime.Enable, cdp.Empty{})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	}
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func (b *browser) listen(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			text = "console: " + arguments(e.Args)
		}
	case *runtime.EventExceptionThrown:
		text = "exception: " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		text = fmt.Sprintf("log: %s %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Host != b.host && u.Scheme != "data" {
			text = "request to another host: " + e.Request.URL
		}
	}
	if text != "" {
		b.mu.Lock()
		b.bad = append(b.bad, text)
		b.mu.Unlock()
	}
}

func (b *browser) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.bad
	b.bad = nil
	return out
}

// ask runs one action and gives its value.
func ask[T any](tb testing.TB, b *browser, action chromedp.Action[T]) T {
	tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, pageTimeout)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		tb.Fatal(err)
	}
	return value
}

func (b *browser) run(tb testing.TB, steps ...chromedp.Action[chromedp.Void]) {
	tb.Helper()
	ask(tb, b, chromedp.Steps(steps...))
}

// until polls an expression until it is true.
func (b *browser) until(tb testing.TB, expression string) {
	tb.Helper()
	b.run(tb, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(pageTimeout)))
}

// TestChromium visits every page at both widths. With CAUCE_SCREENSHOTS set to a
// directory it leaves a picture of each there, and CAUCE_HOME makes it look at a
// real home instead of the fixture.
func TestChromium(t *testing.T) {
	dir := os.Getenv("CAUCE_HOME")
	if dir == "" {
		dir = mustHome(t)
	}
	s := mustServer(t, dir)
	if !s.assets.complete() {
		t.Fatal("the web bundle is not built: run npm ci and npm run build in dashboard/web")
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	b := mustBrowser(t, strings.TrimPrefix(server.URL, "http://"))
	for _, width := range []int64{1280, 390} {
		for _, path := range visited(s) {
			t.Run(fmt.Sprintf("%d%s", width, path), func(t *testing.T) { b.visit(t, server.URL, path, width) })
		}
	}
}

// What is printed is the first frame of a chart, in the colours of paper, with
// nothing folded: nothing may be missing from it.
func TestChromiumPaper(t *testing.T) {
	server := httptest.NewServer(mustServer(t, mustHome(t)).Handler())
	t.Cleanup(server.Close)
	b := mustBrowser(t, strings.TrimPrefix(server.URL, "http://"))
	b.run(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+"/eventos"))
	pixels := ask(t, b, chromedp.Evaluate[[]int](fmt.Sprintf(firstFrame, fmt.Sprintf(drawn, "#eventos-por-ano")), chromedp.EvalAwaitPromise))
	if pixels[0] != pixels[1] {
		t.Errorf("%d pixels at first, %d later", pixels[0], pixels[1])
	}
	b.until(t, waiting+" === 0")
	const state = `JSON.stringify([document.documentElement.className, document.querySelectorAll('details:not([open])').length > 0])`
	for _, tt := range [][2]string{{"beforeprint", `["papel",false]`}, {"afterprint", `["",true]`}} {
		b.run(t, chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event('`+tt[0]+`'))`))
		if got := ask(t, b, chromedp.Evaluate[string](state)); got != tt[1] {
			t.Errorf("%s: class and folded parts %s, want %s", tt[0], got, tt[1])
		}
	}
}

// On a phone a table of text has nothing to the side, each of its lines names its
// column, and it is still a table for those who do not see it.
func TestChromiumStacked(t *testing.T) {
	s := mustServer(t, mustHome(t))
	content := topicPage{Figures: []figure{{ID: "prueba", Title: "Prueba", Table: table{
		Caption: "Qué falta", Stacked: true,
		Head: []column{{Text: "Pregunta"}, {Text: "Un rótulo que ocupa más de dos renglones de su columna"}, {"Suma", true}, {Text: "Nada"}},
		Rows: [][]cell{{{Text: "P1", Head: true}, {Text: "corto"}, {Text: "+4.0", Numeric: true}, {}}, {{Text: "P2", Head: true}, {Text: strings.Repeat("texto ", 30)}, {Text: "+4.0", Numeric: true}, {Text: "algo"}}},
	}}}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/prueba" {
			s.Handler().ServeHTTP(w, r)
			return
		}
		p := s.frame(filter{Lang: "es"}, "/prueba")
		p.Title, p.Content = "Prueba", content
		w.Header().Set("Content-Type", typeHTML)
		if err := s.pages["es"]["cifras"].ExecuteTemplate(w, "layout", p); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	b := mustBrowser(t, strings.TrimPrefix(server.URL, "http://"))
	b.run(t, chromedp.EmulateViewport(390, 900), chromedp.Navigate(server.URL+"/prueba"))
	for what, expression := range map[string]string{
		"the table reaches over its box":            `(() => { const c = document.querySelector('.apilada'); return c.scrollWidth > c.clientWidth; })()`,
		"a label is longer than its line":           `[...document.querySelectorAll('.apilada td')].some((c) => c.scrollHeight > c.clientHeight)`,
		"cells of a row stand beside each other":    `(() => { const [a, b] = document.querySelectorAll('.apilada tbody td'); return b.getBoundingClientRect().top < a.getBoundingClientRect().bottom; })()`,
		"a cell does not name its column":           `getComputedStyle(document.querySelector('.apilada td'), '::before').content !== '"Un rótulo que ocupa más de dos renglones de su columna"'`,
		"a cell without anything in it takes place": `document.querySelector('.apilada td:empty').offsetHeight > 0`,
	} {
		if ask(t, b, chromedp.Evaluate[bool](expression)) {
			t.Error(what)
		}
	}
	b.checkAccess(t)
}

// visited lists a path for every page.
func visited(s *Server) []string {
	out := []string{"/", "/eventos", "/mesa", "/indice", "/indice?anio=2024", "/indicadores", "/datos", "/datos/reportes/6", "/acerca", "/?lang=en", "/eventos?as_of=2024-06-30"}
	for id, path := range map[string]string{planID: "/plan", routesID: "/rutas", papersID: "/publicaciones", funnelID: "/procuracion", sourcesID: "/conciliacion", complaintsID: "/hoja-de-ruta", revisionsID: "/hoja-de-ruta/UPMRIP"} {
		if s.current.Load().indicator(id) != nil { // in a home with all declarations
			out = append(out, path)
		}
	}
	for _, d := range s.current.Load().Indicators {
		out = append(out, "/indicadores/"+d.ID)
	}
	return out
}

func (b *browser) visit(t *testing.T, base, path string, width int64) {
	b.run(t, chromedp.EmulateViewport(width, 900), chromedp.Navigate(base+path))
	b.until(t, waiting+" === 0") // those far below the window too: nobody has to scroll to print
	overflow := ask(t, b, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	text := ask(t, b, chromedp.Evaluate[string](`document.querySelector('main').innerText`))
	if overflow > 0 {
		t.Errorf("page is %d px wider than the window", overflow)
	}
	// A table in a card has no room to move aside: what does not fit is not seen.
	if cut := ask(t, b, chromedp.Evaluate[int](`Math.max(0, ...[...document.querySelectorAll('.tarjeta .caja')].map((c) => c.scrollWidth - c.clientWidth))`)); cut > 0 {
		t.Errorf("%d px of a table in a card are cut off", cut)
	}
	if path == "/eventos" {
		b.checkEvents(t, text)
	}
	b.checkAccess(t)
	if to := os.Getenv("CAUCE_SCREENSHOTS"); to != "" {
		b.picture(t, to, path, width)
	}
	for _, bad := range b.complaints() {
		t.Error(bad)
	}
}

func (b *browser) checkEvents(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(text, "1,234,698") {
		t.Error("/eventos does not say 1,234,698")
	}
	if moved := ask(t, b, chromedp.Evaluate[float64](aside)); moved != 0 {
		t.Errorf("what a row is about moves %v px away when its figures are moved", moved)
	}
	pixels := ask(t, b, chromedp.Evaluate[int](fmt.Sprintf(drawn, "#eventos-por-ano")))
	if pixels < 1000 {
		t.Errorf("the yearly chart has %d drawn pixels", pixels)
	}
}

func (b *browser) picture(t *testing.T, dir, path string, width int64) {
	t.Helper()
	// Without the rule that fills the window the page is as tall as its text.
	height := ask(t, b, chromedp.Evaluate[int64](`(document.body.style.minHeight = '0', Math.ceil(document.body.getBoundingClientRect().height))`))
	b.run(t, chromedp.EmulateViewport(width, height), chromedp.Sleep(200*time.Millisecond))
	png := ask(t, b, chromedp.CaptureScreenshot())
	name := fmt.Sprintf("%d%s.png", width, strings.NewReplacer("/", "_", "?", "_", "=", "-").Replace(path))
	if err := os.WriteFile(filepath.Join(dir, name), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkAccess runs axe on the page: no rule of WCAG 2.2 A and AA may be broken.
func (b *browser) checkAccess(t *testing.T) {
	t.Helper()
	script, err := os.ReadFile("web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe is not installed: run npm ci in dashboard/web: %v", err)
	}
	b.run(t, chromedp.Evaluate[chromedp.Void](string(script)))
	for _, broken := range ask(t, b, chromedp.Evaluate[[]string](axe, chromedp.EvalAwaitPromise)) {
		t.Error("axe: " + broken)
	}
}

// arguments writes what was handed to console.error.
func arguments(list []*runtime.RemoteObject) string {
	var out []string
	for _, a := range list {
		out = append(out, a.Description+" "+string(a.Value))
	}
	return strings.Join(out, " ")
}
