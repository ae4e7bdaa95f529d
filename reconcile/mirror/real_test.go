package mirror

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// shared finds a file of the real data that lies beside the project, and skips
// the test where it does not.
func shared(t testing.TB, names ...string) []string {
	t.Helper()
	var paths []string
	for _, name := range names {
		path := filepath.Join("..", "..", "..", "shared", "data", name)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("real data not here: %s", name)
		}
		paths = append(paths, path)
	}
	return paths
}

func TestRealFilesAreReadWithoutSettings(t *testing.T) {
	for _, files := range [][]string{
		{"critical_minerals_2022/comtrade_2022.csv.gz"},
		{"wood_oil_legacy/hs44_wood_2013.csv.gz", "wood_oil_legacy/hs44_wood_2014.csv.gz", "wood_oil_legacy/hs44_wood_2015.csv.gz", "wood_oil_legacy/hs44_wood_2016.csv.gz"},
		{"wood_oil_legacy/hs27_oil_2016.csv.gz"},
		{"comtrade_full_schema/partner_corridors_raw.csv", "comtrade_full_schema/singapore_corridors_raw.csv"},
		{"caucasus_monthly/vehicle_trade_georgia_hs8703_comtrade_monthly.csv.gz", "caucasus_monthly/vehicle_trade_armenia_hs87_comtrade_monthly.csv.gz"},
		{"caucasus_monthly/mobile_phone_armenia_hs851713_comtrade_monthly.csv"},
	} {
		table, err := Read(context.Background(), shared(t, files...), Options{Digits: 6, Imputed: 1e-4})
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range table.Inputs {
			t.Logf("%s %s rows %d kept %d refused %v", in.File, in.Format, in.Rows, in.Kept, in.Refused)
		}
		states := map[State]int{}
		for i := range table.Pairs {
			states[table.Pairs[i].State]++
		}
		t.Logf("pairs %d %v totals %d coverage %d warnings %v", len(table.Pairs), states, len(table.Totals), len(table.Coverage), table.Warnings)
		for i, r := range table.Rejects {
			if i < 12 {
				t.Logf("%+v", r)
			}
		}
	}
}
