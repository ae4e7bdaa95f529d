package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"

	"counterflow/reconcile"
)

// TestMain lets scripts run the program as a process of its own, with signals,
// environment and exit codes.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"counterflow": main})
}

func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Condition: func(condition string) (bool, error) {
			if condition == "smalldisk" {
				return canMount(), nil
			}
			return false, fmt.Errorf("no condition %s", condition)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"make":      makeFile,
			"same":      same,
			"small":     smallDisk,
			"interrupt": interrupt,
			"nothing":   nothing,
			"waitfor":   waitFor,
		},
	})
}

// exits runs a program and holds it to an exit code: exits 3 counterflow run.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("%v exits with %d, want %d", args[1:], code, want)
	}
	if code == exitDone {
		return
	}
	// Whatever goes wrong is said in plain lines.
	for _, line := range strings.Split(strings.TrimSpace(ts.ReadFile("stderr")), "\n") {
		if strings.Contains(line, "panic") || strings.Contains(line, "goroutine") || len(line) > 800 {
			ts.Fatalf("not a plain line: %.900s", line)
		}
	}
}

// makeFile makes files that are too large or too odd to stand in a script.
func makeFile(ts *testscript.TestScript, _ bool, args []string) {
	const header = "period,reporter,partner,hs6,flow,usd,kg\n"
	row := "2022,CHN,USA,284690,X,10,1\n"
	var text bytes.Buffer
	switch args[0] {
	case "gzip", "cut-gzip":
		w := gzip.NewWriter(&text)
		r := rand.New(rand.NewPCG(1, 1))
		fmt.Fprint(w, header)
		for range 100_000 {
			fmt.Fprintf(w, "2022,CHN,USA,284690,X,%d,1\n", 1+r.IntN(1_000_000))
		}
		ts.Check(w.Close())
		if args[0] == "cut-gzip" {
			text.Truncate(text.Len() * 2 / 3)
		}
	case "long-line":
		text.WriteString(header + row + "2022,CHN,")
		text.Write(bytes.Repeat([]byte("x"), 100<<20))
		text.WriteString("\n" + row)
	case "lanes": // agreeing but for a spread of a tenth, and one lane that does not
		text.WriteString(header)
		r := rand.New(rand.NewPCG(1, 1))
		economies := strings.Fields("CHN USA JPN DEU KOR FRA ITA GBR ESP NLD BEL AUT SWE POL CZE TUR IND THA VNM MYS")
		for _, x := range economies {
			for _, m := range economies {
				if x == m {
					continue
				}
				usd := 1e6 * math.Exp(2*r.NormFloat64())
				ratio := 1.05 * math.Exp(0.1*r.NormFloat64())
				if x == "VNM" && m == "CHN" {
					usd, ratio = 5e6, 60
				}
				fmt.Fprintf(&text, "2022,%s,%s,284690,X,%.2f,%.3f\n", x, m, usd, usd/10)
				fmt.Fprintf(&text, "2022,%s,%s,284690,M,%.2f,%.3f\n", m, x, usd*ratio, usd/10*ratio)
			}
		}
	case "large":
		text.WriteString(header)
		for i := range 3_000_000 {
			fmt.Fprintf(&text, "2022,CHN,USA,%06d,X,%d,1\n", 280000+i%20000, 1+i%1000)
		}
	default:
		ts.Fatalf("no such file: %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text.Bytes(), 0o644))
}

// same holds two folders to the same files with the same bytes, run.json left
// out, which holds times.
func same(ts *testscript.TestScript, _ bool, args []string) {
	list := func(dir string) map[string]string {
		files := map[string]string{}
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Name() == "run.json" {
				return err
			}
			text, err := os.ReadFile(path)
			name, _ := filepath.Rel(ts.MkAbs(dir), path)
			files[name] = string(text)
			return err
		}))
		return files
	}
	a, b := list(args[0]), list(args[1])
	if len(a) != len(b) || len(a) < 10 {
		ts.Fatalf("%d files and %d files", len(a), len(b))
	}
	for name := range a {
		if a[name] != b[name] {
			ts.Fatalf("%s differs", name)
		}
	}
}

// nothing holds a folder to holding nothing but the names given: no half-written
// output, no lock, no temporary file.
func nothing(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, e := range entries {
		if !strings.Contains(" "+strings.Join(args[1:], " ")+" ", " "+e.Name()+" ") {
			ts.Fatalf("%s holds %s", args[0], e.Name())
		}
	}
}

// smallDisk mounts a file system of so many kilobytes.
func smallDisk(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(dir, 0o755))
	ts.Check(mount(args[0], dir))
	ts.Defer(func() { exec.Command("umount", dir).Run() })
}

func mount(kilobytes, dir string) error {
	return exec.Command("mount", "-t", "tmpfs", "-o", "size="+kilobytes+"k", "tmpfs", dir).Run()
}

// canMount says whether this process may mount a file system.
func canMount() bool {
	dir, err := os.MkdirTemp("", "counterflow-mount-")
	if err != nil {
		return false
	}
	defer os.Remove(dir)
	if mount("64", dir) != nil {
		return false
	}
	return exec.Command("umount", dir).Run() == nil
}

// interrupt starts a program, stops it as soon as a file or folder whose name
// begins as given appears beside it, and holds it to an exit code.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	program, err := exec.LookPath(args[2])
	ts.Check(err)
	var errOut bytes.Buffer
	cmd := exec.Command(program, args[3:]...)
	cmd.Dir, cmd.Stderr = ts.MkAbs("."), &errOut
	cmd.Env = append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"))
	ts.Check(cmd.Start())
	waitFor(ts, false, args[1:2])
	ts.Check(cmd.Process.Signal(syscall.SIGINT))
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != want {
		ts.Fatalf("the program ends with %v, want code %d: %s", err, want, errOut.String())
	}
	ts.Check(os.WriteFile(ts.MkAbs("stopped"), errOut.Bytes(), 0o644))
}

// waitFor waits until a file or folder is there whose name begins as given.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	for range 5000 {
		if found, _ := filepath.Glob(ts.MkAbs(args[0]) + "*"); len(found) > 0 {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	ts.Fatalf("%s does not appear", args[0])
}

// Every setting has a flag, and with it a name in the file and in the
// environment.
func TestEverySettingHasAFlag(t *testing.T) {
	s := reconcile.Defaults()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	bindSettings(flags, &s)
	fields := reflect.TypeFor[reconcile.Settings]()
	n := 0
	flags.VisitAll(func(*pflag.Flag) { n++ })
	if n != fields.NumField() {
		t.Errorf("%d flags for %d settings", n, fields.NumField())
	}
	for i := range fields.NumField() {
		name := fields.Field(i).Tag.Get("json")
		if flags.Lookup(strings.ReplaceAll(name, "_", "-")) == nil {
			t.Errorf("setting %s has no flag", name)
		}
	}
}

// The README lists every command, and no other.
func TestReadmeListsTheCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "| command | |\n")
	table, _, ended := strings.Cut(table, "\n\n")
	if !ok || !ended {
		t.Fatal("the README has no table of commands")
	}
	listed := map[string]bool{}
	for row := range strings.Lines(table) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for i, quoted := range strings.Split(cell, "`") {
			if words := strings.Fields(quoted); i%2 == 1 {
				listed[words[0]] = true
			}
		}
	}
	for _, cmd := range newRoot(&console{}).Commands() {
		if name := cmd.Name(); !listed[name] && name != "help" {
			t.Errorf("the README does not list %s", name)
		}
		delete(listed, cmd.Name())
	}
	for name := range listed {
		t.Errorf("the README lists %s, which is no command", name)
	}
}

func TestByteSizes(t *testing.T) {
	for text, want := range map[string]int64{"512MB": 512 << 20, "2gb": 2 << 30, "1.5 GB": 3 << 29, "1048576": 1 << 20, "64k": 64 << 10, "0": 0, " 7B ": 7} {
		var size byteSize
		if err := size.Set(text); err != nil || int64(size) != want {
			t.Errorf("%s is %d bytes, %v; want %d", text, size, err, want)
		}
		var again byteSize
		if err := again.Set(size.String()); err != nil || again != size {
			t.Errorf("%d bytes are written %s and read as %d, %v", size, &size, again, err)
		}
	}
	for _, text := range []string{"", "MB", "-1GB", "1TB", "lots", "1e30GB", "NaN"} {
		size := byteSize(5)
		if err := size.Set(text); err == nil || size != 5 {
			t.Errorf("%q is %d bytes", text, size)
		}
	}
}
