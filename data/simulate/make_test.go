package simulate

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// preset gives a preset's settings, without compression.
func preset(t *testing.T, name string) Settings {
	t.Helper()
	s, err := Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	s.Gzip = false
	return s
}

// written makes and writes a world and returns its files by name.
func written(t *testing.T, s Settings) (*World, Output, map[string]string) {
	t.Helper()
	w, err := Make(s)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out, err := w.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, pattern := range []string{"*", "truth/*"} {
		paths, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, path := range paths {
			if text, err := os.ReadFile(path); err == nil {
				name, _ := filepath.Rel(dir, path)
				files[name] = string(text)
			}
		}
	}
	return w, out, files
}

// declared is a row of the flows as a reader sees it.
type declared struct {
	period, reporter, flow, partner, code, customs, mode, partner2 string
	kg, usd                                                        float64
	noKg, estimated, imputed                                       bool
}

// total says whether the row is a six-digit total with a partner.
func (d *declared) total() bool {
	return len(d.code) == 6 && d.partner != "W00" && d.customs == everyProcedure && d.mode == "0" && d.partner2 == "0"
}

// rowsOf reads the flows by the names of their columns.
func rowsOf(t *testing.T, text string) []declared {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	names := strings.Split(lines[0], ",")
	if len(names) != 47 {
		t.Fatalf("%d columns, want 47", len(names))
	}
	at := map[string]int{}
	for i, n := range names {
		at[n] = i
	}
	rows := make([]declared, 0, len(lines)-1)
	for i, line := range lines[1:] {
		c := strings.Split(line, ",")
		if len(c) != 47 {
			t.Fatalf("line %d has %d columns", i+2, len(c))
		}
		d := declared{period: c[at["period"]], reporter: c[at["reporterISO"]], flow: c[at["flowCode"]], partner: c[at["partnerISO"]],
			code: c[at["cmdCode"]], customs: c[at["customsCode"]], mode: c[at["motCode"]], partner2: c[at["partner2Code"]],
			noKg: c[at["netWgt"]] == "", estimated: c[at["isNetWgtEstimated"]] == "True", imputed: c[at["isReported"]] == "False"}
		if !d.noKg {
			d.kg = number(t, c[at["netWgt"]])
		}
		d.usd = number(t, c[at["primaryValue"]])
		rows = append(rows, d)
	}
	return rows
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSameSettingsSameBytesWhateverTheThreads(t *testing.T) {
	s := preset(t, "small")
	s.Revised = true
	before := runtime.GOMAXPROCS(1)
	_, _, once := written(t, s)
	runtime.GOMAXPROCS(4)
	_, _, again := written(t, s)
	runtime.GOMAXPROCS(before)
	if len(once) != 11 {
		t.Errorf("%d files, want 11", len(once))
	}
	for name, text := range once {
		if again[name] != text {
			t.Errorf("%s differs between one thread and four", name)
		}
	}
	s.Seed++
	if _, _, moved := written(t, s); moved["flows.csv"] == once["flows.csv"] {
		t.Error("another seed gives the same flows")
	}
}

func TestCompressedFlowsAreTheSameRows(t *testing.T) {
	s := preset(t, "small")
	_, plain, _ := written(t, s)
	s.Gzip = true
	_, packed, files := written(t, s)
	if plain.Rows != packed.Rows || files["flows.csv.gz"] == "" {
		t.Errorf("%d rows plain, %d compressed", plain.Rows, packed.Rows)
	}
}

func TestPresetsHaveTheirSize(t *testing.T) {
	for _, name := range PresetNames {
		s := preset(t, name)
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Preset("medium"); err == nil || !strings.Contains(err.Error(), "small, standard, large") {
		t.Errorf("error %v does not name the presets", err)
	}
	// Scale aims at a number of rows; a quarter either way is good enough for a
	// load test.
	for _, aim := range []int{60_000, 240_000} {
		_, out, _ := written(t, preset(t, "standard").Scale(aim))
		if r := float64(out.Rows) / float64(aim); r < 0.75 || r > 1.33 {
			t.Errorf("%d rows, wanted about %d", out.Rows, aim)
		}
	}
}

func TestCheckReportsAllMistakes(t *testing.T) {
	s := preset(t, "small").With(Margin, -1)
	s.Months, s.Economies, s.Lanes, s.Autocorrelation = 3, 1000, 1, 1
	_, err := Make(s)
	for _, want := range []string{"months", "economies", "lanes", "autocorrelation", "margin"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not mention %s", err, want)
		}
	}
}

func TestSettingsAreNotShared(t *testing.T) {
	s := preset(t, "small")
	other := s.With(Noise, 0)
	if s.Causes[Noise] != 1 || other.Causes[Noise] != 0 {
		t.Error("With changes the settings that it was asked of")
	}
}
