package reconcile

import (
	"os"
	"path/filepath"
	"testing"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/mirror"
)

// A list of producers says who makes the goods of the pairs while they are traded: the
// mineral's codes, and no other; and no rule that ended before.
func TestProducersMakeTheGoodsOfThePairs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "producers.csv")
	if err := os.WriteFile(path, []byte("who,what,why,source,from,to\nVNM,rare earths,mine,survey,2015,\nMMR,284690,mine,survey,,2019\nCHN,2603,mine,survey,,\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	producers, err := source.ReadProducers(path)
	if err != nil {
		t.Fatal(err)
	}
	pair := func(goods string) mirror.Pair {
		at, _ := data.ParsePeriod("2023-05")
		return mirror.Pair{Commodity: data.MustCommodity(goods, data.EditionUnknown), Period: at}
	}
	r := runner{producers: producers, result: &Result{Pairs: []mirror.Pair{pair("260300"), pair("280530"), pair("284690"), pair("284690"), pair("760110")}}}
	var got []string
	for _, b := range r.made() {
		if b.Item != data.Production || b.Kg <= 0 || b.Circular() {
			t.Errorf("%+v", b)
		}
		got = append(got, b.Economy.String()+" "+b.Commodity.Code())
	}
	want := []string{"CHN 260300", "VNM 280530", "VNM 284690"}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("makers %v, want %v", got, want)
	}
	r.producers = nil
	if r.made() != nil {
		t.Error("without a list somebody makes something")
	}
}
