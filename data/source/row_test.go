package source

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"counterflow/data"
)

// rowsOf cuts a text into blocks and rows, reading so many bytes at a time.
func rowsOf(text []byte, columns int, delimiter byte) (rows [][]string, err error) {
	layout := &Layout{Delimiter: delimiter, Columns: make([]string, columns)}
	r := newRow(columns)
	b := blocks{text: bytes.NewReader(text), layout: layout, line: 1, fresh: func() []byte { return nil }, emit: func(b block) error {
		for at := 0; at < len(b.text); {
			at = r.split(b.text, at, delimiter)
			if r.blank() {
				continue
			}
			var fields []string
			for i := range min(r.fields, columns+1) {
				fields = append(fields, strings.ReplaceAll(string(r.field(i)), `""`, `"`))
			}
			rows = append(rows, fields)
		}
		return nil
	}}
	err = b.cut()
	return rows, err
}

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"a,b,c\n":                         {"a", "b", "c"},
		"a,b,c":                           {"a", "b", "c"},
		"a,b,c\r\n":                       {"a", "b", "c"},
		",,\n":                            {"", "", ""},
		"a,\"b,c\",d\n":                   {"a", "b,c", "d"},
		"a,\"b\nc\",d\n":                  {"a", "b\nc", "d"},
		"\"a\"\"b\",c\n":                  {"a\"b", "c"},
		"\"\",\"\"\r\n":                   {"", ""},
		"12345678,123456789,1234567\n":    {"12345678", "123456789", "1234567"},
		"a\"b\",c\"\n":                    {"a\"b\"", "c\""},
		"\"a\" x,b\n":                     {"a", "b"},
		"caf\xe9,\x80\x8a\x0b,\x2d\x0a":   {"caf\xe9", "\x80\x8a\x0b", "\x2d"},
		"a,b,c,d,e\n":                     {"a", "b", "c", "e"}, // of five fields one more than the header's three is kept
		strings.Repeat("x", 100) + ",y\n": {strings.Repeat("x", 100), "y"},
	} {
		rows, err := rowsOf([]byte(text), 3, ',')
		if err != nil || len(rows) != 1 || !slices.Equal(rows[0], want) {
			t.Errorf("%q: %q, %v; want %q", text, rows, err, want)
		}
	}
}

// Every place where a block may end, with fields short and long around it.
func TestBlocksEndAtRows(t *testing.T) {
	var text bytes.Buffer
	var want [][]string
	for i := 0; text.Len() < 3*blockSize; i++ {
		long := strings.Repeat("y", i%23)
		text.WriteString("r" + long + ",\"" + long + "\n\"\"," + "\"," + long + "\n")
		want = append(want, []string{"r" + long, long + "\n\",", long})
	}
	got, err := rowsOf(text.Bytes(), 3, ',')
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d rows, %v; want %d", len(got), err, len(want))
	}
	for i := range want {
		if !slices.Equal(got[i], want[i]) {
			t.Fatalf("row %d: %q, want %q", i, got[i], want[i])
		}
	}
}

// FuzzRows holds the reader against encoding/csv wherever that accepts a text.
func FuzzRows(f *testing.F) {
	for _, text := range []string{"a,b\nc,d\n", "\"a\nb\",c\r\n\r\n\"\"\"\"", "a\n\nb", ",\n,\n", "a,b,c,d", "\"a\"\n\"b"} {
		f.Add([]byte(text), byte(','))
		f.Add([]byte(strings.ReplaceAll(text, ",", ";")), byte(';'))
	}
	f.Fuzz(func(t *testing.T, text []byte, delimiter byte) {
		if !slices.Contains([]byte(",;\t|"), delimiter) || bytes.Contains(text, []byte{0}) {
			return
		}
		const columns = 1000
		got, err := rowsOf(text, columns, delimiter)
		reference := csv.NewReader(bytes.NewReader(text))
		reference.Comma, reference.FieldsPerRecord = rune(delimiter), -1
		want, strictErr := reference.ReadAll()
		if strictErr != nil {
			return // it is stricter than we are
		}
		if err != nil {
			t.Fatalf("%q: %v, but encoding/csv reads %q", text, err, want)
		}
		if len(got) != len(want) {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
		for i := range want {
			if len(want[i]) <= columns && !slices.EqualFunc(got[i], want[i], func(a, b string) bool {
				// encoding/csv changes line ends inside quotes, we leave them.
				return strings.ReplaceAll(a, "\r", "") == strings.ReplaceAll(b, "\r", "")
			}) {
				t.Fatalf("%q: row %d is %q, want %q", text, i, got[i], want[i])
			}
		}
	})
}

// FuzzRead holds the gates: whatever a file holds, every row is kept or refused,
// and what is kept makes sense.
func FuzzRead(f *testing.F) {
	f.Add([]byte("period,reporter,partner,hs6,flow,usd,kg\n2022,56,528,250490,X,10.5,3\n2022,56,528,250490,Q,10.5,3\n"))
	f.Add([]byte("year,month,reporter,partner,cmd,flow,value,netwgt,qty,qtyunit\n2022,3,56,899,\"2504\n90\",X,1e3,,3,8\n"))
	f.Add([]byte(comtradeHeader + "C,M,20240701,2024,7,202407,156,CHN,China,X,Export,842,USA,USA,0,W00,World,H6,HS,True,284690,x,6,True,C00,,0,2100,,8,kg,12.5,False,-1,N/A,0,False,12.5,True,,False,,1000.25,1000.25,4,True,False\n"))
	f.Add([]byte("period;reporter;partner;via;flow;commodity;classification;mode;value_usd;valuation;net_kg\n2024-07;CHN;842;HKG;RX;TOTAL;H6;3200;1000;FOB;12\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "fuzz.csv")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		var records []Record
		reading, err := Read(context.Background(), []string{path}, Options{Digits: 6, Threads: 1}, func(_ int, b Batch) error {
			records = append(records, b.Records...)
			return nil
		})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("%q is more than a line", err)
			}
			return
		}
		refused := int64(0)
		for _, n := range reading.Tallies[0].Refused {
			refused += n
		}
		if tally := reading.Tallies[0]; tally.Kept+refused != tally.Rows || tally.Kept != int64(len(records)) {
			t.Fatalf("%d records, tally %+v", len(records), tally)
		}
		for i := range records {
			checkRecord(t, &records[i])
		}
	})
}

func checkRecord(t *testing.T, r *Record) {
	if r.Reporter() == 0 || r.Partner() == 0 || r.Reporter() == r.Partner() || r.Reporter() == data.World || r.Reporter() == data.Unallocated {
		t.Fatalf("corridor %s->%s", r.Exporter, r.Importer)
	}
	if r.Period == 0 || r.Commodity.Code() == "" || r.Commodity.Len() > 6 && r.Commodity.Code()[0] <= '9' && allDigits([]byte(r.Commodity.Code())) {
		t.Fatalf("period %s, commodity %s", r.Period, r.Commodity)
	}
	if r.Value < 0 && r.Value.Known() || r.NetWeight < 0 && r.NetWeight.Known() || r.Value <= 0 && r.NetWeight <= 0 || r.Value > largestValue || r.NetWeight > largestWeight {
		t.Fatalf("amounts %d, %d", r.Value, r.NetWeight)
	}
	if (r.Partner() == data.Unallocated) != (r.Part.Partner != 0) || r.Part.Partner > MaxPartner || r.Part.Digits > data.CommodityDigits {
		t.Fatalf("part %+v of a partner %s", r.Part, r.Partner())
	}
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte("event_id,date_announced,date_effective,date_end,actor,target,commodities,instrument,source\nE1,2023-07-03,2023-08-01,,CHN,world,811292|284690,licence,x\n"))
	f.Add([]byte("\ufeffevent_id,date_effective\n\"E\n1\",2023\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "events.csv")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		events, err := Events(path)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatalf("%q is more than a line", err)
		}
		for _, e := range events {
			if err == nil && !e.Effective.Monthly() {
				t.Fatalf("event %+v has no month of effect", e)
			}
		}
	})
}
