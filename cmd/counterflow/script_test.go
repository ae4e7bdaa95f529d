package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
)

// The scripts run the program in this process, as main does, with full paths.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Files: []string{"testdata/diff.txtar", "testdata/publishers.txtar", "testdata/editions.txtar", "testdata/vault.txtar"},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"counterflow": func(ts *testscript.TestScript, fails bool, args []string) {
				if code := run(context.Background(), args, ts.Stdout(), ts.Stderr()); (code != exitDone) != fails {
					ts.Fatalf("counterflow %v exits with %d", args, code)
				}
			},
		},
	})
}

// What is missing is null and no zero; amounts are exact.
func TestDiffViewKeepsMissingApart(t *testing.T) {
	view := diffView(&difference.Difference{
		Changes: []difference.Change{{Status: difference.New, After: &cases.Case{ExcessKg: 1_234_567, ExcessKgLow: data.MissingKg, Q: 0.25}}},
		Arrived: []difference.Arrival{{Value: data.MissingUSD}},
	})
	text, err := json.Marshal(view)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"excess_kg":1234.567,"excess_kg_low":null`, `"q_value":0.25`, `"value_usd":null`, `"before":null`, `"revisions":[]`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("JSON lacks %s: %s", want, text)
		}
	}
}
