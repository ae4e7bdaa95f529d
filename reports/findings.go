package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/difference"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// Page one holds so many findings.
const (
	findingsMost  = 5
	findingsLeast = 3
)

// findings is page one: what is found and what of it is new, how big, how sure,
// how much was seen, and what cannot be seen. It has as many findings as fit the
// page of the PDF, so that the HTML has the same.
func (r *report) findings() {
	n := findingsMost
	for ; n > findingsLeast; n-- {
		trial := *r
		pages := page.New(page.Meta{})
		trial.paper = pages
		trial.pageOne(n)
		if pages.Pages() == 1 {
			break
		}
	}
	r.pageOne(n)
}

// pageOne sets page one with at most so many findings.
func (r *report) pageOne(most int) {
	r.Title(r.options.Title, r.scope())
	r.Tiles(r.tiles())
	r.Heading("What stands out")
	found := r.found()
	r.Text(page.Plain(strings.Join(r.summary(found), " ")))
	r.Text(page.Plain(r.sinceSentence()))
	status := r.statusOf()
	for i, c := range r.newFirst(found, status)[:min(most, len(found))] {
		r.Item(fmt.Sprint(i+1), r.finding(c, status[c.ID])...)
	}
	r.Heading("How much was seen")
	r.Text(page.Plain(r.coverageSentence()), page.Plain(noteMarks(len(r.Warnings))))
	r.Heading("What trade statistics cannot see")
	r.Text(page.Plain(cannotSee))
	r.Notes(r.Warnings, notesTarget)
}

// newFirst puts the cases that are new before those that persist, and keeps
// their ranks otherwise.
func (v view) newFirst(found []cases.Case, status map[string]*difference.Change) []cases.Case {
	ordered := slices.Clone(found)
	old := func(c cases.Case) int {
		if change := status[c.ID]; change != nil && v.fateOf(change) == persists {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(ordered, func(a, b cases.Case) int { return cmp.Compare(old(a), old(b)) })
	return ordered
}

const cannotSee = "A case is a statistical discrepancy between two sets of public declarations that the tested explanations do not " +
	"account for. It does not imply errors in the statistics of either economy, and says nothing about who moved goods, or why. " +
	"Trade statistics record neither goods in transit nor consignments below reporting thresholds. They cannot show a single " +
	"shipment of a few tonnes on a lane of thousands, the content of a compound or an alloy, or where stocks lie. " +
	"Only departures that last, and are large for their lane, can be seen here."

// shortHash is how many digits of a hash tell runs apart.
const shortHash = 12

// scope says what the run covers, in one line.
func (v view) scope() string {
	goods, economies := map[data.Commodity]bool{}, map[data.Economy]bool{}
	var last data.Commodity
	for i := range v.Pairs {
		if c := v.Pairs[i].Commodity; c != last {
			goods[c], last = true, c
		}
	}
	for _, c := range v.Coverage {
		economies[c.Economy] = true
	}
	var parts []string
	if v.first != 0 {
		parts = append(parts, wording.Span(v.first, v.last))
	}
	switch {
	case len(goods) == 1:
		parts = append(parts, v.options.goods(last))
	default:
		parts = append(parts, wording.Plural(int64(len(goods)), "commodity", "commodities"))
	}
	parts = append(parts,
		wording.Plural(int64(len(economies)), "reporter", "reporters"),
		wording.Plural(int64(len(v.Pairs)), "pair of declarations", "pairs of declarations"))
	if len(v.options.Tables) >= shortHash {
		parts = append(parts, "tables "+v.options.Tables[:shortHash]+"…")
	}
	return strings.Join(parts, " · ")
}

// found are the cases that stand at the false discovery rate asked for. Slips of
// units are errors to mend and counted apart.
func (v view) found() []cases.Case {
	var found []cases.Case
	for _, c := range v.Cases {
		if c.Q <= v.Settings.FalseShare && c.Kind != cases.UnitSlip {
			found = append(found, c)
		}
	}
	return found
}

// listed are the cases that the report lists.
func (v view) listed() []cases.Case { return v.Cases[:min(v.options.Cases, len(v.Cases))] }

func (v view) slips() (n int) {
	for _, c := range v.Cases {
		if c.Kind == cases.UnitSlip {
			n++
		}
	}
	return n
}

func (r *report) tiles() []page.Tile {
	exports, imports := r.published()
	tiles := []page.Tile{{Number: wording.Count(int64(len(r.found()))), Meaning: fmt.Sprintf("cases found (q at most %g)", r.Settings.FalseShare)}}
	switch {
	case r.compared():
		n, _, _ := r.fates()
		tiles = append(tiles, page.Tile{Number: fmt.Sprintf("%d / %d / %d", n[isNew], n[persists], n[isResolved]), Meaning: "new / persisting / resolved"})
	case !r.fewPeriods(): // else all of them do
		tiles = append(tiles, page.Tile{Number: wording.Count(int64(r.reachingLast())), Meaning: "of them reach into " + wording.Month(r.last)})
	}
	return append(tiles,
		page.Tile{Number: about(r.ExpectedByChance), Meaning: "expected by chance alone"},
		page.Tile{Number: wording.Count(int64(r.Tested)), Meaning: "tests made"},
		page.Tile{Number: wording.Percent(exports) + " / " + wording.Percent(imports), Meaning: "of export / import reports are in"})
}

// about rounds an expected count.
func about(expected float64) string {
	switch {
	case expected == 0:
		return "0"
	case expected < 0.1:
		return "under 0.1"
	case expected < 10:
		return fmt.Sprintf("%.1f", expected)
	}
	return wording.Count(int64(expected + 0.5))
}

// roughly is about in a sentence.
func roughly(expected float64) string {
	if number := about(expected); strings.HasPrefix(number, "under") {
		return number
	}
	return "about " + about(expected)
}

// summary says in a sentence or two what was found, and what chance would give.
func (r *report) summary(found []cases.Case) []string {
	level := fmt.Sprintf("%g", r.Settings.FalseShare)
	slips := r.slips()
	weaker := len(r.Cases) - len(found) - slips
	var texts []string
	switch {
	case r.Tested == 0:
		texts = append(texts, "Nothing could be tested: no corridor was declared by both sides with amounts that can be compared. Not assessable.")
	case len(r.Cases) == 0:
		texts = append(texts, "No discrepancy stands out from what its lane lets expect. The declarations agree as well as they usually do; this does not prove them right.")
	case len(found) == 0:
		text := fmt.Sprintf("No case stands at q ≤ %s.", level)
		if weaker > 0 {
			text += fmt.Sprintf(" %s listed for completeness; most of such weak signals are chance.", wording.Plural(int64(weaker), "weaker one is", "weaker ones are"))
		}
		texts = append(texts, text)
	default:
		text := fmt.Sprintf("%s at q ≤ %s; chance alone would give %s among as many.",
			wording.Plural(int64(len(found)), "case stands", "cases stand"), level, roughly(r.ExpectedByChance))
		if weaker > 0 {
			text += fmt.Sprintf(" %s listed after them.", wording.Plural(int64(weaker), "weaker one is", "weaker ones are"))
		}
		texts = append(texts, text)
	}
	if slips > 0 {
		texts = append(texts, fmt.Sprintf("%s listed last: errors to mend, not discrepancies to explain.",
			wording.Plural(int64(slips), "slip of units in weights is", "slips of units in weights are")))
	}
	return texts
}

// finding puts one case into words: what the records show, how big it is, how
// likely more than chance, how far the data can be trusted.
func (r *report) finding(c cases.Case, since *difference.Change) []page.Span {
	p := r.parties(c)
	var spans []page.Span
	if since != nil {
		spans = append(spans, page.Bold(upperFirst(string(r.fateOf(since)))+":"))
	}
	spans = append(spans,
		page.Bold(p.Lane()+", "+p.Goods+", "+wording.Span(c.Start, c.End)+"."),
		page.Plain(upperFirst(wording.ShownBy(c, p))+"."),
		page.Plain(sizeSentence(c)),
	)
	level, reasons := wording.Confidence(c, r.periods(c))
	doubt := fmt.Sprintf("Likelihood: %s (q %s). Confidence: %s", wording.Likelihood(c.Q), withEquals(wording.FalseDiscovery(c.Q)), level)
	if len(reasons) > 0 {
		doubt += " (" + strings.Join(reasons, "; ") + ")"
	}
	spans = append(spans, page.Plain(doubt+"."))
	if name := r.figureOf(c); name != "" {
		spans = append(spans, page.Link("Chart", figureTarget(name)))
	}
	if r.options.wants("dossiers") {
		spans = append(spans, page.Link("Dossier", dossierTarget(c)))
	}
	return spans
}

// periods counts the pairs of declarations in the time of a case, or for a build
// of stocks the accounts.
func (v view) periods(c cases.Case) int {
	if c.Kind == cases.StockBuild {
		return v.accounts(c)
	}
	l := v.lane(laneOf(c))
	l.trim(c.Start, c.End)
	return len(l.pairs)
}

// accounts counts the periods of the account in the time of a case; where use is
// unknown and there is no account, those of trade that it rests on.
func (v view) accounts(c cases.Case) (n int) {
	account := v.accountOf(c)
	for _, a := range account {
		if a.Period.Start() >= c.Start.Start() && a.Period.End() <= c.End.End() {
			n++
		}
	}
	if len(account) == 0 {
		n = c.End.Index() - c.Start.Index() + 1
		if v.first != 0 && !v.first.Monthly() {
			n = c.End.Year() - c.Start.Year() + 1
		}
	}
	return n
}

// parties names the economies and goods of a case.
func (v view) parties(c cases.Case) wording.Parties {
	return wording.Parties{
		Exporter: v.options.Economy(data.Economy(c.Exporter)), Importer: v.options.Economy(data.Economy(c.Importer)),
		Via: v.options.Economy(c.Via), Goods: v.options.goods(c.Goods), Related: v.options.goods(c.Related),
	}
}

// sizeSentence states the size of a case with its interval.
func sizeSentence(c cases.Case) string {
	kg, usd := c.ExcessKg.Float(), c.ExcessUSD.Float()
	switch {
	case c.ExcessKg.Known() && c.ExcessUSD.Known():
		return fmt.Sprintf("Size: %s%s, worth about %s.", wording.Mass(kg), bracketed(intervalOf(c)), wording.Money(usd))
	case c.ExcessKg.Known():
		return fmt.Sprintf("Size: %s%s.", wording.Mass(kg), bracketed(intervalOf(c)))
	case c.Kind == cases.ValueGap && c.ExcessUSD.Known():
		return fmt.Sprintf("Size: about %s; the weights agree, so there is no tonnage.", wording.Money(usd))
	case c.ExcessUSD.Known():
		return fmt.Sprintf("Size: about %s; too few weights can be compared, so there is no tonnage and no interval.", wording.Money(usd))
	}
	return "Its size cannot be stated."
}

// intervalOf is the interval of a case's weight; "" where there is none, as where
// the weight is counted rather than estimated.
func intervalOf(c cases.Case) string {
	if !c.ExcessKgLow.Known() || !c.ExcessKgHigh.Known() || c.ExcessKgLow == c.ExcessKgHigh {
		return ""
	}
	return wording.MassInterval(c.ExcessKgLow.Float(), c.ExcessKgHigh.Float())
}

func bracketed(interval string) string {
	if interval == "" {
		return ""
	}
	return " (90% interval " + interval + ")"
}

// figureOf is the name of the chart that shows a case, "" where none does or its
// section was not asked for.
func (r *report) figureOf(c cases.Case) string {
	name := laneOf(c).figure()
	if r.paired[c.ID] {
		name = pairedName
	}
	for _, f := range r.figures {
		if f.Name == name && f.Absent == "" && r.options.wants(f.Section) {
			return name
		}
	}
	return ""
}

// withEquals puts an equals sign before a number that has no sign of its own.
func withEquals(number string) string {
	if strings.HasPrefix(number, "<") {
		return number
	}
	return "= " + number
}
