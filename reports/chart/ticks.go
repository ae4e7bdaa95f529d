package chart

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"counterflow/reports/wording"
)

// roundStep is the smallest of 1, 2, 5, 10 ... times a power of ten that cuts a
// span into at most the wanted number of steps.
func roundStep(span float64, want int) float64 {
	raw := span / float64(max(want, 1))
	if !(raw > 0) || math.IsInf(raw, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// decimalsOf says how many decimals a multiple of the step needs.
func decimalsOf(step float64) int {
	return max(0, -int(math.Floor(math.Log10(step)+1e-9)))
}

// tickText writes a tick with a true minus sign.
func tickText(v float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	if v < 0 && strings.Trim(text, "0.") != "" {
		return "−" + text
	}
	return text
}

// amountTicks are round numbers of one unit. The unit is named beside the axis
// or written at the last tick.
type amountTicks struct {
	scale    wording.Scale
	want     int // most steps
	withUnit bool
}

// Ticks makes the marks between two amounts in base units.
func (t amountTicks) Ticks(low, high float64) []plot.Tick {
	step := roundStep((high-low)/t.scale.Per, t.want)
	decimals := decimalsOf(step)
	var ticks []plot.Tick
	first := math.Ceil(low/t.scale.Per/step - 1e-9)
	for i := first; i*step*t.scale.Per <= high*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step * t.scale.Per, Label: tickText(i*step, decimals)})
	}
	if last := len(ticks) - 1; t.withUnit && last >= 0 {
		ticks[last].Label = t.scale.Attach(ticks[last].Label)
	}
	return ticks
}

// decadeTicks are powers of ten, with 2 and 5 between them where there is room,
// each written with its unit: 10 t, 100 t, 1 kt.
type decadeTicks struct {
	write func(float64) string
	room  vg.Length // length of the axis
	label vg.Length // least distance between two labels
}

// Ticks makes the marks between two positive amounts.
func (t decadeTicks) Ticks(low, high float64) []plot.Tick {
	decade := float64(t.room) / math.Log10(high/low)
	every := max(1, int(math.Ceil(float64(t.label)/decade)))
	between := decade*math.Log10(2) >= float64(t.label)
	var ticks []plot.Tick
	for d := int(math.Floor(math.Log10(low))); d <= int(math.Ceil(math.Log10(high))); d++ {
		for _, m := range []float64{1, 2, 5} {
			v := m * math.Pow(10, float64(d))
			if v < low*(1-1e-9) || v > high*(1+1e-9) || m > 1 && every > 1 {
				continue
			}
			label := ""
			if m == 1 && mod(d, every) == 0 || between {
				label = t.write(v)
			}
			ticks = append(ticks, plot.Tick{Value: v, Label: label})
		}
	}
	return ticks
}

// ratioTicks mark an axis of natural logarithms with powers of two, as ratios:
// ÷4, ÷2, equal, ×2, ×4.
type ratioTicks struct{ want int }

// Ticks makes the marks between two logarithms.
func (t ratioTicks) Ticks(low, high float64) []plot.Tick {
	doublings := (high - low) / math.Ln2
	every := 1
	for doublings/float64(every) > float64(t.want) {
		every++
	}
	var ticks []plot.Tick
	for i := int(math.Ceil(low/math.Ln2 - 1e-9)); float64(i)*math.Ln2 <= high+1e-9; i++ {
		if mod(i, every) != 0 {
			continue
		}
		ticks = append(ticks, plot.Tick{Value: float64(i) * math.Ln2, Label: ratioText(i)})
	}
	return ticks
}

func ratioText(doublings int) string {
	switch {
	case doublings > 0:
		return "×" + strconv.Itoa(1<<doublings)
	case doublings < 0:
		return "÷" + strconv.Itoa(1<<-doublings)
	}
	return "equal"
}

// logScale is a logarithmic axis on which amounts below its start lie on its
// start, instead of ending the program.
type logScale struct{}

// Normalize gives the place of x between two positive ends, 0 to 1.
func (logScale) Normalize(low, high, x float64) float64 {
	x = math.Max(x, low)
	return math.Log(x/low) / math.Log(high/low)
}

// mod is the remainder that is never negative.
func mod(a, b int) int { return ((a % b) + b) % b }
