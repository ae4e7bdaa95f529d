package chart

import (
	"bytes"
	"math"
	"testing"
)

func stockOf(t *testing.T) Stock {
	first := month(t, 2023, 1)
	return Stock{Name: "s", MonthlyUse: 20, Absent: "none", Points: []StockPoint{
		{first, 0, -500, 500}, {first.Add(1), 40, -10, 90}, {first.Add(2), 100, 60, 900}, {first.Add(3), math.NaN(), math.NaN(), math.NaN()},
	}, Bench: []BenchLine{{"low", 3}, {"near", 7}, {"far", 12}}}
}

// By hand: the estimate spans 0 to 100, so the interval is followed from -50 to
// 150; seven months of use are 140 and lie on the axis, twelve are 240 and do not.
func TestStockReach(t *testing.T) {
	s := stockOf(t)
	if low, high := s.reach(); low != -50 || high != 150 {
		t.Errorf("the axis reaches from %g to %g, want -50 to 150", low, high)
	}
	for i := range s.Points {
		s.Points[i].Low, s.Points[i].High = s.Points[i].Kg, s.Points[i].Kg
	}
	if low, high := s.reach(); low != 0 || high != 140 {
		t.Errorf("without an interval the axis reaches from %g to %g, want 0 to the bench line at 140", low, high)
	}
}

func TestStockWithoutAccountIsAbsent(t *testing.T) {
	if c := (Stock{Absent: "no use"}).Chart(); c.Absent != "no use" || c.Data != nil {
		t.Errorf("%+v", c)
	}
	if c := (About{Absent: "no month"}).Chart(); c.Absent != "no month" || c.Data != nil {
		t.Errorf("%+v", c)
	}
}

// Other groups may run out of the drawing at twice the largest month of the
// lanes concerned.
func TestAboutTop(t *testing.T) {
	a := About{Points: []AboutPoint{{month(t, 2023, 1), 1.5, math.NaN(), 9}, {month(t, 2023, 2), 0.5, 2, math.NaN()}}}
	if top := a.top(); top != 3 {
		t.Errorf("the axis reaches to %g, want 3", top)
	}
	a.Points[0].Goods = 0.1
	if top := a.top(); top != 2 {
		t.Errorf("the axis reaches to %g, want 2", top)
	}
}

// Unknown months are empty cells and gaps of a line, never zeros.
func TestStockAndAboutAreDrawn(t *testing.T) {
	first := month(t, 2023, 1)
	a := About{Name: "a", Base: 2, Before: 1, Event: Event{At: first.Add(3), Text: "licence"}, MeanBefore: Margin{1.5, 0.25}, MeanAfter: Margin{0.5, math.NaN()}}
	for i, v := range []float64{1, 1, 1.5, 0.5, math.NaN()} {
		a.Points = append(a.Points, AboutPoint{first.Add(i), v, math.NaN(), 1})
	}
	for _, c := range []Chart{stockOf(t).Chart(), a.Chart()} {
		var first, second bytes.Buffer
		if err := c.WritePNG(&first, 72); err != nil {
			t.Fatal(err)
		}
		if err := c.WritePNG(&second, 72); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s is drawn in two ways, %v", c.Name, err)
		}
		if last := c.Data[len(c.Data)-1]; last[1] != "" {
			t.Errorf("%s: an unknown month is written as %q", c.Name, last)
		}
	}
}
