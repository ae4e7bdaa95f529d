package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedFiles are the published files that some reader is meant for, with the
// mapping that those with names of their own need.
var sharedFiles = []struct {
	path    string
	columns []string
	euros   bool
}{
	{path: "critical_minerals_2022/comtrade_2022.csv.gz"},
	{path: "wood_oil_legacy/hs44_wood_2013.csv.gz"}, {path: "wood_oil_legacy/hs44_wood_2014.csv.gz"},
	{path: "wood_oil_legacy/hs44_wood_2015.csv.gz"}, {path: "wood_oil_legacy/hs44_wood_2016.csv.gz"},
	{path: "wood_oil_legacy/hs27_oil_2016.csv.gz"},
	{path: "comtrade_full_schema/singapore_corridors_raw.csv"}, {path: "comtrade_full_schema/partner_corridors_raw.csv"},
	{path: "caucasus_monthly/vehicle_trade_georgia_hs8703_comtrade_monthly.csv.gz"},
	{path: "caucasus_monthly/vehicle_trade_armenia_hs87_comtrade_monthly.csv.gz"},
	{path: "caucasus_monthly/mobile_phone_armenia_hs851713_comtrade_monthly.csv"},
	{path: "caucasus_monthly/eurostat_eu27_monthly_total_2019_2024.csv", columns: []string{"commodity==TOTAL", "value_usd=value_eur*EUR"}, euros: true},
	{path: "china_monthly_exports/deep_dive_hs6_monthly.csv", columns: []string{"reporter==CHN", "flow==X", "partner=partner_name", "period=period_dt", "value_usd=val", "net_kg=qty"}},
	{path: "dots_mirror/DOTS_orphaned_lost.csv.gz"},
	{path: "minerals_production/usgs_MCS2026_Commodities_Data.csv"},
	{path: "hs/HS_consolidated_comtrade_concordances.csv.gz"},
}

// Of every such file rows read are rows kept and rows refused, and the README says
// what came of each, in the words of counterflow doctor --table.
func TestSharedFilesAreReadInFull(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the folder shared is not beside the project: real files are not read")
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rates := filepath.Join(t.TempDir(), "rates.csv")
	text := "Date,USD\n"
	for month := range 12 * 6 {
		text += fmt.Sprintf("%d-%02d,1.1\n", 2019+month/12, 1+month%12)
	}
	if err := os.WriteFile(rates, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, f := range sharedFiles {
		args := []string{"doctor"}
		for _, c := range f.columns {
			args = append(args, "--columns", c)
		}
		if f.euros {
			args = append(args, "--rates", rates)
		}
		args = append(args, filepath.Join(shared, f.path))
		code, out, errOut := call(t, append(args, "--json")...)
		var checkups []checkup
		if err := json.Unmarshal([]byte(out), &checkups); code != exitDone || err != nil || len(checkups) != 1 {
			t.Errorf("%s: exit %d, %s, %v", f.path, code, errOut, err)
			continue
		}
		k, refused := checkups[0], int64(0)
		for _, n := range k.Refused {
			refused += n
		}
		if k.Rows == 0 || k.Rows != k.Kept+refused {
			t.Errorf("%s: %d rows, %d kept, %d refused", f.path, k.Rows, k.Kept, refused)
		}
		_, table, _ := call(t, append(args, "--table")...)
		line := strings.Split(strings.TrimSpace(table), "\n")[2]
		t.Log(line)
		if !strings.Contains(string(readme), line+"\n") {
			t.Errorf("the README lacks the line %s", line)
		}
	}
}
