package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// The benchmark of a whole run on standard worlds, from files to cases and with all
// that the command writes:
//
//	go test ./cmd/counterflow -run '^$' -bench Worlds -benchtime 1x -timeout 4h
//
// COUNTERFLOW_BENCH_SIZES names the sizes, in times worldRows (1,4,16 if unset), and
// COUNTERFLOW_BENCH_WHOLE=0 leaves out the command with its report. Every figure is that
// of a whole process, as the operating system accounts for it. An exponent is
// ln(CPU/CPU)/ln(rows/rows) from one size to the next; that of n log n stands beside it.
const worldRows = 1_500_000

func BenchmarkWorlds(b *testing.B) {
	sizes := "1,4,16"
	if text := os.Getenv("COUNTERFLOW_BENCH_SIZES"); text != "" {
		sizes = text
	}
	for b.Loop() {
		last := map[string]spent{}
		for _, text := range strings.Split(sizes, ",") {
			size, err := strconv.ParseFloat(text, 64)
			if err != nil {
				b.Fatalf("size %q: %v", text, err)
			}
			world := benchWorld(b, int(size*worldRows))
			args := []string{"run", "--flows", world + "/flows.csv.gz", "--balances", world + "/balances.csv", "--events", world + "/events.csv", "--json"}
			last["cases"] = grown(b, text+"x, files to cases", last["cases"], spend(b, append(args, "--dry-run")...))
			if os.Getenv("COUNTERFLOW_BENCH_WHOLE") != "0" {
				last["whole"] = grown(b, text+"x, whole command", last["whole"], spend(b, append(args, "--out", filepath.Join(b.TempDir(), "run"))...))
			}
		}
		b.ReportMetric(last["cases"].cpu, "cpu-s")
		b.ReportMetric(float64(last["cases"].megabytes), "peak-MB")
	}
}

// spent is what one process took.
type spent struct {
	rows      float64
	cpu       float64 // seconds
	megabytes int64   // at its peak
}

func grown(b *testing.B, name string, before, now spent) spent {
	b.Helper()
	growth := ""
	if before.rows > 0 {
		times := math.Log(now.rows / before.rows)
		nLogN := 1 + math.Log(math.Log(now.rows)/math.Log(before.rows))/times
		growth = fmt.Sprintf("  exponent %.2f (n log n: %.2f)", math.Log(now.cpu/before.cpu)/times, nLogN)
	}
	b.Logf("%-22s %9.0f rows %8.1f CPU s %6d MB%s  load %s", name, now.rows, now.cpu, now.megabytes, growth, load())
	return now
}

// load is what else the machine has to do, which no CPU time is free of.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "not known"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

// spend runs the program as a process of its own: the test's binary under its name.
func spend(b *testing.B, args ...string) spent {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "counterflow"
	var out, wrong bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &wrong
	if err := cmd.Run(); err != nil {
		b.Fatalf("%v: %v: %s", args, err, wrong.String())
	}
	s := spent{
		cpu:       (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(),
		megabytes: cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024,
	}
	var summary struct{ Rows float64 }
	if json.Unmarshal(out.Bytes(), &summary) == nil {
		s.rows = summary.Rows
	}
	return s
}

// benchWorld is a world of about so many rows, which is kept for the next time.
func benchWorld(b *testing.B, rows int) string {
	b.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("counterflow-world-%d", rows))
	if _, err := os.Stat(filepath.Join(dir, "truth")); err != nil {
		spend(b, "simulate", "--preset", "standard", "--seed", "11", "--rows", strconv.Itoa(rows), "--out", dir)
	}
	return dir
}
