package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

const comtradeJSON = `{"elapsedTime":"0.1 secs","count":2,"data":[
{"typeCode":"C","freqCode":"M","refPeriodId":20240701,"refYear":2024,"refMonth":7,"period":"202407","reporterCode":842,"flowCode":"M",
 "partnerCode":156,"partner2Code":0,"classificationCode":"H6","cmdCode":"284690","customsCode":"C00","motCode":0,"netWgt":null,
 "qtyUnitCode":8,"qty":12.5,"isNetWgtEstimated":false,"cifvalue":1060.5,"fobvalue":null,"primaryValue":1060.5,"cmdDesc":"Compounds, \"mixed\",\nof rare earths"},
{"typeCode":"C","refPeriodId":20240701,"refYear":2024,"refMonth":7,"period":"202407","reporterCode":156,"flowCode":"X",
 "partnerCode":842,"partner2Code":0,"classificationCode":"H6","cmdCode":"284690","customsCode":"C00","motCode":0,"netWgt":13,
 "isNetWgtEstimated":true,"cifvalue":null,"fobvalue":1000,"primaryValue":1e3}
],"error":""}`

func TestComtradeJSON(t *testing.T) {
	got, reading, err := readText(t, comtradeJSON, Options{Digits: 6, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got,
		"2024-07 M CHN>USA 284690 H6 12.5 kg 1060.5 usd CIF parts 0",
		"2024-07 X CHN>USA 284690 H6 13 kg 1000 usd  parts 0",
	)
	if tally := reading.Tallies[0]; tally.Format != "comtrade-v1" || tally.Rows != 2 || len(tally.SHA256) != 64 {
		t.Errorf("%+v", tally)
	}
}

func TestCensusArrays(t *testing.T) {
	text := "[[\"CTY_CODE\",\"CTY_NAME\",\"I_COMMODITY\",\"GEN_VAL_MO\",\"GEN_QY1_MO\",\"UNIT_QY1\",\"SUMMARY_LVL\",\"time\"],\n" +
		"[\"5700\",\"CHINA\",\"2846908000\",\"1000\",\"500\",\"KG\",\"DET\",\"2024-07\"]]"
	got, _, err := readText(t, text, Options{Digits: 6})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, "2024-07 M CHN>USA 284690  500 kg 1000 usd FOB parts 16")
}

func TestDamagedJSONIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"cut in a record":        comtradeJSON[:700],
		"cut after a record":     comtradeJSON[:strings.Index(comtradeJSON, "},\n{")+1],
		"cut before the end":     comtradeJSON[:len(comtradeJSON)-1],
		"an answer without data": `{"error":"quota exceeded"}`,
		"an empty answer":        `{"count":0,"data":[]}`,
		"data of another kind":   `{"data":"none"}`,
		"neither":                `{"a":1}`,
		"a list of numbers":      `[1,2]`,
		"text behind the end":    comtradeJSON + "}",
	} {
		if got, _, err := readText(t, text, Options{Digits: 6}); err == nil {
			t.Errorf("%s: read as %v", name, got)
		} else if len(err.Error()) > 400 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %q", name, err)
		}
	}
	if _, _, err := readText(t, `{"error":"quota exceeded"}`, Options{}); !strings.Contains(fmt.Sprint(err), "quota exceeded") {
		t.Errorf("the publisher's words are lost: %v", err)
	}
}

// A field that comes late would be lost, so it is an error.
func TestLateFieldsAreNamed(t *testing.T) {
	text := "[" + strings.Repeat(`{"period":2024},`, headRecords) + `{"period":2024,"netWgt":5}]`
	table, err := jsonTable(strings.NewReader(text))
	if err == nil {
		_, err = io.ReadAll(table)
	}
	if err == nil || !strings.Contains(err.Error(), `"netWgt"`) || !strings.Contains(err.Error(), "record 1001") {
		t.Errorf("error %v", err)
	}
}

type parquetRow struct {
	Period       string   `parquet:"period"`
	ReporterCode int64    `parquet:"reporterCode"`
	PartnerCode  int32    `parquet:"partnerCode"`
	FlowCode     string   `parquet:"flowCode"`
	CmdCode      string   `parquet:"cmdCode"`
	NetWgt       *float64 `parquet:"netWgt,optional"`
	PrimaryValue float64  `parquet:"primaryValue"`
	Estimated    bool     `parquet:"isNetWgtEstimated"`
	Cents        int64    `parquet:"cents,decimal(2:18)"`
}

func parquetText(t testing.TB) []byte {
	t.Helper()
	weight := 12.5
	var file bytes.Buffer
	err := parquet.Write(&file, []parquetRow{
		{"202407", 842, 156, "M", "284690", &weight, 1060.5, true, -5},
		{"202407", 156, 842, "X", "010121", nil, 1000, false, 12345},
	})
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestParquet(t *testing.T) {
	got, reading, err := readText(t, string(parquetText(t)), Options{Digits: 6, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got,
		"2024-07 M CHN>USA 284690  12.5 kg 1060.5 usd  parts 0",
		"2024-07 X CHN>USA 010121   kg 1000 usd  parts 0",
	)
	if reading.Tallies[0].SHA256 == "" {
		t.Error("the file is not hashed")
	}
}

func TestParquetAsText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(path, parquetText(t), 0o644); err != nil {
		t.Fatal(err)
	}
	in, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(in.text)
	want := "period,reporterCode,partnerCode,flowCode,cmdCode,netWgt,primaryValue,isNetWgtEstimated,cents\n" +
		"202407,842,156,M,284690,12.5,1060.5,true,-0.05\n202407,156,842,X,010121,,1000,false,123.45\n"
	if err != nil || string(text) != want || in.close() != nil {
		t.Errorf("%s, %v", text, err)
	}
}

// Flipping bytes gives rows or an error, never a crash, and never asks for
// gigabytes: the length of the description, in the last eight bytes, is checked.
func TestDamagedParquet(t *testing.T) {
	whole := parquetText(t)
	path := filepath.Join(t.TempDir(), "x.parquet")
	for i := len(whole) - 1; i >= 0; i -= 1 + 8*min(1, (len(whole)-i)/10) { // the last ten, then every ninth
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0xff
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		if in, err := open(path); err == nil {
			_, _ = io.Copy(io.Discard, in.text)
			in.file.Close()
		}
	}
	if err := os.WriteFile(path, whole[:len(whole)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := open(path); err == nil || !strings.Contains(err.Error(), "Parquet") {
		t.Errorf("half a file: %v", err)
	}
}

// Whatever JSON is read, each record is one line with as many fields as the
// header when it is a list of records.
func FuzzJSON(f *testing.F) {
	f.Add(comtradeJSON)
	f.Add(`[["a","b"],["1","2"]]`)
	f.Add(`[{"a":1,"b":null},{"b":"x\ny"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		table, err := jsonTable(strings.NewReader(text))
		if err != nil {
			return
		}
		out, err := io.ReadAll(table)
		if err != nil {
			return
		}
		var records []map[string]any
		if json.Unmarshal([]byte(text), &records) == nil && len(records) > 0 && bytes.Count(out, newline) != len(records)+1 {
			t.Errorf("%d records are %d lines", len(records), bytes.Count(out, newline))
		}
	})
}

func FuzzParquet(f *testing.F) {
	f.Add(parquetText(f)[4:])
	f.Fuzz(func(t *testing.T, file []byte) {
		whole := append([]byte("PAR1"), file...)
		if text, err := parquetTable(bytes.NewReader(whole), int64(len(whole))); err == nil {
			_, _ = io.CopyN(io.Discard, text, 1<<20)
		}
	})
}

type canonicalRow struct {
	Period         string  `parquet:"period"`
	Reporter       string  `parquet:"reporter"`
	Partner        string  `parquet:"partner"`
	Flow           string  `parquet:"flow"`
	Commodity      string  `parquet:"commodity"`
	Classification string  `parquet:"classification"`
	ValueUSD       float64 `parquet:"value_usd"`
	NetKg          float64 `parquet:"net_kg"`
}

// The same flows as canonical CSV, Parquet, JSON and SDMX-CSV are the same
// records, to the cent and the gram. Doubles hold both below 9e13 dollars.
func TestOneTableInFourForms(t *testing.T) {
	var rows []canonicalRow
	csv := "period,reporter,partner,flow,commodity,classification,value_usd,net_kg\n"
	sdmx := "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,COMMODITY,TIME_PERIOD,OBS_VALUE,NET_WEIGHT\n"
	for i := range 500 {
		r := canonicalRow{fmt.Sprintf("2024-%02d", 1+i%12), []string{"DEU", "CHN"}[i%2], "USA", []string{"X", "M"}[i/2%2],
			[]string{"010121", "284690"}[i%2], "H6", float64(i*i*7919+1) / 100, float64(i*104729+1) / 1000}
		rows = append(rows, r)
		csv += fmt.Sprintf("%s,%s,%s,%s,%s,H6,%.2f,%.3f\n", r.Period, r.Reporter, r.Partner, r.Flow, r.Commodity, r.ValueUSD, r.NetKg)
		sdmx += fmt.Sprintf("dataflow,UNSD:DF_IMTS(1.0),I,%s,%s,%s,H6_%s,%s,%.2f,%.3f\n", r.Reporter, r.Partner, r.Flow, r.Commodity, r.Period, r.ValueUSD, r.NetKg)
	}
	var columnar bytes.Buffer
	if err := parquet.Write(&columnar, rows); err != nil {
		t.Fatal(err)
	}
	var records []map[string]any
	for _, r := range rows {
		records = append(records, map[string]any{"period": r.Period, "reporter": r.Reporter, "partner": r.Partner, "flow": r.Flow,
			"commodity": r.Commodity, "classification": r.Classification, "value_usd": r.ValueUSD, "net_kg": r.NetKg})
	}
	list, err := json.Marshal(records)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := readText(t, csv, Options{Digits: 6, Threads: 1})
	if err != nil || len(want) != 500 {
		t.Fatalf("%d records, %v", len(want), err)
	}
	for name, text := range map[string]string{"Parquet": columnar.String(), "JSON": string(list), "SDMX-CSV": sdmx} {
		got, _, err := readText(t, text, Options{Digits: 6, Threads: 1})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				t.Fatalf("%s: record %d is %v, want %s", name, i, got[min(i, len(got)-1)], want[i])
			}
		}
	}
}
