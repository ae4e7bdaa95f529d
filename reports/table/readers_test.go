package table

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Other programs read the CSV and the Parquet of each table as equal cells.
func TestOtherReaders(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed, so nobody else reads the tables")
	}
	dir := writeSample(t, sample(), Options{})
	large := writeSample(t, many(3000), Options{})
	for _, library := range []string{"pandas", "polars", "pyarrow", "duckdb"} {
		t.Run(library, func(t *testing.T) {
			out, err := exec.Command(python, filepath.Join("testdata", "compare.py"), library, dir, large).CombinedOutput()
			if exit, ok := err.(*exec.ExitError); ok && exit.ExitCode() == 77 {
				t.Skip(library, " is not installed")
			}
			if err != nil || !strings.HasSuffix(string(out), "cells are equal\n") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// The reference implementation of the standard finds nothing amiss with the
// package and its tables.
func TestFrictionless(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import frictionless, pandas, pyarrow").Run() != nil {
		t.Skip("frictionless with pandas and pyarrow is not installed, so the standard's own program does not check the package")
	}
	validate := exec.Command(python, "-m", "frictionless", "validate", PackageName)
	validate.Dir = writeSample(t, sample(), Options{})
	if out, err := validate.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What the Data Package standard, version 2, asks of a descriptor
// (datapackage.org/standard/data-package, data-resource, table-schema).
func TestDataPackage(t *testing.T) {
	dir := writeSample(t, sample(), Options{})
	var p dataPackage
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(dir, PackageName))), &p); err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^[a-z0-9._-]+$`)
	if p.Schema != "https://datapackage.org/profiles/2.0/datapackage.json" || !name.MatchString(p.Name) || len(p.Resources) != 2*len(sheets) {
		t.Errorf("the package says %s, %s, %d resources", p.Schema, p.Name, len(p.Resources))
	}
	seen := make(map[string]bool)
	for _, r := range p.Resources {
		if seen[r.Name] || !name.MatchString(r.Name) || r.Title == "" || len(r.From) == 0 {
			t.Errorf("resource %q: names are unique, titles and origins stated: %+v", r.Name, r)
		}
		seen[r.Name] = true
		checkSchema(t, r)
		if r.Format != "csv" {
			continue
		}
		sum, size, err := hashFile(filepath.Join(dir, r.Path))
		if err != nil || r.Hash != "sha256:"+sum || r.Bytes != size {
			t.Errorf("%s: %d bytes, %s, stated %d, %s (%v)", r.Path, size, sum, r.Bytes, r.Hash, err)
		}
	}
	cases := p.Resources[indexOfResource(p, "cases")]
	if got := strings.Join(cases.Schema.PrimaryKey, ","); got != "case_id" {
		t.Errorf("the key of cases is %s", got)
	}
	if key := p.Resources[indexOfResource(p, "rejects")].Schema.PrimaryKey; key != nil {
		t.Errorf("rejects has key %v though lines may be empty", key)
	}
}

func indexOfResource(p dataPackage, name string) int {
	for i, r := range p.Resources {
		if r.Name == name {
			return i
		}
	}
	return -1
}

func checkSchema(t *testing.T, r resource) {
	t.Helper()
	if r.Type != "table" || r.Schema == nil || strings.Join(r.Schema.MissingValues, "|") != "" {
		t.Errorf("%s is not described as a table", r.Name)
		return
	}
	known := make(map[string]bool)
	for _, f := range r.Schema.Fields {
		switch f.Type {
		case Text, Whole, Number, Flag, Month:
		default:
			t.Errorf("%s.%s has type %q", r.Name, f.Name, f.Type)
		}
		if known[f.Name] || f.Description == "" || f.Missing == "" || f.Constraints["required"] != (f.Missing == "never empty") {
			t.Errorf("%s.%s is described as %+v", r.Name, f.Name, f)
		}
		known[f.Name] = true
	}
	for _, k := range r.Schema.PrimaryKey {
		if !known[k] {
			t.Errorf("%s has no column %s of its key", r.Name, k)
		}
	}
}

// The tables have the columns that others rely on, in this order.
func TestColumns(t *testing.T) {
	want := map[string]string{
		"coverage":    "economy,flow,period,rows,value_usd,estimated_weight_share,unallocated_share,status,edition",
		"rejects":     "file,line,reason,column,value,hint",
		"pairs":       "commodity,period,exporter,importer,x_kg,m_kg,x_usd,m_usd,state,discrepancy_index,log_ratio,expected,sd,z,p_value,measure,edition,notes,mode",
		"margins":     "model,term,estimate,se,n",
		"lags":        "distance,worth,lag_0,lag_1,lag_2,lag_3,spread,lanes,iterations,converged",
		"reliability": "economy,role,measure,group,bias,sigma,sigma_low,sigma_high,n,lasting,bias_se",
		"reconciled":  "commodity,period,exporter,importer,kg,kg_low,kg_high,usd,usd_low,usd_high,rule,exporter_weight",
		"bridges":     "commodity,exporter,importer,measure,side,place,step,amount",
		"cases":       "case_id,rank,kind,commodity,related_commodity,exporter,importer,via,start,end,excess_kg,excess_kg_low,excess_kg_high,excess_usd,p_value,q_value,assessable,caveats,statement",
		"claims":      "case_id,explanation,kg,kg_low,kg_high,verdict,caveat,found_on,note",
		"allocations": "families,start,end,cases,cells,links,excess_kg,short_kg,allocated_kg,explained_kg,cost,algorithm,augmentations,rounds,optimal",
		"expected":    "case_id,commodity,exporter,importer,period,of,measure,amount,low,high",
		"sensitivity": "case_id,assumption,level,setting,kg,usd,q_value,rank",
		"stocks":      "economy,commodity,period,change_kg,low,high,cumulated_kg,months_of_cover,cumulated_low,cumulated_high,production_kg,imports_kg,exports_kg,use_kg",
		"refusals":    "economy,commodity,item,from,to,figures,basis",
		"studies": "event_id,importer,effective,lanes,before,before_se,after,after_se,contrast,contrast_se," +
			"against_partners,against_partners_se,against_goods,against_goods_se,peak_to_trough",
		"study_months": "event_id,importer,period,kg,index,index_partners,index_goods",
		"totals":       "commodity,economy,period,flow,value_usd,valuation,net_kg,weight_estimated,edition",
		"changes": "status,ratings,causes,revised,commodity,related_commodity,exporter,importer,via," +
			"case_id,rank,kind,start,end,excess_kg,excess_kg_low,excess_kg_high,excess_usd,q_value,assessable,statement," +
			"case_id_before,rank_before,kind_before,start_before,end_before,excess_kg_before,excess_kg_low_before,excess_kg_high_before," +
			"excess_usd_before,q_value_before,assessable_before,statement_before",
		"rules":     "list,place,who,what,why,source,from,to,applied",
		"factors":   "commodity,unit,kg_per_unit,kg_per_unit_low,kg_per_unit_high,sd,pairs,verdict,rows",
		"revisions": "reporter,flow,commodity,exporter,importer,period,kg_before,kg,usd_before,usd,relative_change",
		"events":    "event_id,date_announced,date_effective,date_end,actor,target,commodities,instrument,source",
	}
	for _, table := range Tables() {
		var names []string
		for _, c := range table.Columns {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, ","); got != want[table.Name] {
			t.Errorf("%s has columns %s, want %s", table.Name, got, want[table.Name])
		}
		delete(want, table.Name)
	}
	if len(want) > 0 {
		t.Errorf("not declared: %v", want)
	}
}
