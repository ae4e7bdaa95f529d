package evaluate

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Text renders the score as plain tables.
func (s *Score) Text() string {
	var b strings.Builder
	s.writeStrata(&b)
	s.writeFalses(&b)
	s.writeCalibration(&b)
	s.writeAccuracy(&b)
	return b.String()
}

// Text renders the means over worlds and the tables of the sums. The means of
// the plain rules' errors are in the JSON alone.
func (p Pooled) Text() string {
	if p.Total == nil {
		return "no world was scored\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d worlds\n\n", p.Worlds)
	table(&b, "mean over worlds\tmean\ts.e.\tworlds", func(line func(...any)) {
		for _, m := range p.Means {
			if m.minor {
				continue
			}
			line(m.Name, share(m.Mean), share(m.SE), m.Worlds)
		}
	})
	b.WriteString("Sums over all worlds\n\n")
	b.WriteString(p.Total.Text())
	return b.String()
}

func (s *Score) writeStrata(to io.Writer) {
	head := "\tplanted\tfound\tnamed\tsized\ttraced\tvisible\tfound\tnamed\tsized\ttraced"
	for _, group := range []struct {
		title  string
		strata []Stratum
	}{{"by kind", append(s.ByKind[:len(s.ByKind):len(s.ByKind)], s.Overall)}, {"by planted share", s.ByShare}, {"by length", s.ByLength}, {"by oracle z", s.ByZ}} {
		table(to, group.title+head, func(line func(...any)) {
			for i := range group.strata {
				line(append([]any{group.strata[i].Name}, append(group.strata[i].All.cells(), group.strata[i].Visible.cells()...)...)...)
			}
		})
	}
}

// cells are the number planted and the shares of it; traced is of diversions.
func (t Tally) cells() []any {
	return []any{t.Planted, share(ratio(t.Found, t.Planted)), share(ratio(t.Named, t.Planted)), share(ratio(t.Sized, t.Planted)),
		share(ratio(t.Traced, t.Diversions))}
}

func (s *Score) writeFalses(to io.Writer) {
	table(to, "flagged cases\tflagged\tfalse\tbelonging\tfalse share", func(line func(...any)) {
		for _, f := range s.FalseByKind {
			line(f.Name, f.Flagged, f.False, f.Belonging, share(f.Share))
		}
		line("all (of false and distinct found)", s.False.Flagged, s.False.False, s.False.Belonging, share(s.False.Share))
	})
	table(to, "look-alikes\tin the world\ttaken for cases\tfalse cases", func(line func(...any)) {
		for _, t := range s.LookAlikes {
			line(t.Kind, t.Present, t.Taken, t.Cases)
		}
		line("none of these", "", "", s.Unattributed)
	})
	table(to, "unit slips\tpresent\tfound\tlisted\tinvented", func(line func(...any)) {
		line("", s.Slips.Present, s.Slips.Found, s.Slips.Listed, s.Slips.Invented)
	})
	table(to, "plain thresholds\tvisible\tfound\tflagged\tfalse share", func(line func(...any)) {
		for i := range s.Baselines {
			b := &s.Baselines[i]
			line(b.Name, b.Overall.Visible.Planted, share(ratio(b.Overall.Visible.Found, b.Overall.Visible.Planted)), b.False.Flagged, share(b.False.Share))
		}
	})
}

func (s *Score) writeCalibration(to io.Writer) {
	table(to, "calibration of q\tflagged\tfalse\tdistinct found\tfalse share", func(line func(...any)) {
		for _, c := range s.Calibration {
			line("q <= "+decimal(c.Q, 2), c.Flagged, c.False, c.Found, share(c.Share))
		}
	})
	table(to, "90% intervals\tn\thold the truth", func(line func(...any)) {
		for _, c := range s.Intervals {
			line(c.Name, c.N, share(c.Share))
		}
	})
}

func (s *Score) writeAccuracy(to io.Writer) {
	if len(s.Accuracy) == 0 {
		return
	}
	table(to, "doubly declared flows\tmeasure\tby\tlanes\tcells\tlog RMSE\tlog bias\tWAPE", func(line func(...any)) {
		for _, measure := range []string{"usd", "kg"} {
			for _, span := range spans {
				for _, g := range groups {
					for _, a := range s.Accuracy {
						if a.Measure == measure && a.Span == span && a.Group == g {
							line(a.Rule, measure, span, g, a.N, share(a.LogRMSE), share(a.LogBias), share(a.WAPE))
						}
					}
				}
			}
		}
	})
}

// table writes aligned columns and an empty line.
func table(to io.Writer, head string, rows func(line func(...any))) {
	w := tabwriter.NewWriter(to, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, head+"\t")
	rows(func(cells ...any) {
		for _, c := range cells {
			fmt.Fprintf(w, "%v\t", c)
		}
		fmt.Fprintln(w)
	})
	_ = w.Flush() // a string builder takes everything
	fmt.Fprintln(to)
}

// share prints three decimals, "-" where undefined.
func share(r Ratio) string {
	if !finite(float64(r)) {
		return "-"
	}
	return decimal(float64(r), 3)
}

func decimal(v float64, digits int) string { return strconv.FormatFloat(v, 'f', digits, 64) }
