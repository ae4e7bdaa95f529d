package reports

import (
	"fmt"
	"strings"

	"counterflow/data/reference"
	"counterflow/reports/page"
	"counterflow/reports/wording"
)

// rules lists the patches, exclusions and producers of the run with what each touched,
// and in one paragraph what applied of the lists that come with the program.
func (r *report) rules() {
	t := page.Table{Title: "Patches, exclusions and producers", Columns: []page.Column{
		{Head: "List", Width: 0.12}, {Head: "Who", Width: 0.14}, {Head: "What", Width: 0.22}, {Head: "From, to", Width: 0.14}, {Head: "Applied", Width: 0.10, Right: true}, {Head: "Why", Width: 0.28}}}
	own := map[string][]string{}
	for _, rule := range r.Rules {
		who := reference.Name(rule.Who)
		switch rule.List {
		case "fob_importers", "hubs":
			own[rule.List] = append(own[rule.List], fmt.Sprintf("%s (%s)", who, wording.Count(rule.Applied)))
		default:
			t.Rows = append(t.Rows, []page.Cell{{Text: rule.List}, {Text: who}, {Text: rule.What},
				{Text: strings.Trim(rule.From.String()+" – "+rule.To.String(), " ")}, {Text: wording.Count(rule.Applied)}, {Text: rule.Why, Under: rule.Source}})
		}
	}
	if len(t.Rows) > 0 {
		r.Table(t)
		r.Small(page.Plain("Applied: rows changed or left out, for producers pairs that they export. What is left out is left out as both sides declare it."))
	}
	var words []string
	for _, list := range [...][2]string{{"fob_importers", "importers that state values free on board, so that no margin is taken off"}, {"hubs", "entrepots, at either end of a lane"}} {
		if names := own[list[0]]; len(names) > 0 {
			words = append(words, list[1]+": "+strings.Join(names, ", "))
		}
	}
	if len(words) > 0 {
		r.Small(page.Bold("Lists that come with the program, and the pairs that they touch."), page.Plain(upperFirst(strings.Join(words, "; "))+"."))
	}
}
