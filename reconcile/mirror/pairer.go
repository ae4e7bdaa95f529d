package mirror

import (
	"maps"
	"slices"

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
	level    int    // of the classification that is compared, see levels
	absent   absent
	refusals *refusals
	done     chan struct{}
}

// spilled is what one worker wrote out of one code.
type spilled struct {
	number uint32
	runs   []run
}

// pairer turns rows into pairs, one chapter after the other.
type pairer struct {
	engine   *engine
	scope    scope
	coverage *coverage
	dealer   dealer
	grouper  grouper
	levels   levels
}

func newPairer(e *engine, s scope, c *coverage) *pairer {
	return &pairer{engine: e, scope: s, coverage: c, grouper: grouper{fit: e.fit()}}
}

// chapter pairs the commodities of one chapter, in the order of their codes.
// Codes finer than the level are parts of the code at the level.
func (p *pairer) chapter(j *job) error {
	byCode := map[data.Commodity][]*pile{}
	piles := p.piles(j)
	var err error
	if j.level, j.absent, err = p.levels.pick(piles, p.scope); err != nil {
		return err
	}
	p.grouper.level = j.level
	var rows int64
	for _, pl := range piles {
		rows += pl.len()
		code := pl.code
		if j.level > 0 && level(code) > j.level {
			code = code.Truncate(j.level)
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
	merge := merger{goods: &goods, presence: p.engine.presence, absent: j.absent, coverage: p.coverage, imputed: p.engine.options.Imputed}
	outside := level(code) != j.level
	var d declaration
	err := p.grouper.groups(piles, func(group []row) {
		switch {
		case outside:
			j.refusals.all(source.AggregateLevel, code, group)
		case keyPeriod(group[0].key).Monthly() != p.scope.monthly:
			j.refusals.all(source.MixedFrequency, code, group)
		default:
			settle.settle(group, &d)
			merge.take(group[0].key, &d)
		}
	})
	merge.finish()
	if !outside {
		j.goods = append(j.goods, goods)
		j.pairs = j.pairs[:len(j.pairs)+len(goods.Pairs)]
	}
	return err
}
