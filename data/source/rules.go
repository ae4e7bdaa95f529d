package source

import (
	"fmt"
	"strconv"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
)

// Rule is one dated statement about an economy: what holds of it, why, according to
// whom, and from when to when.
type Rule struct {
	File     string // base name
	Line     int    // of the file; 1 is its header
	Who      data.Economy
	What     string // as written
	Why      string
	Source   string
	From, To data.Period // first and last period, inclusive; 0 for open

	act       act
	factor    float64
	direction data.Direction
	both      bool           // exports and imports
	goods     data.Commodity // code that goods begin with; 0 for all
}

// act is what a rule does to a row.
type act uint8

const (
	leaveOut act = iota
	statedFOB
	weightsEstimated
	weightsMissing
	weightsTimes
	valuesTimes
	makes
)

// patchActs are the words that a patch begins with.
var patchActs = map[string]act{
	"imports_fob": statedFOB, "weights_estimated": weightsEstimated, "weights_missing": weightsMissing,
	"weights_times": weightsTimes, "values_times": valuesTimes,
}

// BadRule refuses a rule that says nothing that can be done.
const BadRule Reason = "bad_rule"

// Excluded counts rows that a list of exclusions leaves out.
const Excluded Reason = "excluded"

// ReadPatches reads corrections of what single economies report: who, what, why,
// source, from, to. What is one of imports_fob, weights_estimated, weights_missing,
// weights_times F and values_times F, but for the first followed by exports or imports
// where only one of them is meant, and by the code that goods begin with. A row that
// cannot be read is an error: a patch left out would change figures unseen.
func ReadPatches(path string) ([]Rule, error) {
	return readRules(path, "patches", func(r *Rule, words []string) string {
		known := false
		if r.act, known = patchActs[words[0]]; !known {
			return "write imports_fob, weights_estimated, weights_missing, weights_times 1000 or values_times 1000, and then exports, imports or a code where only they are meant"
		}
		words = words[1:]
		if r.act == weightsTimes || r.act == valuesTimes {
			if len(words) == 0 {
				return "say how many times, such as weights_times 1000"
			}
			var err error
			if r.factor, err = strconv.ParseFloat(words[0], 64); err != nil || !(r.factor > 0 && r.factor <= 1e9) {
				return "write a factor above 0, such as weights_times 1000"
			}
			words = words[1:]
		}
		if r.act == statedFOB {
			words = append([]string{"imports"}, words...)
		}
		return r.scope(words)
	})
}

// ReadExclusions reads what is left out: who, what, why, source, from, to. What is
// exports, imports or trade, and the code that goods begin with, or either alone. Both
// sides' declarations of that trade are left out: one side alone would look like goods
// that the other did not declare.
func ReadExclusions(path string) ([]Rule, error) {
	return readRules(path, "exclusions", func(r *Rule, words []string) string {
		r.act = leaveOut
		return r.scope(words)
	})
}

// ReadProducers reads who makes what: who, what, why, source, from, to. What is a
// code, or the name of a mineral.
func ReadProducers(path string) ([]Rule, error) {
	return readRules(path, "producers", func(r *Rule, words []string) string {
		r.act, r.both = makes, true
		if mineral, ok := reference.MineralCommodity(strings.Join(words, " ")); ok {
			r.goods = mineral
			return ""
		}
		if wrong := r.scope(words); wrong != "" || r.goods == 0 || len(words) > 1 {
			return "write a code of 2 to 10 digits, or one of " + strings.Join(reference.Minerals(), ", ")
		}
		return ""
	})
}

// readRules reads a file of rules; parse gives what is wrong with the words of what.
func readRules(path, format string, parse func(r *Rule, words []string) (wrong string)) ([]Rule, error) {
	t, err := openSmall(path, format, "who", "what", "why", "source", "from", "to")
	if err != nil {
		return nil, err
	}
	var rules []Rule
	err = t.all(func() *refused {
		r, no := t.ruleIn(parse)
		if no == nil {
			rules = append(rules, r)
		}
		return no
	})
	if err != nil {
		return nil, err
	}
	return rules, nil
}

func (t *smallTable) ruleIn(parse func(*Rule, []string) string) (r Rule, no *refused) {
	r = Rule{File: t.in.name, Line: t.line, Why: t.field(t.column("why")), Source: t.field(t.column("source"))}
	if r.Who, no = t.economyIn(t.column("who")); no != nil {
		return r, no
	}
	for _, end := range [...]struct {
		name string
		to   *data.Period
	}{{"from", &r.From}, {"to", &r.To}} {
		text := t.field(t.column(end.name))
		if text == "" {
			continue
		}
		period, err := data.ParsePeriod(text)
		if err != nil {
			return r, &refused{BadPeriod, t.column(end.name), "write a year (2024) or a month (2024-07), or nothing where it is open"}
		}
		*end.to = period
	}
	if r.From != 0 && r.To != 0 && r.To.End() < r.From.Start() {
		return r, &refused{BadPeriod, t.column("to"), "to lies before from"}
	}
	r.What = strings.Join(strings.Fields(t.field(t.column("what"))), " ")
	if r.What == "" {
		return r, &refused{BadRule, t.column("what"), "say what holds of the economy; counterflow schema describes the file"}
	}
	if wrong := parse(&r, strings.Fields(strings.ToLower(r.What))); wrong != "" {
		return r, &refused{BadRule, t.column("what"), wrong}
	}
	for _, name := range [...]string{"why", "source"} {
		if t.field(t.column(name)) == "" {
			return r, &refused{BadRule, t.column(name), fmt.Sprintf("say %s: a rule without it cannot be checked", map[string]string{"why": "why", "source": "where that is documented"}[name])}
		}
	}
	return r, nil
}

// scope reads exports, imports or trade, and a code, each of which may be left out.
func (r *Rule) scope(words []string) (wrong string) {
	r.both = true
	if len(words) > 0 {
		switch words[0] {
		case "exports":
			r.direction, r.both, words = data.Export, false, words[1:]
		case "imports":
			r.direction, r.both, words = data.Import, false, words[1:]
		case "trade":
			words = words[1:]
		}
	}
	if len(words) == 0 {
		return ""
	}
	goods, err := data.ParseCommodity(words[0], data.EditionUnknown)
	if err != nil || len(words) > 1 || len(words[0]) < 2 || !allDigits([]byte(words[0])) {
		return "write exports, imports or trade, and one code of 2 to 10 digits"
	}
	r.goods = goods
	return ""
}

// Holds says whether a rule holds of goods in a period. Of a year of which only some
// months lie between from and to, a rule that multiplies, or says how values are
// stated, does not hold: it would change the other months, too.
func (r *Rule) Holds(goods data.Commodity, at data.Period) bool {
	if r.act == weightsTimes || r.act == valuesTimes || r.act == statedFOB {
		if r.From != 0 && at.Start() < r.From.Start() || r.To != 0 && at.End() > r.To.End() {
			return false
		}
	}
	return r.During(at, at) && r.About(goods)
}

// During says whether a rule holds in some part of the time between two periods.
func (r *Rule) During(first, last data.Period) bool {
	return (r.From == 0 || last.End() >= r.From.Start()) && (r.To == 0 || first.Start() <= r.To.End())
}

// About says whether a rule is about goods, which may be of any edition.
func (r *Rule) About(goods data.Commodity) bool {
	goods = goods.In(data.EditionUnknown)
	return r.goods == 0 || goods.Truncate(r.goods.Len()) == r.goods || r.makesMineral(goods)
}

// makesMineral says whether goods hold the mineral that a rule names.
func (r *Rule) makesMineral(goods data.Commodity) bool {
	mineral, named := reference.MineralName(r.goods)
	if !named {
		return false
	}
	good, ok := reference.GoodOf(goods)
	return ok && good.Mineral == mineral && good.Purity != reference.Adjacent
}

// Rules are applied to every row that is read: patches in the order of their file,
// then exclusions.
type Rules struct {
	all   []Rule
	about map[data.Economy][]int // rules by economy
}

// NewRules joins patches and exclusions; nil where there are none.
func NewRules(patches, exclusions []Rule) *Rules {
	r := &Rules{all: append(append([]Rule(nil), patches...), exclusions...), about: map[data.Economy][]int{}}
	for i := range r.all {
		r.about[r.all[i].Who] = append(r.about[r.all[i].Who], i)
	}
	if len(r.all) == 0 {
		return nil
	}
	return r
}

// apply changes a record as the rules say, and counts each that does; keep is false
// where the record is left out.
func (r *Rules) apply(record *Record, applied []int64) (keep bool) {
	reporter, partner := record.Reporter(), record.Partner()
	for _, i := range r.about[reporter] {
		if rule := &r.all[i]; rule.act != leaveOut && rule.covers(record.Direction) && rule.Holds(record.Commodity, record.Period) && rule.change(record) {
			applied[i]++
		}
	}
	for _, e := range [...]data.Economy{reporter, partner} {
		for _, i := range r.about[e] {
			rule := &r.all[i]
			side := data.Import // of the trade of that economy
			if e == data.Economy(record.Exporter) {
				side = data.Export
			}
			if rule.act == leaveOut && rule.covers(side) && rule.Holds(record.Commodity, record.Period) {
				applied[i]++
				return false
			}
		}
	}
	return true
}

func (r *Rule) covers(d data.Direction) bool {
	return r.both || d.Outward() == r.direction.Outward()
}

// change applies a patch; false where the record has nothing that it changes.
func (r *Rule) change(to *Record) bool {
	switch r.act {
	case statedFOB:
		if to.Valuation == data.ValuationCIF {
			return false // the file says otherwise of this row
		}
		to.Valuation = data.ValuationFOB
		return true
	case valuesTimes:
		if !to.Value.Known() {
			return false
		}
		to.Value = data.Dollars(to.Value.Float() * r.factor)
		return true
	}
	if !to.NetWeight.Known() {
		return false
	}
	switch r.act {
	case weightsEstimated:
		to.Estimated = true
	case weightsMissing:
		to.NetWeight = data.MissingKg
	case weightsTimes:
		to.NetWeight = data.Kilograms(to.NetWeight.Float() * r.factor)
	}
	return true
}

// counters has a count for each rule; nil for no rules.
func (r *Rules) counters() []int64 {
	if r == nil {
		return nil
	}
	return make([]int64, len(r.all))
}
