package balance

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"counterflow/data"
	"counterflow/reconcile/margin"
	"counterflow/reconcile/mirror"
	"counterflow/reconcile/reliability"
	"counterflow/reconcile/timing"
)

// The benchmark of all models, fitted and applied to ten million pairs:
//
//	go test ./reconcile/balance -run '^$' -bench Models -benchtime 1x -timeout 30m
//
// COUNTERFLOW_BENCH_PAIRS sets another number. Every run is a child process of
// its own, whose memory is read after the pairs are made and at the end; memory
// on top is that of the models and the reconciled rows.
const benchChild = "COUNTERFLOW_BENCH_MODELS"

func TestMain(m *testing.M) {
	if spec := os.Getenv(benchChild); spec != "" {
		periods, n, _ := strings.Cut(spec, ",")
		months, _ := strconv.Atoi(periods)
		pairs, _ := strconv.Atoi(n)
		benchModels(months, pairs)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func BenchmarkModels(b *testing.B) {
	if testing.Short() {
		b.Skip("takes minutes")
	}
	n := 10_000_000
	if text := os.Getenv("COUNTERFLOW_BENCH_PAIRS"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	for _, periods := range []int{60, 1} {
		b.Run(fmt.Sprintf("%dPeriods", periods), func(b *testing.B) {
			for b.Loop() {
				child := exec.Command(os.Args[0])
				child.Env = append(os.Environ(), fmt.Sprintf("%s=%d,%d", benchChild, periods, n))
				out, err := child.CombinedOutput()
				if err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				load, _ := os.ReadFile("/proc/loadavg")
				b.Logf("%d pairs, %d periods a lane, load %.14s:\n%s", n, periods, load, out)
			}
		})
	}
}

// benchModels makes pairs, runs every model and prints what each took.
func benchModels(periods, n int) {
	pairs, coverage := benchPairs(periods, n)
	debug.FreeOSMemory()
	before, start := peak(), cpu()
	last := start
	tell := func(name string) {
		now := cpu()
		fmt.Printf("  %-12s %6.2f CPU s\n", name, (now - last).Seconds())
		last = now
	}
	timings := timing.Fit(pairs, coverage, timing.Settings{})
	tell("timing")
	margins := margin.Fit(pairs, margin.Settings{})
	tell("margin")
	reliable := reliability.Fit(pairs, margins, timings, reliability.Settings{})
	tell("reliability")
	table, err := Reconcile(pairs, Models{Margin: margins, Timing: timings, Reliability: reliable}, Options{})
	if err != nil {
		panic(err)
	}
	tell("balance")
	fmt.Printf("  %-12s %6.2f CPU s, %d rows, %.2f GB on top of %.2f GB\n", "together", (cpu() - start).Seconds(), len(table.Rows), gigabytes(peak()-before), gigabytes(before))
}

// benchPairs makes lanes of so many months, or single years, of 5,000 codes and
// the economies of today: errors of a fifth, margins of five percent, arrivals a
// third of a month late.
func benchPairs(periods, n int) ([]mirror.Pair, []mirror.Coverage) {
	economies := economiesOfToday()
	codes, pairs := 5000, make([]mirror.Pair, 0, n)
	first, _ := data.Year(2022)
	if periods > 1 {
		first, _ = data.Month(2019, 1)
	}
	var coverage []mirror.Coverage
	for _, e := range economies {
		for t := range periods {
			for _, d := range []data.Direction{data.Export, data.Import} {
				coverage = append(coverage, mirror.Coverage{Economy: e, Direction: d, Period: first.Add(t), Presence: mirror.Reported})
			}
		}
	}
	lanes, count := n/periods, uint64(len(economies))
	for c := range codes {
		good := data.MustCommodity(strconv.Itoa(100000+170*c), data.EditionUnknown)
		from, to := c*lanes/codes, (c+1)*lanes/codes
		// Corridors in order: every code takes evenly spread ones of all.
		for k := range to - from {
			corridor := uint64(k) * (count * (count - 1)) / uint64(to-from)
			x, m := corridor/(count-1), corridor%(count-1)
			if m >= x {
				m++
			}
			pairs = benchLane(pairs, good, economies[x], economies[m], first, periods, mixed(uint64(c)<<32|corridor))
		}
	}
	return pairs, coverage
}

func benchLane(pairs []mirror.Pair, good data.Commodity, x, m data.Economy, first data.Period, periods int, seed uint64) []mirror.Pair {
	size := math.Exp(9 + 2*normal(&seed))
	before := size
	for t := range periods {
		sent := size * math.Exp(0.3*normal(&seed))
		arrived := sent
		if periods > 1 {
			arrived = 0.67*sent + 0.33*before
		}
		before = sent
		price := 2 * math.Exp(0.1*normal(&seed))
		kgX, kgM := sent*math.Exp(0.2*normal(&seed)), arrived*math.Exp(0.2*normal(&seed))
		p := mirror.Pair{Commodity: good, Exporter: data.Exporter(x), Importer: data.Importer(m), Period: first.Add(t), State: mirror.Both,
			XKg: data.Kilograms(kgX), MKg: data.Kilograms(kgM), XUSD: data.FOB(data.Dollars(kgX * price)), MUSD: data.CIF(data.Dollars(1.05 * kgM * price))}
		switch mixed(seed) % 6 {
		case 0:
			p.State, p.MKg, p.MUSD = mirror.ExportOnly, data.MissingKg, data.CIF(data.MissingUSD)
		case 1:
			p.State, p.XKg, p.XUSD = mirror.ImportOnly, data.MissingKg, data.FOB(data.MissingUSD)
		}
		pairs = append(pairs, p)
	}
	return pairs
}

func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// normal is nearly so: the sum of three uniform numbers, scaled.
func normal(seed *uint64) float64 {
	sum := 0.0
	for range 3 {
		*seed = mixed(*seed)
		sum += float64(*seed>>11) / (1 << 53)
	}
	return 2 * (sum - 1.5)
}

func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak is the largest memory so far, in kilobytes.
func peak() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Maxrss
}

func gigabytes(kilobytes int64) float64 { return float64(kilobytes) / (1 << 20) }
