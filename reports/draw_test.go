package reports

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"counterflow/reconcile"
	"counterflow/reports/wording"
)

func drawn(t *testing.T, r *reconcile.Result, o Options) (dir string, out Outputs) {
	t.Helper()
	dir = t.TempDir()
	out, err := Draw(r, dir, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return dir, out
}

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// The same run gives the same bytes, whatever the number of threads.
func TestSameBytes(t *testing.T) {
	w := monthlyWorld()
	w.cases = 6
	first, out := drawn(t, w.run(), Options{Threads: 1, DPI: []int{72}})
	second, again := drawn(t, w.run(), Options{Threads: 4, DPI: []int{72}})
	if len(out.Charts) == 0 || strings.Join(out.Charts, " ") != strings.Join(again.Charts, " ") {
		t.Fatalf("charts %v, then %v", out.Charts, again.Charts)
	}
	if len(out.Others) != 2*len(out.Charts)+4 {
		t.Errorf("%d charts, and beside them %v", len(out.Charts), out.Others)
	}
	for _, name := range append(append(out.Charts, out.Others...), out.Report, out.Page) {
		if !bytes.Equal(read(t, first, name), read(t, second, name)) {
			t.Errorf("%s differs between two makings", name)
		}
	}
}

func TestThreadsAndMemoryDoNotShow(t *testing.T) {
	w := annualWorld()
	one, other := w.run(), w.run()
	other.Settings.Threads, other.Settings.Memory = 7, 1<<30
	other.Settings.Flows = []string{"/elsewhere/flows.csv.gz"}
	if !bytes.Equal(read(t, pdf(t, one, Options{})), read(t, pdf(t, other, Options{}))) {
		t.Error("the report changes with what cannot change a result")
	}
}

func TestProgressAndFiles(t *testing.T) {
	dir := t.TempDir()
	var calls []int
	out, err := Draw(annualWorld().run(), dir, Options{DPI: []int{40, 50}, Threads: 3}, func(done, total int) {
		if done != len(calls)+1 {
			t.Errorf("call %d says %d done", len(calls)+1, done)
		}
		calls = append(calls, total)
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := len(out.Charts) + len(out.Others) + 2; len(calls) != want || calls[0] != want {
		t.Errorf("%d calls of %v, want %d", len(calls), calls, want)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "charts", "*-50dpi.png"))
	if 2*len(files) != len(out.Charts) {
		t.Errorf("%d files in 50 dpi of %d charts", len(files), len(out.Charts))
	}
}

func TestDrawRefuses(t *testing.T) {
	for name, o := range map[string]Options{
		"an unknown section": {Pages: []string{"dossiers?"}},
		"no resolution":      {DPI: []int{0}},
		"fewer than none":    {Cases: -1},
	} {
		if _, err := Draw(&reconcile.Result{}, t.TempDir(), o, nil); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Draw(&reconcile.Result{}, file, Options{}, nil); err == nil {
		t.Error("a file is accepted as a folder")
	}
}

// tool gives a program that the test needs, and skips visibly without it.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// pdf writes the report alone, and gives its path.
func pdf(t *testing.T, r *reconcile.Result, o Options) string {
	t.Helper()
	o = o.filled()
	path := filepath.Join(t.TempDir(), "report.pdf")
	err := writeFile(path, func(to io.Writer) error { return writeReport(to, r, Figures(r, o), o) })
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// textOf gives the words of a PDF, one blank between them.
func textOf(t *testing.T, path string) string {
	t.Helper()
	text, err := exec.Command(tool(t, "pdftotext"), path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

func TestTextCanBeFound(t *testing.T) {
	r := monthlyWorld().run()
	text := textOf(t, pdf(t, r, foreign()))
	for _, c := range r.Cases {
		if !strings.Contains(text, c.ID) {
			t.Errorf("case %s is not found", c.ID)
		}
	}
	for _, want := range []string{
		"Ελληνική Δημοκρατία", "Україна", "Côte d’Ivoire", "Zhong Hua Ren Min Gong He Guo", "критическое сырьё",
		"What trade statistics cannot see", "90% interval", "Likelihood: very likely", "Confidence: moderate",
		"chance alone would give about 1.1", "Norway is 579", "Ελλάδα-εισαγωγές", "history_periods",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not found", want)
		}
	}
}

func TestEmptyRunSaysSo(t *testing.T) {
	text := textOf(t, pdf(t, &reconcile.Result{Settings: reconcile.Defaults()}, Options{}))
	for _, want := range []string{"Nothing could be tested", "No reporter published anything", "No case was found", "No file was read"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said of an empty run:\n%s", want, text)
		}
	}
}

func TestPagesCanBeChosen(t *testing.T) {
	text := textOf(t, pdf(t, annualWorld().run(), Options{Pages: []string{"findings", "method"}}))
	if strings.Contains(text, "Files read") || strings.Contains(text, "Figure 1") {
		t.Error("a section that was not asked for is there")
	}
	if !strings.Contains(text, "What stands out") || !strings.Contains(text, "Settings of this run") {
		t.Error("a section that was asked for is missing")
	}
}

func TestCasesLeftOutAreMentioned(t *testing.T) {
	w := monthlyWorld()
	w.cases, w.lanes = 500, 120
	text := textOf(t, pdf(t, w.run(), Options{Cases: 30}))
	if !strings.Contains(text, "the first 30 of 500") {
		t.Error("the table does not say that it is cut")
	}
	if !strings.Contains(text, "C00030") || strings.Contains(text, "C00031") {
		t.Error("the table does not end with case 30")
	}
}

// Every made-up report is a sound file, accuses nobody, and has all its words
// within the printed part of the page.
func TestReports(t *testing.T) {
	for name, w := range looks() {
		t.Run(name, func(t *testing.T) {
			o := Options{}
			if len(name)%2 == 0 {
				o = foreign()
			}
			o.Cases = 40 // more dossiers would be more of the same
			path := pdf(t, w.run(), o)
			if word := wording.Improper(textOf(t, path)); word != "" {
				t.Errorf("the text holds %q", word)
			}
			boxes, err := exec.Command(tool(t, "pdftotext"), "-bbox", path, "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			checkBoxes(t, name, string(boxes))
			if said, err := exec.Command(tool(t, "qpdf"), "--check", path).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
}

func checkBoxes(t *testing.T, name, boxes string) {
	t.Helper()
	words := 0
	for line := range strings.Lines(boxes) {
		var x0, y0, x1, y1 float64
		if n, _ := fmt.Sscanf(strings.TrimSpace(line), `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f">`, &x0, &y0, &x1, &y1); n != 4 {
			continue
		}
		words++
		if x0 < 53 || x1 > 543 || y0 < 25 || y1 > 820 {
			t.Errorf("%s: outside the margins: %s", name, line)
		}
	}
	if words < 200 {
		t.Errorf("%s: only %d words were looked at", name, words)
	}
}
