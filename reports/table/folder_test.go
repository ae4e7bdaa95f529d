package table

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// entries lists a folder by name.
func entries(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestFolder(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "run")
	writeRun(t, dir, sample(), Options{})
	if got := entries(t, parent); got != "run" {
		t.Errorf("beside the run lies %s", got)
	}
	if got, want := entries(t, dir), "CITATION.cff datapackage.json run.json tables"; got != want {
		t.Errorf("the run holds %s, want %s", got, want)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the run folder has mode %v (%v), want 0755", info.Mode().Perm(), err)
	}
}

func TestReplace(t *testing.T) {
	dir := writeSample(t, sample(), Options{})
	old := filepath.Join(dir, "report.pdf")
	if err := os.WriteFile(old, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), f, sample(), Options{}); err != nil {
		t.Fatal(err)
	}
	if readFile(t, old) != "old" {
		t.Error("the old run is gone before the new one is complete")
	}
	if err := f.Commit(NewManifest(sample(), "0.1.0", started, finished)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file of the old run is in the new one")
	}
	if got := entries(t, filepath.Dir(dir)); got != "run" {
		t.Errorf("beside the run lies %s", got)
	}
	if err := f.Discard(); err != nil {
		t.Errorf("discarding a finished folder: %v", err)
	}
	if _, err := ReadManifest(dir); err != nil {
		t.Error("discarding a finished folder took it away: ", err)
	}
}

// The way taken where two names cannot be swapped in one step.
func TestReplaceInTwoSteps(t *testing.T) {
	parent := t.TempDir()
	work, target := filepath.Join(parent, "work"), filepath.Join(parent, "target")
	for _, dir := range []string{work, target} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(dir)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := replace(work, target); err != nil {
		t.Fatal(err)
	}
	if got := entries(t, target) + " " + entries(t, work); got != "work target" {
		t.Errorf("target and work hold %s, want each other's files", got)
	}
	if err := replace(filepath.Join(parent, "none"), target); err == nil || entries(t, target) != "work" {
		t.Errorf("a failed exchange gives %v and leaves %s", err, entries(t, target))
	}
}

func TestRefusals(t *testing.T) {
	parent := t.TempDir()
	file := filepath.Join(parent, "file")
	full := filepath.Join(parent, "full")
	empty := filepath.Join(parent, "empty")
	os.WriteFile(file, nil, 0o644)
	os.Mkdir(empty, 0o755)
	os.Mkdir(full, 0o755)
	os.WriteFile(filepath.Join(full, "thesis.doc"), nil, 0o644)
	for target, want := range map[string]string{
		file:                              file + " is a file; choose another name for the run folder",
		full:                              full + " exists and is no run folder; choose another one, or empty it",
		filepath.Join(file, "a", "b"):     filepath.Join(file, "a") + "/: not a directory; a part of the path is a file, choose another folder",
		filepath.Join(parent, "new", "x"): "",
		empty:                             "",
	} {
		f, err := Create(target)
		if err == nil {
			f.Discard()
		}
		if got := fmt.Sprint(err); got != want && !(err == nil && want == "") {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
	if got := entries(t, parent); got != "empty file full new" {
		t.Errorf("left behind: %s", got)
	}
}

func TestSecondRunIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	first, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := dir + " is being written by another run; wait for it or choose another folder"
	if _, err := Create(dir); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	other, err := Create(dir + "2")
	if err != nil {
		t.Errorf("another target: %v", err)
	} else {
		other.Discard()
	}
	if err := first.Discard(); err != nil {
		t.Fatal(err)
	}
	again, err := Create(dir)
	if err != nil {
		t.Fatal("after the first run let go: ", err)
	}
	again.Discard()
}

// A run that is killed leaves a hidden folder and a lock file; the next run
// clears both away.
func TestKilledRun(t *testing.T) {
	if dir := os.Getenv("TABLE_TEST_HOLD"); dir != "" {
		f, err := Create(dir)
		if err == nil {
			_, err = f.Create("tables/pairs.csv")
		}
		fmt.Println("holding", err)
		time.Sleep(time.Minute)
		return
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "run")
	writeRun(t, dir, sample(), Options{})
	child := exec.Command(os.Args[0], "-test.run=^TestKilledRun$")
	child.Env = append(os.Environ(), "TABLE_TEST_HOLD="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "holding <nil>\n" {
		t.Fatalf("the other run says %q", line)
	}
	if _, err := Create(dir); err == nil || !strings.Contains(err.Error(), "another run") {
		t.Errorf("while another process writes: %v", err)
	}
	child.Process.Kill()
	child.Wait()
	if got := entries(t, parent); !strings.Contains(got, ".run.lock .run.partial-") {
		t.Fatalf("the killed run left %s, so this test shows nothing", got)
	}
	if _, err := Load(context.Background(), dir, Options{}); err != nil {
		t.Error("the run that was there before is hurt: ", err)
	}
	writeRun(t, dir, sample(), Options{})
	if got := entries(t, parent); got != "run" {
		t.Errorf("after the next run: %s", got)
	}
}

func TestManifest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	f, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), f, sample(), Options{}); err != nil {
		t.Fatal(err)
	}
	path, err := f.Path("charts/lane.png")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("abc"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(NewManifest(sample(), "0.1.0", started, finished)); err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	listed := make(map[string]Output)
	for _, out := range m.Outputs {
		listed[out.Path] = out
		sum, size, err := hashFile(filepath.Join(dir, out.Path))
		if err != nil || sum != out.SHA256 || size != out.Bytes {
			t.Errorf("%s has %d bytes, %s (%v), run.json says %d, %s", out.Path, size, sum, err, out.Bytes, out.SHA256)
		}
	}
	if len(listed) != 2*len(sheets)+3 {
		t.Errorf("%d outputs, want two for each of %d tables, datapackage.json, CITATION.cff and the chart", len(listed), len(sheets))
	}
	// The SHA-256 of "abc" is the example of FIPS 180-2, appendix B.1.
	if got := listed["charts/lane.png"].SHA256; got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("the chart has hash %s", got)
	}
	if got := listed["tables/pairs.parquet"].Rows; got != 5 {
		t.Errorf("pairs has %d rows in run.json, want 5", got)
	}
	for _, in := range m.Inputs {
		refused := int64(0)
		for _, n := range in.Refused {
			refused += n
		}
		if in.Rows != in.Kept+refused {
			t.Errorf("%s: %d rows are not %d kept and %d refused", in.File, in.Rows, in.Kept, refused)
		}
	}
	if !m.Started.Equal(started) || !m.Finished.Equal(finished) || m.Version != "0.1.0" || m.Seed != 1 {
		t.Errorf("run.json says %+v", m)
	}
	var plain map[string]any
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(dir, ManifestName))), &plain); err != nil {
		t.Fatal(err)
	}
	for key, value := range plain {
		if value == nil {
			t.Errorf("%s is null", key)
		}
	}
}

func TestRework(t *testing.T) {
	dir := writeSample(t, sample(), Options{})
	before := readFile(t, filepath.Join(dir, "tables", "pairs.parquet"))
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Rework(dir)
	if err != nil {
		t.Fatal(err)
	}
	path, _ := f.Path("report.pdf")
	os.WriteFile(path, []byte("new"), 0o644)
	if err := f.Commit(m); err != nil {
		t.Fatal(err)
	}
	if readFile(t, filepath.Join(dir, "tables", "pairs.parquet")) != before || readFile(t, filepath.Join(dir, "report.pdf")) != "new" {
		t.Error("the tables changed, or the report is missing")
	}
	again, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range m.Outputs {
		if !slices.Contains(again.Outputs, out) {
			t.Errorf("run.json no longer lists %+v", out)
		}
	}
	if err := edit("pairs.csv", "3000.001", "3000.002")(dir); err != nil {
		t.Fatal(err)
	}
	if f, err = Rework(dir); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(m); err != nil {
		t.Fatal(err)
	}
	back, err := Load(context.Background(), dir, Options{})
	if err != nil || len(back.Warnings) != 2 {
		t.Errorf("a table that was changed before the rework: %v, warnings %q", err, back.Warnings)
	}
	if _, err := Rework(filepath.Join(t.TempDir(), "none")); err == nil || !strings.HasSuffix(err.Error(), "has no run.json; give the folder that a run has written") {
		t.Errorf("a rework of nothing: %v", err)
	}
}

func TestLoadMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(dir string) error
		want  string // of the error, or of the last warning
	}{
		"no run": {func(dir string) error { return os.Remove(filepath.Join(dir, ManifestName)) }, "has no run.json; give the folder that a run has written"},
		"a later version": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ManifestName), []byte(`{"program":"counterflow","version":"9.1","folder_version":99}`), 0o644)
		}, "is of folder version 99, this program reads up to 1; use version 9.1 or later"},
		"another program": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ManifestName), []byte(`{"program":"other"}`), 0o644)
		}, "is not the manifest of a run"},
		"broken manifest": {func(dir string) error { return os.Truncate(filepath.Join(dir, ManifestName), 30) }, "unexpected end of JSON input; make the run anew"},
		"missing table":   {func(dir string) error { return os.Remove(filepath.Join(dir, "tables", "cases.csv")) }, "cases.csv is missing; make the run anew"},
		"empty table":     {func(dir string) error { return os.Truncate(filepath.Join(dir, "tables", "cases.csv"), 0) }, "cases.csv is empty; make the run anew"},
		"bad number":      {edit("pairs.csv", "3000.001", "3x"), `pairs.csv, line 2: column m_kg: "3x" is no amount with 3 decimals`},
		"bad word":        {edit("pairs.csv", "export_only", "export"), `pairs.csv, line 4: column state: "export" is not one of the words that this column has`},
		"bad note":        {edit("pairs.csv", "partner_unstated", "n"), `pairs.csv, line 2: column notes: "export_weight_estimated|n" has a note that this version does not know`},
		"other header":    {edit("pairs.csv", "m_usd", "m_eur"), "pairs.csv: column 8 is not m_usd; the table is of another version, make the run anew"},
		"few cells":       {edit("pairs.csv", "both,", "both\n"), "pairs.csv, line 2: column state: the row ends here; it has too few cells"},
		"many cells":      {edit("margins.csv", ",900", ",900,1"), "margins.csv, line 2: column n: more cells follow the last column"},
		"line after text": {edit("cases.csv", "code_switch,010121", "code_switch,+"), `cases.csv, line 4: column commodity: "+" commodity "+" has '+', which is neither digit nor letter`},
		"changed table":   {edit("pairs.csv", "3000.001", "3000.002"), "tables/pairs.csv is not the file that the run wrote; its hash differs from run.json"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := writeSample(t, sample(), Options{})
			if err := c.spoil(dir); err != nil {
				t.Fatal(err)
			}
			r, err := Load(context.Background(), dir, Options{})
			got := fmt.Sprint(err)
			if err == nil {
				got = r.Warnings[len(r.Warnings)-1]
			}
			if !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("%s\nwant one line with: %s", got, c.want)
			}
		})
	}
}

// edit replaces a text in a table.
func edit(name, before, after string) func(dir string) error {
	return func(dir string) error {
		path := filepath.Join(dir, "tables", name)
		text, err := os.ReadFile(path)
		if err == nil && !strings.Contains(string(text), before) {
			return errors.New("nothing to spoil")
		}
		if err == nil {
			err = os.WriteFile(path, []byte(strings.Replace(string(text), before, after, 1)), 0o644)
		}
		return err
	}
}

func TestDescribe(t *testing.T) {
	for err, want := range map[error]string{
		&fs.PathError{Op: "open", Path: "/hidden", Err: syscall.ENOSPC}:                  "out: no space left on device; make room, or choose a folder on another disk",
		&fs.PathError{Op: "open", Path: "/hidden", Err: syscall.EACCES}:                  "out: permission denied; choose a folder that you may write to",
		&os.LinkError{Op: "rename", Old: "/hidden", New: "/hidden2", Err: syscall.EROFS}: "out: read-only file system; choose a folder that you may write to",
		errors.New("other"): "out: other",
	} {
		if got := describe("out", err); got == nil || got.Error() != want || !errors.Is(got, errors.Unwrap(got)) {
			t.Errorf("%v becomes %v, want %s", err, got, want)
		}
	}
	if describe("out", nil) != nil {
		t.Error("no error becomes one")
	}
}
