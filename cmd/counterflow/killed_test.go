package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"counterflow/data/vault"
	"counterflow/reports/table"
)

// killings is how often each command is killed: COUNTERFLOW_KILLS, 50 for the full
// test, else few.
func killings(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("COUNTERFLOW_KILLS")); err == nil {
		return n
	}
	t.Log("COUNTERFLOW_KILLS=50 kills as often as that")
	if testing.Short() {
		return 2
	}
	return 3
}

// killAtRandom starts the program again and again and kills it at moments spread
// over the time that it takes, and somewhat beyond, in strata so that few moments
// cover it, too. It gives how often the program was still at work.
func killAtRandom(t *testing.T, takes time.Duration, args []string, check func()) int {
	t.Helper()
	random := rand.New(rand.NewPCG(9, 9))
	kills, hit := killings(t), 0
	for i := range kills {
		cmd := exec.Command("counterflow", args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		share := (float64(i) + random.Float64()) / float64(kills)
		time.Sleep(time.Duration(1.05 * share * float64(takes)))
		cmd.Process.Kill()
		if cmd.Wait(); cmd.ProcessState.ExitCode() < 0 {
			hit++
		}
		check()
	}
	t.Logf("%d of %d killed at work", hit, kills)
	if hit < kills/2 {
		t.Errorf("only %d of %d were still at work when they were killed, so this test shows little", hit, kills)
	}
	return hit
}

// succeeds runs the program to its end and gives the time that it took.
func succeeds(t *testing.T, args ...string) time.Duration {
	t.Helper()
	start := time.Now()
	if out, err := exec.Command("counterflow", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return time.Since(start)
}

func smallWorld(t *testing.T) (flows string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "world")
	succeeds(t, "simulate", "--preset", "small", "--rows", "20000", "--revised", "--plain", "--out", dir)
	return filepath.Join(dir, "flows.csv")
}

// wholeRun says what is wrong with a run folder: every file must have the hash
// that run.json states.
func wholeRun(dir string) error {
	m, err := table.ReadManifest(dir)
	if err != nil {
		return err
	}
	for _, out := range m.Outputs {
		file, err := os.Open(filepath.Join(dir, out.Path))
		if err != nil {
			return err
		}
		hash := sha256.New()
		_, err = io.Copy(hash, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
		if hex.EncodeToString(hash.Sum(nil)) != out.SHA256 {
			return errors.New(out.Path + " is not what run.json says")
		}
	}
	return nil
}

// A run that is killed leaves the earlier one as it was, or is complete; the next
// one succeeds and leaves nothing else.
func TestKilledRuns(t *testing.T) {
	flows, dir := smallWorld(t), t.TempDir()
	want, out := filepath.Join(dir, "want"), filepath.Join(dir, "runs", "out")
	takes := succeeds(t, "run", "--flows", flows, "--out", want)
	args := []string{"run", "--flows", flows, "--out", out}
	succeeds(t, args...)
	killAtRandom(t, takes, args, func() {
		if err := wholeRun(out); err != nil {
			t.Error(err)
		}
	})
	succeeds(t, args...)
	entries, err := os.ReadDir(filepath.Dir(out))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the run lie %v, %v", entries, err)
	}
	sameTables(t, out, want)
}

func sameTables(t *testing.T, dir, want string) {
	t.Helper()
	for _, of := range table.Tables() {
		name := filepath.Join("tables", of.Name+".csv")
		a, err := os.ReadFile(filepath.Join(dir, name))
		b, other := os.ReadFile(filepath.Join(want, name))
		if err != nil || other != nil || string(a) != string(b) {
			t.Errorf("%s differs: %v, %v", name, err, other)
		}
	}
}

// An ingest that is killed leaves the vault as it was, or has stored the whole
// file; nothing is lost, nothing doubled, and the next one succeeds.
func TestKilledIngests(t *testing.T) {
	flows, dir := smallWorld(t), t.TempDir()
	first := filepath.Join(filepath.Dir(flows), "flows_first.csv")
	store := filepath.Join(dir, "vault")
	ingest := func(vault, file, day string) []string {
		return []string{"ingest", "--vault", vault, "--series", "s", "--published", day, "--fetched", day, "--keep-original", file}
	}
	succeeds(t, ingest(store, first, "2026-09-01")...)
	takes := succeeds(t, ingest(filepath.Join(dir, "trial"), flows, "2026-10-01")...) // warm by now
	stored := func() int {
		list, err := vault.Open(store).Vintages()
		if err != nil || len(list) < 1 || len(list) > 2 {
			t.Fatalf("%d vintages, %v", len(list), err)
		}
		for _, of := range list {
			if err := vault.Open(store).Check(of); err != nil {
				t.Error(err)
			}
		}
		return len(list)
	}
	killAtRandom(t, takes, ingest(store, flows, "2026-10-01"), func() {
		if stored() == 2 { // begin anew
			if err := errors.Join(os.RemoveAll(store), succeedsTo(ingest(store, first, "2026-09-01"))); err != nil {
				t.Fatal(err)
			}
		}
	})
	succeeds(t, ingest(store, flows, "2026-10-01")...)
	if n := stored(); n != 2 {
		t.Errorf("%d vintages", n)
	}
	for _, kind := range []string{"objects", "originals", "vintages"} {
		if entries, err := os.ReadDir(filepath.Join(store, kind)); err != nil || len(entries) != 2 {
			t.Errorf("%s holds %v, %v", kind, entries, err)
		}
	}
	if entries, _ := os.ReadDir(store); len(entries) != 3 {
		t.Errorf("the vault holds %v", entries)
	}
	for day, file := range map[string]string{"2026-09-30": first, "2026-10-31": flows} {
		a, b := filepath.Join(dir, day), filepath.Join(dir, strings.TrimSuffix(filepath.Base(file), ".csv"))
		succeeds(t, "run", "--vault", store, "--as-of", day, "--pages", "findings", "--out", a)
		succeeds(t, "run", "--flows", file, "--pages", "findings", "--out", b)
		sameTables(t, a, b)
	}
}

func succeedsTo(args []string) error { return exec.Command("counterflow", args...).Run() }
