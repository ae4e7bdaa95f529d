package vault

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"counterflow/data/source"
)

const flows = `period,reporter,partner,flow,commodity,value_usd,net_kg
2024-07,DEU,CHN,M,284690,100,10
2024-08,CHN,DEU,X,284690,90,9
2024-08,ZZZZ,DEU,X,284690,90,9
`

func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func ingest(t *testing.T, v *Vault, path string, l Label) (Vintage, bool) {
	t.Helper()
	of, added, err := v.Ingest(context.Background(), path, l, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return of, added
}

func list(t *testing.T, v *Vault) []Vintage {
	t.Helper()
	all, err := v.Vintages()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAVintageSaysWhatIsInIt(t *testing.T) {
	v := Open(filepath.Join(t.TempDir(), "vault"))
	of, added := ingest(t, v, write(t, "CM2024[2024-09-01].csv", flows), Label{Publisher: "UN", Fetched: "2024-09-05"})
	if !added || of.Series != "CM2024" || of.Published != "2024-09-01" || of.Rows != 3 || of.Kept != 2 || of.Refused["unknown_economy"] != 1 ||
		of.First != "2024-07" || of.Last != "2024-08" || strings.Join(of.Reporters, " ") != "CHN DEU" || of.Format == "" {
		t.Errorf("%+v", of)
	}
	if err := v.Check(of); err != nil {
		t.Error(err)
	}
	// What is stored reads as what was ingested.
	again, err := source.Read(context.Background(), []string{v.Path(of)}, source.Options{Digits: 6, Open: OpenStored}, func(int, source.Batch) error { return nil })
	if err != nil || again.Tallies[0].Rows != 3 || again.Tallies[0].SHA256 != of.SHA256 || again.Tallies[0].File != of.Name {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestTheSameFileTwiceAddsNothing(t *testing.T) {
	v := Open(filepath.Join(t.TempDir(), "vault"))
	path := write(t, "a.csv", flows)
	ingest(t, v, path, Label{Fetched: "2024-09-05"})
	held, added := ingest(t, v, path, Label{Fetched: "2024-10-05"})
	if all := list(t, v); added || len(all) != 1 || held.Fetched != "2024-09-05" || all[0].Fetched != "2024-09-05" {
		t.Errorf("added %v, %+v", added, all)
	}
	// The same bytes under another series are a vintage of that series.
	if _, added := ingest(t, v, path, Label{Series: "b", Fetched: "2024-10-05"}); !added || len(list(t, v)) != 2 {
		t.Error("another series is not added")
	}
	objects, err := os.ReadDir(filepath.Join(v.dir, "objects"))
	if err != nil || len(objects) != 1 {
		t.Errorf("%d objects, %v", len(objects), err)
	}
}

func TestAsOfPicksTheLastOfEachSeries(t *testing.T) {
	v := Open(filepath.Join(t.TempDir(), "vault"))
	ingest(t, v, write(t, "a.csv", flows), Label{Published: "2024-09-01", Fetched: "2024-09-05"})
	revised, _ := ingest(t, v, write(t, "a.csv", strings.Replace(flows, "100,10", "120,12", 1)), Label{Published: "2024-10-01", Fetched: "2024-10-05"})
	ingest(t, v, write(t, "b.csv", flows), Label{Published: "2024-09-20", Fetched: "2024-09-20"})
	for day, want := range map[string]string{"2024-09-01": "a@2024-09-01", "2024-09-30": "a@2024-09-01 b@2024-09-20", "2024-10-01": "a@2024-10-01 b@2024-09-20"} {
		picked, err := AsOf(list(t, v), day)
		var names []string
		for _, of := range picked {
			names = append(names, of.Series+"@"+of.Published)
		}
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%s: %s, %v", day, got, err)
		}
	}
	// Of one day, the one fetched last.
	corrected := revised
	corrected.Fetched, corrected.SHA256 = "2024-10-06", "0"
	if picked, _ := AsOf([]Vintage{corrected, revised}, "2024-10-01"); picked[0].Fetched != "2024-10-06" {
		t.Errorf("%+v", picked)
	}
	for _, day := range []string{"2024-08-31", "yesterday", ""} {
		if picked, err := AsOf(list(t, v), day); err == nil {
			t.Errorf("%q picks %+v", day, picked)
		}
	}
}

func TestRefusalsLeaveNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	for name, label := range map[string]Label{
		"t,i,j,k,v,q\n2022,156,842,284690,1,1\n": {Fetched: "2024-09-05"},
		"":                                       {Fetched: "2024-09-05"},
		flows:                                    {Fetched: "soon", Series: "a/b"},
	} {
		if _, _, err := Open(dir).Ingest(context.Background(), write(t, "a.csv", name), label, Options{}); err == nil {
			t.Errorf("%q with %+v is stored", name, label)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error("a refused file leaves a vault behind")
	}
	if _, err := Open(dir).Vintages(); err == nil || !strings.Contains(err.Error(), "counterflow ingest") {
		t.Errorf("error %v", err)
	}
}

func TestDamageIsSeen(t *testing.T) {
	v := Open(filepath.Join(t.TempDir(), "vault"))
	of, _ := ingest(t, v, write(t, "a.csv", flows), Label{Fetched: "2024-09-05"})
	for _, name := range []string{"28.part", objectFile} {
		path := filepath.Join(v.objectDir(of), name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		os.Chmod(path, 0o644)
		for at := 0; at < len(whole); at += 5 {
			broken := slices.Clone(whole)
			broken[at] ^= 1
			if err := os.WriteFile(path, broken, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := v.Check(of); err == nil || !strings.Contains(err.Error(), "damaged") {
				t.Fatalf("%s, byte %d: %v", name, at, err)
			}
		}
		os.Remove(path)
		if err := v.Check(of); err == nil || !strings.Contains(err.Error(), "missing") {
			t.Errorf("%s: error %v", name, err)
		}
		os.WriteFile(path, whole, 0o644)
	}
	if err := v.Check(of); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(v.dir, "vintages", fileName(of))
	os.Rename(name, filepath.Join(v.dir, "vintages", "other.json"))
	if _, err := v.Vintages(); err == nil {
		t.Error("a description under another name is taken")
	}
}

// many ingests files in a row; the test below kills it.
func many(dir, from string) error {
	files, err := filepath.Glob(filepath.Join(from, "*.csv"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if _, _, err := Open(dir).Ingest(context.Background(), file, Label{Fetched: "2024-09-05"}, Options{}); err != nil {
			return err
		}
	}
	return nil
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("COUNTERFLOW_TEST_VAULT"); dir != "" {
		if many(dir, os.Getenv("COUNTERFLOW_TEST_FILES")) != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Killed at random moments, the vault stays whole: every vintage that is listed
// is there in full, none is doubled, and the next ingest gets through.
func TestKilledIngestsLeaveTheVaultWhole(t *testing.T) {
	kills := 12
	if testing.Short() {
		kills = 4
	}
	from, dir := t.TempDir(), filepath.Join(t.TempDir(), "vault")
	const files = 12
	for i := range files {
		rows := strings.Repeat("2024-07,DEU,CHN,M,284690,"+strconv.Itoa(100+i)+",10\n", 2000)
		if err := os.WriteFile(filepath.Join(from, "f"+strconv.Itoa(i)+".csv"), []byte(strings.SplitAfter(flows, "\n")[0]+rows), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(3, 3))
	killed := 0
	for range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "COUNTERFLOW_TEST_VAULT="+dir, "COUNTERFLOW_TEST_FILES="+from)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(20+random.IntN(150)) * time.Millisecond)
		if cmd.Process.Kill() == nil {
			killed++
		}
		cmd.Wait()
		if _, err := os.Stat(filepath.Join(dir, "vintages")); err != nil {
			continue // killed before the first
		}
		for _, of := range list(t, Open(dir)) {
			if err := Open(dir).Check(of); err != nil {
				t.Error(err)
			}
		}
	}
	if err := many(dir, from); err != nil {
		t.Fatal(err)
	}
	all := list(t, Open(dir))
	series := map[string]bool{}
	for _, of := range all {
		series[of.Series] = true
		if err := Open(dir).Check(of); err != nil || of.Rows != 2000 {
			t.Errorf("%+v, %v", of, err)
		}
	}
	if len(all) != files || len(series) != files {
		t.Errorf("%d vintages of %d series, want %d", len(all), len(series), files)
	}
	t.Logf("%d kills", killed)
}
