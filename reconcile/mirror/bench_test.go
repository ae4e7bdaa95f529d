package mirror

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"counterflow/data"
)

// The benchmark of reading, sorting and pairing:
//
//	go test ./reconcile/mirror -run '^$' -bench Pairing -benchtime 1x -timeout 30m
//
// COUNTERFLOW_BENCH_ROWS sets the number of rows (20 million if unset). Every
// figure is that of a whole child process, as the operating system accounts for
// it, so that both sides are measured alike. DuckDB runs where Python has it; it
// counts a few more pairs, since a key that the random file holds twice is one
// declaration here and a pair of its own there.
const benchChild = "COUNTERFLOW_BENCH_CHILD"

func TestMain(m *testing.M) {
	if spec := os.Getenv(benchChild); spec != "" {
		os.Exit(benchRun(spec))
	}
	os.Exit(m.Run())
}

// benchRun is the child: it pairs one file and prints the number of pairs.
func benchRun(spec string) int {
	path, memory, _ := strings.Cut(spec, "|")
	limit, _ := strconv.ParseInt(memory, 10, 64)
	o := Options{Digits: 6, Imputed: 1e-4, Memory: limit}
	pairs := 0
	var err error
	if limit > 0 {
		debug.SetMemoryLimit(limit)
		_, err = Stream(context.Background(), []string{path}, o, func(g *Goods, _ int64) error {
			pairs += len(g.Pairs)
			return nil
		})
	} else {
		var table *Table
		if table, err = Read(context.Background(), []string{path}, o); err == nil {
			pairs = len(table.Pairs)
		}
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(pairs)
	return 0
}

func BenchmarkPairing(b *testing.B) {
	rows := 20_000_000
	if text := os.Getenv("COUNTERFLOW_BENCH_ROWS"); text != "" {
		rows, _ = strconv.Atoi(text)
	}
	path := benchFile(b, rows)
	for b.Loop() {
		b.Logf("load before: %s", loadAverage())
		free := measure(b, "counterflow, no limit", exec.Command(os.Args[0]), path+"|0")
		tight := measure(b, "counterflow, 512MB", exec.Command(os.Args[0]), path+"|536870912")
		b.Logf("with 512MB %.2f times the CPU time", tight.Seconds()/free.Seconds())
		if exec.Command("python3", "-c", "import duckdb").Run() != nil {
			b.Log("duckdb: not installed, not measured")
			continue
		}
		duck := measure(b, "duckdb", exec.Command("python3", "-c", duckdbScript, path), "")
		b.Logf("CPU time of counterflow as a share of duckdb's: %.2f", free.Seconds()/duck.Seconds())
		b.ReportMetric(free.Seconds()/duck.Seconds(), "cpu/duckdb")
	}
}

// loadAverage is what else the machine has to do, which no CPU time is free of.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "not known"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

const duckdbScript = `
import duckdb, sys
c = duckdb.connect()
c.execute("set threads=2")
c.execute("set enable_progress_bar=false")
c.execute("""create table f as select * from read_csv(?, columns={'period':'VARCHAR','reporter':'USMALLINT','partner':'USMALLINT','flow':'VARCHAR','hs6':'VARCHAR','value':'DOUBLE','kg':'DOUBLE'}, header=true)""", [sys.argv[1]])
c.execute("""create table p as select coalesce(x.period,m.period) period, coalesce(x.hs6,m.hs6) hs6,
  coalesce(x.reporter,m.partner) exporter, coalesce(x.partner,m.reporter) importer, x.value xv, m.value mv, x.kg xk, m.kg mk
  from (select * from f where flow='X') x full outer join (select * from f where flow='M') m
  on x.period=m.period and x.hs6=m.hs6 and x.reporter=m.partner and x.partner=m.reporter""")
print(c.execute("select count(*) from p").fetchone()[0])
`

func measure(b *testing.B, name string, cmd *exec.Cmd, child string) time.Duration {
	b.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append(os.Environ(), benchChild+"="+child)
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v: %s", name, err, out.String())
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	b.Logf("%-22s %6.2f CPU s (%.2f in the kernel)  %6.2f s  %5d MB peak  %s pairs", name, cpu.Seconds(), cmd.ProcessState.SystemTime().Seconds(), time.Since(start).Seconds(),
		usage.Maxrss/1024, strings.TrimSpace(out.String()))
	return cpu
}

// benchFile writes rows in an order without any pattern: 52% of the pairs are
// distinct corridors in twelve months, 5,000 codes and 200 economies.
func benchFile(b *testing.B, rows int) string {
	b.Helper()
	path := filepath.Join(os.TempDir(), fmt.Sprintf("counterflow-bench-%d.csv", rows))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintln(w, "period,reporter,partner,flow,hs6,value,kg")
	var line []byte
	for i := range uint64(rows) {
		line = benchRow(line[:0], i, uint64(rows))
		w.Write(line)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return path
}

// benchRow spreads the two sides of pair n far apart in the file.
func benchRow(to []byte, i, rows uint64) []byte {
	n := i * 7_368_787 % rows // a permutation, since the factor is prime
	side, pair := n%2, n/2
	if side == 1 && pair%13 == 0 {
		pair += rows // declared by one side only
	}
	h := mix(pair)
	economies := benchEconomies
	exporter := h % uint64(len(economies))
	importer := (exporter + 1 + h>>16%uint64(len(economies)-1)) % uint64(len(economies))
	period := 202301 + h>>24%12
	code := 100000 + h>>32%5000*170
	value := mix(h+side)%100_000_000 + 1000
	kg := mix(h^0x5555)%1_000_000_000 + 1
	reporter, partner, flow := economies[exporter], economies[importer], byte('X')
	if side == 1 {
		reporter, partner, flow = partner, reporter, 'M'
	}
	to = strconv.AppendUint(to, period, 10)
	to = append(to, ',')
	to = append(to, reporter...)
	to = append(to, ',')
	to = append(to, partner...)
	to = append(to, ',', flow, ',')
	to = strconv.AppendUint(to, code, 10)
	to = append(to, ',')
	to = data.AppendFixed(to, int64(value), 2)
	to = append(to, ',')
	to = data.AppendFixed(to, int64(kg), 3)
	return append(to, '\n')
}

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
