package source

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"counterflow/data"
)

// samplesOfReaders has a small file for every reader of flows.
var samplesOfReaders = map[string]string{
	"plain":     "period,reporter,partner,hs6,flow,usd,kg\n2022,56,528,250490,X,10.5,3\n2022,528,56,\"250490\",M,11,3\n",
	"legacy":    "Classification,Year,Period,Trade Flow Code,Reporter Code,Partner Code,Commodity Code,Netweight (kg),Trade Value (US$),Flag\nHS,2016,2016,1,56,528,4403,5,100,0\nHS,2016,2016,2,528,56,4403,5,90,6\n",
	"v1":        comtradeHeader + "C,M,20240701,2024,7,202407,156,CHN,China,X,Export,842,USA,USA,0,W00,World,H6,HS,True,284690,x,6,True,C00,,0,2100,,8,kg,12.5,False,-1,N/A,0,False,12.5,True,,False,,1000.25,1000.25,4,True,False\n",
	"canonical": "period,reporter,partner,via,flow,commodity,classification,mode,value_usd,valuation,net_kg,qty,qty_unit,weight_estimated,source\n2024-07,CHN,842,HKG,RX,TOTAL,H6,3200,1000,FOB,12,4,u,true,x\n2024-07,CHN,USA,,X,284690,H6,,1000,FOB,12,,,false,x\n",
	"comext":    comextNew, "comext-old": comextOld, "census": censusImports, "sdmx": sdmxOne, "imts": imtsBulk,
	"mapped": "Monat;Von;Nach;Richtung;Ware;Wert\n2024-01;DEU;USA;X;284690;5\n",
	"json":   `{"data":[{"refPeriodId":20240701,"period":"202407","reporterCode":156,"flowCode":"X","partnerCode":842,"cmdCode":"284690","primaryValue":5.5,"netWgt":1}]}`,
}

var mappedColumns = must(ParseMapping([]string{"period=Monat", "reporter=Von", "partner=Nach", "flow=Richtung", "commodity=Ware", "value_usd=Wert*1000"}))

// damages are the ways in which files come broken.
var damages = map[string]func(text []byte) [][]byte{
	"cut": func(text []byte) (all [][]byte) {
		for at := 0; at < len(text); at += 1 + len(text)/50 {
			all = append(all, text[:at])
		}
		return all
	},
	"a byte flipped": func(text []byte) (all [][]byte) {
		for at := 0; at < len(text); at += 1 + len(text)/50 {
			broken := bytes.Clone(text)
			broken[at] ^= 0x15
			all = append(all, broken)
		}
		return all
	},
	"a byte of text put in": func(text []byte) (all [][]byte) {
		for i, b := range []byte("\x00\"\n\r,;\t|'\xff\xfe=+-:") {
			at := (i + 1) * len(text) / 17
			all = append(all, append(append(bytes.Clone(text[:at]), b), text[at:]...))
		}
		return all
	},
	"rows": func(text []byte) [][]byte {
		header, rows, _ := bytes.Cut(text, []byte("\n"))
		return [][]byte{
			rows, header, append(append(bytes.Clone(text), header...), '\n'), append(bytes.Clone(text), rows...),
			bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), bytes.ReplaceAll(text, []byte("\n"), []byte("\r")), bytes.ReplaceAll(text, []byte("\n"), []byte("\n\n")),
			bytes.ReplaceAll(text, []byte(","), []byte(";")), bytes.ReplaceAll(text, []byte(","), []byte("\t")), bytes.ReplaceAll(text, []byte("."), []byte(",")),
			append([]byte("\xef\xbb\xbf"), text...), append([]byte("\xff\xfe"), text...), bytes.ToUpper(text), bytes.ReplaceAll(text, []byte("5"), bytes.Repeat([]byte("5"), 400)),
			[]byte("<html><body>403 Forbidden</body></html>"), []byte(`{"statusCode":429,"message":"Rate limit is exceeded"}`), bytes.Repeat([]byte{0}, 512), nil,
		}
	},
}

// Whatever came of a file on its way, every reader reads it with every row kept or
// refused, or says in one line which file is broken.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	read := 0
	for name, sample := range samplesOfReaders {
		for damage, of := range damages {
			for i, text := range of([]byte(sample)) {
				read += damaged(t, dir, fmt.Sprintf("%s, %s %d", name, damage, i), text)
			}
		}
		for i, text := range damages["cut"](packed(t, sample, false)) {
			damaged(t, dir, fmt.Sprintf("%s, gzip cut %d", name, i), text)
		}
		for i, text := range damages["a byte flipped"](packed(t, sample, true)) {
			damaged(t, dir, fmt.Sprintf("%s, zip flipped %d", name, i), text)
		}
	}
	if read < 500 {
		t.Errorf("only %d damaged files are read, so this test shows little", read)
	}
}

func packed(t *testing.T, text string, zipped bool) []byte {
	t.Helper()
	var out bytes.Buffer
	if zipped {
		w := zip.NewWriter(&out)
		part, err := w.Create("a.csv")
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(text))
		w.Close()
		return out.Bytes()
	}
	w := gzip.NewWriter(&out)
	w.Write([]byte(text))
	w.Close()
	return out.Bytes()
}

// damaged reads one broken file, and gives 1 where it could be read all the same.
func damaged(t *testing.T, dir, name string, text []byte) int {
	t.Helper()
	path := filepath.Join(dir, "broken.csv")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	kept := int64(0)
	o := Options{Digits: 6, Threads: 1, Rates: euro(), Columns: mappedColumns, Quantities: true, Lines: true, Texts: true,
		Factors: Factors{FactorKey{data.MustCommodity("284690", data.EditionUnknown), ParseUnit([]byte("u"))}: 2}}
	reading, err := Read(context.Background(), []string{path}, o, func(_ int, b Batch) error {
		kept += int64(len(b.Records))
		for i := range b.Records {
			checkRecord(t, &b.Records[i])
		}
		return nil
	})
	if err != nil {
		var refused *DataError
		if !errors.As(err, &refused) || strings.ContainsAny(err.Error(), "\n\r") || !strings.Contains(err.Error(), "broken.csv") {
			t.Errorf("%s: %q", name, err)
		}
		return 0
	}
	refused := int64(0)
	for _, n := range reading.Tallies[0].Refused {
		refused += n
	}
	if tally := reading.Tallies[0]; tally.Rows != tally.Kept+refused || tally.Kept != kept {
		t.Errorf("%s: %d records, tally %+v", name, kept, tally)
	}
	return 1
}

// FuzzMapping holds drafts and mappings: a draft reads back as a mapping, and a
// file is read by it or refused in one line.
func FuzzMapping(f *testing.F) {
	f.Add([]byte(samplesOfReaders["mapped"]), "reporter=Von")
	f.Add([]byte("a,b\n1,2\n"), "value_usd=b*1000")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte, given string) {
		path := filepath.Join(dir, "fuzz.csv")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, texts := range [][]string{{given}, {given, "flow==X", "reporter==CHN"}} {
			mapping, err := ParseMapping(texts)
			if err != nil {
				continue
			}
			_, err = Read(context.Background(), []string{path}, Options{Threads: 1, Columns: mapping}, func(int, Batch) error { return nil })
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is more than a line", err)
			}
		}
		draft, err := DraftMapping(path)
		if err != nil {
			return
		}
		for _, line := range draft.Columns {
			if _, column, _ := strings.Cut(line, "="); strings.TrimSpace(column) == "" || strings.HasPrefix(column, "=") || strings.Contains(column, "*") {
				continue // a name that a mapping cannot write
			}
			if _, err := ParseMapping([]string{line}); err != nil {
				t.Errorf("a draft has %q: %v", line, err)
			}
		}
	})
}

func FuzzReadFactors(f *testing.F) {
	f.Add([]byte("commodity,unit,kg_per_unit\n870323,u,1500\n,m3,800\n"))
	f.Add([]byte("kg_per_unit;unit;commodity\n1e3;12;1\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "factors.csv")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		factors, err := ReadFactors(path)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatalf("%q is more than a line", err)
		}
		for k, kg := range factors {
			if !(kg > 0) || k.Unit == NoUnit {
				t.Errorf("%v: %g", k, kg)
			}
		}
	})
}
