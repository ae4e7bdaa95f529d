package table

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The hash printed in the report is what sha256sum gives, as the report says.
func TestTablesHashIsThatOfTheShell(t *testing.T) {
	dir := writeSample(t, sample(), Options{})
	m, err := ReadManifest(dir)
	if err != nil || len(m.Tables) != 64 {
		t.Fatalf("tables_sha256 is %q, %v", m.Tables, err)
	}
	shell, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Skip("sha256sum is not installed")
	}
	line := exec.Command("sh", "-c", "LC_ALL=C; export LC_ALL; "+shell+" tables/*.csv | "+shell)
	line.Dir = dir
	if out, err := line.Output(); err != nil || strings.Fields(string(out))[0] != m.Tables {
		t.Errorf("the shell gives %s (%v), run.json %s", out, err, m.Tables)
	}
	if text := readFile(t, filepath.Join(dir, CitationName)); !strings.Contains(text, "sha256:"+m.Tables) || !strings.Contains(text, "cff-version: 1.2.0") {
		t.Errorf("the citation says\n%s", text)
	}
}

// By hand: of the two corridors of the sample, one has a weight and a value, the
// other a value of nothing and no weight.
func TestSDMX(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "run"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	if err := WriteSDMX(context.Background(), f, sample()); err != nil {
		t.Fatal(err)
	}
	path, _ := f.Path(SDMXName)
	rows, err := csv.NewReader(strings.NewReader(readFile(t, path))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		strings.Join(sdmxHead, ","),
		"dataflow,COUNTERFLOW:RECONCILED(1.0),I,M,010121,CHN,USA,WEIGHT,2024-01,2000.5,1500,3000.001,KG,baci, only the importer declared, adjusted to totals,0.5",
		"dataflow,COUNTERFLOW:RECONCILED(1.0),I,M,010121,CHN,USA,VALUE,2024-01,10500,10000,11000,USD,baci, only the importer declared, adjusted to totals,0.5",
		"dataflow,COUNTERFLOW:RECONCILED(1.0),I,A,0102,LAO,CHN,VALUE,2024,0,,,USD,,",
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d: %v", len(rows), len(want), rows)
	}
	for i := range want {
		if got := strings.Join(rows[i], ","); got != want[i] {
			t.Errorf("row %d is\n%s, want\n%s", i, got, want[i])
		}
	}
}

// Every link of the crate's graph leads to a node, and every file of the folder
// but the manifest is a part.
func TestCrate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	f, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	r := sample()
	if err := Write(context.Background(), f, r, Options{}); err != nil {
		t.Fatal(err)
	}
	m := NewManifest(r, "0.1.0", started, finished)
	if err := f.WriteCrate(m); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(m); err != nil {
		t.Fatal(err)
	}
	var crate struct {
		Context string           `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(dir, CrateName))), &crate); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{crateVersion: true}
	for _, node := range crate.Graph {
		known[node["@id"].(string)] = true
	}
	var check func(any)
	check = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				check(x)
			}
		case map[string]any:
			if id := v["@id"].(string); !known[id] {
				t.Errorf("%s is no node", id)
			}
		}
	}
	for _, node := range crate.Graph {
		for key, value := range node {
			if key != "@id" && key != "@type" {
				check(value)
			}
		}
	}
	if !known["tables/cases.csv"] || !known["datapackage.json"] || crate.Context != crateContext || !known["#input-2"] {
		t.Errorf("the crate lacks files: %v", known)
	}
}
