package table

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"counterflow/reconcile"
	"counterflow/reconcile/cases"
)

func TestGolden(t *testing.T) {
	dir := writeSample(t, sample(), Options{})
	for _, s := range sheets {
		name := s.table().Name + ".csv"
		got := readFile(t, filepath.Join(dir, "tables", name))
		golden := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want := readFile(t, golden); got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

// The cells of one row by hand: 1,500 kg against 3,000.001 kg.
func TestPairRow(t *testing.T) {
	record := pairsTable.records(sample())[0]
	want := []string{"010121", "2024-01", "CHN", "USA", "1500", "3000.001", "10000", "11000.5", "both"}
	if !reflect.DeepEqual(record[:9], want) {
		t.Errorf("row %q, want %q", record[:9], want)
	}
	// (1500-3000.001)/(4500.001) = -0.33333348...; ln(3000.001/1500) = 0.69314751...
	for i, want := range map[int]string{9: "-0.3333334", 10: "0.6931475", 11: "0.06", 12: "0.2", 13: "3.166", 14: "0.00154"} {
		if !strings.HasPrefix(record[i], want) {
			t.Errorf("%s is %s, want %s...", pairsTable.columns[i].Name, record[i], want)
		}
	}
	if got := record[15:]; !reflect.DeepEqual(got, []string{"weight", "H5", "export_weight_estimated|partner_unstated", ""}) {
		t.Errorf("the rest is %q", got)
	}
	// A pair that was tested in value though both sides gave weights: the index
	// is that of the values, (3-3)/(3+3) = 0, not that of the weights, -1/3.
	if other := pairsTable.records(sample())[4]; other[9] != "0" || other[10] != "0" || other[15] != "value" {
		t.Errorf("index %s, ratio %s in %s, want 0, 0 in value", other[9], other[10], other[15])
	}
}

func TestRoundTrip(t *testing.T) {
	for _, threads := range []int{1, 2, 7} {
		r := sample()
		dir := writeSample(t, r, Options{Threads: threads})
		back, err := Load(context.Background(), dir, Options{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		if !same(reflect.ValueOf(*back), reflect.ValueOf(*r)) {
			t.Errorf("%d threads: read back\n%+v\nwant\n%+v", threads, back, r)
		}
	}
}

func TestRoundTripOfNothing(t *testing.T) {
	r := &reconcile.Result{}
	back, err := Load(context.Background(), writeSample(t, r, Options{}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !same(reflect.ValueOf(*back), reflect.ValueOf(*r)) {
		t.Errorf("read back %+v, want nothing", back)
	}
}

// Every field of the result and of its rows is stated somewhere in the sample, so
// that a field which a table forgets cannot come back by being empty.
func TestSampleIsComplete(t *testing.T) {
	stated := make(map[string]bool)
	visit(reflect.ValueOf(*sample()), "Result", stated)
	for path, found := range stated {
		if !found {
			t.Errorf("%s is nowhere stated in the sample", path)
		}
	}
}

// visit notes for each field whether it has a value other than zero and NaN.
func visit(v reflect.Value, path string, stated map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		stated[path] = stated[path] || !v.IsNil()
		// Cases that changes point to are rows of another table, or parts of one.
		if !v.IsNil() && v.Type() != reflect.TypeFor[*cases.Case]() {
			visit(v.Elem(), path, stated)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); path != "Result" || field.Name != "Settings" {
				visit(v.Field(i), path+"."+field.Name, stated)
			}
		}
	case reflect.Slice:
		stated[path] = stated[path] || v.Len() > 0
		for i := range v.Len() {
			if v.Index(i).Kind() == reflect.Struct {
				visit(v.Index(i), path, stated)
			}
		}
	default:
		empty := v.IsZero() || v.Kind() == reflect.Float64 && math.IsNaN(v.Float())
		stated[path] = stated[path] || !empty
	}
}

// same is equality where NaN equals NaN and doubles may differ in the last
// digits: a p-value is written and its logarithm is read back. Exp and ln are
// each right to an ulp, 2e-16 of a number, and a logarithm near 0 is only as good
// as the p-value near 1.
func same(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float64:
		x, y := a.Float(), b.Float()
		return x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= max(1e-12*math.Abs(y), 1e-15)
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return same(a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// The same result gives the same bytes, whatever the threads: run.json alone
// has a clock.
func TestSameBytes(t *testing.T) {
	r := many(3*csvRows + 17)
	one := writeSample(t, r, Options{Threads: 1})
	two := writeSample(t, r, Options{Threads: 3})
	for _, path := range append(tablePaths(), PackageName, ManifestName) {
		a, b := readFile(t, filepath.Join(one, path)), readFile(t, filepath.Join(two, path))
		if a != b {
			t.Errorf("%s depends on the threads", path)
		}
	}
	back, err := Load(context.Background(), two, Options{Threads: 3})
	if err != nil {
		t.Fatal(err)
	}
	if !same(reflect.ValueOf(*back), reflect.ValueOf(*r)) {
		t.Error("many rows do not read back as they were")
	}
}

func TestOrderAndKey(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*reconcile.Result)
		want  string
	}{
		"key of pairs": {func(r *reconcile.Result) { r.Pairs[1].Period = r.Pairs[0].Period },
			"table pairs: rows 1 and 2 have one key: 010121, 2024-01, CHN, USA"},
		"order of pairs": {func(r *reconcile.Result) { r.Pairs[0], r.Pairs[2] = r.Pairs[2], r.Pairs[0] },
			"table pairs: row 2 (010121, 2024-02, CHN, USA) comes after row 1 (010121, 2024-01, CHN, VNM), against the order of importer"},
		"key of cases":   {func(r *reconcile.Result) { r.Cases[1].ID = "C-0002" }, "table cases: row 2 repeats the key C-0002"},
		"order of cases": {func(r *reconcile.Result) { r.Cases[1].Rank = 0 }, "table cases: row 2 (C-0001) comes after row 1 (C-0002), against the order of rank"},
		"key of claims":  {func(r *reconcile.Result) { r.Claims[1].Explanation = "timing" }, "table claims: row 2 repeats the key C-0002, timing"},
		"key of rejects": {func(r *reconcile.Result) { r.Rejects[1].Line = 3 }, "table rejects: row 2 repeats the key flows.csv.gz, 3"},
	} {
		t.Run(name, func(t *testing.T) {
			r := sample()
			c.spoil(r)
			f, err := Create(filepath.Join(t.TempDir(), "run"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Discard()
			if err := Write(context.Background(), f, r, Options{}); err == nil || err.Error() != c.want {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	parent := t.TempDir()
	f, err := Create(filepath.Join(parent, "run"))
	if err != nil {
		t.Fatal(err)
	}
	err = Write(ctx, f, many(20*csvRows), Options{Threads: 2, Progress: func(done, total int64) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if err := f.Discard(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(parent); len(left) > 0 {
		t.Errorf("%s is left behind", left[0].Name())
	}
}

func TestProgress(t *testing.T) {
	var last, of int64
	writeSample(t, sample(), Options{Threads: 2, Progress: func(done, total int64) {
		if done < last {
			t.Errorf("progress falls from %d to %d", last, done)
		}
		last, of = done, total
	}})
	if last != of || of == 0 {
		t.Errorf("progress ends at %d of %d", last, of)
	}
}
