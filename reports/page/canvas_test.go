package page

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/vg"

	"counterflow/reports/typeface"
)

// drawn gives the operators that a drawing writes into an uncompressed page of
// 200 by 100 points, its canvas having its origin at (20, 90) from above: (20,
// 10) as the PDF counts.
func drawn(t *testing.T, draw func(*Canvas)) string {
	t.Helper()
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: 200, Ht: 100}})
	pdf.SetCompression(false)
	pdf.AddUTF8FontFromBytes(family, "", typeface.Regular)
	pdf.AddUTF8FontFromBytes(family, "B", typeface.Bold)
	pdf.AddPage()
	draw(NewCanvas(pdf, 20, 90))
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func wantOperators(t *testing.T, got string, want ...string) {
	t.Helper()
	rest := got
	for _, op := range want {
		at := strings.Index(rest, op)
		if at < 0 {
			t.Fatalf("%q is missing, or comes too early, in:\n%s", op, got[:min(len(got), 1500)])
		}
		rest = rest[at+len(op):]
	}
}

func triangle() (p vg.Path) {
	p.Move(vg.Point{X: 0, Y: 0})
	p.Line(vg.Point{X: 10, Y: 0})
	p.Line(vg.Point{X: 0, Y: 5})
	p.Close()
	return p
}

func TestFillAndStroke(t *testing.T) {
	got := drawn(t, func(c *Canvas) {
		c.SetColor(color.NRGBA{255, 0, 0, 255})
		c.Fill(triangle())
		c.SetLineWidth(2)
		c.SetLineDash([]vg.Length{3, 1}, 0)
		c.Stroke(triangle())
	})
	wantOperators(t, got, "1.000 0.000 0.000 rg", "20.00 10.00 m", "30.00 10.00 l", "20.00 15.00 l", "h", "f")
	wantOperators(t, got, "1.000 0.000 0.000 RG", "2.00 w", "[3.00 1.00] 0.00 d", "20.00 10.00 m", "h", "S")
}

func TestNoStrokeWithoutWidth(t *testing.T) {
	got := drawn(t, func(c *Canvas) {
		c.SetLineWidth(0)
		c.Stroke(triangle())
	})
	if strings.Contains(got, "30.00 10.00 l") {
		t.Error("a line without width was drawn")
	}
}

// Translate by (10, 10), turn by a quarter, stretch x by 2: (5, 0) goes to (0,
// 10) and so to (10, 20) on the canvas, (30, 30) on the page.
func TestTransformations(t *testing.T) {
	got := drawn(t, func(c *Canvas) {
		c.Push()
		c.Translate(vg.Point{X: 10, Y: 10})
		c.Rotate(math.Pi / 2)
		c.Scale(2, 1)
		var p vg.Path
		p.Move(vg.Point{X: 0, Y: 0})
		p.Line(vg.Point{X: 5, Y: 0})
		c.Fill(p)
		c.Pop()
		c.Fill(triangle())
	})
	wantOperators(t, got, "30.00 20.00 m", "30.00 30.00 l", "f", "20.00 10.00 m")
}

// A full circle of radius 10 about (10, 10) is four curves; the reach of their
// control points is 4/3 tan(90°/4) = 0.5523 of the radius.
func TestArc(t *testing.T) {
	got := drawn(t, func(c *Canvas) {
		var p vg.Path
		p.Move(vg.Point{X: 20, Y: 10})
		p.Arc(vg.Point{X: 10, Y: 10}, 10, 0, 2*math.Pi)
		c.Fill(p)
	})
	wantOperators(t, got, "40.00 20.00 m",
		"40.00000 25.52285 35.52285 30.00000 30.00000 30.00000 c",
		"24.47715 30.00000 20.00000 25.52285 20.00000 20.00000 c",
		"20.00000 14.47715 24.47715 10.00000 30.00000 10.00000 c",
		"35.52285 10.00000 40.00000 14.47715 40.00000 20.00000 c", "f")
	if n := strings.Count(got, " c\n"); n != 4 {
		t.Errorf("%d curves, want 4", n)
	}
}

// A curve with one control point (0,0) (3,6) (6,0) has cubic control points two
// thirds of the way to it: (2,4) and (4,4).
func TestQuadraticCurve(t *testing.T) {
	got := drawn(t, func(c *Canvas) {
		var p vg.Path
		p.Move(vg.Point{})
		p.QuadTo(vg.Point{X: 3, Y: 6}, vg.Point{X: 6, Y: 0})
		c.Fill(p)
	})
	wantOperators(t, got, "22.00000 14.00000 24.00000 14.00000 26.00000 10.00000 c")
}

func TestTransparencyIsMixedWithPaper(t *testing.T) {
	got := drawn(t, func(c *Canvas) {
		c.SetColor(color.NRGBA{0, 0, 0, 0})
		c.Fill(triangle())
	})
	wantOperators(t, got, "1.000 g", "20.00 10.00 m")
	if half := onPaper(color.NRGBA{0, 0, 255, 128}); half.B != 255 || half.R < 126 || half.R > 128 {
		t.Errorf("half blue on white is %v", half)
	}
}

func TestText(t *testing.T) {
	face := typeface.Cache().Lookup(typeface.Font(10, xfont.WeightBold, xfont.StyleNormal), 10)
	got := drawn(t, func(c *Canvas) {
		c.FillString(face, vg.Point{X: 5, Y: 5}, "A")
		c.Push()
		c.Rotate(math.Pi / 2)
		c.FillString(face, vg.Point{X: 7, Y: 0}, "B")
		c.Pop()
	})
	wantOperators(t, got, " 10.00 Tf", "25.00 15.00 Td (\x00A) Tj")
	// Turned by a quarter about its own start (20, 17): x' = -y, y' = x.
	wantOperators(t, got, "0.00000 1.00000 -1.00000 0.00000", "20.00 17.00 Td (\x00B) Tj")
}

func TestDrawImage(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 2, 2))
	got := drawn(t, func(c *Canvas) {
		c.DrawImage(vg.Rectangle{Min: vg.Point{X: 0, Y: 0}, Max: vg.Point{X: 30, Y: 15}}, img)
	})
	wantOperators(t, got, "q 30.00000 0 0 15.00000 20.00000 10.00000 cm")
}
