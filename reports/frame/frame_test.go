package frame

import (
	"context"
	"math"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/margin"
	"counterflow/reports/table"
)

func sample() *reconcile.Result {
	missing := data.MissingKg
	return &reconcile.Result{
		Cases: []cases.Case{
			{ID: "007", Rank: 1, Kind: cases.MissingExport, Goods: data.MustCommodity("010121", data.EditionUnknown), Exporter: data.Exporter(data.MustEconomy("CHN")),
				ExcessKg: 1500, ExcessKgLow: missing, ExcessKgHigh: 0, ExcessUSD: 199, LogP: math.Log(0.25), Q: math.NaN(), Assessable: true},
			{ID: "C-2", Rank: 2, Kind: cases.StockBuild, ExcessKg: missing, ExcessKgLow: missing, ExcessKgHigh: missing, ExcessUSD: data.MissingUSD,
				LogP: math.NaN(), Q: 0.2, Statement: "one, \"two\"\nthree"},
		},
		Margins: []margin.Term{{Model: "gravity", Name: "ln distance", Estimate: -0.178, SE: math.NaN(), N: 900}},
	}
}

func TestCases(t *testing.T) {
	f, err := Cases(sample())
	if err != nil {
		t.Fatal(err)
	}
	if f.Nrow() != 2 || f.Names()[0] != "case_id" || f.Names()[18] != "statement" {
		t.Errorf("%d rows of %v", f.Nrow(), f.Names())
	}
	if got := f.Col("case_id").Records(); !reflect.DeepEqual(got, []string{"007", "C-2"}) {
		t.Errorf("ids %v", got)
	}
	if got := f.Col("commodity").Elem(0); got.String() != "010121" || got.Type() != "string" {
		t.Errorf("commodity %v is %v", got, got.Type())
	}
	if got := f.Col("excess_kg").Float(); got[0] != 1.5 || !math.IsNaN(got[1]) {
		t.Errorf("excess_kg %v, want 1.5 and none", got)
	}
	if got := f.Col("excess_kg_high").Float(); got[0] != 0 {
		t.Errorf("excess_kg_high %v, want a zero that is no missing cell", got)
	}
	if got := f.Col("q_value").IsNaN(); !got[0] || got[1] {
		t.Errorf("missing q-values %v", got)
	}
	if got, _ := f.Col("rank").Int(); !reflect.DeepEqual(got, []int{1, 2}) {
		t.Errorf("ranks %v", got)
	}
	if got, _ := f.Col("assessable").Bool(); !reflect.DeepEqual(got, []bool{true, false}) {
		t.Errorf("assessable %v", got)
	}
	if got := f.Col("statement").Elem(1).String(); got != "one, \"two\"\nthree" {
		t.Errorf("statement %q", got)
	}
}

// A run folder gives the same data frames as the result it was written from.
func TestRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	folder, err := table.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Discard()
	if err := table.Write(context.Background(), folder, sample(), table.Options{}); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC)
	if err := folder.Commit(table.NewManifest(sample(), "0", now, now)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cases", "margins", "pairs"} {
		want, err := Of(sample(), name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(context.Background(), dir, name)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Records(), want.Records()) {
			t.Errorf("%s: %v, want %v", name, got.Records(), want.Records())
		}
	}
}

func TestRefusals(t *testing.T) {
	small := table.Table{Name: "small", Columns: []table.Column{{Name: "code", Type: table.Text}, {Name: "n", Type: table.Whole}, {Name: "x", Type: table.Number}, {Name: "yes", Type: table.Flag}}}
	for _, c := range []struct {
		row  []string
		want string
	}{
		{[]string{"01", "1", "1.5", "true"}, ""},
		{[]string{"", "", "", ""}, ""},
		{[]string{"01", "1.5", "", ""}, `table small, row 1, column n: "1.5" is no integer`},
		{[]string{"01", "", "1,5", ""}, `table small, row 1, column x: "1,5" is no number`},
		{[]string{"01", "", "", "maybe"}, `table small, row 1, column yes: "maybe" is no boolean`},
		{[]string{"01", "", "NaN", ""}, `table small, row 1, column x: gota cannot hold "NaN"`},
		{[]string{"NaN", "", "", ""}, `table small, row 1, column code: gota cannot hold "NaN"`},
		{[]string{"01"}, "table small, row 1 has 1 cells, not 4"},
	} {
		_, err := build(small, [][]string{c.row})
		if err == nil && c.want != "" || err != nil && err.Error() != c.want {
			t.Errorf("%q: error %v, want %s", c.row, err, c.want)
		}
	}
	if _, err := Of(&reconcile.Result{Margins: make([]margin.Term, MaxRows+1)}, "margins"); err == nil ||
		err.Error() != "table margins has 100001 rows, more than 100000; read tables/margins.parquet instead" {
		t.Errorf("a long table: %v", err)
	}
	if _, err := Of(sample(), "gaps"); err == nil {
		t.Error("a table that does not exist is given")
	}
}

// A table without rows still has its columns.
func TestEmptyTable(t *testing.T) {
	f, err := Of(&reconcile.Result{}, "cases")
	if err != nil || f.Nrow() != 0 || f.Ncol() != 19 {
		t.Errorf("%d rows, %d columns, %v", f.Nrow(), f.Ncol(), err)
	}
}
