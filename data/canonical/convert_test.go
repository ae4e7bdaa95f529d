package canonical

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"counterflow/data/source"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// records are the rows of a file as a run reads them, in order.
func records(t *testing.T, path string, rates *source.Rates) ([]source.Record, source.Tally) {
	t.Helper()
	var all []source.Record
	reading, err := source.Read(context.Background(), []string{path}, source.Options{Digits: 6, Threads: 1, Quantities: true, Rates: rates}, func(_ int, b source.Batch) error {
		all = append(all, b.Records...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, reading.Tallies[0]
}

// roundTrip writes a file in every format and reads it back: every record, with
// all that a run uses of it, is the same.
func roundTrip(t *testing.T, path string, rates *source.Rates) {
	t.Helper()
	want, tally := records(t, path, rates)
	for _, format := range Formats {
		var text bytes.Buffer
		if _, err := Convert(context.Background(), path, &text, format, rates); err != nil {
			t.Fatal(err)
		}
		got, again := records(t, write(t, "back."+format, text.String()), nil)
		if again.Kept != tally.Kept || again.Rows != tally.Kept || again.Divided != tally.Divided || len(got) != len(want) {
			t.Fatalf("%s: %+v, want %+v", format, again, tally)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%s, record %d:\n%+v\nwant\n%+v", format, i, got[i], want[i])
			}
		}
	}
}

const odd = `period,reporter,partner,partner2Code,motCode,customsCode,flow,commodity,classification,value_usd,valuation,net_kg,qty,qty_unit,weight_estimated
2024-07,DEU,CHN,0,0,C00,M,284690,H6,100.25,CIF,10,3,5,false
2024-07,DEU,CHN,156,2100,C04,M,28469010,H6,40,CIF,,3,5,false
2024-07,DEU,CHN,156,77,C04,M,28469010,H6,40,CIF,,1.5,22,false
2024-07,DEU,899,0,0,C00,M,101210000,H5,40.5,FOB,0.125,,,true
2024-07,DEU,"Areas, nes",0,0,C00,M,10121,S4,9999999999999.99,,9999999999.999,,,true
2024,DEU,World,0,0,C00,X,TOTAL,,4000000,,1000000,,,
2024-07,DEU,_X,0,77,C00,RX,10121,H6,,,7,,8,true
2024-07,DEU,ZZZZ,0,0,C00,X,284690,H6,1,,1,,,
`

func TestRoundTrip(t *testing.T) {
	roundTrip(t, write(t, "odd.csv", odd), nil)
	// Without columns that divide, what is written has none either.
	roundTrip(t, write(t, "plain.csv", "year,reporter,partner,cmd,flow,value,netwgt\n2022,156,842,284690,1,5,1\n2022,156,842,284690,1,7,2\n2022,842,0,TOTAL,2,5,\n"), nil)
	rates, err := source.ReadRates(write(t, "rates.csv", "Date,USD\n2024-07,1.1\n"))
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, write(t, "comext.csv", "REPORTER,PARTNER,PRODUCT_NC,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,QUANTITY_KG,QUANTITY_SUPPL_UNIT\n"+
		"DE,CN,28469010,1,1,p/st,202407,100.55,:,12\nDE,QV,28469010,2,2,,202407,9,4,\nIE,XU,28469010,2,1,,202407,9,4,\n"), rates)
}

func TestRoundTripOfRealFiles(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the folder shared is not beside the project: real files are not read")
	}
	n := 0
	for _, pattern := range []string{"comtrade_full_schema/*.csv", "caucasus_monthly/*comtrade*", "wood_oil_legacy/*16.csv.gz", "critical_minerals_2022/comtrade_2022.csv.gz"} {
		paths, _ := filepath.Glob(filepath.Join(shared, pattern))
		for _, path := range paths {
			if strings.Contains(path, "critical") && testing.Short() {
				continue
			}
			if _, err := source.Describe(path, source.Options{}); err != nil {
				continue
			}
			n++
			t.Run(filepath.Base(path), func(t *testing.T) { roundTrip(t, path, nil) })
		}
	}
	if n < 5 {
		t.Errorf("only %d files of flows were found", n)
	}
}

func TestAnUnknownFormat(t *testing.T) {
	if _, err := Convert(context.Background(), write(t, "odd.csv", odd), &bytes.Buffer{}, "xls", nil); err == nil || !strings.Contains(err.Error(), "csv, parquet, sdmx") {
		t.Errorf("error %v", err)
	}
}
