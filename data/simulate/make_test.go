package simulate

import (
	"os"
	"path/filepath"
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

func TestSameSettingsSameBytes(t *testing.T) {
	t.Setenv("GOMAXPROCS", "2")
	_, _, once := written(t, preset(t, "small"))
	_, _, again := written(t, preset(t, "small"))
	for name, text := range once {
		if again[name] != text {
			t.Errorf("%s differs between two runs", name)
		}
	}
	other := preset(t, "small")
	other.Seed++
	if _, _, moved := written(t, other); moved["flows.csv"] == once["flows.csv"] {
		t.Error("another seed gives the same flows")
	}
}
