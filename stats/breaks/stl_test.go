package breaks

import (
	"math"
	"testing"
)

// Reference: R 4.2.2, stl(nottem, "per") and stl(log(co2), 21, robust = TRUE).
func TestSTLPublished(t *testing.T) {
	fit, err := STL(nottem, STLSettings{Period: 12})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{-9.3471980275, -9.8552496215, -6.853300789, -2.7634710222, 3.5013569241, 8.9833031778,
		12.8452500959, 11.476381281, 7.4475114014, 0.47368989448, -6.4301308556, -9.4781422783} {
		near(t, "nottem season", fit.Seasonal[i], want, 1e-9)
		near(t, "nottem season a year later", fit.Seasonal[i+12], want, 1e-9)
	}
	for i, want := range []float64{49.6806726486, 49.545520817, 49.4103689855} {
		near(t, "nottem trend", fit.Trend[i], want, 1e-9)
	}
	for i, want := range []float64{49.1633072337, 49.0807618798, 49.0050970824} {
		near(t, "nottem trend's end", fit.Trend[237+i], want, 1e-9)
	}
	logs := make([]float64, len(co2))
	for i, v := range co2 {
		logs[i] = math.Log(v)
	}
	if fit, err = STL(logs, STLSettings{Period: 12, Seasonal: 21, Robust: true}); err != nil {
		t.Fatal(err)
	}
	// The fifteenth round still moves these by 2e-7; R stops within a tenth of
	// that, a few millionths of the season's swing of 0.02.
	const close = 3e-8
	for i, want := range []float64{-0.00019749137189, 0.001739593362, 0.0037741712107, 0.0071631211537, 0.0086128496682, 0.0070135067852} {
		within(t, "co2 season", fit.Seasonal[i], want, close)
	}
	for i, want := range []float64{5.7534316498, 5.7537092373, 5.7539868247} {
		within(t, "co2 trend", fit.Trend[i], want, close)
	}
	for i, want := range []float64{0.00067092560741, 0.0012739147199, -0.00043775437212, -0.00076075650339, -0.00069263497697, 0.00022250903675} {
		within(t, "co2 remainder", fit.Remainder[i], want, 2*close)
	}
}

func within(t *testing.T, what string, got, want, absolute float64) {
	t.Helper()
	if !(math.Abs(got-want) <= absolute) {
		t.Errorf("%s = %.12g, want %.12g within %g", what, got, want, absolute)
	}
}

func TestSTLAddsUp(t *testing.T) {
	fit, err := STL(nottem, STLSettings{Period: 12, Seasonal: 7, SeasonalDegree: 1, Robust: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range nottem {
		if math.Abs(fit.Trend[i]+fit.Seasonal[i]+fit.Remainder[i]-v) > 1e-12*math.Abs(v) {
			t.Fatalf("parts do not add up at %d", i)
		}
	}
	wild := append([]float64(nil), nottem...)
	wild[100] += 1000
	moved, err := STL(wild, STLSettings{Period: 12, Seasonal: 7, SeasonalDegree: 1, Robust: true})
	if err != nil {
		t.Fatal(err)
	}
	if moved.Weights[100] != 0 || math.Abs(moved.Trend[100]-fit.Trend[100]) > 1 {
		t.Errorf("an outlier of 1000 has weight %g and moves the trend by %g", moved.Weights[100], moved.Trend[100]-fit.Trend[100])
	}
	for _, bad := range []STLSettings{{}, {Period: 12, Seasonal: 8}, {Period: 12, Seasonal: 5}, {Period: 120}, {Period: 12, SeasonalDegree: 2}} {
		if _, err := STL(nottem, bad); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
	wild[3] = math.NaN()
	if _, err := STL(wild, STLSettings{Period: 12}); err == nil {
		t.Error("a missing observation was accepted")
	}
}
