package ingest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

const (
	whole   = warehouse.Accepted
	part    = warehouse.Partial
	refused = warehouse.Refused
)

// The bad inputs of one file, each by its number: what becomes of it, which rules
// say so and where. Of every one must hold: the bytes are archived as delivered,
// the ledger has the load, its counts add up, and what was loaded before is there.
func TestNumberedFaults(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	b.run(b.drop("prueba-registro", "antes.csv", "folio,fecha,entidad,edad\nUPM-0001,2024-01-31,7,5\n"))
	const good = "1,Chiapas,5\n"
	cell := func(s string) string { return head + good + "2,Chiapas," + s + "\n" }
	wide := "mes,entidad,eventos,fecha,texto,tasa\n1,Chiapas,5,2024-01-31,a,1\n"
	for _, c := range []struct {
		fault            int
		content, outcome string
		problems         string // LINE:COLUMN RULE, in order
	}{
		{2, "", refused, "0:0 R001"},
		{3, " \n\n \r\n", refused, "0:0 R002"},
		{4, head, refused, "0:0 R003"},
		{13, "\ufeff" + head + good, whole, ""},
		{14, "\xff\xfem\x00e\x00s\x00\n\x00", refused, "0:0 R005"},
		{17, cell("5\x00"), part, "3:11 R023"},
		{18, strings.ReplaceAll(head+good, "\n", "\r"), refused, "0:0 R006"},
		{19, head + "1,Chiapas,5\r\n" + "2,Chiapas,5\n", whole, "0:0 R034"},
		{20, head + "1,Chiapas,5", whole, ""},
		{21, noise(3000), refused, "*"},
		{22, head + good + "2,Chia\u202epas,5\n", part, "3:3 R023"},
		{23, head + "1,Ciudad de Me\u0301xico,5\n", whole, ""},
		{26, "mes,entidad\n1,Chiapas\n", refused, "1:0 R009"},
		{27, "mes,entidad,eventos,otra\n1,Chiapas,5,x\n", refused, "1:21 R010"},
		{28, "mes,mes,entidad,eventos\n1,1,Chiapas,5\n", refused, "1:5 R011"},
		{29, "Mes,entidad,eventos\n1,Chiapas,5\n", refused, "1:0 R009|1:1 R010"},
		{30, good + good, refused, "1:0 R008"},
		{31, "Informe mensual\n" + head + good, refused, "1:0 R037"},
		{32, head + good + "Nota: preliminar\n", part, "3:0 R021"},
		{32, head + good + "Fuente: prueba\n", whole, ""},
		{33, strings.ReplaceAll(head+good, ",", ";"), refused, "1:0 R007"},
		{34, head + good + "2,Chiapas\n3,Chiapas,5,\n", part, "3:0 R021|4:0 R021"},
		{35, head + good + "2,\"Chiapas,5\n3,Chiapas,5\n", refused, "3:0 R012"},
		{36, head + good + "2,\"Chiapas\"x,5\n3,Chia\"pas,5\n", part, "3:3 R022|4:3 R022"},
		{37, "mes,entidad,eventos,texto\n1,Chiapas,5,\"dos\nlíneas\"\n2,Chapas,5,x\n", part, "4:3 R020"},
		{38, head + "\n" + good + "\n", whole, "2:0 R033|4:0 R033"},
		{39, strings.Repeat("c,", 20_000) + "c\n", refused, "1:0 R013"},
		{40, "mes,entidad,eventos,texto\n1,Chiapas,5,a\n2,Chiapas,5," + strings.Repeat("x", 3<<20) + "\n", part, "3:13 R026"},
		{43, cell("12.5"), part, "3:11 R014"},
		{44, cell(`"1,234"`), part, "3:11 R014"},
		{44, cell("1.234"), part, "3:11 R014"},
		{44, cell("1 234"), part, "3:11 R014"},
		{45, cell("1e3"), part, "3:11 R014"},
		{45, cell("0x1F"), part, "3:11 R014"},
		{45, cell("1_000"), part, "3:11 R014"},
		{45, cell("+5"), part, "3:11 R014"},
		{45, cell("007"), part, "3:11 R014"},
		{45, cell(" 12 "), part, "3:11 R014"},
		{45, cell("９"), part, "3:11 R014"},
		{46, cell("-5"), part, "3:11 R014"},
		{47, cell("9223372036854775808"), part, "3:11 R016"},
		{47, cell(strings.Repeat("9", 40)), part, "3:11 R016"},
		{48, wide + "2,Chiapas,5,2024-01-31,a,NaN\n3,Chiapas,5,2024-01-31,a,-inf\n4,Chiapas,5,2024-01-31,a,1e400\n", part, "3:26 R015|4:26 R015|5:26 R015"},
		{50, head + good + "2,Chiapas,\n3,Chiapas,\"\"\n", part, "3:11 R019|4:11 R019"},
		{51, head + good + ",Chiapas,5\n", part, "3:1 R019"},
		{52, wide + "2,Chiapas,5,2024-02-30,a,1\n3,Chiapas,5,30/02/2024,a,1\n4,Chiapas,5,infinity,a,1\n5,Chiapas,5,99999-01-01,a,1\n6,Chiapas,5,24-01-01,a,1\n",
			part, "3:13 R017|4:13 R017|5:13 R017|6:13 R017|7:13 R017"},
		{52, head + good + "13,Chiapas,5\n", part, "3:1 R016"},
		{54, wide + "2,Chiapas,5,2024-01-31T00:00:00-06:00,a,1\n", part, "3:13 R017"},
		{55, head + good + "2,Chapas,5\n", part, "3:3 R020"},
		{57, "mes,entidad,eventos,texto\n1,Chiapas,5,=cmd|' /C calc'!A0\n2,Chiapas,5,@x\n", whole, ""},
		{58, "mes,entidad,eventos,texto\n1,Chiapas,5,</script><script>alert(1)</script>\n", whole, ""},
		{59, "mes,entidad,eventos,texto\n1,Chiapas,5,'); DROP TABLE ledger.loads; --\n", whole, ""},
		{60, "mes,entidad,eventos,texto\n1,Chiapas,5,a\n2,Chiapas,5," + strings.Repeat("a\u0310", 400_000) + "\n", part, "3:13 R026"},
		{61, "mes,entidad,eventos,texto\n1,Chiapas,5,🇲🇽 مرحبا\n", whole, ""},
		{62, head + good + good, part, "3:1 R027"},
		{63, head + "2,Tabasco,1\n" + good + "1,Chiapas,6\n", part, "3:1 R028|4:1 R028"},
	} {
		t.Run(fmt.Sprintf("%d", c.fault), func(t *testing.T) {
			b.becomes(t, "prueba-eventos", fmt.Sprintf("falla-%d.csv", c.fault), c.content, c.outcome, c.problems)
		})
	}
}

// noise are bytes of no format, the same each time.
func noise(n int) string {
	out := make([]byte, n)
	x := uint32(7)
	for i := range out {
		x = x*1664525 + 1013904223
		out[i] = byte(x >> 24)
	}
	return string(out)
}

// becomes delivers a file and holds what became of it: its outcome, its problems
// (LINE:COLUMN RULE, in order; "*" for any), and what holds of every delivery
// whose bytes were taken in: those of content or, where given, of taken.
func (b bench) becomes(t *testing.T, dataset, name, content, outcome, problems string, taken ...string) Result {
	t.Helper()
	last := b.count(`SELECT coalesce(max(load_id), 0) FROM ledger.loads`)
	earlier := b.earlier(last)
	res := b.run(b.drop(dataset, name, content))
	var got []string
	for _, p := range res.Problems {
		got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Rule))
		b.clear(t, name, p)
	}
	if res.Outcome != outcome || problems != "*" && strings.Join(got, "|") != problems {
		t.Errorf("%s %s, want %s %s", res.Outcome, strings.Join(got, "|"), outcome, problems)
	}
	if res.Outcome != whole && len(got) == 0 {
		t.Errorf("%s without a problem that says why", res.Outcome)
	}
	b.sound(t, res, append(taken, content)[0])
	if now := b.earlier(last); now != earlier {
		t.Errorf("what was loaded before has changed: %d, was %d", now, earlier)
	}
	return res
}

// clear holds the line of a problem: where, which rule, and why, on one line of
// bounded length.
func (b bench) clear(t *testing.T, name string, p data.Problem) {
	t.Helper()
	line := p.String()
	_, known := data.RuleByID(p.Rule)
	if !known || p.Message == "" || !strings.HasPrefix(line, data.Printable(name)) || strings.ContainsAny(line, "\n\r\x00\u202e") || len(line) > 1200 {
		t.Errorf("problem %q", line)
	}
}

// earlier is a number that changes when anything changes that loads up to last
// have left in the warehouse.
func (b bench) earlier(last int) int {
	b.tb.Helper()
	return b.count(`SELECT (sum(h) % 1000000007)::BIGINT FROM (
		SELECT hash('raw', t) AS h FROM raw.prueba_registro t WHERE load_id <= $1
		UNION ALL SELECT hash('raw', t) FROM raw.prueba_eventos t WHERE load_id <= $1
		UNION ALL SELECT hash('dic', t) FROM raw.diccionario t WHERE load_id <= $1
		UNION ALL SELECT hash('loads', t) FROM ledger.loads t WHERE load_id <= $1
		UNION ALL SELECT hash('problems', t) FROM ledger.problems t WHERE load_id <= $1
		UNION ALL SELECT hash('quarantine', t) FROM ledger.quarantine t WHERE load_id <= $1
		UNION ALL SELECT hash('reports', t) FROM ledger.reports t WHERE report_id <= $1)`, last)
}

// sound checks what must hold after every delivery whose bytes were taken in.
func (b bench) sound(t *testing.T, res Result, content string) {
	t.Helper()
	archived, err := os.ReadFile(b.Home.Path(warehouse.ArchiveDir, res.Report.SHA256))
	if err != nil || string(archived) != content {
		t.Errorf("the archive does not hold the bytes as delivered: %v", err)
	}
	if n := b.count(`SELECT count(*) FROM ledger.loads WHERE load_id = ? AND outcome = ?`, res.Load.ID, res.Outcome); n != 1 {
		t.Errorf("the ledger has %d rows of load %d", n, res.Load.ID)
	}
	raw := b.count(`SELECT count(*) FROM raw.`+b.Decls.Dataset(res.Report.Dataset).Table()+` WHERE load_id = ?`, res.Load.ID)
	if int64(raw) != res.Load.RawRows || res.Outcome == warehouse.Refused && raw != 0 {
		t.Errorf("%d rows are stored, %d counted", raw, res.Load.RawRows)
	}
	if n := b.count(`SELECT count(*) FROM ledger.quarantine WHERE load_id = ?`, res.Load.ID); res.Outcome != warehouse.Refused && int64(n) != res.Load.Quarantined {
		t.Errorf("%d rows lie in quarantine, %d counted", n, res.Load.Quarantined)
	}
	if n := b.count(`SELECT count(*) FROM ledger.problems WHERE load_id = ?`, res.Load.ID); n != res.ProblemCount {
		t.Errorf("%d problems are stored, %d counted", n, res.ProblemCount)
	}
}
