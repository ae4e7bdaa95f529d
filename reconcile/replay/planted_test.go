package replay

import (
	"os"
	"path/filepath"
	"testing"

	"counterflow/reconcile/cases"
	"counterflow/reconcile/evaluate"
)

const truthText = `id,kind,commodity,related_commodity,exporter,importer,via,start,end,share,kg,usd,months_seen,seen_kg,seen_usd,z
old,missing_export,284690,,CHN,DEU,,2023-01,2023-12,0.5,1,1,12,1,1,9
quick,stock_build,284690,,,CHL,,2024-02,2025-01,0.5,1,1,12,1,1,9
slow,missing_import,284690,,CHN,FRA,,2024-02,2024-12,0.5,1,1,11,1,1,9
faint,missing_import,284690,,CHN,USA,,2024-02,2024-12,0.5,1,1,11,1,1,1
fresh,missing_import,284690,,CHN,JPN,,2024-05,2024-12,0.5,1,1,8,1,1,9
later,missing_import,284690,,CHN,KOR,,2024-08,2024-12,0.5,1,1,5,1,1,9
`

// Months January to July 2024. "old" is found from the start, which says nothing of
// when; "quick" in April, two months after its start, by a window of three months that
// is far less than a third of the year it will last; "slow" in July, and no case finds
// the others. "faint" is not visible, "later" has not begun. "fresh" began two months
// before the last: too late to count among those that could be found soon.
func TestPlantedCasesAreFoundOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "truth.csv")
	if err := os.WriteFile(path, []byte(truthText), 0o644); err != nil {
		t.Fatal(err)
	}
	truth, err := evaluate.ReadTruth(path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWatch(truth, evaluate.DefaultRules())
	old, quick := seen(t, 0.01, "missing_export CHN DEU 2023-01 2023-12"), seen(t, 0.01, "stock_build - CHL 2024-02 2024-04")
	for _, m := range []struct {
		month string
		list  []cases.Case
	}{
		{"2024-01", []cases.Case{old}}, {"2024-02", []cases.Case{old}},
		{"2024-03", []cases.Case{old, seen(t, 0.2, "stock_build - CHL 2024-02 2024-03")}}, // listed, not found
		{"2024-04", []cases.Case{old, quick}}, {"2024-05", []cases.Case{old}}, {"2024-06", []cases.Case{old}},
		{"2024-07", []cases.Case{old, seen(t, 0.01, "missing_import CHN FRA 2024-03 2024-07")}},
	} {
		w.add(month(t, m.month), m.list)
	}
	want := []struct {
		id, found string
		after     Delay
		underWay  bool
		stands    bool
	}{{"old", "2024-01", 12, true, true}, {"quick", "2024-04", 2, false, false}, {"slow", "2024-07", 5, false, true}, {"fresh", "", Never, false, false}}
	told := w.told()
	if len(told) != len(want) {
		t.Fatalf("%d planted cases, want %d: %+v", len(told), len(want), told)
	}
	for i, p := range told {
		if p.ID != want[i].id || p.FirstFound.String() != want[i].found || p.FoundAfter != want[i].after || p.UnderWay != want[i].underWay || p.Stands != want[i].stands {
			t.Errorf("got %+v\nwant %+v", p, want[i])
		}
	}
	if got, want := *w.summary(), (PlantedSummary{Visible: 4, Found: 3, Timed: 2, Soon: 1, SoonShare: 0.5}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
