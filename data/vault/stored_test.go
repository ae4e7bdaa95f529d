package vault

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"counterflow/data/source"
)

// located is every record of some inputs with its line, in order.
func located(t testing.TB, path string, o source.Options) ([]entry, *source.Reading) {
	t.Helper()
	var mu sync.Mutex
	var all []entry
	o.Lines, o.Quantities, o.Open = true, true, OpenStored
	reading, err := source.Read(context.Background(), []string{path}, o, func(_ int, b source.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		for i := range b.Records {
			all = append(all, entry{b.Records[i], b.Lines[i]})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.line, b.line) })
	return all, reading
}

// sameAsFile holds what a vault gives against what the file gives, at several
// numbers of digits: records, lines, counts, examples and warnings.
func sameAsFile(t *testing.T, path string, rates *source.Rates) {
	t.Helper()
	v := Open(filepath.Join(t.TempDir(), "vault"))
	of, _, err := v.Ingest(context.Background(), path, Label{Fetched: "2024-09-05", Series: "s"}, Options{Rates: rates})
	if err != nil {
		t.Fatal(err)
	}
	for _, digits := range []int{0, 4, 6} {
		want, read := located(t, path, source.Options{Digits: digits, Rates: rates})
		got, again := located(t, v.Path(of), source.Options{Digits: digits})
		if !slices.Equal(got, want) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Fatalf("%d digits, record %d:\n%+v\nwant\n%+v", digits, i, got[i], want[i])
				}
			}
			t.Fatalf("%d digits: %d records, want %d", digits, len(got), len(want))
		}
		if !reflect.DeepEqual(again.Tallies, read.Tallies) || !reflect.DeepEqual(again.Rejects, read.Rejects) || !reflect.DeepEqual(again.Warnings, read.Warnings) {
			t.Errorf("%d digits:\n%+v\nwant\n%+v", digits, again, read)
		}
	}
}

const odd = `period,reporter,partner,partner2Code,motCode,flow,commodity,classification,value_usd,valuation,net_kg,qty,qty_unit,weight_estimated
2024-07,DEU,CHN,0,0,M,284690,H6,100.25,CIF,10,3,5,false
2024-07,DEU,CHN,156,2100,M,28469010,H6,40,CIF,,3,5,false
2024-07,DEU,899,0,0,M,101210000,H5,40.5,FOB,0.125,,,true
2024,DEU,World,0,0,X,TOTAL,,4000000,,1000000,,,
2024-07,DEU,_X,0,77,RX,10121,H6,,,7,,8,true
2024-07,D` + "\xfc" + `,CHN,0,0,X,284690,H6,1,,1,,,
2024-07,DEU,251,0,0,X,"284690",H6,1,,1,"7",m3,

2024-07,DEU,CHN,0,0,X,284690,H6,-1,,1,,,
`

func TestAVaultGivesWhatTheFileGave(t *testing.T) {
	sameAsFile(t, write(t, "odd.csv", odd), nil)
	euros := "Date,USD\n2024-07,1.1\n"
	rates, err := source.ReadRates(write(t, "rates.csv", euros))
	if err != nil {
		t.Fatal(err)
	}
	sameAsFile(t, write(t, "comext.csv", "REPORTER,PARTNER,PRODUCT_NC,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,QUANTITY_KG,QUANTITY_SUPPL_UNIT\n"+
		"DE,CN,28469010,1,1,p/st,202407,100.55,:,12\nDE,QV,28469010,2,2,,202407,9,4,\nDE,CN,28XXXXXX,1,1,,202407,9,4,\n"), rates)
}

// The published files that a reader is meant for, as they are.
func TestAVaultGivesWhatRealFilesGave(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the folder shared is not beside the project: real files are not read")
	}
	files := []string{"comtrade_full_schema/*.csv*", "caucasus_monthly/*.csv*", "wood_oil_legacy/*16*.csv*"}
	if !testing.Short() {
		files = append(files, "critical_minerals_2022/comtrade*.csv*", "wood_oil_legacy/*.csv*")
	}
	n := 0
	for _, pattern := range files {
		paths, err := filepath.Glob(filepath.Join(shared, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if _, err := source.Read(context.Background(), []string{path}, source.Options{}, func(int, source.Batch) error { return nil }); err != nil {
				continue // no file of flows
			}
			n++
			t.Run(filepath.Base(path), func(t *testing.T) { sameAsFile(t, path, nil) })
		}
	}
	if n < 4 {
		t.Errorf("only %d files of flows were found", n)
	}
}

// several gives a file of many blocks and chapters.
func several(rows int) string {
	var text strings.Builder
	text.WriteString(strings.SplitAfter(flows, "\n")[0])
	for i := range rows {
		fmt.Fprintf(&text, "2024-%02d,DEU,CHN,M,%02d%04d,%d,%d\n", 1+i%12, 1+i*7%96, i%5000, i, i*31)
	}
	return text.String()
}

// The same file is the same object, whatever the threads; and its partitions are
// read one by one, each from its own file alone.
func TestObjectsDependOnTheFileAlone(t *testing.T) {
	path := write(t, "a.csv", several(200_000))
	var addresses []string
	var v *Vault
	var of Vintage
	for _, threads := range []int{1, 2, 5} {
		v = Open(filepath.Join(t.TempDir(), "vault"))
		var err error
		if of, _, err = v.Ingest(context.Background(), path, Label{Fetched: "2024-09-05"}, Options{Threads: threads}); err != nil {
			t.Fatal(err)
		}
		addresses = append(addresses, of.Object)
	}
	if addresses[0] != addresses[1] || addresses[0] != addresses[2] {
		t.Errorf("addresses %v", addresses)
	}
	text, err := os.ReadFile(filepath.Join(v.objectDir(of), "28.part"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := readFooter(strings.NewReader(string(text)), int64(len(text)))
	if err != nil || f.Chapter != "28" {
		t.Fatalf("%+v, %v", f, err)
	}
	u, _ := newUnpacker()
	rows, last := int64(0), int64(0)
	for _, g := range f.Groups {
		records, lines, err := u.group(text[g.At:g.At+int64(g.Bytes)], g.Rows, nil, []int64{})
		if err != nil || lines[0] != g.FirstLine || lines[len(lines)-1] != g.LastLine || g.FirstLine <= last {
			t.Fatalf("%+v: %v", g, err)
		}
		for i := range records {
			if !strings.HasPrefix(records[i].Commodity.Code(), "28") {
				t.Fatalf("%s lies in chapter 28", records[i].Commodity)
			}
		}
		rows, last = rows+int64(len(records)), g.LastLine
	}
	if rows != f.Rows || rows < 2000 {
		t.Errorf("%d rows, %d by the footer", rows, f.Rows)
	}
}

func TestOriginalsAreKeptWhereAsked(t *testing.T) {
	v := Open(filepath.Join(t.TempDir(), "vault"))
	path := write(t, "a.csv", flows)
	of, _, err := v.Ingest(context.Background(), path, Label{Fetched: "2024-09-05"}, Options{Original: true})
	if err != nil {
		t.Fatal(err)
	}
	want, _ := located(t, path, source.Options{})
	got, _ := located(t, filepath.Join(v.dir, of.Original), source.Options{})
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestAnotherIngestIsRefusedWhileOneIsAtWork(t *testing.T) {
	v := Open(filepath.Join(t.TempDir(), "vault"))
	done, err := v.enter()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := v.Ingest(context.Background(), write(t, "a.csv", flows), Label{Fetched: "2024-09-05"}, Options{}); err == nil || !strings.Contains(err.Error(), "at work") {
		t.Errorf("error %v", err)
	}
	if err := done(); err != nil {
		t.Fatal(err)
	}
	ingest(t, v, write(t, "a.csv", flows), Label{Fetched: "2024-09-05"})
}

// Other exchange rates give other dollars: the series keeps what it has.
func TestOtherRatesAreAnotherSeries(t *testing.T) {
	v := Open(filepath.Join(t.TempDir(), "vault"))
	path := write(t, "comext.csv", "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR,QUANTITY_KG\nDE,CN,28469010,1,202407,100,1\n")
	for i, rate := range []string{"1.1", "1.1", "1.2"} {
		file := write(t, "rates.csv", "Date,USD\n2024-07,"+rate+"\n")
		rates, err := source.ReadRates(file)
		if err != nil {
			t.Fatal(err)
		}
		sum, _, _ := source.Fingerprint(file)
		_, added, err := v.Ingest(context.Background(), path, Label{Fetched: "2024-09-05"}, Options{Rates: rates, RatesSum: sum})
		if (err == nil) != (i < 2) || added != (i == 0) {
			t.Errorf("rate %s: added %v, %v", rate, added, err)
		}
	}
}

// A footer that is read describes groups inside the file, whatever the bytes.
func FuzzFooter(f *testing.F) {
	v := Open(filepath.Join(f.TempDir(), "vault"))
	of, _, err := v.Ingest(context.Background(), write(f, "a.csv", flows), Label{Fetched: "2024-09-05"}, Options{})
	if err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(v.objectDir(of), "28.part"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		footer, err := readFooter(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			return
		}
		for _, g := range footer.Groups {
			if g.At < 0 || g.At+int64(g.Bytes) > int64(len(text)) || g.Rows < 1 {
				t.Errorf("%+v of %d bytes", g, len(text))
			}
		}
	})
}

// The rates that a vintage was stored with are told, so that a run can say where
// others are given.
func TestRatesAreTold(t *testing.T) {
	v := Open(filepath.Join(t.TempDir(), "vault"))
	path := write(t, "comext.csv", "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR,QUANTITY_KG\nDE,CN,28469010,1,202407,100,1\n")
	rates, err := source.ReadRates(write(t, "rates.csv", "Date,USD\n2024-07,1.1\n"))
	if err != nil {
		t.Fatal(err)
	}
	of, _, err := v.Ingest(context.Background(), path, Label{Fetched: "2024-09-05"}, Options{Rates: rates, RatesSum: "abc"})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{v.Path(of): "abc", path: ""} {
		if sum, err := RatesOf(path); err != nil || sum != want {
			t.Errorf("%s: %q, %v", path, sum, err)
		}
	}
}
