package robust

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// shared is the folder of reference data beside the module; tests that need
// it are skipped where it is absent.
const shared = "../../../shared"

// priceSets are the quantity-value flows of the Joint Research Centre's FSDA.
var priceSets = []string{"fishery", "inttrade", "inttrade1", "inttrade2", "inttrade3", "tradeH"}

// rReference holds what R 4.2.2 with robustbase gave for one price set.
type rReference struct {
	N     int
	LogUV struct {
		Median, MAD, Qn, Sn, Medcouple float64
		Fence                          [2]float64 `json:"adjbox_fence"`
		Outside                        int        `json:"n_adjbox_out"`
	}
	MM struct {
		Coef      []float64
		Scale     float64
		Beyond3   int `json:"n_abs_gt_3"`
		BeyondBon int `json:"n_gt_bonf"`
	} `json:"loglog_lmrob"`
	LinearMM struct {
		Coef  []float64
		Scale float64
	} `json:"lin_lmrob"`
	LTS struct {
		Coef, Raw   []float64
		Crit, Scale float64
		Outliers    int `json:"n_out"`
	} `json:"loglog_lts"`
}

func readReference(t *testing.T, set string) rReference {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(shared, "reference/reference_R.json"))
	if os.IsNotExist(err) {
		t.Skip("no reference data beside the module: published figures are not checked")
	}
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	var ref rReference
	if err := json.Unmarshal(all["uv_"+set], &ref); err != nil {
		t.Fatal(err)
	}
	return ref
}

// readPrices gives the rows with positive quantity and value, as the
// reference figures do.
func readPrices(t *testing.T, set string) (quantity, value []float64) {
	t.Helper()
	f, err := os.Open(filepath.Join(shared, "data/fsda", set+".csv"))
	if os.IsNotExist(err) {
		t.Skip("no price data beside the module: published figures are not checked")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		q, err1 := strconv.ParseFloat(r[0], 64)
		v, err2 := strconv.ParseFloat(r[1], 64)
		if err1 == nil && err2 == nil && q > 0 && v > 0 {
			quantity, value = append(quantity, q), append(value, v)
		}
	}
	return quantity, value
}

func logs(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Log(v)
	}
	return out
}

// printed is the relative tolerance where the reference shows ten digits or
// more and the method has no freedom.
const printed = 1e-9

// near fails when got differs from want by more than rel, relatively.
func near(t *testing.T, what string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Errorf("%s = %.12g, want %.12g within %g", what, got, want, rel)
	}
}

// R: x <- log(value/quantity); median(x); mad(x); Qn(x); Sn(x); mc(x);
// adjbox(x, plot = FALSE)
func TestPriceSetsUnivariate(t *testing.T) {
	for _, set := range priceSets {
		t.Run(set, func(t *testing.T) {
			want := readReference(t, set)
			quantity, value := readPrices(t, set)
			x := logs(value)
			for i, q := range quantity {
				x[i] = math.Log(value[i] / q)
			}
			if len(x) != want.N {
				t.Fatalf("%d rows, the reference has %d", len(x), want.N)
			}
			near(t, "median", Median(x), want.LogUV.Median, printed)
			near(t, "MAD", MAD(x), want.LogUV.MAD, printed)
			near(t, "Qn", Qn(x), want.LogUV.Qn, printed)
			near(t, "Sn", Sn(x), want.LogUV.Sn, printed)
			near(t, "medcouple", Medcouple(x), want.LogUV.Medcouple, printed)
			box, err := AdjustedBoxplot(x)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "lower fence", box.LowerFence, want.LogUV.Fence[0], printed)
			near(t, "upper fence", box.UpperFence, want.LogUV.Fence[1], printed)
			if box.Outliers != want.LogUV.Outside {
				t.Errorf("%d outside the fences, want %d", box.Outliers, want.LogUV.Outside)
			}
		})
	}
}
