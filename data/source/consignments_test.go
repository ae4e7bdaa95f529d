package source

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"counterflow/data"
)

const consignmentHeader = "date,exporter,importer,commodity,shipper,consignee,net_kg,value_usd\n"

func TestReadConsignments(t *testing.T) {
	path := write(t, "c.csv", consignmentHeader+
		"2024-07-15,CHN,JPN,284690,S-1,C-1,19.5,1000\n"+
		"20240716,156,Japan,284690,S-1,C-2,20,\n"+
		"2024-02-30,CHN,JPN,284690,S-1,C-1,19.5,1000\n"+
		"2024-07-15,CHN,CHN,284690,S-1,C-1,19.5,1000\n"+
		"2024-07-15,CHN,JPN,284690,,C-1,19.5,1000\n"+
		"2024-07-15,CHN,JPN,284690,S-1,C-1,0,1000\n"+
		"2024-07-15,CHN,JPN,284690,S-1,C-1,-1,1000\n"+
		"2024-07-15,CHN,JPN,284690,S-1,C-1,5,many\n")
	got, err := ReadConsignments(path, ConsignmentOptions{})
	if err != nil {
		t.Fatal(err)
	}
	first, _ := data.ParseDay("2024-07-15")
	want := []data.Consignment{
		{Day: first, Exporter: data.Exporter(data.MustEconomy("CHN")), Importer: data.Importer(data.MustEconomy("JPN")),
			Commodity: data.MustCommodity("284690", 0), Shipper: 0, Consignee: 1, NetWeight: 19_500, Value: 100_000, Line: 2},
		{Day: first + 1, Exporter: data.Exporter(data.MustEconomy("CHN")), Importer: data.Importer(data.MustEconomy("JPN")),
			Commodity: data.MustCommodity("284690", 0), Shipper: 0, Consignee: 2, NetWeight: 20_000, Value: data.MissingUSD, Line: 3},
	}
	if fmt.Sprint(got.Rows) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got.Rows, want)
	}
	if strings.Join(got.Parties, " ") != "S-1 C-1 C-2" {
		t.Errorf("parties %v", got.Parties)
	}
	reasons := map[int64]Reason{4: BadDay, 5: SelfTrade, 6: NoParty, 7: NoAmount, 8: NegativeAmount, 9: BadAmount}
	for _, r := range got.Rejects {
		if reasons[r.Line] != r.Reason {
			t.Errorf("line %d: %s, want %s", r.Line, r.Reason, reasons[r.Line])
		}
	}
	if got.Tally.Kept != 2 || len(got.Rejects) != len(reasons) {
		t.Errorf("tally %+v, %d rejects", got.Tally, len(got.Rejects))
	}
}

func TestPseudonyms(t *testing.T) {
	path := write(t, "c.csv", consignmentHeader+"2024-07-15,CHN,JPN,284690,S-1,C-1,19.5,1000\n")
	read := func(key string) *Consignments {
		got, err := ReadConsignments(path, ConsignmentOptions{Pseudonym: true, Key: []byte(key)})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	one, other, bare := read("secret"), read("other"), read("")
	// printf 'S-1' | openssl dgst -sha256 -hmac 'secret'
	if one.Parties[0] != "ae50b0047491d91f" || one.Parties[0] == other.Parties[0] {
		t.Errorf("pseudonyms %v and %v", one.Parties, other.Parties)
	}
	if again := read("secret"); again.Parties[0] != one.Parties[0] {
		t.Error("the same key gives another pseudonym")
	}
	if len(bare.Warnings) != 1 || len(one.Warnings) != 0 {
		t.Errorf("warnings %v and %v", bare.Warnings, one.Warnings)
	}
}

func TestReadThresholds(t *testing.T) {
	got, err := ReadThresholds(write(t, "t.csv", "Threshold_kg,Commodity\n50,284690\n0.5,811292\n"))
	if err != nil || len(got) != 2 || got[0].Mass != 50_000 || got[1].Mass != 500 || got[1].Commodity.Code() != "811292" {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"284690,50\n284690,60\n", "284690,0\n", "284690,\n", "?,5\n"} {
		_, err := ReadThresholds(write(t, "t.csv", "commodity,threshold_kg\n"+bad))
		var refused *DataError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzReadConsignments(f *testing.F) {
	f.Add(consignmentHeader + "2024-07-15,CHN,JPN,284690,S-1,C-1,19.5,1000\n")
	f.Add(consignmentHeader + "2024-07-15,CHN,JPN,284690,\"S\n1\",C-1,1e3,\n,,,\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ReadConsignments(write(t, "fuzz.csv", text), ConsignmentOptions{})
		if err != nil {
			return
		}
		for _, c := range got.Rows {
			if c.NetWeight <= 0 || c.Exporter == 0 || data.Economy(c.Exporter) == data.Economy(c.Importer) ||
				int(max(c.Shipper, c.Consignee)) >= len(got.Parties) || c.Day.Month() == 0 {
				t.Errorf("row %+v", c)
			}
		}
		if int64(len(got.Rows)) != got.Tally.Kept {
			t.Errorf("%d rows, %d kept", len(got.Rows), got.Tally.Kept)
		}
	})
}

func FuzzReadThresholds(f *testing.F) {
	f.Add("commodity,threshold_kg\n284690,50\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ReadThresholds(write(t, "fuzz.csv", text))
		for _, l := range got {
			if err == nil && (l.Mass <= 0 || l.Commodity == 0) {
				t.Errorf("threshold %+v", l)
			}
		}
	})
}
