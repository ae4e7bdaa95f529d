package mirror

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/data/source"
)

// job is one chapter on its way from rows to pairs.
type job struct {
	chapter  int
	lists    []*list
	spilled  []spilled
	goods    []Goods
	pairs    []Pair // of all its goods; given back to the engine when yielded
	refusals *refusals
	done     chan struct{}
}

// spilled is what one worker wrote out of one code.
type spilled struct {
	number uint32
	runs   []run
}

// scope is what of the data is compared: one level of the classification and
// one frequency.
type scope struct {
	level   int // symbols in a code, 0 for the total over all goods
	monthly bool
}

// commonShare is the share of reporters that must use a level of the
// classification for it to be the one that is compared.
const commonShare = 0.8

// scope picks the deepest level that four in five reporters use, so that one
// reporter of headings alone does not drag all others up, and two reporters of
// different detail meet at what they have in common. Where there are months
// beside years, the months are compared.
func (e *engine) scope() scope {
	var s scope
	var users [data.CommodityDigits + 1]int
	reporters := 0
	for _, levels := range e.presence.levels {
		if levels == 0 {
			continue
		}
		reporters++
		for level := range users {
			if levels>>level != 0 { // uses this level or a finer one, which can be summed
				users[level]++
			}
		}
	}
	for level, n := range users {
		if n > 0 && float64(n) >= commonShare*float64(reporters) {
			s.level = level
		}
	}
	if left := reporters - users[s.level]; left > 0 {
		e.warnings = append(e.warnings, fmt.Sprintf("%d of %d reporters give no codes of %d digits and are left out; set fewer digits to compare them too", left, reporters, s.level))
	}
	e.scopePeriods(&s)
	return s
}

func (e *engine) scopePeriods(s *scope) {
	years := 0
	for _, p := range e.presence.periods() {
		if p.Monthly() {
			s.monthly = true
		} else {
			years++
		}
	}
	if s.monthly && years > 0 {
		e.warnings = append(e.warnings, "both months and years are in the files; the years are left out, run them apart to use them")
	}
}

// level is the number of digits of a code; codes with letters, such as TOTAL,
// stand above all of them.
func level(c data.Commodity) int {
	code := c.Code()
	if strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0
	}
	return len(code)
}

// pairer turns rows into pairs, one chapter after the other.
type pairer struct {
	engine   *engine
	scope    scope
	coverage *coverage
	dealer   dealer
	grouper  grouper
}

func newPairer(e *engine, s scope, c *coverage) *pairer {
	return &pairer{engine: e, scope: s, coverage: c, grouper: grouper{level: s.level, fit: e.fit()}}
}

// chapter pairs the commodities of one chapter, in the order of their codes.
// Codes finer than the level are parts of the code at the level.
func (p *pairer) chapter(j *job) error {
	byCode := map[data.Commodity][]*pile{}
	piles := p.piles(j)
	var rows int64
	for _, pl := range piles {
		rows += pl.len()
		code := pl.code
		if p.scope.level > 0 && level(code) > p.scope.level {
			code = code.Truncate(p.scope.level)
		}
		byCode[code] = append(byCode[code], pl)
	}
	j.pairs = p.engine.pairBuffer(rows)
	for _, code := range slices.Sorted(maps.Keys(byCode)) {
		if err := p.commodity(j, code, byCode[code]); err != nil {
			return err
		}
	}
	for _, l := range j.lists {
		l.slabs, l.used = nil, 0
	}
	return nil
}

// piles brings together what lies in memory and in spills of each code.
func (p *pairer) piles(j *job) map[uint32]*pile {
	piles := map[uint32]*pile{}
	for _, s := range p.dealer.deal(j.lists) {
		piles[s.number] = &pile{code: p.engine.codes.code[s.number], rows: s.rows}
	}
	for _, s := range j.spilled {
		if piles[s.number] == nil {
			piles[s.number] = &pile{code: p.engine.codes.code[s.number]}
		}
		piles[s.number].runs = append(piles[s.number].runs, s.runs...)
	}
	return piles
}

// commodity settles and merges the rows of one code.
func (p *pairer) commodity(j *job, code data.Commodity, piles []*pile) error {
	goods := Goods{Commodity: code, Pairs: j.pairs[len(j.pairs):]}
	settle := settler{undivided: p.engine.undivided, refusals: j.refusals, commodity: code}
	merge := merger{goods: &goods, presence: p.engine.presence, coverage: p.coverage, imputed: p.engine.options.Imputed}
	outside := level(code) != p.scope.level
	err := p.grouper.groups(piles, func(group []row) {
		switch {
		case outside:
			j.refusals.all(source.AggregateLevel, code, group)
		case keyPeriod(group[0].key).Monthly() != p.scope.monthly:
			j.refusals.all(source.MixedFrequency, code, group)
		default:
			d := settle.settle(group)
			merge.take(group[0].key, &d)
		}
	})
	merge.flush()
	if !outside {
		j.goods = append(j.goods, goods)
		j.pairs = j.pairs[:len(j.pairs)+len(goods.Pairs)]
	}
	return err
}

func (f *refusals) all(reason source.Reason, commodity data.Commodity, group []row) {
	for i := range group {
		f.add(reason, commodity, &group[i])
	}
}

// join adds the refusals of the next commodity, in order.
func (f *refusals) join(next *refusals) {
	had := map[refusalKey]int64{}
	for key, n := range next.counts {
		had[key] = f.counts[key]
		f.counts[key] += n
	}
	for _, s := range next.samples {
		if had[s.refusalKey] < lateSamples {
			had[s.refusalKey]++
			f.samples = append(f.samples, s)
		}
	}
}

// summary joins what the reader and the engine counted.
func (e *engine) summary(reading *source.Reading) *Summary {
	s := &Summary{
		Inputs: reading.Tallies, Rejects: reading.Rejects, Coverage: e.coverage.table(e.presence),
		Rows: e.rows, Warnings: append(reading.Warnings, e.warnings...),
	}
	for key, n := range e.refusals.counts {
		s.Inputs[key.file].Refused[key.reason] += n
		s.Inputs[key.file].Kept -= n
	}
	for _, late := range e.refusals.samples {
		s.Rejects = append(s.Rejects, source.Reject{
			File: s.Inputs[late.file].File, Reason: late.reason, Value: late.value, Hint: lateHints[late.reason],
		})
	}
	slices.SortStableFunc(s.Rejects, func(a, b source.Reject) int { return strings.Compare(a.File, b.File) })
	for _, sp := range e.spills {
		s.Spilled += sp.rows
	}
	for _, in := range s.Inputs {
		if n := in.Refused[source.RepeatedKey]; n > 0 {
			s.Warnings = append(s.Warnings, fmt.Sprintf("%s: %d rows repeat a key with other amounts; the largest was taken, remove the outdated ones to cure it", in.File, n))
		}
	}
	return s
}

var lateHints = map[source.Reason]string{
	source.AggregateLevel: "its subdivisions are there and are compared",
	source.MixedFrequency: "months are compared; run the years apart",
	source.Breakdown:      "the total that it is part of is there",
	source.RepeatedRow:    "the same record stands in the files once more",
	source.RepeatedKey:    "the largest record of the key was taken; remove the outdated ones",
}
