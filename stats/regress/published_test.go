package regress

import (
	"math"
	"testing"
)

// longley: Longley (1967), JASA 62, 819-841, as in NIST StRD. Employment;
// price deflator, national product, unemployed, armed forces, population, year.
var longley = [][7]float64{
	{60323, 83, 234289, 2356, 1590, 107608, 1947}, {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
	{60171, 88.2, 258054, 3682, 1616, 109773, 1949}, {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
	{63221, 96.2, 328975, 2099, 3099, 112075, 1951}, {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
	{64989, 99, 365385, 1870, 3547, 115094, 1953}, {63761, 100, 363112, 3578, 3350, 116219, 1954},
	{66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
	{68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
	{68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
	{69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962},
}

// grunfeld: Grunfeld (1958), as in Baltagi, Econometric Analysis of Panel Data.
// Investment, value and capital of ten firms, 1935 to 1954, firm after firm.
var grunfeld = [10][20][3]float64{
	{{317.6, 3078.5, 2.8}, {391.8, 4661.7, 52.6}, {410.6, 5387.1, 156.9}, {257.7, 2792.2, 209.2}, {330.8, 4313.2, 203.4}, {461.2, 4643.9, 207.2}, {512, 4551.2, 255.2}, {448, 3244.1, 303.7}, {499.6, 4053.7, 264.1}, {547.5, 4379.3, 201.6}, {561.2, 4840.9, 265}, {688.1, 4900.9, 402.2}, {568.9, 3526.5, 761.5}, {529.2, 3254.7, 922.4}, {555.1, 3700.2, 1020.1}, {642.9, 3755.6, 1099}, {755.9, 4833, 1207.7}, {891.2, 4924.9, 1430.5}, {1304.4, 6241.7, 1777.3}, {1486.7, 5593.6, 2226.3}},
	{{209.9, 1362.4, 53.8}, {355.3, 1807.1, 50.5}, {469.9, 2676.3, 118.1}, {262.3, 1801.9, 260.2}, {230.4, 1957.3, 312.7}, {361.6, 2202.9, 254.2}, {472.8, 2380.5, 261.4}, {445.6, 2168.6, 298.7}, {361.6, 1985.1, 301.8}, {288.2, 1813.9, 279.1}, {258.7, 1850.2, 213.8}, {420.3, 2067.7, 132.6}, {420.5, 1796.7, 264.8}, {494.5, 1625.8, 306.9}, {405.1, 1667, 351.1}, {418.8, 1677.4, 357.8}, {588.2, 2289.5, 342.1}, {645.5, 2159.4, 444.2}, {641, 2031.3, 623.6}, {459.3, 2115.5, 669.7}},
	{{33.1, 1170.6, 97.8}, {45, 2015.8, 104.4}, {77.2, 2803.3, 118}, {44.6, 2039.7, 156.2}, {48.1, 2256.2, 172.6}, {74.4, 2132.2, 186.6}, {113, 1834.1, 220.9}, {91.9, 1588, 287.8}, {61.3, 1749.4, 319.9}, {56.8, 1687.2, 321.3}, {93.6, 2007.7, 319.6}, {159.9, 2208.3, 346}, {147.2, 1656.7, 456.4}, {146.3, 1604.4, 543.4}, {98.3, 1431.8, 618.3}, {93.5, 1610.5, 647.4}, {135.2, 1819.4, 671.3}, {157.3, 2079.7, 726.1}, {179.5, 2371.6, 800.3}, {189.6, 2759.9, 888.9}},
	{{40.29, 417.5, 10.5}, {72.76, 837.8, 10.2}, {66.26, 883.9, 34.7}, {51.6, 437.9, 51.8}, {52.41, 679.7, 64.3}, {69.41, 727.8, 67.1}, {68.35, 643.6, 75.2}, {46.8, 410.9, 71.4}, {47.4, 588.4, 67.1}, {59.57, 698.4, 60.5}, {88.78, 846.4, 54.6}, {74.12, 893.8, 84.8}, {62.68, 579, 96.8}, {89.36, 694.6, 110.2}, {78.98, 590.3, 147.4}, {100.66, 693.5, 163.2}, {160.62, 809, 203.5}, {145, 727, 290.6}, {174.93, 1001.5, 346.1}, {172.49, 703.2, 414.9}},
	{{39.68, 157.7, 183.2}, {50.73, 167.9, 204}, {74.24, 192.9, 236}, {53.51, 156.7, 291.7}, {42.65, 191.4, 323.1}, {46.48, 185.5, 344}, {61.4, 199.6, 367.7}, {39.67, 189.5, 407.2}, {62.24, 151.2, 426.6}, {52.32, 187.7, 470}, {63.21, 214.7, 499.2}, {59.37, 232.9, 534.6}, {58.02, 249, 566.6}, {70.34, 224.5, 595.3}, {67.42, 237.3, 631.4}, {55.74, 240.1, 662.3}, {80.3, 327.3, 683.9}, {85.4, 359.4, 729.3}, {91.9, 398.4, 774.3}, {81.43, 365.7, 804.9}},
	{{20.36, 197, 6.5}, {25.98, 210.3, 15.8}, {25.94, 223.1, 27.7}, {27.53, 216.7, 39.2}, {24.6, 286.4, 48.6}, {28.54, 298, 52.5}, {43.41, 276.9, 61.5}, {42.81, 272.6, 80.5}, {27.84, 287.4, 94.4}, {32.6, 330.3, 92.6}, {39.03, 324.4, 92.3}, {50.17, 401.9, 94.2}, {51.85, 407.4, 111.4}, {64.03, 409.2, 127.4}, {68.16, 482.2, 149.3}, {77.34, 673.8, 164.4}, {95.3, 676.9, 177.2}, {99.49, 702, 200}, {127.52, 793.5, 211.5}, {135.72, 927.3, 238.7}},
	{{24.43, 138, 100.2}, {23.21, 200.1, 125}, {32.78, 210.1, 142.4}, {32.54, 161.2, 165.1}, {26.65, 161.7, 194.8}, {33.71, 145.1, 222.9}, {43.5, 110.6, 252.1}, {34.46, 98.1, 276.3}, {44.28, 108.8, 300.3}, {70.8, 118.2, 318.2}, {44.12, 126.5, 336.2}, {48.98, 156.7, 351.2}, {48.51, 119.4, 373.6}, {50, 129.1, 389.4}, {50.59, 134.8, 406.7}, {42.53, 140.8, 429.5}, {64.77, 179, 450.6}, {72.68, 178.1, 466.9}, {73.86, 186.8, 486.2}, {89.51, 192.7, 511.3}},
	{{12.93, 191.5, 1.8}, {25.9, 516, 0.8}, {35.05, 729, 7.4}, {22.89, 560.4, 18.1}, {18.84, 519.9, 23.5}, {28.57, 628.5, 26.5}, {48.51, 537.1, 36.2}, {43.34, 561.2, 60.8}, {37.02, 617.2, 84.4}, {37.81, 626.7, 91.2}, {39.27, 737.2, 92.4}, {53.46, 760.5, 86}, {55.56, 581.4, 111.1}, {49.56, 662.3, 130.6}, {32.04, 583.8, 141.8}, {32.24, 635.2, 136.7}, {54.38, 723.8, 129.7}, {71.78, 864.1, 145.5}, {90.08, 1193.5, 174.8}, {68.6, 1188.9, 213.5}},
	{{26.63, 290.6, 162}, {23.39, 291.1, 174}, {30.65, 335, 183}, {20.89, 246, 198}, {28.78, 356.2, 208}, {26.93, 289.8, 223}, {32.08, 268.2, 234}, {32.21, 213.3, 248}, {35.69, 348.2, 274}, {62.47, 374.2, 282}, {52.32, 387.2, 316}, {56.95, 347.4, 302}, {54.32, 291.9, 333}, {40.53, 297.2, 359}, {32.54, 276.9, 370}, {43.48, 274.6, 376}, {56.49, 339.9, 391}, {65.98, 474.8, 414}, {66.11, 496, 443}, {49.34, 474.5, 468}},
	{{2.54, 70.91, 4.5}, {2, 87.94, 4.71}, {2.19, 82.2, 4.57}, {1.99, 58.72, 4.56}, {2.03, 80.54, 4.38}, {1.81, 86.47, 4.21}, {2.14, 77.68, 4.12}, {1.86, 62.16, 3.83}, {0.93, 62.24, 3.58}, {1.18, 61.82, 3.41}, {1.36, 65.85, 3.31}, {2.24, 69.54, 3.23}, {3.81, 64.97, 3.9}, {5.66, 68, 5.38}, {4.21, 71.24, 7.39}, {3.42, 69.05, 8.74}, {4.67, 83.04, 9.07}, {6, 74.42, 9.93}, {6.53, 63.51, 11.68}, {5.12, 58.12, 14.33}},
}

func grunfeldProblem() Problem {
	value, capital := Column{Name: "value"}, Column{Name: "capital"}
	firm, year := Factor{Name: "firm"}, Factor{Name: "year"}
	var p Problem
	for i, years := range grunfeld {
		for t, row := range years {
			p.Y = append(p.Y, row[0])
			value.Values = append(value.Values, row[1])
			capital.Values = append(capital.Values, row[2])
			firm.Levels = append(firm.Levels, i+1)
			year.Levels = append(year.Levels, 1935+t)
		}
	}
	p.Columns = []Column{value, capital}
	p.Effects = []Factor{firm, year}
	return p
}

// near fails when got differs from want by more than rel, relatively.
func near(t *testing.T, what string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Errorf("%s = %.12g, want %.12g within %g", what, got, want, rel)
	}
}

// NIST Statistical Reference Datasets, certified values for Longley, made to
// show up poor numerics: the columns are collinear to four digits.
func TestLongley(t *testing.T) {
	var p Problem
	p.Columns = make([]Column, 6)
	for _, row := range longley {
		p.Y = append(p.Y, row[0])
		for j := range p.Columns {
			p.Columns[j].Values = append(p.Columns[j].Values, row[j+1])
		}
	}
	r, err := Fit(p, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	certified := [][2]float64{
		{-3482258.63459582, 890420.383607373}, {15.0618722713733, 84.9149257747669},
		{-0.0358191792925910, 0.0334910077722432}, {-2.02022980381683, 0.488399681651699},
		{-1.03322686717359, 0.214274163161675}, {-0.0511041056535807, 0.226073200069370},
		{1829.15146461355, 455.478499142212},
	}
	if len(r.Coefficients) != len(certified) {
		t.Fatalf("%d coefficients, dropped %v", len(r.Coefficients), r.Dropped)
	}
	for j, want := range certified {
		// A condition of 5e9 leaves at least seven digits of sixteen.
		near(t, "coefficient", r.Coefficients[j].Value, want[0], 1e-7)
		near(t, "standard error", r.Coefficients[j].SE, want[1], 1e-7)
	}
	near(t, "residual standard deviation", r.Scale, 304.854073561965, 1e-9)
	near(t, "R2", r.R2, 0.995479004577296, 1e-10)
	if r.DF != 9 || r.Rows != 16 {
		t.Errorf("%d degrees of freedom of %d rows, want 9 of 16", r.DF, r.Rows)
	}
}

func checkEstimate(t *testing.T, r Result, name string, value, se, rel float64) {
	t.Helper()
	e, ok := r.Coefficient(name)
	if !ok {
		t.Fatalf("no coefficient of %s; dropped %v", name, r.Dropped)
	}
	near(t, name, e.Value, value, rel)
	near(t, "standard error of "+name, e.SE, se, rel)
}

// Firm effects: gretl and R's plm print 0.110124 (0.0118567) and 0.310065
// (0.0173545), sum of squares 523478.1, standard error 52.76797; with errors by
// firm 0.0151945 and 0.0527518, as Stata's xtreg, fe vce(cluster firm) does.
func TestGrunfeldFirmEffects(t *testing.T) {
	p := grunfeldProblem()
	p.Effects = p.Effects[:1]
	r, err := Fit(p, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	// Tolerances are the digits printed.
	checkEstimate(t, r, "value", 0.110124, 0.0118567, 5e-6)
	checkEstimate(t, r, "capital", 0.310065, 0.0173545, 5e-6)
	near(t, "sum of squares", r.RSS, 523478.1, 1e-6)
	near(t, "standard error", r.Scale, 52.76797, 1e-6)
	near(t, "R2 within", r.R2Within, 0.76676, 1e-5)
	if r.DF != 188 || r.EffectRank != 10 || !r.Converged || len(r.Warnings) != 0 {
		t.Errorf("DF %d, effects %d, converged %v, warnings %v", r.DF, r.EffectRank, r.Converged, r.Warnings)
	}
	p.Clusters = p.Effects
	if r, err = Fit(p, Settings{}); err != nil {
		t.Fatal(err)
	}
	checkEstimate(t, r, "value", 0.110124, 0.0151945, 5e-6)
	checkEstimate(t, r, "capital", 0.310065, 0.0527518, 5e-6)
	value, _ := r.Coefficient("value")
	near(t, "p of value", value.P, 4.83e-05, 1e-3) // gretl, t with 9 degrees of freedom
	if r.TDF != 9 || len(r.Warnings) != 1 {
		t.Errorf("t with %d degrees of freedom, warnings %v; want 9 and one about few clusters", r.TDF, r.Warnings)
	}
}

// Firm and year effects: R's plm(inv ~ value + capital, Grunfeld, effect =
// "twoways").
func TestGrunfeldTwoWays(t *testing.T) {
	r, err := Fit(grunfeldProblem(), Settings{})
	if err != nil {
		t.Fatal(err)
	}
	checkEstimate(t, r, "value", 0.117716, 0.013751, 5e-5) // digits printed
	checkEstimate(t, r, "capital", 0.357916, 0.022719, 5e-5)
	if r.EffectRank != 29 || r.DF != 169 {
		t.Errorf("effects %d, DF %d; want 10 + 20 - 1 and 169", r.EffectRank, r.DF)
	}
}
