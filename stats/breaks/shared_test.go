package breaks

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// shared is a file of the reference material beside the module; the test is
// skipped where that is absent.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("reference material ../shared/%s is not here", name)
	}
	return path
}

// sharedColumn reads one column of a CSV file of the reference material.
func sharedColumn(t testing.TB, name, column string) []float64 {
	t.Helper()
	f, err := os.Open(shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for i, h := range rows[0] {
		if h == column {
			at = i
		}
	}
	if at < 0 {
		t.Fatalf("%s has no column %q", name, column)
	}
	var out []float64
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[at], 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}
