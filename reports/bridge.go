package reports

import (
	"fmt"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reports/chart"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

const bridgeTitle = "From declared to unexplained"

// divided are the cases found whose declared gap was divided among explanations:
// those that are a gap of weight between two declarations.
func (v view) divided() (found []cases.Case, parts map[string][]claims.Claim) {
	parts = map[string][]claims.Claim{}
	for _, c := range v.Claims {
		parts[c.CaseID] = append(parts[c.CaseID], c)
	}
	for _, c := range v.found() {
		gap := c.Kind == cases.MissingExport || c.Kind == cases.MissingImport || c.Kind == cases.CodeSwitch || c.Kind == cases.Unexplained
		if gap && c.ExcessKg.Known() && sumOf(parts[c.ID]).Known() && len(parts[c.ID]) > 0 {
			found = append(found, c)
		}
	}
	return found, parts
}

// sumOf is the declared gap: the sum of all parts; missing where one is.
func sumOf(parts []claims.Claim) data.Kg {
	sum := data.Kg(0)
	for _, p := range parts {
		if !p.Kg.Known() {
			return data.MissingKg
		}
		sum += p.Kg
	}
	return sum
}

// bridgeFigures lead from the declared gaps to what is left over.
func (v view) bridgeFigures() []chart.Chart {
	found, parts := v.divided()
	d := chart.Bridge{
		Name: "bridge-declared-to-unexplained", Title: "From the declared gaps to what is left over",
		Subtitle: "Weight, summed over the cases found that are a gap between two declarations; each in its own direction",
		Absent:   "No case found is a gap of weight that was divided among explanations, so there is no bridge to draw.",
		Caption: "Parts to the left take away from the gap, parts to the right add to it. What is left over is the size of the cases; " +
			"its intervals stand with the single cases and are not added up.",
	}
	if len(found) == 0 {
		return []chart.Chart{d.Chart()}
	}
	whole, rest := data.Kg(0), data.Kg(0)
	var order []string
	sums, holds := map[string]data.Kg{}, map[string]int{}
	for _, c := range found {
		for _, p := range parts[c.ID] {
			whole += p.Kg
			if p.Explanation == unexplained {
				rest += p.Kg
				continue
			}
			if _, seen := sums[p.Explanation]; !seen {
				order = append(order, p.Explanation)
			}
			sums[p.Explanation] += p.Kg
			if p.Verdict == claims.Holds {
				holds[p.Explanation]++
			}
		}
	}
	d.Steps = append(d.Steps, chart.BridgeStep{Label: "declared gap", Detail: "of " + wording.Plural(int64(len(found)), "case", "cases"), Kg: whole.Float(), Whole: true})
	for _, name := range order {
		if sums[name] != 0 {
			d.Steps = append(d.Steps, chart.BridgeStep{Label: wording.Explained(name), Kg: sums[name].Float(),
				Detail: fmt.Sprintf("tried on %d, holds in %d", len(found), holds[name])})
		}
	}
	d.Steps = append(d.Steps, chart.BridgeStep{Label: "left unexplained", Detail: "the size of these cases", Kg: rest.Float(), Whole: true})
	return []chart.Chart{d.Chart()}
}

// bridge is the section: all together, then case by case.
func (r *report) bridge() {
	found, parts := r.divided()
	if len(found) == 0 {
		r.Brief(bridgeTitle, "No case found is a gap of weight that was divided among explanations.")
		return
	}
	r.Section(bridgeTitle)
	r.Text(page.Plain("Every gap of weight is divided among the explanations that were tried and a rest; the parts add up to the declared gap to the gram. " +
		"Explanations without a part were tried and account for none of it, or could not be tested; the dossiers list them all."))
	r.allFigures("bridge")
	r.Small(page.Plain(r.sharedOut()))
	columns := bridgeColumns(found, parts)
	t := page.Table{Title: "Case by case", Columns: []page.Column{{Head: "Case", Width: 0.20}, {Head: "Declared", Width: 0.10, Right: true}}}
	room := 0.48 / float64(max(len(columns), 1))
	for _, name := range columns {
		t.Columns = append(t.Columns, page.Column{Head: wording.Explained(name), Width: room, Right: true})
	}
	t.Columns = append(t.Columns, page.Column{Head: "Unexplained", Width: 0.22, Right: true})
	for _, c := range found[:min(bridgeMost, len(found))] {
		t.Rows = append(t.Rows, r.bridgeRow(c, parts[c.ID], columns))
	}
	r.Table(t)
	if len(found) > bridgeMost {
		r.Small(page.Plain(fmt.Sprintf("%d of %d cases; tables/claims.csv has them all.", bridgeMost, len(found))))
	}
}

// sharedOut says how the parts that rest on other lanes, months and codes were come
// by.
func (v view) sharedOut() string {
	if len(v.Allocations) == 0 {
		return "No part rests on other lanes, months or codes: nothing near these gaps goes the other way."
	}
	paths, optimal := 0, 0
	explained := data.Kg(0)
	for i := range v.Allocations {
		a := &v.Allocations[i]
		paths += a.Augmentations
		explained += a.Explained
		if a.Optimal {
			optimal++
		}
	}
	n := int64(len(v.Allocations))
	return fmt.Sprintf("Parts that rest on other lanes, months or codes were shared out among all cases at once, so that no mass is used twice: %s, one a family of commodities and window, each for the most that can be allocated at least cost (%s, %s); "+
		"%d stopped at the optimum. %s of gaps listed or dropped were explained so; tables/allocations has each.",
		wording.Plural(n, "transport problem", "transport problems"), v.Allocations[0].Algorithm, wording.Plural(int64(paths), "path", "paths"), optimal, wording.Mass(explained.Float()))
}

// bridgeMost is how many cases the table has.
const bridgeMost = 40

// bridgeColumns are the explanations that account for something in any case.
func bridgeColumns(found []cases.Case, parts map[string][]claims.Claim) (columns []string) {
	seen := map[string]bool{unexplained: true}
	for _, c := range found {
		for _, p := range parts[c.ID] {
			if p.Kg != 0 && !seen[p.Explanation] {
				seen[p.Explanation] = true
				columns = append(columns, p.Explanation)
			}
		}
	}
	return columns
}

func (r *report) bridgeRow(c cases.Case, parts []claims.Claim, columns []string) []page.Cell {
	by := map[string]data.Kg{}
	for _, p := range parts {
		by[p.Explanation] += p.Kg
	}
	first := page.Cell{Text: c.ID, Under: r.codes(c) + ", " + c.Goods.Code()}
	if r.options.wants("dossiers") && c.Rank <= r.options.Cases {
		first.To = dossierTarget(c)
	}
	row := []page.Cell{first, {Text: wording.Mass(sumOf(parts).Float())}}
	for _, name := range columns {
		text := wording.Missing
		if by[name] != 0 {
			text = wording.Mass(by[name].Float())
		}
		row = append(row, page.Cell{Text: text})
	}
	return append(row, page.Cell{Text: wording.Mass(by[unexplained].Float()), Under: intervalOf(c), Bold: true})
}
