package explain

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"counterflow/data"
	"counterflow/reconcile/claims"
	"counterflow/reconcile/mirror"
)

// Text writes an explanation for a terminal.
func (e *Explanation) Text() string {
	var b strings.Builder
	c := &e.Case
	fmt.Fprintf(&b, "%s  %s\n%s\n\n", c.ID, c.Kind, c.Statement)
	fmt.Fprintf(&b, "window   %s to %s\n", c.Start, c.End)
	fmt.Fprintf(&b, "size     %s (90%% interval %s to %s), %s\n", kilos(c.ExcessKg), kilos(c.ExcessKgLow), kilos(c.ExcessKgHigh), dollars(c.ExcessUSD))
	fmt.Fprintf(&b, "doubt    q %.3g, p %.3g\n", c.Q, math.Exp(c.LogP))
	if len(c.Caveats) > 0 {
		fmt.Fprintf(&b, "caveats  %s\n", strings.Join(c.Caveats, ", "))
	}
	b.WriteString("\nThis is a statistical discrepancy that the tested explanations do not account for.\nIt does not imply an error in the statistics of either economy.\n")
	for _, l := range e.Lanes {
		l.write(&b)
	}
	e.writeClaims(&b)
	e.writeRanks(&b)
	b.WriteString("\nwhat would change the view\n")
	for _, line := range e.Change {
		fmt.Fprintf(&b, "  - %s\n", line)
	}
	fmt.Fprintf(&b, "next check\n  - %s\n", e.Next)
	e.writeRows(&b)
	return b.String()
}

func (l *Lane) write(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s\n", l.Title)
	w := tabwriter.NewWriter(b, 2, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tperiod\texporter kg\timporter kg\texporter USD\timporter USD\tstate\tz\t")
	for i := range l.Pairs {
		m := &l.Pairs[i]
		mark := ""
		if m.Inside {
			mark = "*"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", mark, m.Period, m.XKg.Text(), m.MKg.Text(),
			data.USD(m.XUSD).Text(), data.USD(m.MUSD).Text(), m.State, number(m.Z))
	}
	w.Flush()
	if len(l.Pairs) == 0 {
		b.WriteString("  neither side declares this lane in or near the window\n")
	}
	if anySilent(l.Pairs) {
		b.WriteString("  a silent side published nothing at all for that period, which is no zero\n")
	}
}

func anySilent(months []Month) bool {
	for i := range months {
		if s := months[i].State; s == mirror.ExporterSilent || s == mirror.ImporterSilent {
			return true
		}
	}
	return false
}

func (e *Explanation) writeClaims(b *strings.Builder) {
	if len(e.Claims) == 0 {
		return
	}
	b.WriteString("\nexplanations tried; with the rest they add up to the declared gap\n")
	w := tabwriter.NewWriter(b, 2, 0, 2, ' ', 0)
	total := data.Kg(0)
	for _, c := range e.Claims {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", c.Explanation, kilos(c.Kg), c.Verdict, c.Note)
		total = total.Plus(c.Kg)
	}
	fmt.Fprintf(w, "  declared gap\t%s\t\t\n", kilos(total))
	w.Flush()
	for i := range e.Shared {
		fmt.Fprintf(b, "  %s\n", ended(&e.Shared[i]))
	}
}

// ended says how an allocation was come by.
func ended(a *claims.Allocation) string {
	stop := "stopped at the optimum"
	if !a.Optimal {
		stop = "stopped before the optimum"
	}
	return fmt.Sprintf("shared out with all gaps of %s, %s to %s: %d cells, %d links, %s of %s at a cost of %.0f, by %s, %d paths, %s",
		a.Families, a.Start, a.End, a.Cells, a.Links, kilos(a.Allocated), kilos(min(a.Excess, a.Short)), a.Cost, a.Algorithm, a.Augmentations, stop)
}

func (e *Explanation) writeRanks(b *strings.Builder) {
	if len(e.Ranks) == 0 {
		return
	}
	b.WriteString("\nrank under other assumptions\n")
	w := tabwriter.NewWriter(b, 2, 0, 2, ' ', 0)
	for _, s := range e.Ranks {
		set := "does not touch it"
		if !math.IsNaN(s.Setting) {
			set = fmt.Sprintf("%.3g", s.Setting)
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\trank %d\tq %.3g\t%s\t%s\n", s.Assumption, s.Level, set, s.Rank, s.Q, kilos(s.Kg), dollars(s.USD))
	}
	w.Flush()
}

func (e *Explanation) writeRows(b *strings.Builder) {
	if len(e.Rows) == 0 {
		return
	}
	b.WriteString("\nrows of the input\n")
	w := tabwriter.NewWriter(b, 2, 0, 2, ' ', 0)
	for _, r := range e.Rows {
		fmt.Fprintf(w, "  %s:%d\t%s\t%s USD\t%s kg\n", r.File, r.Line, r.Text, r.Value, r.Kg)
	}
	w.Flush()
	if e.RowsLeft > 0 {
		fmt.Fprintf(b, "  and %d more; --rows lists them\n", e.RowsLeft)
	}
}

func kilos(w data.Kg) string {
	if !w.Known() {
		return "no weight"
	}
	return w.Text() + " kg"
}

func dollars(v data.USD) string {
	if !v.Known() {
		return "no value"
	}
	return v.Text() + " USD"
}

func number(z float64) string {
	if math.IsNaN(z) {
		return ""
	}
	return fmt.Sprintf("%.1f", z)
}
